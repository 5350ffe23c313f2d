/** The control plane's own processes. Their work is done by the lab's controllers; here they start and say so. */
import { MILLISECOND, SECOND } from '../time.ts';
import type { Program } from './program.ts';

export const component = (name: string, port: number): Program => ({
	entrypoint: [name],
	stops: [200 * MILLISECOND, SECOND],
	listens: () => [{ port, protocol: 'TCP', speaks: 'tls' }],
	start(context) {
		context.after(context.between(SECOND, 3 * SECOND, 'start'), context.healthy);
	},
});

export const apiServer: Program = component('kube-apiserver', 6443);
