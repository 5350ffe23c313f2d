/**
 * `kubectl port-forward`: ports of the laptop that lead into a pod, by way of the API server and the pod's kubelet. It
 * runs until Ctrl-C, or until the first connection that the pod does not take.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/portforward/portforward.go,
 * staging/src/k8s.io/client-go/tools/portforward/portforward.go @ v0.24.0.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import { parseIp } from '../../../sim/wire/index.ts';
import type { Command } from '../../cobra/index.ts';
import { klog } from '../../kube/klog.ts';
import { command, fail, type Kube, usageError } from '../kube.ts';
import { kubeletAway } from '../kubelet-port.ts';
import { text } from '../print/index.ts';
import { kubectlVersion, minorOf } from '../releases.ts';
import { fetch, resourcesOf } from '../targets.ts';
import { RUNNING_TIMEOUT } from '../write/exec.ts';
import { podOf, runningTimeout } from '../write/pods.ts';
import { hostPort, type ListenAddress } from './listen.ts';
import { type PortPair, podPorts, servicePorts } from './ports.ts';
import { forwardPorts } from './session.ts';

/** Addresses to listen on, sorted as kubectl has them. */
function addressesOf(words: readonly string[]): readonly ListenAddress[] {
	const known = new Map<string, ListenAddress>();
	const add = (host: string, local: boolean): void => void known.set(host, { host, ip: parseIp(host), local });
	for (const word of words) {
		if (word === 'localhost') for (const host of ['127.0.0.1', '::1']) known.has(host) || add(host, true);
		else if (parseIp(word) !== undefined || /^[0-9a-f:]*:[0-9a-f:.]*$/i.test(word)) add(word, false);
		else return fail(`${word} is not a valid IP`);
	}
	return [...known.values()].sort((a, b) => (a.host < b.host ? -1 : 1));
}

/** `streaming` from the laptop to the kubelet: whether its node is there. */
function checkNode(kube: Kube, pod: ApiObject): void {
	const away = kubeletAway(kube, text(pod, 'spec', 'nodeName'));
	if (away) fail(`error upgrading connection: error dialing backend: ${away.why}`);
}

/** How klog words what nobody handles, by kubectl's release. */
function complain(kube: Kube, message: string): void {
	const minor = minorOf(kubectlVersion(kube.run.call.lab));
	if (minor >= 31) klog(kube.run, 'E', 'portforward.go:424', `"Unhandled Error" err=${JSON.stringify(message)}`);
	else klog(kube.run, 'E', `portforward.go:${minor < 24 ? 400 : minor < 27 ? 406 : 409}`, message);
}

/** The pod that is meant, and its ports. A service's ports are translated to the pod's. */
async function meaning(kube: Kube): Promise<{ readonly pod: ApiObject; readonly pairs: readonly PortPair[] }> {
	const [word, ...specs] = kube.run.args as [string, ...string[]];
	const pod = await podOf(kube, word, runningTimeout(kube));
	const [kind, name] = word.split('/') as [string, string | undefined];
	const resource = name === undefined ? undefined : resourcesOf(kube, kind)[0];
	if (resource?.kind !== 'Service') return { pod, pairs: podPorts(specs, pod) };
	const service = fetch(kube, { resource, namespace: kube.namespace, name: name! })[0]!;
	return { pod, pairs: servicePorts(specs, service, pod) };
}

async function portForward(kube: Kube): Promise<number> {
	const { call, args, flags } = kube.run;
	const { cluster } = kube;
	if (args.length < 2) return usageError(kube.run, 'TYPE/NAME and list of ports are required for port-forward');
	const { pod, pairs } = await meaning(kube);
	const phase = text(pod, 'status', 'phase');
	if (phase !== 'Running') return fail(`unable to forward port because pod is not running. Current status=${phase}`);
	const { namespace, name } = pod.metadata;
	kube.demand({ verb: 'create', resource: 'pods', subresource: 'portforward', namespace, name });
	checkNode(kube, pod);
	const addresses = addressesOf(flags.list('address'));
	const ended = await forwardPorts(call, cluster, pod, {
		addresses,
		pairs,
		began: (at, local, remote) => call.out(`Forwarding from ${hostPort(at, local)} -> ${remote}\n`),
		failed: (local, errors) =>
			call.err(
				`Unable to listen on port ${local}: Listeners failed to create with the following errors: [${errors.join(' ')}]\n`,
			),
		accepted: (local) => call.out(`Handling connection for ${local}\n`),
		refused: (local, remote, error) => complain(kube, `an error occurred forwarding ${local} -> ${remote}: ${error}`),
	});
	return fail(ended);
}

export const portForwardCommand: Command = {
	name: 'port-forward',
	use: 'TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
	short: 'Forward one or more local ports to a pod',
	long: "Forward one or more local ports to a pod.\n\n Use resource type/name such as deployment/mydeployment to select a pod. Resource type defaults to 'pod' if omitted.\n\n If there are multiple pods matching the criteria, a pod will be selected automatically. The forwarding session ends when the selected pod terminates, and a rerun of the command is needed to resume forwarding.",
	example: `  # Listen on port 8888 locally, forwarding to 5000 in the pod
  kubectl port-forward pod/mypod 8888:5000

  # Listen on port 8443 locally, forwarding to the targetPort of the service's port named "https" in a pod selected by the service
  kubectl port-forward service/myservice 8443:https

  # Listen on port 8888 on all addresses, forwarding to 5000 in the pod
  kubectl port-forward --address 0.0.0.0 pod/mypod 8888:5000

  # Listen on a random port locally, forwarding to 5000 in the pod
  kubectl port-forward pod/mypod :5000`,
	flags: [
		{
			name: 'address',
			type: 'strings',
			default: 'localhost',
			usage:
				'Addresses to listen on (comma separated). Only accepts IP addresses or localhost as a value. When localhost is supplied, kubectl will try to bind on both 127.0.0.1 and ::1 and will fail if neither of these addresses are available to bind.',
		},
		RUNNING_TIMEOUT,
	],
	run: command(portForward),
	complete: (args, at) => {
		const api = at.cluster()?.api;
		if (!api || args.length > 0) return [];
		const names = (plural: string, prefix: string): readonly string[] =>
			api.list(api.find(plural)!, { namespace: 'default' }).map((item) => `${prefix}${item.metadata.name}`);
		return [...names('pods', ''), ...names('services', 'svc/'), ...names('deployments', 'deployment/')];
	},
};
