/**
 * Revisions: of a Deployment in its ReplicaSets, of others in ControllerRevisions; `rollout history` and `undo`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/{history,rollback}.go @ v0.24.0.
 */
import {
	type ApiObject,
	applyPatch,
	controllerOf,
	draftOf,
	equal,
	type Json,
	type Resource,
} from '../../../../sim/api/index.ts';
import { KUBECTL_DESCRIBE, tabulate } from '../../../text/index.ts';
import { Description, describeTemplate } from '../../describe/index.ts';
import { fail, type Kube } from '../../kube.ts';
import { at, type Fields, isMap, number, sub } from '../../print/index.ts';
import { kubectlMinor } from '../../releases.ts';
import { eachInfo, hasFiles, type Info } from '../infos.ts';
import { type DryRun, dryRunOf, operationPrinter } from '../output.ts';
import { groupKind } from './status.ts';

const CAUSE = 'kubernetes.io/change-cause';
const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

interface Revision {
	readonly number: number;
	readonly object: ApiObject;
	readonly template: Fields;
	readonly cause: string;
}

/** All revisions of a workload, oldest first. */
function revisionsOf(kube: Kube, { resource, object }: Info): readonly Revision[] {
	const { namespace } = object.metadata;
	const owned = (plural: string): readonly ApiObject[] => {
		const found = kube.api.find(plural);
		if (!found) return [];
		return kube.api
			.list(found, namespace === undefined ? {} : { namespace })
			.filter((item) => controllerOf(item)?.uid === object.metadata.uid);
	};
	const revisions =
		resource.kind === 'Deployment'
			? owned('replicasets').map((set) => ({
					number: Number(set.metadata.annotations?.[REVISION] ?? Number.NaN),
					object: set,
					template: sub(set, 'spec', 'template'),
					cause: set.metadata.annotations?.[CAUSE] ?? '',
				}))
			: owned('controllerrevisions').map((revision) => ({
					number: number(revision, 'revision'),
					object: revision,
					template: templateOf(resource, object, revision),
					cause: revision.metadata.annotations?.[CAUSE] ?? '',
				}));
	return revisions.filter((item) => !Number.isNaN(item.number)).sort((a, b) => a.number - b.number);
}

/** The pod template a ControllerRevision stands for. */
function templateOf(resource: Resource, object: ApiObject, revision: ApiObject): Fields {
	const patched = applyPatch(object, 'application/strategic-merge-patch+json', (revision.data ?? {}) as Json, resource);
	return patched.error ? {} : sub(patched.value, 'spec', 'template');
}

/** What is written into it stays as it is: `rollout history` prints a template without columns (printTemplate). */
class PlainDescription extends Description {
	plain = '';
	override put(level: number, line: string): void {
		this.plain += '  '.repeat(level) + line;
	}
}

function templateText(kube: Kube, template: Fields): string {
	const description = new PlainDescription(kube.api, false, kubectlMinor(kube.run.call.lab));
	describeTemplate(description, template);
	return description.plain;
}

function historyText(kube: Kube, info: Info, revision: number): string {
	const revisions = revisionsOf(kube, info);
	if (revisions.length === 0) return 'No rollout history found.';
	if (revision > 0) {
		const found = revisions.find((item) => item.number === revision);
		if (!found) return fail('unable to find the specified revision');
		const template = found.cause
			? {
					...found.template,
					metadata: {
						...sub(found.template, 'metadata'),
						annotations: { ...sub(found.template, 'metadata', 'annotations'), [CAUSE]: found.cause },
					},
				}
			: found.template;
		return templateText(kube, template);
	}
	const rows = revisions.map((item) => `${item.number}\t${item.cause || '<none>'}\n`);
	return tabulate(`REVISION\tCHANGE-CAUSE\n${rows.join('')}`, KUBECTL_DESCRIBE);
}

const hasHistory = (resource: Resource): boolean =>
	resource.group === 'apps' && ['Deployment', 'DaemonSet', 'StatefulSet'].includes(resource.kind);

export async function history(kube: Kube): Promise<number> {
	const { flags } = kube.run;
	const revision = flags.number('revision');
	if (kube.run.args.length === 0 && !hasFiles(kube)) return fail('required resource not specified');
	if (revision < 0) return fail(`revision must be a positive integer: ${revision}`);
	const print = await operationPrinter(kube);
	await eachInfo(kube, { verb: 'history', bareKind: true }, (info) => {
		if (!hasHistory(info.resource))
			return fail(`no history viewer has been implemented for ${JSON.stringify(groupKind(info.resource))}`);
		const told = historyText(kube, info, revision);
		print(info.resource, info.name, info.object, `${revision > 0 ? `with revision #${revision}` : ''}\n${told}`);
	});
	return 0;
}

const notFound = (revision: number): never => fail(`unable to find specified revision ${revision} in history`);

/** Without the label that only ReplicaSets give their pods. */
function bare(template: Fields): Fields {
	const labels = { ...sub(template, 'metadata', 'labels') };
	delete labels[HASH];
	return { ...template, metadata: { ...sub(template, 'metadata'), labels } };
}

/** Annotations that stay the Deployment's own when it goes back. */
const OWN = [
	'kubectl.kubernetes.io/last-applied-configuration',
	REVISION,
	'deployment.kubernetes.io/revision-history',
	'deployment.kubernetes.io/desired-replicas',
	'deployment.kubernetes.io/max-replicas',
	'deprecated.deployment.rollback.to',
];

function undoDeployment(kube: Kube, info: Info, to: number, dry: DryRun): string {
	const { object, name } = info;
	const revisions = revisionsOf(kube, info);
	const target = to > 0 ? revisions.find((item) => item.number === to) : revisions.at(-2);
	if (!target) return to > 0 ? notFound(to) : fail(`no rollout history found for deployment ${JSON.stringify(name)}`);
	if (dry === 'client') return templateText(kube, target.template);
	if (at(object, 'spec', 'paused') === true)
		return fail(
			`you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume deployment/${name}' and try again`,
		);
	const template = bare(target.template);
	if (equal(template, bare(sub(object, 'spec', 'template'))))
		return `skipped rollback (current template already matches revision ${to})`;
	const annotations: Record<string, string> = {};
	for (const [key, value] of Object.entries(object.metadata.annotations ?? {}))
		if (OWN.includes(key)) annotations[key] = value;
	for (const [key, value] of Object.entries(target.object.metadata.annotations ?? {}))
		if (!OWN.includes(key)) annotations[key] = value;
	const next = draftOf(object);
	next.spec = { ...object.spec, template };
	next.metadata = { ...(isMap(next.metadata) ? next.metadata : {}), annotations };
	const result = kube.api.update(next, { dryRun: dry === 'server' });
	if (result.error) return fail(`failed restoring revision ${to}: ${result.error.message}`);
	return 'rolled back';
}

function undoOther(kube: Kube, info: Info, to: number, dry: DryRun): string {
	const { object, resource, namespace, name } = info;
	const revisions = revisionsOf(kube, info);
	if (to === 0 && revisions.length <= 1) return fail('no last revision to roll back to');
	const target = to > 0 ? revisions.find((item) => item.number === to) : revisions.at(-2);
	if (!target) return notFound(to);
	if (dry === 'client') return templateText(kube, target.template);
	if (equal(target.template, sub(object, 'spec', 'template')))
		return `skipped rollback (current template already matches revision ${to})`;
	const result = kube.api.patch(
		resource,
		namespace,
		name,
		'application/strategic-merge-patch+json',
		target.object.data as Json,
		{ dryRun: dry === 'server' },
	);
	return result.error ? fail(`failed restoring revision ${to}: ${result.error.message}`) : 'rolled back';
}

export async function undo(kube: Kube): Promise<number> {
	const to = kube.run.flags.number('to-revision');
	const dry = dryRunOf(kube.run);
	if (kube.run.args.length === 0 && !hasFiles(kube)) return fail('required resource not specified');
	const print = await operationPrinter(kube, dry);
	await eachInfo(kube, { verb: 'undo', bareKind: true }, (info) => {
		if (!hasHistory(info.resource))
			return fail(`no rollbacker has been implemented for ${JSON.stringify(groupKind(info.resource))}`);
		if (to < 0) return notFound(to);
		const told =
			info.resource.kind === 'Deployment' ? undoDeployment(kube, info, to, dry) : undoOther(kube, info, to, dry);
		print(info.resource, info.name, info.object, told);
	});
	return 0;
}
