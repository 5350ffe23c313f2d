/** Files that a container's image and its pod's volumes give it. */
import type { Lab } from '../../sim/lab/index.ts';
import type { MadeFile } from '../shell/index.ts';
import type { Place } from '../tool.ts';
import { imageFiles, pageWritten } from './image-files.ts';
import { emptyDirAt, keep, volumeFiles } from './volumes.ts';

/** `nodeFiles`: those of the node that a pod runs on. */
export function containerFiles(
	place: Place,
	lab: Lab,
	nodeFiles: (node: string) => Readonly<Record<string, MadeFile>>,
): Readonly<Record<string, MadeFile>> {
	const image = imageFiles(place, lab);
	if (place.kind !== 'pod') return image;
	const node = lab
		.cluster(place.cluster)
		?.running()
		.find(({ pod }) => pod.namespace === place.namespace && pod.name === place.pod)?.node;
	const mounted = volumeFiles(place, lab, () => (node === undefined ? {} : nodeFiles(node)));
	const hidden = Object.keys(mounted).filter((path) => path.endsWith('/'));
	const rest = Object.entries(image).filter(([path]) => !hidden.some((at) => path.startsWith(at)));
	return { ...Object.fromEntries(rest), ...mounted };
}

/** Files of directories that others read too: an emptyDir, and what nginx serves. */
export function written(place: Place, lab: Lab, path: string, text: string | undefined): void {
	const known = place.kind === 'pod' ? emptyDirAt(place, lab, path) : undefined;
	if (known) keep(known.files, known.path, text);
	else pageWritten(place, lab, path, text);
}
