/** What containers find on their disks, by code that is fetched when somebody first looks into one. */
import type { Lab } from '../../sim/lab/index.ts';
import type { Surroundings } from '../shell/index.ts';
import type { Place } from '../tool.ts';
import { linuxSurroundings } from './surroundings.ts';

let code: typeof import('./container-files.ts') | undefined;

const isContainer = ({ kind }: Place): boolean => kind === 'pod' || kind === 'container';

export const containerSurroundings: Surroundings = {
	async prepare(place) {
		if (isContainer(place)) code ??= await import('./container-files.ts');
	},
	files(place: Place, lab: Lab) {
		if (!code || !isContainer(place)) return {};
		return code.containerFiles(place, lab, (node) =>
			place.kind === 'pod' ? linuxSurroundings.files!({ kind: 'node', cluster: place.cluster, node }, lab) : {},
		);
	},
	async changed(place, lab, path, text) {
		if (isContainer(place)) code?.written(place, lab, path, text);
	},
};
