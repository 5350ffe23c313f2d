/** Which programs a place has, by code that is fetched when somebody first looks. */
import { loadContainers } from '../../sim/lab/index.ts';
import type { Surroundings } from '../shell/index.ts';

let code: typeof import('./installed/index.ts') | undefined;

export async function loadPrograms(): Promise<void> {
	code ??= await import('./installed/index.ts');
}

export const programSurroundings: Surroundings = {
	async prepare() {
		await loadContainers();
		await loadPrograms();
	},
	programs: (place, lab) => code?.programsAt(place, lab),
	asFile: async (place, lab, name) => (await import('./as-files/index.ts')).toolNamed(name, place, lab),
	versionOf: async (place, lab, name, args) =>
		args[0] === '--version'
			? (await import('./installed/versions.ts')).versionAt(place, lab, name)
			: (await import('./installed/busybox-options.ts')).optionFault(place, lab, name, args),
	wordsOf: async (place, lab) => (await import('./installed/busybox-words.ts')).wordsAt(place, lab),
};
