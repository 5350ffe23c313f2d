/** Which tools a place has: by the packages of its image, and what was installed since. */
import { imageFacts, type Lab } from '../../sim/lab/index.ts';
import type { Place } from '../tool.ts';
import { IMAGES, KIND_NODE, LAPTOP, ON_ALPINE, type Package, TOOLS } from './image-packages.ts';

interface Installed {
	readonly packages: Set<Package>;
	/** Whether `apt-get update` has run. */
	lists: boolean;
}

const installed = new WeakMap<Lab, Map<string, Installed>>();

/** The system a place is: packages are installed per container, and go with it. */
function systemOf(place: Place, lab: Lab): string {
	if (place.kind === 'laptop') return 'laptop';
	if (place.kind === 'container') return `container ${place.id}`;
	const cluster = lab.cluster(place.cluster);
	if (place.kind === 'node')
		return `node ${cluster?.nodes().find((n) => n.name === place.node)?.container ?? place.node}`;
	return `pod ${containerOf(place, lab)?.id ?? `${place.namespace}/${place.pod}/${place.container}`}`;
}

const containerOf = (place: Extract<Place, { kind: 'pod' }>, lab: Lab) =>
	lab
		.cluster(place.cluster)
		?.running({ namespace: place.namespace, name: place.pod })
		.find((c) => c.name === place.container);

export function installedAt(place: Place, lab: Lab): Installed {
	let systems = installed.get(lab);
	if (!systems) {
		systems = new Map();
		installed.set(lab, systems);
	}
	const key = systemOf(place, lab);
	let system = systems.get(key);
	if (!system) {
		system = { packages: new Set(), lists: false };
		systems.set(key, system);
	}
	return system;
}

/** The image of a place; `kindest/node` on nodes, nothing on the laptop. */
export const imageAt = (place: Place, lab: Lab): string | undefined =>
	place.kind === 'laptop'
		? undefined
		: place.kind === 'node'
			? 'kindest/node'
			: place.kind === 'container'
				? (lab.docker.find(place.id)?.base ?? lab.docker.find(place.id)?.image)
				: containerOf(place, lab)?.image;

const lastPart = (image: string): string => image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/, '');

/** Packages of a place's image. Of one that nobody described, those of its system. */
function imagePackages(place: Place, lab: Lab): readonly Package[] {
	if (place.kind === 'laptop') return LAPTOP;
	if (place.kind === 'node') return KIND_NODE;
	const image = imageAt(place, lab) ?? '';
	const name = lastPart(image);
	if (/:[^/]*alpine/.test(image) && Object.hasOwn(ON_ALPINE, name)) return ON_ALPINE[name]!;
	const { system, alone } = imageFacts(image);
	if (alone) return [];
	if (Object.hasOwn(IMAGES, name)) return IMAGES[name]!;
	// What its system brings.
	return system === 'alpine' || system === 'busybox' ? ['busybox'] : system === 'none' ? [] : IMAGES.debian!;
}

export const packagesAt = (place: Place, lab: Lab): readonly Package[] => [
	...imagePackages(place, lab),
	...installedAt(place, lab).packages,
];

/** For `Tool.at`. */
export const hasTool =
	(name: string) =>
	(place: Place, lab: Lab): boolean =>
		packagesAt(place, lab).some((p) => TOOLS[p].includes(name));

/** Whether a tool of this name is busybox's: it prints its own way. */
export function isBusybox(name: string, place: Place, lab: Lab): boolean {
	const packages = packagesAt(place, lab).filter((p) => TOOLS[p].includes(name));
	return packages.length > 0 && packages.every((p) => p === 'busybox');
}

export type { Package };
