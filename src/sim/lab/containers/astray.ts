/**
 * kube-scheduler and kube-controller-manager whose kubeconfig leads to where no API server is: they run and are well, and
 * never get the lease. They read the file when they start.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/server/options/authentication.go, client-go
 * tools/{leaderelection/leaderelection,cache/reflector}.go, cmd/kube-scheduler/app/server.go Run() @ v1.24.0.
 */
import { parseIp } from '../../wire/index.ts';
import { klog } from '../software/log.ts';
import type { ProgramContext } from '../software/program.ts';
import { apiFault } from '../software/reach.ts';
import { SECOND } from '../time.ts';
import { addressFault } from './node-addresses.ts';
import { containerState } from './states.ts';

/** The server that a kubeconfig of one cluster names; nothing else of it matters here. */
function serverOf(context: ProgramContext): string | undefined {
	const { cluster, machine, pod, container, id, argv } = context;
	const path = argv.findLast((word) => word.startsWith('--kubeconfig='))?.slice('--kubeconfig='.length);
	const text = path && containerState(cluster, machine, pod, container, id).disk.read(path);
	return text ? /^\s+(?:- )?server:\s*["']?([^"'\s]+)/m.exec(text)?.[1] : undefined;
}

/** What the dial ends with; undefined where the API server answers, or is away for another reason. */
function faultOf({ cluster, machine }: ProgramContext, server: string): string | undefined {
	const [, host = '', port] = /^https?:\/\/([^:/]+)(?::(\d+))?/.exec(server) ?? [];
	const dialled = apiFault(cluster, machine, host, Number(port ?? (server.startsWith('http:') ? 80 : 443)))?.error;
	const ip = parseIp(host);
	const unknown = ip === undefined ? undefined : addressFault(cluster, machine, ip);
	if (unknown !== undefined) return dialled ?? unknown;
	const right = ip === undefined || ip === machine.ip || ip === LOOPBACK;
	return !cluster.reachable() && right ? undefined : dialled;
}

const LOOPBACK = 0x7f000001;

const RETRY = 2 * SECOND;
const PODS = 'pods?fieldSelector=status.phase%21%3DSucceeded%2Cstatus.phase%21%3DFailed&limit=500&resourceVersion=0';
const REFLECTED = [
	['Node', 'nodes?limit=500&resourceVersion=0'],
	['Pod', PODS],
	['Service', 'services?limit=500&resourceVersion=0'],
] as const;

/**
 * Looks where its kubeconfig leads. Answers whether that is astray: then `begin` is called once it is not any more, with
 * those of its first `lines` that it has not said.
 */
export function goesAstray(
	context: ProgramContext,
	name: string,
	lines: readonly string[],
	begin: (lines: readonly string[]) => void,
): boolean {
	const server = serverOf(context);
	const first = server === undefined ? undefined : faultOf(context, server);
	if (server === undefined || first === undefined) return false;
	const get = (path: string, why: string): string => `Get "${server}${path}": ${why}`;
	// The scheduler asks for the lease once it knows what there is.
	const later = name === 'kube-scheduler' ? lines.slice(-1) : [];
	context.healthy();
	for (const line of lines.slice(0, lines.length - later.length)) context.log(line);
	const lookup = get('/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication', first);
	for (const [place, words] of [
		['authentication.go:346', `Error looking up in-cluster authentication configuration: ${lookup}`],
		[
			'authentication.go:347',
			'Continuing without authentication configuration. This may treat all requests as anonymous.',
		],
		[
			'authentication.go:348',
			'To require authentication configuration lookup to succeed, set --authentication-tolerate-lookup-failure=false',
		],
	] as const)
		context.log(klog(context, 'W', place, words));
	let wait = SECOND;
	const again = (): void => {
		const why = faultOf(context, server);
		if (why === undefined && context.cluster.reachable()) {
			begin(later);
			return;
		}
		if (why !== undefined && name === 'kube-scheduler')
			for (const [kind, path] of REFLECTED) {
				const list = `failed to list *v1.${kind}: ${get(`/api/v1/${path}`, why)}`;
				const at = 'vendor/k8s.io/client-go/informers/factory.go:134';
				context.log(klog(context, 'W', 'reflector.go:324', `${at}: ${list}`));
				context.log(klog(context, 'E', 'reflector.go:138', `${at}: Failed to watch *v1.${kind}: ${list}`));
			}
		else if (why !== undefined) {
			const path = `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${name}?timeout=5s`;
			const words = `error retrieving resource lock kube-system/${name}: ${get(path, why)}`;
			context.log(klog(context, 'E', 'leaderelection.go:330', words));
		}
		context.after(name === 'kube-scheduler' ? wait : RETRY, again);
		// Reflectors wait longer each time, half a minute at most.
		wait = Math.min(wait * 2, 30 * SECOND);
	};
	again();
	return true;
}
