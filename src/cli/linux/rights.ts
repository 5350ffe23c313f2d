/**
 * What whoever runs a tool may do to the network: capabilities(7) CAP_NET_ADMIN and CAP_NET_RAW, which the kernel asks for
 * (net/core/rtnetlink.c rtnetlink_rcv_msg(), net/netfilter/nfnetlink.c nfnetlink_rcv(), net/packet/af_packet.c @ v5.15). A
 * pod's container has NET_RAW unless it gives it up, and NET_ADMIN only if it asks for it.
 */
import { capabilitiesOf, knownDocker, securityOf, stateAt } from '../../sim/lab/index.ts';
import type { Call } from '../tool.ts';
import type { Space } from './space.ts';

type Who = Pick<Call, 'place' | 'lab' | 'who'>;

function stateOf({ place, lab }: Pick<Who, 'place' | 'lab'>) {
	if (place.kind === 'container') return knownDocker(lab, place.id)?.state;
	const cluster = place.kind === 'pod' ? lab.cluster(place.cluster) : undefined;
	return cluster && place.kind === 'pod' ? stateAt(cluster, place.namespace, place.pod, place.container) : undefined;
}

/** Whether a call's process has a capability: of a container its root as far as it has it, on nodes root has all. */
export function may(who: Who, capability: 'NET_ADMIN' | 'NET_RAW' | 'NET_BIND_SERVICE' | 'SYS_ADMIN'): boolean {
	if (who.who.uid !== 0) return false;
	const state = stateOf(who);
	return !state || capabilitiesOf(state.pod, state.spec).includes(capability);
}

/** Whether a program with the capability in its file gets it, as `ping` has: whoever runs it, unless the container gave it up. */
export function mayByFile(who: Pick<Who, 'place' | 'lab'>, capability: 'NET_RAW'): boolean {
	const state = stateOf(who);
	return !state || capabilitiesOf(state.pod, state.spec).includes(capability);
}

/** Whether /proc/sys is mounted read-only: in every pod's container that is not privileged (containerd oci/mounts.go). */
export function fixedSysctls(who: Pick<Who, 'place' | 'lab'>): boolean {
	const state = stateOf(who);
	return state !== undefined && securityOf(state.pod, state.spec).privileged !== true;
}

/** Thrown instead of a change by who may not make it. */
export class NotPermitted extends Error {}

/** The same namespace for somebody who may look only. */
export const readOnly = (space: Space): Space => ({
	...space,
	change: () => {
		throw new NotPermitted();
	},
});

/** The namespace as a call may use it: its changes throw `NotPermitted` when it may not make them. */
export const asAllowed = (call: Who, space: Space): Space => (may(call, 'NET_ADMIN') ? space : readOnly(space));
