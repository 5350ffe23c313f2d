/** What CoreDNS has and the lab's has not: its log says so when it reads its Corefile. */

/** Plugins that nothing can be seen of, in this lab or at all. */
const QUIET: ReadonlySet<string> = new Set(['cancel', 'debug', 'metadata', 'multisocket', 'timeouts']);

/** What its log says of a plugin that is in CoreDNS and not in the lab's. */
export const passedOver = (name: string): string | undefined =>
	QUIET.has(name)
		? undefined
		: `[WARNING] plugin/${name}: the simulator’s CoreDNS has not this plugin: questions go past it`;

/** Likewise, of a property. */
export const notHeeded = (plugin: string, what: string): string =>
	`[WARNING] plugin/${plugin}: the simulator’s CoreDNS does not heed "${what}"`;
