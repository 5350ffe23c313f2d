/**
 * `kubectl describe`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/describe/describe.go @ v0.24.0: a name that is not there is
 * taken for the beginning of names.
 */
import type { Command } from '../../cobra/index.ts';
import { describeObject } from '../describe/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, type Kube, KubectlError, warn } from '../kube.ts';
import { kubectlMinor } from '../releases.ts';
import { completeTargets, SELECTOR_FLAGS } from '../targets.ts';
import { collect } from './collect.ts';

async function describe(kube: Kube): Promise<number> {
	const { run, api } = kube;
	const { call, flags, args } = run;
	if (args.length === 0 && flags.list('filename').length === 0)
		throw new KubectlError(
			'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n',
		);
	const events = flags.on('show-events');
	const minor = kubectlMinor(call.lab);
	const { answers, errors } = await collect(kube, 'describe');
	if (errors.some((error) => error.notFound) && args.length === 2 && matching(kube, events)) return 0;
	// Describing a service asks for its Endpoints too, which the server may warn of; for its slices from 1.31.
	const warning = minor >= 31 ? undefined : api.find('endpoints')?.warning;
	if (warning && answers.some(({ resource, objects }) => resource.kind === 'Service' && objects.length > 0))
		warn(kube, [warning]);
	let described = 0;
	for (const { objects } of answers)
		for (const object of objects) {
			call.out(`${described++ > 0 ? '\n\n' : ''}${describeObject(api, object, events, minor)}`);
			call.check();
		}
	for (const { message } of errors) call.err(`${message}\n`);
	if (described === 0 && errors.length === 0)
		call.err(
			flags.on('all-namespaces') ? 'No resources found\n' : `No resources found in ${kube.namespace} namespace.\n`,
		);
	return errors.length > 0 ? 1 : 0;
}

/** Describes all whose names begin with the second argument; answers whether there were any. */
function matching(kube: Kube, events: boolean): boolean {
	const [type, prefix] = kube.run.args as [string, string];
	const resource = kube.api.find(type);
	if (!resource) return false;
	const found = kube.api
		.list(resource, resource.namespaced ? { namespace: kube.namespace } : {})
		.filter((object) => object.metadata.name.startsWith(prefix));
	for (const object of found)
		kube.run.call.out(`${describeObject(kube.api, object, events, kubectlMinor(kube.run.call.lab))}\n`);
	return found.length > 0;
}

export const describeCommand: Command = {
	name: 'describe',
	use: '(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
	short: 'Show details of a specific resource or group of resources',
	long: 'Show details of a specific resource or group of resources.\n\n Print a detailed description of the selected resources, including related resources such as events or controllers. You may select a single object by name, all objects of that type, provide a name prefix, or label selector.\n\nUse "kubectl api-resources" for a complete list of supported resources.',
	example: `  # Describe a node
  kubectl describe nodes kubernetes-node-emt8.c.myproject.internal

  # Describe a pod
  kubectl describe pods/nginx

  # Describe all pods
  kubectl describe pods

  # Describe pods by label name=myLabel
  kubectl describe po -l name=myLabel`,
	flags: [
		...SELECTOR_FLAGS.filter((flag) => flag.name !== 'field-selector'),
		...FILE_FLAGS,
		{
			name: 'show-events',
			type: 'bool',
			default: 'true',
			usage: 'If true, display events related to the described object.',
		},
		{
			name: 'chunk-size',
			type: 'int',
			default: '500',
			usage: 'Return large lists in chunks rather than all at once. Pass 0 to disable.',
		},
	],
	run: command(describe),
	complete: completeTargets,
};
