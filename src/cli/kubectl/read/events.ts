/**
 * `kubectl events`: events by time.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/events/{events,event_printer}.go @ v0.26.0.
 */
import { type ApiObject, age, parseTime } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { command, fail, type Kube, KubectlError } from '../kube.ts';
import { has, number, OUTPUT_FLAGS, objectPrinter, PRINT_FORMATS, RowPrinter, text } from '../print/index.ts';
import { kubectlMinor } from '../releases.ts';
import { CHUNK_SIZE } from '../targets.ts';
import { follow } from './watch.ts';

const timeOf = (event: ApiObject): number =>
	parseTime(text(event, 'series', 'lastObservedTime') || text(event, 'lastTimestamp') || text(event, 'eventTime')) ?? 0;

function intervalOf(event: ApiObject, now: number): string {
	const since = (time: string): string => age(now, time === '' ? undefined : time);
	const first = since(text(event, 'eventTime') || text(event, 'firstTimestamp'));
	if (has(event, 'series'))
		return `${since(text(event, 'series', 'lastObservedTime'))} (x${number(event, 'series', 'count')} over ${first})`;
	const count = number(event, 'count');
	return count > 1 ? `${since(text(event, 'lastTimestamp'))} (x${count} over ${first})` : first;
}

/** `--for pod/a`: kind and name. */
function subject(kube: Kube): { readonly kind: string; readonly name: string } | undefined {
	const asked = kube.run.flags.text('for');
	if (asked === '') return undefined;
	const [type = '', name, ...rest] = asked.split('/');
	if (name === undefined) return fail('--for must be in resource/name form');
	if (rest.length > 0) return fail('arguments in resource/name form may not have more than one slash');
	const resource = kube.api.find(type);
	if (!resource) throw new KubectlError(`error: the server doesn't have a resource type "${type}"`);
	return { kind: resource.kind, name };
}

async function events(kube: Kube): Promise<number> {
	const { flags, call } = kube.run;
	const types = flags.list('types').map((type) => type.toLowerCase());
	if (types.some((type) => type !== 'normal' && type !== 'warning')) return fail('valid --types are Normal or Warning');
	const about = subject(kube);
	const everywhere = flags.on('all-namespaces');
	const printer = await objectPrinter(kube.run, PRINT_FORMATS);
	const wanted = (event: ApiObject): boolean =>
		(types.length === 0 || types.includes(text(event, 'type').toLowerCase())) &&
		(!about ||
			(text(event, 'involvedObject', 'kind') === about.kind && text(event, 'involvedObject', 'name') === about.name));
	const rows = new RowPrinter();
	let headed = flags.on('no-headers');
	const print = (list: readonly ApiObject[]): void => {
		// A message of several lines goes on below, in no column.
		const cells = list.flatMap((event) => {
			const [message = '', ...more] = text(event, 'message').trim().split('\n');
			return [
				[
					...(everywhere ? [event.metadata.namespace ?? ''] : []),
					intervalOf(event, kube.api.now()),
					text(event, 'type'),
					text(event, 'reason'),
					`${text(event, 'involvedObject', 'kind')}/${text(event, 'involvedObject', 'name')}`,
					message,
				],
				...more.map((line) => [line]),
			];
		});
		const header = [...(everywhere ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];
		call.out(rows.print(headed ? cells : [header, ...cells]));
		headed = true;
	};
	const resource = kube.api.find('events')!;
	const namespace = everywhere ? undefined : kube.namespace;
	const found = kube.api.list(resource, namespace === undefined ? {} : { namespace }).filter(wanted);
	if (flags.on('watch')) {
		const show = (event: ApiObject): void => (printer ? call.out(printer(event)) : print([event]));
		for (const event of found) show(event);
		// Events that are over are not told.
		await follow(kube, { resource, namespace }, ({ type, object }) => {
			if (type !== 'DELETED' && wanted(object)) show(object);
		});
		return 0;
	}
	if (found.length === 0) {
		call.err(everywhere ? 'No events found.\n' : `No events found in ${kube.namespace} namespace.\n`);
		return 0;
	}
	const sorted = [...found].sort((a, b) => timeOf(a) - timeOf(b));
	if (printer) call.out(printer({ apiVersion: 'v1', items: sorted, kind: 'EventList', metadata: {} }));
	else print(sorted);
	return 0;
}

export const eventsCommand: Command = {
	name: 'events',
	use: '[(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--event=Normal,Warning]',
	short: 'List events',
	long: 'Display events\n\n Prints a table of the most important information about events. You can request events for a namespace, for all namespace, or filtered to only those pertaining to a specified resource.',
	example: `  # List recent events in the default namespace.
  kubectl events

  # List recent events in all namespaces.
  kubectl events --all-namespaces

  # List recent events for the specified pod, then wait for more events and list them as they arrive.
  kubectl events --for pod/web-pod-13je7 --watch

  # List recent only events in given event types
  kubectl events --types=Warning,Normal`,
	flags: [
		...OUTPUT_FLAGS,
		CHUNK_SIZE,
		{
			name: 'watch',
			short: 'w',
			type: 'bool',
			usage: 'After listing the requested events, watch for more events.',
		},
		{
			name: 'all-namespaces',
			short: 'A',
			type: 'bool',
			usage:
				'If present, list the requested object(s) across all namespaces. Namespace in current context is ignored even if specified with --namespace.',
		},
		{ name: 'for', type: 'string', usage: 'Filter events to only those pertaining to the specified resource.' },
		{ name: 'types', type: 'strings', usage: 'Output only events of given types.' },
		{ name: 'no-headers', type: 'bool', usage: "When using the default output format, don't print headers." },
	],
	run: command(async (kube) => {
		// It was in `alpha` from 1.23 on, and has its place since 1.26.
		if (kubectlMinor(kube.run.call.lab) < 26 && !kube.run.path.includes(' alpha '))
			throw new KubectlError('error: unknown command "events" for "kubectl"');
		return events(kube);
	}),
};

export const alphaCommand: Command = {
	name: 'alpha',
	short: 'Commands for features in alpha',
	long: 'These commands correspond to alpha features that are not enabled in Kubernetes clusters by default.',
	hidden: true,
	commands: [eventsCommand],
};
