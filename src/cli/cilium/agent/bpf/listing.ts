/** What commands that list a map have in common. */
import type { Run } from '../../../cobra/index.ts';
import { CILIUM_AGENT, tabulate } from '../../../text/index.ts';
import { OUTPUT, structured } from '../output.ts';

/** `list` with its alias and `-o`. */
export const LS = { name: 'list', aliases: ['ls'], flags: [OUTPUT] } as const;

const none = ({ call }: Run): number => {
	call.err('No entries found.\n');
	return 0;
};

/** A map without entries. */
export const empty = (run: Run, value: unknown = []): number | string => structured(run, () => value) ?? none(run);

/** A table of the agent's, or what it says without rows. */
export const rowsOf = (run: Run, title: string, rows: readonly string[], value: () => unknown): number | string => {
	const printed = structured(run, value);
	if (printed !== undefined) return printed;
	if (rows.length === 0) return none(run);
	run.call.out(tabulate([title, ...rows].map((row) => `${row}\n`).join(''), CILIUM_AGENT));
	return 0;
};
