/** What a place is, as far as several tools ask. */
import type { Lab } from '../sim/lab/index.ts';
import type { Place } from './tool.ts';

const AGENT_IMAGE = /(?:^|\/)cilium(?:-ci)?:v?(\d+\.\d+\.\d+[\w.-]*)(?:@|$)/;

/** Release of Cilium's agent in whose container a place is: `1.12.1`, `1.13.0-rc5`; undefined anywhere else. */
export function agentVersionAt(place: Place, lab: Lab): string | undefined {
	if (place.kind !== 'pod') return undefined;
	const container = lab
		.cluster(place.cluster)
		?.running()
		.find(({ name, pod }) => name === place.container && pod.name === place.pod && pod.namespace === place.namespace);
	return container && AGENT_IMAGE.exec(container.image)?.[1];
}

/** 12 of `1.12.1`; 0 where there is no agent. */
export const agentMinorAt = (place: Place, lab: Lab): number => Number(agentVersionAt(place, lab)?.split('.')[1] ?? 0);

/** Whether kubectl is installed in a place: on the laptop, on nodes, in containers of images that are made for it. */
export function kubectlAt(place: Place, lab: Lab): boolean {
	if (place.kind !== 'pod') return place.kind !== 'container';
	const container = lab
		.cluster(place.cluster)
		?.running()
		.find(({ name, pod }) => name === place.container && pod.name === place.pod && pod.namespace === place.namespace);
	return /(?:^|\/)(?:[\w-]*kubectl|alpine\/k8s)(?:[:@]|$)/.test(container?.image ?? '');
}
