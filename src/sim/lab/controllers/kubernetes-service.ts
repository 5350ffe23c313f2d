/**
 * The service `kubernetes` and what is behind it: the API servers look after them every ten seconds.
 *
 * Source: kubernetes pkg/controlplane/controller.go (RunKubernetesService, UpdateKubernetesService) @ v1.24.0.
 */
import { formatIp } from '../../wire/index.ts';
import { createKubernetesService } from '../bootstrap/control-plane.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { one } from '../cluster/kinds.ts';
import { SECOND } from '../time.ts';
import type { Controller } from './loop.ts';

const KINDS = ['Service', 'Endpoints', 'EndpointSlice'];

export const kubernetesServiceController = (cluster: ClusterContext): Controller => ({
	name: 'kubernetes-service',
	delay: [SECOND, 10 * SECOND],
	keys: ({ type, object }) =>
		type === 'DELETED' &&
		KINDS.includes(object.kind) &&
		object.metadata.name === 'kubernetes' &&
		object.metadata.namespace === 'default'
			? ['kubernetes']
			: [],
	reconcile() {
		const servers = [...cluster.machines.values()].filter(
			({ role, running, ip, name }) =>
				role === 'control-plane' && running && ip !== undefined && one(cluster.api, 'nodes', undefined, name),
		);
		// Nobody is there to look.
		if (servers.length === 0) return;
		createKubernetesService(
			cluster,
			servers.map(({ ip }) => formatIp(ip!)),
		);
	},
});
