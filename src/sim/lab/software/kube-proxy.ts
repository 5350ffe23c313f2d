/** kube-proxy: while it runs it keeps a node's rules; when it goes they stay (cmd/kube-proxy/app @ v1.24.0). */
import { kubeProxyConfig } from '../bootstrap/addons.ts';
import { peoplesContainers } from '../containers/later.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import { klog } from './log.ts';
import { missingFile } from './missing-files.ts';
import type { Program, ProgramContext } from './program.ts';

export const kubeProxy: Program = {
	entrypoint: ['/usr/local/bin/kube-proxy'],
	paths: ['kube-proxy', '/usr/local/bin/kube-proxy'],
	stops: [100 * MILLISECOND, 600 * MILLISECOND],
	listens: () => [
		{ port: 10249, protocol: 'TCP' },
		{ port: 10256, protocol: 'TCP' },
	],
	start(context) {
		const { machine, cluster } = context;
		const { ip } = machine;
		const missing = missingFile('kube-proxy', context, ['--config=/var/lib/kube-proxy/config.conf']);
		if (missing !== undefined) {
			context.after(context.between(50 * MILLISECOND, 300 * MILLISECOND, 'start'), () => {
				context.log(klog(context, 'E', 'run.go:74', `"command failed" err=${JSON.stringify(missing)}`));
				context.exit(1);
			});
			return undefined;
		}
		context.after(context.between(300 * MILLISECOND, 1500 * MILLISECOND, 'start'), () => {
			context.log(
				klog(context, 'I', 'node.go:163', `Successfully retrieved node IP: ${ip === undefined ? '' : text(ip)}`),
			);
			context.log(
				klog(context, 'I', 'server_others.go:138', `"Detected node IP" address="${ip === undefined ? '' : text(ip)}"`),
			);
			context.log(klog(context, 'I', 'server_others.go:206', '"Using iptables Proxier"'));
			peoplesContainers()?.tellUnheeded(context, kubeProxyConfig(cluster, 'iptables'));
			context.log(klog(context, 'I', 'server.go:661', `"Version info" version="${cluster.api.version}"`));
			context.after(context.between(200 * MILLISECOND, SECOND, 'sync'), () => {
				machine.proxyRules = 'live';
				context.log(klog(context, 'I', 'shared_informer.go:262', 'Caches are synced for service config'));
				context.log(klog(context, 'I', 'shared_informer.go:262', 'Caches are synced for endpoint slice config'));
				context.healthy();
				birthCry(context);
				cluster.packetsChanged();
			});
		});
		return () => {
			if (machine.proxyRules === 'live') machine.proxyRules = 'stale';
			cluster.packetsChanged();
		};
	},
};

/** An event about its node, by its hostname: birthCry() of cmd/kube-proxy/app/server.go @ v1.24.0. */
function birthCry({ cluster, machine: { name } }: ProgramContext): void {
	const source = { component: 'kube-proxy' };
	const node = { apiVersion: '', kind: 'Node', metadata: { name, uid: name } };
	// Whoever begins knows nothing of what was told before.
	cluster.record.forget(source);
	const newer = { action: 'StartKubeProxy', instance: `kube-proxy-${name}` };
	cluster.record.record(source, node, 'Normal', 'Starting', '', undefined, { newer });
}

const text = (ip: number): string => [24, 16, 8, 0].map((shift) => (ip >>> shift) & 255).join('.');
