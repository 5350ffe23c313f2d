/** The control plane's own processes. Their work is done by the lab's controllers, as long as they run. */
import { MILLISECOND, SECOND } from '../time.ts';
import type { Program } from './program.ts';

export const component = (name: string, port: number): Program => ({
	entrypoint: [name],
	stops: [200 * MILLISECOND, SECOND],
	listens: () => [{ port, protocol: 'TCP', speaks: 'tls' }],
	start(context) {
		const { cluster, machine } = context;
		context.after(context.between(SECOND, 3 * SECOND, 'start'), () => {
			context.healthy();
			cluster.components.started(name, machine.name);
		});
		return (how) => cluster.components.ended(name, machine.name, how);
	},
});

export const apiServer: Program = component('kube-apiserver', 6443);
