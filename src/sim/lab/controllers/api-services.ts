/** Whether APIServices of somebody's own server can be had (kube-aggregator pkg/controllers/status @ v0.24.0). */
import { customChecks } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, type ObjectView, one } from '../cluster/kinds.ts';
import { SECOND } from '../time.ts';
import type { Controller } from './loop.ts';

interface ApiService extends ObjectView {
	readonly spec?: { readonly service?: { readonly namespace?: string; readonly name?: string } };
}

/** It is looked at again whatever happens: a network may be cut. */
const RESYNC = 30 * SECOND;

export const apiServiceController = (cluster: ClusterContext): Controller => ({
	name: 'apiservice-availability',
	inServer: true,
	keys({ object }) {
		if (object.kind === 'APIService') return [object.metadata.name];
		if (object.kind !== 'Service' && object.kind !== 'Endpoints') return [];
		const { namespace, name } = object.metadata;
		return all<ApiService>(cluster.api, 'apiservices')
			.filter(({ spec }) => spec?.service?.namespace === namespace && spec?.service?.name === name)
			.map(({ metadata }) => metadata.name);
	},
	reconcile(name) {
		const { api, guests, machines, config } = cluster;
		const object = one<ApiService>(api, 'apiservices', undefined, name);
		const checks = customChecks();
		if (!checks || object?.spec?.service === undefined) return undefined;
		const node = [...machines.values()].find((m) => m.role === 'control-plane' && m.running)?.name ?? '';
		const found = checks.availability(api, object as never, (out) =>
			guests.call?.({ ...out, cluster: config.name, node }),
		);
		const next = checks.withAvailability(api, object as never, found);
		if (next !== (object as never)) api.updateStatus(next);
		return RESYNC;
	},
});
