/**
 * What `kubectl set` has in common: a change of a pod template, sent as a strategic merge patch.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set/helper.go, pkg/polymorphichelpers/updatepodspec.go @ v0.24.0.
 */
import { createPatch, type Draft, draftOf, isRecord, type Json, type Resource } from '../../../../sim/api/index.ts';
import type { Flag } from '../../../cobra/index.ts';
import { FILE_FLAGS } from '../../files.ts';
import { fail, type Kube, KubectlError, warn } from '../../kube.ts';
import { SELECTOR_FLAGS } from '../../targets.ts';
import { caughtFault, type Fault, raise, textFault } from '../faults.ts';
import { ALL, type Info, infosOf } from '../infos.ts';
import { DRY_RUN, dryRunOf, FIELD_MANAGER, operationPrinter, PRINT_FLAGS, RECORD } from '../output.ts';

export const SET_FLAGS: readonly Flag[] = [
	...FILE_FLAGS,
	...PRINT_FLAGS,
	SELECTOR_FLAGS[0]!,
	ALL,
	DRY_RUN,
	FIELD_MANAGER,
	RECORD,
	{ name: 'local', type: 'bool', usage: 'If true, set will NOT contact api-server but run locally.' },
];

const PATHS: Readonly<Record<string, readonly string[]>> = {
	Pod: ['spec'],
	CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};
const TEMPLATED = ['Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet', 'ReplicationController', 'Job'];

/** The pod spec in an object, for writing; throws for what has none. */
function podSpec(object: Draft, resource: Resource): Draft {
	const path = PATHS[resource.kind] ?? (TEMPLATED.includes(resource.kind) ? ['spec', 'template', 'spec'] : undefined);
	let here: unknown = object;
	for (const key of path ?? ['']) here = isRecord(here) ? here[key] : undefined;
	return isRecord(here) ? here : fail(`the object is not a pod or does not have a pod template: *v1.${resource.kind}`);
}

/** Containers that may be written into. */
export const containersOf = (spec: Draft, list: 'containers' | 'initContainers'): readonly Draft[] => {
	const found = spec[list];
	return Array.isArray(found) ? found.filter(isRecord) : [];
};

/** The objects that arguments name; faults end the command before its flags are judged, as upstream's Complete() does. */
export async function foundFor(kube: Kube, resources: readonly string[]): Promise<readonly Info[]> {
	const { infos, faults } = await infosOf(kube, {
		args: resources,
		verb: 'set',
		bareKind: kube.run.flags.on('all'),
	});
	raise(faults);
	return infos;
}

/** Changes every pod template asked for; `said` is what a failed patch begins with. */
export async function changeTemplates(
	kube: Kube,
	infos: readonly Info[],
	operation: string,
	said: string,
	change: (spec: Draft, about: { readonly resource: Resource; readonly name: string }, faults: Fault[]) => void,
	options: { readonly quiet?: boolean } = {},
): Promise<number> {
	const { api, run } = kube;
	const local = run.flags.on('local');
	const dry = dryRunOf(run);
	const print = await operationPrinter(kube, dry);
	const faults: Fault[] = [];
	for (const { resource, object, namespace, name } of infos) {
		const next = draftOf(object);
		try {
			change(podSpec(next, resource), { resource, name }, faults);
		} catch (fault) {
			if (!(fault instanceof KubectlError)) throw fault;
			faults.push(textFault(`error: ${resource.plural}/${name} ${caughtFault(fault).among}\n`));
			continue;
		}
		if (options.quiet) continue;
		const patch = createPatch(resource, draftOf(object), next);
		if (Object.keys(patch).length === 0) continue;
		if (local || dry === 'client') {
			print(resource, name, next, operation);
			continue;
		}
		const result = api.patch(resource, namespace, name, 'application/strategic-merge-patch+json', patch as Json, {
			dryRun: dry === 'server',
		});
		warn(kube, result.warnings);
		if (result.error) faults.push(textFault(`${said} ${result.error.message}`));
		else print(resource, name, result.value, operation);
	}
	raise(faults);
	return 0;
}
