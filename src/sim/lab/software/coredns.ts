/** CoreDNS: serves at once, is ready when its kubernetes plugin has read the API (plugin/{ready,kubernetes} @ v1.8.6). */
import { MILLISECOND, SECOND } from '../time.ts';
import type { Program } from './program.ts';
import { podApiFault } from './reach.ts';

export const coredns: Program = {
	entrypoint: ['/coredns'],
	// `lameduck 5s` in the Corefile's health block.
	stops: [5 * SECOND, 5500 * MILLISECOND],
	listens: () => [
		{ port: 53, protocol: 'UDP', speaks: 'dns' },
		{ port: 53, protocol: 'TCP', speaks: 'dns' },
		{ port: 8080, protocol: 'TCP' },
		{ port: 8181, protocol: 'TCP' },
		{ port: 9153, protocol: 'TCP' },
	],
	start(context) {
		const { cluster, machine } = context;
		const version = cluster.image.coredns.replace(/^v/, '');
		const serve = (): void => {
			context.log('.:53');
			context.log(`[INFO] plugin/reload: Running configuration MD5 = ${cluster.timeline.hex(32, 'corefile', version)}`);
			context.log(`CoreDNS-${version}`);
			context.log(`linux/amd64, go1.17.1, ${cluster.timeline.hex(7, 'commit', version)}`);
		};
		let waited = 0;
		const ask = (): void => {
			if (!podApiFault(cluster, machine)) {
				if (waited <= 5) serve();
				context.healthy();
				return;
			}
			waited++;
			context.log('[INFO] plugin/ready: Still waiting on: "kubernetes"');
			context.unhealthy('HTTP probe failed with statuscode: 503');
			if (waited === 5) {
				context.log('[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API');
				serve();
			}
			context.after(waited <= 5 ? SECOND : 10 * SECOND, ask);
		};
		context.after(context.between(200 * MILLISECOND, 800 * MILLISECOND, 'start'), ask);
	},
};
