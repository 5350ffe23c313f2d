/**
 * `rollout restart`, `pause` and `resume`: a small patch of a workload.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/rollout/rollout_{restart,pause,resume}.go,
 * pkg/polymorphichelpers/object{restarter,pauser,resumer}.go @ v0.24.0.
 */
import { type ApiObject, type Json, qualified, type Resource } from '../../../../sim/api/index.ts';
import { fail, type Kube, warn } from '../../kube.ts';
import { at } from '../../print/index.ts';
import { type Fault, raise, textFault } from '../faults.ts';
import { hasFiles, infosOf } from '../infos.ts';
import { operationPrinter } from '../output.ts';

const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

type Patch = { readonly [key: string]: Json };
interface Refusal {
	readonly refused: string;
}

interface Change {
	/** The patch, or why it cannot be. An empty one changes nothing. */
	patch(object: ApiObject, resource: Resource, kube: Kube): Patch | Refusal;
	readonly operation: string;
}

const isApps = (resource: Resource, ...kinds: readonly string[]): boolean =>
	resource.group === 'apps' && kinds.includes(resource.kind);
const isPaused = (object: ApiObject): boolean => at(object, 'spec', 'paused') === true;

const RESTART: Change = {
	operation: 'restarted',
	patch(object, resource, kube): Patch | Refusal {
		if (!isApps(resource, 'Deployment', 'DaemonSet', 'StatefulSet')) return { refused: 'restarting is not supported' };
		if (isPaused(object)) return { refused: "can't restart paused deployment (run rollout resume first)" };
		const now = kube.api.timestamp();
		if (at(object, 'spec', 'template', 'metadata', 'annotations', RESTARTED) === now) return {};
		return { spec: { template: { metadata: { annotations: { [RESTARTED]: now } } } } };
	},
};

const PAUSE: Change = {
	operation: 'paused',
	patch(object, resource): Patch | Refusal {
		if (!isApps(resource, 'Deployment')) return { refused: 'pausing is not supported' };
		return isPaused(object) ? { refused: 'is already paused' } : { spec: { paused: true } };
	},
};

const RESUME: Change = {
	operation: 'resumed',
	patch(object, resource): Patch | Refusal {
		if (!isApps(resource, 'Deployment')) return { refused: 'resuming is not supported' };
		return isPaused(object) ? { spec: { paused: null } } : { refused: 'is not paused' };
	},
};

async function change(kube: Kube, { patch, operation }: Change, verb: string): Promise<number> {
	const { run, api } = kube;
	if (run.args.length === 0 && !hasFiles(kube)) return fail('required resource not specified');
	const print = await operationPrinter(kube);
	const { infos, faults } = await infosOf(kube, { verb, bareKind: true });
	if (infos.length === 0 && faults.length === 0) {
		run.call.err(`No resources found in ${kube.namespace} namespace.\n`);
		return 0;
	}
	const errors: Fault[] = [...faults];
	for (const { resource, namespace, name, object } of infos) {
		const made = patch(object, resource, kube) as { readonly refused?: string };
		if (typeof made.refused === 'string') {
			errors.push(textFault(`error: ${qualified(resource)} ${JSON.stringify(name)} ${made.refused}`));
			continue;
		}
		if (Object.keys(made).length === 0) errors.push(textFault(`failed to create patch for ${name}: empty patch`));
		const result = api.patch(resource, namespace, name, 'application/strategic-merge-patch+json', made as Json);
		warn(kube, result.warnings);
		if (result.error) errors.push(textFault(`failed to patch: ${result.error.message}`));
		else print(resource, name, result.value, operation);
	}
	raise(errors);
	return 0;
}

export const restart = (kube: Kube): Promise<number> => change(kube, RESTART, 'restart');
export const pause = (kube: Kube): Promise<number> => change(kube, PAUSE, 'pause');
export const resume = (kube: Kube): Promise<number> => change(kube, RESUME, 'resume');
