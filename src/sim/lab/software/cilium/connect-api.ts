/** How Cilium's programs find the API server, and what they say while they do not (pkg/k8s/init.go @ v1.12.1). */
import { minorOf } from '../../machine/node-images.ts';
import { SECOND } from '../../time.ts';
import type { ProgramContext } from '../program.ts';
import { apiFault } from '../reach.ts';
import { versionOfImage } from './agent-config.ts';
import { type Part, say } from './say.ts';

/** From the environment: the chart's k8sServiceHost, or the kubernetes Service's own. */
export const apiEndpoint = (context: ProgramContext): { readonly host: string; readonly port: number } => ({
	host: context.env('KUBERNETES_SERVICE_HOST') ?? '',
	port: Number(context.env('KUBERNETES_SERVICE_PORT') ?? 443),
});

/** A dial that is not answered ends after half a minute; the client gives up after two such. */
const DIAL = 30 * SECOND;
const RETRY = 5 * SECOND;
const PATIENCE = 60 * SECOND;

/** Connects a program whose client is `part`. Says what happens; `failed` has the error that ends the program. */
export function connectApi(
	context: ProgramContext,
	part: Part,
	connected: () => void,
	failed: (error: string) => void,
): void {
	const slog = minorOf(versionOfImage(context.container.image)) >= 18;
	const { host, port } = apiEndpoint(context);
	const url = `https://${host}:${port}`;
	let waited = 0;
	const dial = (): void => {
		say(context, 'info', part, 'Establishing connection to apiserver', slog ? { ipAddr: url } : { host: url });
		const fault = apiFault(context.cluster, context.machine, host, port);
		if (!fault) {
			context.after(context.between(SECOND / 20, SECOND / 4, 'api'), () => {
				say(context, 'info', part, 'Connected to apiserver');
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
			say(context, 'error', part, 'Unable to contact k8s api-server', { ipAddr: url, error });
			failed(error);
		});
	};
	dial();
}
