/** Who one is in a pod's container: its name, its user, the directory and the variables it was started with. */
import { type Cluster, type ContainerState, type Lab, peoplesContainers } from '../../sim/lab/index.ts';
import type { PlaceFacts } from '../shell/index.ts';
import type { Place } from '../tool.ts';

type PodPlace = Extract<Place, { kind: 'pod' }>;

interface PodView {
	readonly spec: {
		readonly nodeName?: string;
		readonly hostname?: string;
		readonly subdomain?: string;
		readonly hostNetwork?: boolean;
	};
}

export interface PodFacts extends Partial<PlaceFacts> {
	readonly hostname: string;
	/** Its name with the domain a subdomain gives it (kubelet_pods.go GeneratePodHostNameAndDomain); the name alone without. */
	readonly fqdn: string;
}

/** Undefined when there is no such pod. Pods on the host's network have the node's name. */
export function podFacts(place: PodPlace, cluster: Cluster | undefined): PodFacts | undefined {
	const resource = cluster?.api.find?.('pods');
	const pod = resource && (cluster!.api.get(resource, place.namespace, place.pod) as unknown as PodView | undefined);
	if (!cluster || !pod) return undefined;
	const { spec } = pod;
	const hostname = spec.hostNetwork ? (spec.nodeName ?? place.pod) : (spec.hostname ?? place.pod);
	const domain = spec.subdomain ? `.${spec.subdomain}.${place.namespace}.svc.cluster.local` : '';
	const state = peoplesContainers()?.stateAt(cluster, place.namespace, place.pod, place.container);
	return {
		hostname,
		fqdn: spec.hostNetwork ? hostname : `${hostname}${domain}`,
		container: true,
		...(state ? factsOf(state) : { cwd: '/', env: {} }),
	};
}

const factsOf = ({ user, cwd, env }: ContainerState): Partial<PlaceFacts> => ({
	user: user.name ?? String(user.uid),
	ids: { uid: user.uid, gid: user.gid, groups: user.groups },
	home: user.home,
	cwd,
	env,
});

/** Who one is in a container of Docker's. */
export function dockerFacts(lab: Lab, id: string): Partial<PlaceFacts> | undefined {
	const entry = peoplesContainers()?.knownDocker(lab, id);
	const hostname = lab.docker?.find(id)?.hostname;
	return entry && { ...factsOf(entry.state), ...(hostname === undefined ? {} : { hostname }) };
}
