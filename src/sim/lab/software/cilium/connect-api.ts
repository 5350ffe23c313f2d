/** How Cilium's programs find the API server, and what they say while they do not (pkg/k8s/init.go @ v1.12.1). */
import { SECOND } from '../../time.ts';
import { logrus } from '../log.ts';
import type { ProgramContext } from '../program.ts';
import { apiFault } from '../reach.ts';

/** From the environment: the chart's k8sServiceHost, or the kubernetes Service's own. */
export const apiEndpoint = (context: ProgramContext): { readonly host: string; readonly port: number } => ({
	host: context.env('KUBERNETES_SERVICE_HOST') ?? '',
	port: Number(context.env('KUBERNETES_SERVICE_PORT') ?? 443),
});

/** A dial that is not answered ends after half a minute; the client gives up after two such. */
const DIAL = 30 * SECOND;
const RETRY = 5 * SECOND;
const PATIENCE = 60 * SECOND;

export function connectApi(context: ProgramContext, connected: () => void, failed: (error: string) => void): void {
	const { host, port } = apiEndpoint(context);
	const url = `https://${host}:${port}`;
	let waited = 0;
	const dial = (): void => {
		context.log(logrus('info', 'Establishing connection to apiserver', { host: url, subsys: 'k8s' }));
		const fault = apiFault(context.cluster, context.machine, host, port);
		if (!fault) {
			context.after(context.between(SECOND / 20, SECOND / 4, 'api'), () => {
				context.log(logrus('info', 'Connected to apiserver', { subsys: 'k8s' }));
				connected();
			});
			return;
		}
		const takes = fault.error.endsWith('timeout') ? DIAL : SECOND / 10;
		context.after(takes, () => {
			waited += takes + RETRY;
			const error = `Get "${url}/api/v1/namespaces/kube-system": ${fault.error}`;
			if (waited < PATIENCE) {
				context.after(RETRY, dial);
				return;
			}
			context.log(logrus('error', 'Unable to contact k8s api-server', { error, ipAddr: url, subsys: 'k8s' }));
			failed(error);
		});
	};
	dial();
}
