/**
 * EndpointSlices of Endpoints that people write for services without a selector. Source: kubernetes
 * pkg/controller/endpointslicemirroring/{endpointslicemirroring_controller,reconciler,utils}.go @ v1.24.0.
 */
import type { ApiMeta, ApiObject } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	as,
	type EndpointSlice,
	keyOf,
	one,
	ownerRef,
	removeOne,
	type Service,
	same,
	splitKey,
} from '../cluster/kinds.ts';
import { suffix } from '../cluster/names.ts';
import { MILLISECOND } from '../time.ts';
import type { Controller } from './loop.ts';

const MANAGED = 'endpointslice.kubernetes.io/managed-by';
const MANAGER = 'endpointslicemirroring-controller.k8s.io';
const SERVICE = 'kubernetes.io/service-name';
/** Annotations that are not taken along (cloneAndRemoveKeys). */
const LEFT: ReadonlySet<string> = new Set([
	'kubectl.kubernetes.io/last-applied-configuration',
	'endpoints.kubernetes.io/last-change-trigger-time',
]);

interface Address {
	readonly ip: string;
	readonly hostname?: string;
	readonly nodeName?: string;
	readonly targetRef?: object;
}

interface Endpoints extends ApiObject {
	readonly subsets?: readonly {
		readonly addresses?: readonly Address[];
		readonly notReadyAddresses?: readonly Address[];
		readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[];
	}[];
}

const isMirrored = ({ metadata: { labels, annotations } }: Endpoints): boolean =>
	labels?.['endpointslice.kubernetes.io/skip-mirror'] !== 'true' &&
	annotations?.['control-plane.alpha.kubernetes.io/leader'] === undefined;

const endpoint = ({ ip, hostname, nodeName, targetRef }: Address, ready: boolean) => ({
	addresses: [ip],
	conditions: { ready },
	...(hostname === undefined ? {} : { hostname }),
	...(nodeName === undefined ? {} : { nodeName }),
	...(targetRef === undefined ? {} : { targetRef }),
});

/** Subsets with the same ports are one slice. */
function contents({ subsets = [] }: Endpoints) {
	const groups = new Map<string, { ports: object[]; endpoints: ReturnType<typeof endpoint>[] }>();
	for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
		const own = ports.map(({ name = '', port, protocol = 'TCP' }) => ({ name, port, protocol }));
		const key = JSON.stringify(own);
		const group = groups.get(key) ?? { ports: own, endpoints: [] };
		group.endpoints.push(
			...addresses.map((a) => endpoint(a, true)),
			...notReadyAddresses.map((a) => endpoint(a, false)),
		);
		groups.set(key, group);
	}
	return [...groups.values()].filter(({ endpoints }) => endpoints.length > 0);
}

export function endpointSliceMirroringController(cluster: ClusterContext): Controller {
	const { api, timeline } = cluster;
	let made = 0;
	const slicesOf = (namespace: string, name: string): readonly EndpointSlice[] =>
		all<EndpointSlice>(api, 'endpointslices', { namespace }).filter(
			({ metadata: { labels } }) => labels?.[SERVICE] === name && labels[MANAGED] === MANAGER,
		);
	return {
		name: 'endpointslicemirroring',
		delay: [8 * MILLISECOND, 60 * MILLISECOND],
		keys: ({ object }) => {
			const { kind, metadata } = object;
			if (kind === 'Service' || kind === 'Endpoints') return [keyOf(object)];
			return kind === 'EndpointSlice' && metadata.labels?.[MANAGED] === MANAGER
				? [`${metadata.namespace}/${metadata.labels[SERVICE]}`]
				: [];
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const service = one<Service>(api, 'services', namespace, name);
			const endpoints = one<Endpoints>(api, 'endpoints', namespace, name);
			const wanted =
				service && service.spec.selector === undefined && endpoints && isMirrored(endpoints) ? contents(endpoints) : [];
			const mine = slicesOf(namespace, name);
			for (const [i, content] of wanted.entries()) {
				const old = mine[i];
				if (old) {
					if (!same(old.endpoints ?? [], content.endpoints) || !same(old.ports ?? [], content.ports))
						api.update({ ...as<object>(old as never), ...content });
				} else api.create({ ...sliceOf(endpoints!, made++), ...content });
			}
			for (const slice of mine.slice(wanted.length)) removeOne(api, 'endpointslices', namespace, slice.metadata.name);
			return undefined;
		},
	};

	function sliceOf(endpoints: Endpoints, number: number) {
		const { name, namespace, labels, annotations = {}, uid } = endpoints.metadata as ApiMeta & { name: string };
		const taken = Object.entries(annotations).filter(([key]) => !LEFT.has(key));
		return {
			apiVersion: 'discovery.k8s.io/v1',
			kind: 'EndpointSlice',
			metadata: {
				name: `${name}-${suffix(timeline, `mirrored\0${namespace}/${name}\0${uid}\0${number}`)}`,
				generateName: `${name}-`,
				namespace,
				labels: { ...labels, [MANAGED]: MANAGER, [SERVICE]: name },
				...(taken.length > 0 ? { annotations: Object.fromEntries(taken) } : {}),
				ownerReferences: [ownerRef(endpoints as never)],
			},
			addressType: 'IPv4',
		};
	}
}
