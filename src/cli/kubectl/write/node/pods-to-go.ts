/**
 * Which pods of a node `drain` takes away, which it leaves, and which stop it.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/drain/filters.go @ v0.24.0.
 */
import {
	type ApiObject,
	controllerOf,
	parseSelector,
	parseTime,
	qualified,
	selects,
} from '../../../../sim/api/index.ts';
import { fail, type Kube } from '../../kube.ts';
import { has, subs, text } from '../../print/index.ts';

export interface PodsToGo {
	readonly pods: readonly ApiObject[];
	/** Texts of warnings, each with the pods it is about. */
	readonly warnings: string;
	/** What stands in the way. */
	readonly errors: readonly string[];
}

type Verdict = { readonly go: boolean; readonly warning?: string; readonly error?: string };
const GO: Verdict = { go: true };

const isOver = (pod: ApiObject): boolean => ['Succeeded', 'Failed'].includes(text(pod, 'status', 'phase'));

function verdict(kube: Kube, pod: ApiObject): Verdict {
	const { flags } = kube.run;
	const skip = flags.number('skip-wait-for-delete-timeout');
	const leaving = pod.metadata.deletionTimestamp;
	if (skip > 0 && leaving !== undefined && kube.api.now() - (parseTime(leaving) ?? 0) > skip) return { go: false };
	const force = flags.on('force');
	const owner = controllerOf(pod);
	if (owner?.kind === 'DaemonSet' && !isOver(pod)) {
		const sets = kube.api.find('daemonsets')!;
		if (!kube.api.get(sets, pod.metadata.namespace, owner.name)) {
			const message = `${qualified(sets)} "${owner.name}" not found`;
			if (!force) return { go: false, error: message };
		} else if (!flags.on('ignore-daemonsets'))
			return { go: false, error: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' };
		else return { go: false, warning: 'ignoring DaemonSet-managed Pods' };
	}
	if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return { go: false };
	if (!isOver(pod) && subs(pod, 'spec', 'volumes').some((volume) => has(volume, 'emptyDir'))) {
		if (!flags.on('delete-emptydir-data') && !flags.on('delete-local-data'))
			return { go: false, error: 'Pods with local storage (use --delete-emptydir-data to override)' };
		// Upstream's warning of it is lost: the next filter's word is what counts.
	}
	if (!isOver(pod) && !owner) {
		if (!force) return { go: false, error: 'Pods declare no controller (use --force to override)' };
		return { go: true, warning: 'deleting Pods that declare no controller' };
	}
	return GO;
}

export function podsToGo(kube: Kube, node: string): PodsToGo {
	const selector = parseSelector(kube.run.flags.text('pod-selector'));
	if (selector.error !== undefined) return fail('--pod-selector=<pod_selector> must be a valid label selector');
	const pods: ApiObject[] = [];
	const warnings = new Map<string, string[]>();
	const errors = new Map<string, string[]>();
	const note = (map: Map<string, string[]>, key: string, pod: ApiObject): void => {
		map.set(key, [...(map.get(key) ?? []), `${pod.metadata.namespace}/${pod.metadata.name}`]);
	};
	for (const pod of kube.api.list(kube.api.find('pods')!)) {
		if (text(pod, 'spec', 'nodeName') !== node || !selects(selector.value, pod.metadata.labels)) continue;
		const { go, warning, error } = verdict(kube, pod);
		if (go) pods.push(pod);
		if (warning !== undefined) note(warnings, warning, pod);
		if (error !== undefined) note(errors, error, pod);
	}
	return {
		pods,
		warnings: [...warnings].map(([message, names]) => `${message}: ${names.join(', ')}`).join('; '),
		errors: [...errors].map(([message, names]) => `cannot delete ${message}: ${names.join(', ')}`),
	};
}
