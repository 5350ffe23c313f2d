/** Connections that were made in the terminal, as the lab's page keeps them. */
import type { Connection } from '../../cli/index.ts';
import type { Verdict } from '../../i18n/lab/index.ts';
import { IPPROTO_ICMP } from '../../sim/wire/index.ts';
import type { World } from '../../sim/world/index.ts';

/** A connection, and the World right after it. */
export interface Made {
	readonly connection: Connection;
	readonly world: World;
	/** What was typed. */
	readonly line: string;
	/** The same connection keeps its number. */
	readonly number: number;
}

/** What came of it. The kernel's own refusal and an error from the way have one errno; a packet came back only of one. */
export function verdictOf({ connection: { client } }: Made): Verdict {
	const result = client.outcome?.result ?? 'timeout';
	if (result === 'unreachable' && client.firstReply !== undefined) return 'error';
	return result === 'refused' && client.protocol === IPPROTO_ICMP ? 'error' : result;
}
