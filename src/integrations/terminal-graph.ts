import type { Plugin } from 'vite';

/** Marks a module as the terminal's own copy. */
export const MARK = '?terminal';
/** The doors to it: what `live.ts` fetches when somebody opens a terminal, or begins an exercise over the lab. */
const DOORS: readonly (readonly [RegExp, string])[] = [
	[/\/src\/widgets\/terminal\/live\.ts$/, './entry.tsx'],
	[/\/src\/widgets\/lab\/live\.ts$/, './config-diff-entry.tsx'],
	[/\/src\/widgets\/lab\/live\.ts$/, './kind-config-entry.tsx'],
	[/\/src\/widgets\/lab\/live\.ts$/, './readiness-entry.tsx'],
	[/\/src\/widgets\/lab\/live\.ts$/, './status-entry.tsx'],
	[/\/src\/widgets\/lab\/sandbox-live\.ts$/, './sandbox-entry.tsx'],
	[/\/src\/widgets\/exercise-lab-live\.ts$/, './exercise-lab-entry.tsx'],
];
/**
 * Command lines are the terminal's, whoever asks for them. Should a module of the figures' do, nothing of it may be left
 * there, but an `import()` in it would be a chunk all the same, with all it needs of the figures' simulator.
 */
const COMMANDS = /\/cli\/index\.ts$/;
const OWN = /\/(?:src|content)\/[^?]+\.tsx?$|\/node_modules\/preact\/[^?]+\.m?js$/;

/**
 * Gives the terminal copies of the simulator and of Preact that are its own. The figures' simulator is the smaller world
 * (`smaller-world.ts`), which the lab cannot work with; and a module that both used would be put, whole, into what the
 * first figure of a page loads.
 */
export function terminalGraph(): Plugin {
	return {
		name: 'packetwalk:terminal-graph',
		enforce: 'pre',
		async resolveId(source, importer, options) {
			if (this.environment.name !== 'client' || !importer) return;
			const door = DOORS.some(([from, to]) => from.test(importer) && source === to);
			if (!door && !importer.endsWith(MARK) && !COMMANDS.test(source)) return;
			const found = await this.resolve(source, importer, { ...options, skipSelf: true });
			if (!found || found.external || !OWN.test(found.id)) return found;
			return { ...found, id: found.id + MARK };
		},
	};
}

/** Whether a module belongs to the terminal. */
export const isTerminals = (id: string): boolean => id.endsWith(MARK);
