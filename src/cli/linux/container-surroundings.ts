/** What containers and nodes have on their disks, by code that is fetched when somebody first looks into one. */
import { type Lab, loadContainers, peoplesContainers } from '../../sim/lab/index.ts';
import type { Surroundings } from '../shell/index.ts';
import type { Place } from '../tool.ts';
import { linuxSurroundings } from './surroundings.ts';

let code: typeof import('./container-files.ts') | undefined;

/** Of the laptop, what containers have mounted. */
const isOne = ({ kind }: Place): boolean => kind !== 'laptop' || peoplesContainers() !== undefined;

export const containerSurroundings: Surroundings = {
	async prepare(place) {
		if (place.kind === 'laptop') return;
		await loadContainers();
		code ??= await import('./container-files.ts');
	},
	files(place: Place, lab: Lab) {
		if (!code || !isOne(place)) return {};
		return code.containerFiles(place, lab, (node) =>
			place.kind === 'pod' ? linuxSurroundings.files!({ kind: 'node', cluster: place.cluster, node }, lab) : {},
		);
	},
	async changed(place, lab, path, _text, entry, as) {
		if (isOne(place)) code?.written(place, lab, path, entry, as);
	},
	dated: (place, lab, path, time) => (isOne(place) ? code?.dated(place, lab, path, time) : undefined),
	chown: (place, lab, path, uid, gid, as) => (isOne(place) ? code?.given(place, lab, path, uid, gid, as) : undefined),
	fault: (place, lab, path, what, as) => (isOne(place) ? code?.faultOf(place, lab, path, what, as) : undefined),
};
