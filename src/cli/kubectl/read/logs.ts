/**
 * `kubectl logs`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/logs/logs.go, pkg/polymorphichelpers/logsforobject.go,
 * pkg/cmd/util/podcmd/podcmd.go @ v0.24.0.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { completePods } from '../complete.ts';
import { command, fail, type Kube, KubectlError, usageError } from '../kube.ts';
import { subs, text } from '../print/index.ts';
import { fetch, targetsOf } from '../targets.ts';
import { filterOf, follow, Printer, sinceTime } from './log-print.ts';
import { requireLog } from './log-source.ts';
import { podsOf, selectorOf } from './pods-of.ts';

const USAGE =
	"expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";

const names = (pod: ApiObject, list: string): readonly string[] =>
	subs(pod, 'spec', list).map((container) => text(container, 'name'));

/** Every container of a pod, in the order in which kubectl goes through them. */
const allContainers = (pod: ApiObject): readonly string[] =>
	['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => names(pod, list));

/** `cilium-agent, config (init)`. */
const listText = (pod: ApiObject): string =>
	[
		...names(pod, 'containers'),
		...names(pod, 'ephemeralContainers').map((name) => `${name} (ephem)`),
		...names(pod, 'initContainers').map((name) => `${name} (init)`),
	].join(', ');

/** Which container of a pod is meant. */
function containerOf(kube: Kube, pod: ApiObject, asked: string): string {
	const { call } = kube.run;
	const all = allContainers(pod);
	let container = asked;
	const preferred = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
	if (container === '' && preferred) {
		if (all.includes(preferred)) container = preferred;
		else call.err(`Default container name ${JSON.stringify(preferred)} not found in pod ${pod.metadata.name}\n`);
	}
	if (container === '') {
		container = names(pod, 'containers')[0] ?? '';
		if (all.length > 1) call.err(`Defaulted container ${JSON.stringify(container)} out of: ${listText(pod)}\n`);
	}
	if (!all.includes(container)) return fail(`container ${container} is not valid for pod ${pod.metadata.name}`);
	return container;
}

/** What the command line names: an object, or the pods of a selector. */
function asked(kube: Kube): readonly ApiObject[] {
	const { call, args, flags } = kube.run;
	if (flags.text('selector')) {
		const found = fetch(kube, { resource: kube.api.find('pods')!, namespace: kube.namespace });
		if (found.length === 0) call.err(`No resources found in ${kube.namespace} namespace.\n`);
		return found;
	}
	const [name = ''] = args;
	const { list } = targetsOf(kube, name.includes('/') ? [name] : ['pods', name], 'logs');
	return [fetch(kube, list[0]!)[0]!];
}

/** The pods that are meant by what was named. */
async function podsAsked(kube: Kube, objects: readonly ApiObject[]): Promise<readonly ApiObject[]> {
	const { call, flags } = kube.run;
	const [object] = objects;
	if (object === undefined || flags.text('selector') || object.kind === 'Pod') return objects;
	const from = `cannot get the logs from *${object.apiVersion.split('/').at(-1)}.${object.kind}`;
	if (!selectorOf(object, from))
		return fail(`${from}: selector for *${object.apiVersion.split('/').at(-1)}.${object.kind} not implemented`);
	// kubectl waits for a pod for twenty seconds.
	await call.until(() => podsOf(kube, object).length > 0, flags.duration('pod-running-timeout'));
	const pods = podsOf(kube, object);
	if (pods.length === 0) return fail('timed out waiting for the condition');
	if (pods.length > 1) call.err(`Found ${pods.length} pods, using pod/${pods[0]!.metadata.name}\n`);
	return [pods[0]!];
}

async function logs(kube: Kube): Promise<number> {
	const { run } = kube;
	const { args, flags, call } = run;
	const selector = flags.text('selector');
	if (args.length > 2 || (args.length === 0 && selector === '')) return usageError(run, USAGE);
	if (args.length === 1 && selector !== '') return usageError(run, 'only a selector (-l) or a POD name is allowed');
	const inline = args[1] ?? '';
	const only = flags.text('container') || inline;
	sinceTime(flags.text('since-time'));
	const objects = asked(kube);
	const filter = filterOf(kube);
	if (flags.on('all-containers') && only !== '')
		return fail(`--all-containers=true should not be specified with container name ${only}`);
	if (flags.given('container') && args.length === 2)
		return fail('only one of -c or an inline [CONTAINER] arg is allowed');
	if (flags.number('limit-bytes') < 0) return fail('--limit-bytes must be greater than 0');
	const pods = await podsAsked(kube, objects);
	const printers = pods.flatMap((pod) =>
		(flags.on('all-containers') ? allContainers(pod) : [containerOf(kube, pod, only)]).map(
			(container) => new Printer(kube, { namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name, container }),
		),
	);
	const most = flags.number('max-log-requests');
	if (flags.on('follow') && printers.length > 1 && printers.length > most)
		return fail(
			`you are attempting to follow ${printers.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`,
		);
	const going: Printer[] = [];
	for (const printer of printers) {
		try {
			requireLog(kube, printer.source, flags.on('previous'));
			printer.first(filter);
			going.push(printer);
		} catch (fault) {
			if (!(fault instanceof KubectlError) || !flags.on('ignore-errors')) throw fault;
			call.out(`error: ${fault.message.replace(/^Error from server \(\w+\): /, '')}\n`);
		}
	}
	if (flags.on('follow') && !flags.on('previous')) await follow(kube, going);
	return 0;
}

export const logsCommand: Command = {
	name: 'logs',
	use: '[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
	short: 'Print the logs for a container in a pod',
	long: 'Print the logs for a container in a pod or specified resource. If the pod has only one container, the container name is optional.',
	example: `  # Return snapshot logs from pod nginx with only one container
  kubectl logs nginx

  # Return snapshot logs from pod nginx with multi containers
  kubectl logs nginx --all-containers=true

  # Return snapshot of previous terminated ruby container logs from pod web-1
  kubectl logs -p -c ruby web-1

  # Begin streaming the logs of the ruby container in pod web-1
  kubectl logs -f -c ruby web-1

  # Display only the most recent 20 lines of output in pod nginx
  kubectl logs --tail=20 nginx

  # Return snapshot logs from container nginx-1 of a deployment named nginx
  kubectl logs deployment/nginx -c nginx-1`,
	flags: [
		{ name: 'all-containers', type: 'bool', usage: "Get all containers' logs in the pod(s)." },
		{ name: 'follow', short: 'f', type: 'bool', usage: 'Specify if the logs should be streamed.' },
		{ name: 'timestamps', type: 'bool', usage: 'Include timestamps on each line in the log output' },
		{
			name: 'limit-bytes',
			type: 'int',
			default: '0',
			usage: 'Maximum bytes of logs to return. Defaults to no limit.',
		},
		{
			name: 'previous',
			short: 'p',
			type: 'bool',
			usage: 'If true, print the logs for the previous instance of the container in a pod if it exists.',
		},
		{
			name: 'tail',
			type: 'int',
			default: '-1',
			usage:
				'Lines of recent log file to display. Defaults to -1 with no selector, showing all log lines otherwise 10, if a selector is provided.',
		},
		{
			name: 'ignore-errors',
			type: 'bool',
			usage: 'If watching / following pod logs, allow for any errors that occur to be non-fatal',
		},
		{
			name: 'since-time',
			type: 'string',
			usage:
				'Only return logs after a specific date (RFC3339). Defaults to all logs. Only one of since-time / since may be used.',
		},
		{
			name: 'since',
			type: 'duration',
			default: '0s',
			usage:
				'Only return logs newer than a relative duration like 5s, 2m, or 3h. Defaults to all logs. Only one of since-time / since may be used.',
		},
		{ name: 'container', short: 'c', type: 'string', usage: 'Print the logs of this container' },
		{
			name: 'insecure-skip-tls-verify-backend',
			type: 'bool',
			usage:
				'Skip verifying the identity of the kubelet that logs are requested from.  In theory, an attacker could provide invalid log content back. You might want to use this if your kubelet serving certificates have expired.',
		},
		{
			name: 'pod-running-timeout',
			type: 'duration',
			default: '20s',
			usage: 'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
		},
		{
			name: 'selector',
			short: 'l',
			type: 'string',
			usage: "Selector (label query) to filter on, supports '=', '==', and '!='.(e.g. -l key1=value1,key2=value2)",
		},
		{
			name: 'max-log-requests',
			type: 'int',
			default: '5',
			usage: 'Specify maximum number of concurrent logs to follow when using by a selector. Defaults to 5.',
		},
		{
			name: 'prefix',
			type: 'bool',
			usage: 'Prefix each log line with the log source (pod name and container name)',
		},
	],
	run: command(logs),
	complete: completePods,
};
