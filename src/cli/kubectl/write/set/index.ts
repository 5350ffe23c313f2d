/**
 * `kubectl set`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set/set_{image,resources,selector,serviceaccount}.go @ v0.24.0.
 */
import { type Draft, isRecord, type Json, parseSelector } from '../../../../sim/api/index.ts';
import type { Command } from '../../../cobra/index.ts';
import { command, fail, type Kube, KubectlError, warn } from '../../kube.ts';
import { canonical, quantityOf } from '../../print/index.ts';
import { completeTargets } from '../../targets.ts';
import { raise, statusFault, textFault } from '../faults.ts';
import { eachInfo, hasFiles } from '../infos.ts';
import { resourcesAndPairs } from '../label.ts';
import { dryRunOf, operationPrinter } from '../output.ts';
import { matches, setEnvCommand } from './env.ts';
import { setSubjectCommand } from './subject.ts';
import { changeTemplates, containersOf, foundFor, SET_FLAGS } from './template.ts';

async function setImage(kube: Kube): Promise<number> {
	const { flags, args } = kube.run;
	const { resources, pairs } = resourcesAndPairs(args, 'image');
	const bad = pairs.filter((pair) => !/^[^=]+=/.test(pair));
	if (bad.length > 0) return fail(`invalid image format: ${bad.join(', ')}`);
	const images = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
	const found = await foundFor(kube, resources);
	const wrong: string[] = [];
	if (flags.on('all') && flags.text('selector')) wrong.push('cannot set --all and --selector at the same time');
	if (resources.length < 1 && !hasFiles(kube))
		wrong.push('one or more resources must be specified as <resource> <name> or <resource>/<name>');
	if (images.size < 1) wrong.push('at least one image update is required');
	else if (images.size > 1 && images.has('*'))
		wrong.push('all containers are already specified by *, but saw more than one container_name=container_image pairs');
	raise(wrong.map(textFault));
	return changeTemplates(
		kube,
		found,
		'image updated',
		'failed to patch image update to pod template:',
		(spec, _, faults) => {
			for (const [name, image] of images) {
				const found = (['initContainers', 'containers'] as const)
					.flatMap((list) => containersOf(spec, list))
					.filter((container) => name === '*' || container.name === name);
				for (const container of found) container.image = image;
				if (found.length === 0) faults.push(textFault(`error: unable to find container named ${JSON.stringify(name)}`));
			}
		},
	);
}

function quantities(text: string): Draft {
	const out: Draft = {};
	for (const statement of text === '' ? [] : text.split(',')) {
		const parts = statement.split('=');
		if (parts.length !== 2) fail(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
		const [name, value] = parts as [string, string];
		if (quantityOf(value) === undefined)
			fail("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
		out[name] = canonical(value);
	}
	return out;
}

async function setResources(kube: Kube): Promise<number> {
	const { flags, args } = kube.run;
	const found = await foundFor(kube, args);
	if (flags.on('all') && flags.text('selector')) return fail('cannot set --all and --selector at the same time');
	const limits = flags.text('limits');
	const requests = flags.text('requests');
	if (!limits && !requests)
		return fail('you must specify an update to requests or limits (in the form of --requests/--limits)');
	const wanted = { limits: quantities(limits), requests: quantities(requests) };
	const pattern = flags.text('containers');
	return changeTemplates(
		kube,
		found,
		'resource requirements updated',
		'failed to patch resources update to pod template',
		(spec, _, faults) => {
			const containers = (['containers', 'initContainers'] as const)
				.flatMap((list) => containersOf(spec, list))
				.filter((container) => matches(String(container.name), pattern));
			if (containers.length === 0) faults.push(textFault(`error: unable to find container named ${pattern}`));
			for (const container of containers) {
				const had = isRecord(container.resources) ? container.resources : {};
				const next: Draft = { ...had };
				for (const key of ['limits', 'requests'] as const)
					if (Object.keys(wanted[key]).length > 0)
						next[key] = { ...(isRecord(had[key]) ? had[key] : {}), ...wanted[key] };
				container.resources = next;
			}
		},
	);
}

async function setServiceAccount(kube: Kube): Promise<number> {
	const { args } = kube.run;
	if (args.length === 0) return fail('serviceaccount is required');
	const name = args.at(-1)!;
	return changeTemplates(
		kube,
		await foundFor(kube, args.slice(0, -1)),
		'serviceaccount updated',
		'failed to patch ServiceAccountName',
		(spec) => {
			spec.serviceAccountName = name;
		},
	);
}

async function setSelector(kube: Kube): Promise<number> {
	const { args, flags } = kube.run;
	const dry = dryRunOf(kube.run);
	const print = await operationPrinter(kube, dry);
	const last = args.at(-1);
	if (last === undefined) return fail('one selector is required');
	const parsed = parseSelector(last);
	if (parsed.error !== undefined) return fail(parsed.error);
	// metav1.ParseToLabelSelector(): what is an equality is a label to match, everything else an expression.
	const selector: Record<string, string> = {};
	const expressions: string[] = [];
	for (const { key, operator, values } of parsed.value) {
		if (operator === '=' || operator === '==') selector[key] = values[0] ?? '';
		else expressions.push(`{${key} ${EXPRESSIONS[operator] ?? operator} [${values.join(' ')}]}`);
	}
	const version = flags.text('resource-version');
	await eachInfo(
		kube,
		{ args: args.slice(0, -1), verb: 'set', bareKind: flags.on('all') },
		({ resource, namespace, name, object }) => {
			if (expressions.length > 0)
				return fail(`match expression [${expressions.join(' ')}] not supported on this object`);
			if (resource.kind !== 'Service') return fail('setting a selector is only supported for Services');
			const had = (object.spec?.selector ?? {}) as Record<string, string>;
			const change: Record<string, Json> = { ...selector };
			for (const key of Object.keys(had)) if (!Object.hasOwn(selector, key)) change[key] = null;
			if (flags.on('local') || dry === 'client') {
				print(resource, name, { ...object, spec: { ...object.spec, selector } }, 'selector updated');
				return;
			}
			const result = kube.api.patch(
				resource,
				namespace,
				name,
				'application/merge-patch+json',
				{ ...(version ? { metadata: { resourceVersion: version } } : {}), spec: { selector: change } },
				{ dryRun: dry === 'server' },
			);
			warn(kube, result.warnings);
			if (result.error) throw new KubectlError(statusFault(result.error).alone);
			print(resource, name, result.value, 'selector updated');
		},
	);
	return 0;
}

/** Operators of expressions as LabelSelectorRequirement names them. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
	exists: 'Exists',
	'!': 'DoesNotExist',
	in: 'In',
	notin: 'NotIn',
};

const CONTAINERS = {
	name: 'containers',
	short: 'c',
	type: 'string',
	default: '*',
	usage:
		'The names of containers in the selected pod templates to change, all containers are selected by default - may use wildcards',
} as const;

export const setCommand: Command = {
	name: 'set',
	use: 'SUBCOMMAND',
	short: 'Set specific features on objects',
	long: 'Configure application resources.\n\n These commands help you make changes to existing application resources.',
	commands: [
		setEnvCommand,
		{
			name: 'image',
			use: '(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
			short: 'Update the image of a pod template',
			flags: SET_FLAGS,
			run: command(setImage),
			complete: completeTargets,
		},
		{
			name: 'resources',
			use: '(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
			short: 'Update resource requests/limits on objects with pod templates',
			flags: [
				...SET_FLAGS,
				CONTAINERS,
				{
					name: 'limits',
					type: 'string',
					usage: "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.",
				},
				{
					name: 'requests',
					type: 'string',
					usage: "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.",
				},
			],
			run: command(setResources),
			complete: completeTargets,
		},
		{
			name: 'selector',
			use: '(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
			short: 'Set the selector on a resource',
			flags: [
				...SET_FLAGS.filter((flag) => flag.name !== 'selector'),
				{
					name: 'resource-version',
					type: 'string',
					usage:
						'If non-empty, the selectors update will only succeed if this is the current resource-version for the object. Only valid when specifying a single resource.',
				},
			],
			run: command(setSelector),
			complete: completeTargets,
		},
		{
			name: 'serviceaccount',
			aliases: ['sa'],
			use: '(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
			short: 'Update the service account of a resource',
			flags: SET_FLAGS,
			run: command(setServiceAccount),
			complete: completeTargets,
		},
		setSubjectCommand,
	],
};
