/** What pods ask of a node's resources, and whether it is there (pkg/scheduler/framework/plugins/noderesources/fit.go @ v1.24.0). */
import { quantity } from '../../../api/index.ts';
import type { ContainerSpec, Labels, Node, Pod } from '../../cluster/kinds.ts';

type Amounts = ReadonlyMap<string, number>;

const amounts = (of: Labels | undefined): Amounts =>
	new Map(
		Object.entries(of ?? {}).flatMap(([name, text]) => (quantity(text) === undefined ? [] : [[name, quantity(text)!]])),
	);

const requestsOf = ({ resources }: ContainerSpec): Amounts => amounts(resources?.requests);

const add = (out: Map<string, number>, more: Amounts): void => {
	for (const [name, amount] of more) out.set(name, (out.get(name) ?? 0) + amount);
};

/**
 * Containers and sidecars together, or the largest of the init containers with the sidecars that run beside it; what the
 * pod asks for as a whole instead, where it does; overhead on top (component-helpers resource/helpers.go PodRequests()
 * @ v1.34.0).
 */
export function podRequests({ spec }: Pod): Amounts {
	const out = new Map<string, number>();
	for (const container of spec.containers) add(out, requestsOf(container));
	const sidecars = new Map<string, number>();
	const most = new Map<string, number>();
	for (const container of spec.initContainers ?? []) {
		const beside = new Map(sidecars);
		add(beside, requestsOf(container));
		if (container.restartPolicy === 'Always') {
			add(sidecars, requestsOf(container));
			add(out, requestsOf(container));
		}
		for (const [name, amount] of beside) most.set(name, Math.max(most.get(name) ?? 0, amount));
	}
	for (const [name, amount] of most) out.set(name, Math.max(out.get(name) ?? 0, amount));
	for (const [name, amount] of amounts((spec.resources as ContainerSpec['resources'])?.requests)) out.set(name, amount);
	add(out, amounts(spec.overhead as Labels | undefined));
	return out;
}

/** The order in which the plugin looks: what Kubernetes knows itself, then the rest by name. */
const KNOWN = ['cpu', 'memory', 'ephemeral-storage'];

/** `Too many pods`, `Insufficient cpu`: all that is missing. `here`: pods of the node that are not over. */
export function missingResources(pod: Pod, node: Node, here: readonly Pod[]): readonly string[] {
	const room = amounts(node.status?.allocatable);
	const missing = here.length + 1 > (room.get('pods') ?? 110) ? ['Too many pods'] : [];
	const wanted = podRequests(pod);
	const names = [...KNOWN, ...[...wanted.keys()].filter((name) => !KNOWN.includes(name)).sort()];
	for (const name of names) {
		const asked = wanted.get(name) ?? 0;
		if (asked === 0) continue;
		let used = 0;
		for (const other of here) used += podRequests(other).get(name) ?? 0;
		// Sums of decimal fractions: a thousandth of a thousandth is nothing.
		if (asked > (room.get(name) ?? 0) - used + 1e-6) missing.push(`Insufficient ${name}`);
	}
	return missing;
}
