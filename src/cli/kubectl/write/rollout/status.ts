/**
 * How far a rollout is, in kubectl's sentences.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go,
 * pkg/cmd/rollout/rollout_status.go @ v0.24.0.
 */
import type { ApiObject, Resource } from '../../../../sim/api/index.ts';
import { fail, type Kube } from '../../kube.ts';
import { at, has, number, subs, text } from '../../print/index.ts';
import { raise } from '../faults.ts';
import { hasFiles, infosOf } from '../infos.ts';

interface Progress {
	readonly line: string;
	readonly done: boolean;
}

const quote = (name: string): string => JSON.stringify(name);

function deployment(object: ApiObject, revision: number): Progress {
	const { name, generation = 0, annotations } = object.metadata;
	const going = (line: string): Progress => ({ line, done: false });
	if (revision > 0) {
		const have = Number(annotations?.['deployment.kubernetes.io/revision'] ?? 0);
		if (have !== revision)
			return fail(`desired revision (${revision}) is different from the running revision (${have})`);
	}
	if (generation > number(object, 'status', 'observedGeneration'))
		return going('Waiting for deployment spec update to be observed...\n');
	const progressing = subs(object, 'status', 'conditions').find((c) => c.type === 'Progressing');
	if (text(progressing, 'reason') === 'ProgressDeadlineExceeded')
		return fail(`deployment ${quote(name)} exceeded its progress deadline`);
	const updated = number(object, 'status', 'updatedReplicas');
	const replicas = number(object, 'status', 'replicas');
	const available = number(object, 'status', 'availableReplicas');
	const wanted = number(object, 'spec', 'replicas');
	const waiting = `Waiting for deployment ${quote(name)} rollout to finish: `;
	if (has(object, 'spec', 'replicas') && updated < wanted)
		return going(`${waiting}${updated} out of ${wanted} new replicas have been updated...\n`);
	if (replicas > updated) return going(`${waiting}${replicas - updated} old replicas are pending termination...\n`);
	if (available < updated) return going(`${waiting}${available} of ${updated} updated replicas are available...\n`);
	return { line: `deployment ${quote(name)} successfully rolled out\n`, done: true };
}

const ROLLING = 'rollout status is only available for RollingUpdate strategy type';

function daemonSet(object: ApiObject): Progress {
	const { name, generation = 0 } = object.metadata;
	if (text(object, 'spec', 'updateStrategy', 'type') !== 'RollingUpdate') return fail(ROLLING);
	if (generation > number(object, 'status', 'observedGeneration'))
		return { line: 'Waiting for daemon set spec update to be observed...\n', done: false };
	const updated = number(object, 'status', 'updatedNumberScheduled');
	const desired = number(object, 'status', 'desiredNumberScheduled');
	const available = number(object, 'status', 'numberAvailable');
	const waiting = `Waiting for daemon set ${quote(name)} rollout to finish: `;
	if (updated < desired)
		return { line: `${waiting}${updated} out of ${desired} new pods have been updated...\n`, done: false };
	if (available < desired)
		return { line: `${waiting}${available} of ${desired} updated pods are available...\n`, done: false };
	return { line: `daemon set ${quote(name)} successfully rolled out\n`, done: true };
}

function statefulSet(object: ApiObject): Progress {
	const { generation = 0 } = object.metadata;
	if (text(object, 'spec', 'updateStrategy', 'type') !== 'RollingUpdate') return fail(ROLLING);
	const observed = number(object, 'status', 'observedGeneration');
	if (observed === 0 || generation > observed)
		return { line: 'Waiting for statefulset spec update to be observed...\n', done: false };
	const wanted = number(object, 'spec', 'replicas');
	const ready = number(object, 'status', 'readyReplicas');
	const updated = number(object, 'status', 'updatedReplicas');
	if (ready < wanted) return { line: `Waiting for ${wanted - ready} pods to be ready...\n`, done: false };
	if (has(object, 'spec', 'updateStrategy', 'rollingUpdate')) {
		const partition = number(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition');
		if (has(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') && updated < wanted - partition)
			return {
				line: `Waiting for partitioned roll out to finish: ${updated} out of ${wanted - partition} new pods have been updated...\n`,
				done: false,
			};
		return { line: `partitioned roll out complete: ${updated} new pods have been updated...\n`, done: true };
	}
	const next = text(object, 'status', 'updateRevision');
	const current = text(object, 'status', 'currentRevision');
	if (next !== current)
		return {
			line: `waiting for statefulset rolling update to complete ${updated} pods at revision ${next}...\n`,
			done: false,
		};
	return {
		line: `statefulset rolling update complete ${number(object, 'status', 'currentReplicas')} pods at revision ${current}...\n`,
		done: true,
	};
}

/** `Deployment.apps`, as Go prints a GroupKind. */
export const groupKind = (resource: Resource): string =>
	`${resource.kind}${resource.group === '' ? '' : `.${resource.group}`}`;

function progressOf(resource: Resource, object: ApiObject, revision: number): Progress {
	if (resource.group === 'apps' && resource.kind === 'Deployment') return deployment(object, revision);
	if (resource.group === 'apps' && resource.kind === 'DaemonSet') return daemonSet(object);
	if (resource.group === 'apps' && resource.kind === 'StatefulSet') return statefulSet(object);
	return fail(`no status viewer has been implemented for ${groupKind(resource)}`);
}

/** What `--timeout` of nothing means: as long as it takes (microseconds). */
const FOREVER = 365 * 86_400e6;

/** Tells each state of the object, from the one it is in to the end of the rollout. */
export async function status(kube: Kube): Promise<number> {
	const { run, api } = kube;
	const { flags, call } = run;
	const revision = flags.number('revision');
	if (run.args.length === 0 && !hasFiles(kube)) return fail('required resource not specified');
	if (revision < 0) return fail(`revision must be a positive integer: ${revision}`);
	const { infos, faults } = await infosOf(kube, { verb: 'status', bareKind: true });
	raise(faults);
	if (infos.length !== 1)
		return fail(
			`rollout status is only supported on individual resources and resource collections - ${infos.length} resources were found`,
		);
	const { resource, object, namespace, name } = infos[0]!;
	const queue: (ApiObject | undefined)[] = [object];
	const stop = api.watch(({ type, object: changed }) => {
		if (changed.kind !== resource.kind || changed.metadata.name !== name) return;
		if (changed.metadata.namespace === namespace && at(changed, 'metadata', 'uid') === object.metadata.uid)
			queue.push(type === 'DELETED' ? undefined : changed);
	});
	const timeout = flags.duration('timeout') || FOREVER;
	const end = call.lab.now + timeout;
	try {
		for (;;) {
			while (queue.length > 0) {
				const next = queue.shift();
				if (next === undefined) return fail('object has been deleted');
				const { line, done } = progressOf(resource, next, revision);
				call.out(line);
				if (done || !flags.on('watch')) return 0;
			}
			if (!(await call.until(() => queue.length > 0, Math.max(0, end - call.lab.now))))
				return fail('timed out waiting for the condition');
		}
	} finally {
		stop();
	}
}
