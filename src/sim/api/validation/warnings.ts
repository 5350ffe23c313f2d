/**
 * What the server warns of in an object that it takes (WarningsOnCreate(), WarningsOnUpdate() of its strategy).
 *
 * Source: kubernetes pkg/registry/{apps,batch,core,networking,node}/…/strategy.go, pkg/api/{job,persistentvolume,
 * persistentvolumeclaim,service}, @ v1.24.0 … v1.34.0; since when by their pull requests: 106455 (1.23), 114412 and the
 * one for ingress classes (1.27), 119310 (1.28), 122339 (1.30), 132214 (1.34).
 */
import { type Draft, isRecord, number, sub, subs, text } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { claimSpecWarnings, deprecatedLabel, podWarnings, SAID, SOURCES, termWarnings } from './pod-warnings.ts';

/** A write: `old` when something is changed, `moved` when that is more than its metadata and status. */
interface Asked {
	readonly minor: number;
	readonly old: ApiObject | undefined;
	readonly moved: boolean;
}
type Warn = (object: Draft, asked: Asked) => readonly string[];

const RISKY = 'which can result in surprising behavior; a DNS label is recommended';

/** A name that is a domain's, of what has pods: hostnames are made of it. */
const nameWarnings = (object: Draft, used: string, { minor, old }: Asked): readonly string[] => {
	const name = text(object, 'metadata', 'name') ?? '';
	const faults = [
		...(name.length > 63 ? ['must be no more than 63 characters'] : []),
		...(name.includes('.') ? ['must not contain dots'] : []),
	];
	if (minor < 27 || old !== undefined || faults.length === 0) return [];
	return [`metadata.name: this is used in ${used}, ${RISKY}: [${faults.join(' ')}]`];
};

const ofPods =
	(path: readonly string[]): Warn =>
	(object, asked) => [
		...nameWarnings(object, 'Pod names and hostnames', asked),
		...(asked.moved ? podWarnings(sub(object, ...path), path.join('.'), asked.minor) : []),
	];

const MANY =
	'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';

const jobSpecWarnings = (object: Draft, path: readonly string[], { minor, moved }: Asked): readonly string[] => {
	if (!moved) return [];
	const spec = sub(object, ...path);
	const many = (number(spec, 'completions') ?? 0) > 100_000 && (number(spec, 'parallelism') ?? 0) > 10_000;
	return [
		...(minor >= 28 && spec.completionMode === 'Indexed' && many ? [`${path.join('.')}: ${MANY}`] : []),
		...podWarnings(sub(spec, 'template'), [...path, 'template'].join('.'), minor),
	];
};

const CLASS = 'volume.beta.kubernetes.io/storage-class';
const classWarnings = (object: Draft, minor: number): readonly string[] =>
	minor >= 28 && CLASS in sub(object, 'metadata', 'annotations')
		? [`metadata.annotations[${CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead`]
		: [];

const volumeWarnings: Warn = (object, { minor }) => {
	const spec = sub(object, 'spec');
	return [
		...classWarnings(object, minor),
		...(minor >= 30 && spec.persistentVolumeReclaimPolicy === 'Recycle'
			? [
					'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
				]
			: []),
		...(minor >= 26
			? subs(spec, 'nodeAffinity', 'required', 'nodeSelectorTerms').flatMap((term, i) =>
					termWarnings(term, `spec.nodeAffinity.required.nodeSelectorTerms[${i}]`, minor),
				)
			: []),
		...['cephfs', 'photonPersistentDisk', 'scaleIO', 'storageos', 'glusterfs', 'rbd'].flatMap((source) =>
			minor >= 28 && isRecord(spec[source]) ? [`spec.${SAID[source] ?? source}: ${SOURCES[source]![1]}`] : [],
		),
	];
};

const serviceWarnings: Warn = (object, { minor }) => {
	const spec = sub(object, 'spec');
	const hints = 'service.kubernetes.io/topology-aware-hints';
	const external = Array.isArray(spec.externalIPs) && spec.externalIPs.length > 0;
	const headless = spec.type === 'ClusterIP' && spec.clusterIP === 'None';
	const say = (words: string, when: boolean): readonly string[] => (when ? [words] : []);
	return [
		...say(
			`annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`,
			minor >= 27 && hints in sub(object, 'metadata', 'annotations'),
		),
		...say('spec.loadBalancerIP is ignored for headless services', minor >= 34 && headless && !!spec.loadBalancerIP),
		...say('spec.externalIPs is ignored for headless services', minor >= 34 && headless && external),
		// Until 1.34.2 of every headless service: the default, None, was told too (issue 134040). The lab has 1.34.0.
		...say('spec.SessionAffinity is ignored for headless services', minor === 34 && headless),
		...say(
			'spec.externalIPs is ignored when spec.type is "ExternalName"',
			minor >= 28 && spec.type === 'ExternalName' && external,
		),
		...say(
			'spec.externalName is ignored when spec.type is not "ExternalName"',
			minor >= 28 && spec.type !== 'ExternalName' && !!spec.externalName,
		),
	];
};

const WARNINGS: Readonly<Record<string, Warn>> = {
	CronJob: (object, asked) => [
		...nameWarnings(object, 'Pod names and hostnames', asked),
		...jobSpecWarnings(object, ['spec', 'jobTemplate', 'spec'], asked),
		...(asked.minor >= 23 && (text(object, 'spec', 'schedule') ?? '').includes('TZ')
			? [
					'CRON_TZ or TZ used in spec.spec.schedule is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
				]
			: []),
	],
	DaemonSet: ofPods(['spec', 'template']),
	Deployment: ofPods(['spec', 'template']),
	Ingress: (object, { minor }) =>
		minor >= 27 &&
		'kubernetes.io/ingress.class' in sub(object, 'metadata', 'annotations') &&
		sub(object, 'spec').ingressClassName === undefined
			? [`annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`]
			: [],
	Job: (object, asked) => [
		...nameWarnings(object, 'Pod names and hostnames', asked),
		...jobSpecWarnings(object, ['spec'], asked),
	],
	PersistentVolume: volumeWarnings,
	PersistentVolumeClaim: (object, { minor }) => [
		...classWarnings(object, minor),
		...(minor >= 26 ? claimSpecWarnings(object.spec, 'spec') : []),
	],
	// Changes of pods are not looked at: people hardly make any.
	Pod: (object, asked) =>
		asked.old === undefined
			? [...nameWarnings(object, "the Pod's hostname", asked), ...podWarnings(object, '', asked.minor)]
			: [],
	PodTemplate: (object, { minor }) => podWarnings(sub(object, 'template'), 'template', minor),
	ReplicaSet: ofPods(['spec', 'template']),
	ReplicationController: ofPods(['spec', 'template']),
	RuntimeClass: (object, { minor }) =>
		Object.keys(sub(object, 'scheduling', 'nodeSelector')).flatMap((key) => {
			const words = minor >= 26 ? deprecatedLabel(key, minor) : undefined;
			return words === undefined ? [] : [`scheduling.nodeSelector: ${words}`];
		}),
	Service: serviceWarnings,
	StatefulSet: ofPods(['spec', 'template']),
};

/** What is told of an object that is created, or changed from `old`; each once. */
export const warningsOf = (kind: string, object: Draft, asked: Asked): ReadonlySet<string> =>
	new Set(WARNINGS[kind]?.(object, asked));
