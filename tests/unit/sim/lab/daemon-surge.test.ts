/** A DaemonSet that lets a new pod stand beside the old one. */
import { expect, it } from 'vitest';
import { create, get, pass, SECOND, settled } from './helpers.ts';

const daemon = {
	apiVersion: 'apps/v1',
	kind: 'DaemonSet',
	metadata: { name: 'd', namespace: 'default' },
	spec: {
		updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
		selector: { matchLabels: { app: 'd' } },
		template: { metadata: { labels: { app: 'd' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
	},
} as const;

it('counts the older of two pods on a node, so that it is not rolled out before the old one went', () => {
	const { lab, cluster } = settled();
	create(cluster, [daemon]);
	pass(lab, 20 * SECOND);
	const { api } = cluster;
	api.patch(api.find('daemonsets')!, 'default', 'd', 'application/merge-patch+json', {
		spec: { template: { spec: { containers: [{ name: 'c', image: 'nginx:1.25' }] } } },
	});
	pass(lab, SECOND / 2);
	const status = () => get(cluster, 'daemonsets', 'default', 'd')!.status;
	expect(status()).toMatchObject({ currentNumberScheduled: 1, desiredNumberScheduled: 1, numberMisscheduled: 0 });
	expect(status()).not.toHaveProperty('updatedNumberScheduled');
	pass(lab, 60 * SECOND);
	expect(status()).toMatchObject({ currentNumberScheduled: 1, updatedNumberScheduled: 1, numberReady: 1 });
});
