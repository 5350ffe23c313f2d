/**
 * What the server warns of in pods and templates of pods, in upstream's order.
 *
 * Source: kubernetes pkg/api/pod/warnings.go, pkg/api/node/util.go, pkg/api/persistentvolumeclaim/util.go @ v1.21.0 …
 * v1.34.0; since when by their pull requests: 108554 (1.26), 115606 (1.27), 113245 and 117025 (1.28), 121968.
 */
import { type Draft, isRecord, number, sub, subs, text } from '../json.ts';
import { overlappingPaths } from './path-warnings.ts';

/** Since when each is known, and what is said of it. */
const NODE_LABELS: Readonly<Record<string, readonly [minor: number, words: string]>> = {
	'beta.kubernetes.io/arch': [21, 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
	'beta.kubernetes.io/os': [21, 'deprecated since v1.14; use "kubernetes.io/os" instead'],
	'failure-domain.beta.kubernetes.io/region': [
		21,
		'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
	],
	'failure-domain.beta.kubernetes.io/zone': [21, 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
	'beta.kubernetes.io/instance-type': [21, 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
	'app.kubernetes.io/created-by': [26, 'deprecated since v1.9'],
	'scheduler.alpha.kubernetes.io/preferAvoidPods': [26, 'deprecated since v1.22; use Taints and Tolerations instead'],
	'node-role.kubernetes.io/master': [26, 'use "node-role.kubernetes.io/control-plane" instead'],
};

/** GetNodeLabelDeprecatedMessage() */
export const deprecatedLabel = (key: string, minor: number): string | undefined => {
	const [since, words] = Object.hasOwn(NODE_LABELS, key) ? NODE_LABELS[key]! : [99, ''];
	return minor >= since ? words : undefined;
};

/** GetWarningsForNodeSelectorTerm() */
export const termWarnings = (term: Draft, path: string, minor: number): readonly string[] =>
	subs(term, 'matchExpressions').flatMap((expression, i) => {
		const key = text(expression, 'key') ?? '';
		const words = deprecatedLabel(key, minor);
		return words === undefined ? [] : [`${path}.matchExpressions[${i}].key: ${key} is ${words}`];
	});

const NOT_WHOLE = 'is invalid, must be an integer';

/** Octets come whole: what is stored ends in a letter for parts of one where they do not. */
export const fractional = (amounts: Draft, path: string, names: readonly string[]): readonly string[] =>
	names.flatMap((name) => {
		const value = String(amounts[name] ?? '');
		return /[mun]$/.test(value) ? [`${path}[${name}]: fractional byte value "${value}" ${NOT_WHOLE}`] : [];
	});

/** GetWarningsForPersistentVolumeClaimSpec() */
export const claimSpecWarnings = (spec: unknown, path: string): readonly string[] =>
	['requests', 'limits'].flatMap((key) =>
		fractional(sub(spec, 'resources', key), `${path}.resources.${key}`, ['storage']),
	);

const ANNOTATIONS: Readonly<Record<string, string>> = {
	'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
	'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
	'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

/** Sources of volumes that are no more, and from which minor on that is said. */
export const SOURCES: Readonly<Record<string, readonly [minor: number, words: string]>> = {
	photonPersistentDisk: [21, 'deprecated in v1.11, non-functional in v1.16+'],
	gitRepo: [21, 'deprecated in v1.11'],
	scaleIO: [21, 'deprecated in v1.16, non-functional in v1.22+'],
	flocker: [22, 'deprecated in v1.22, non-functional in v1.25+'],
	storageos: [22, 'deprecated in v1.22, non-functional in v1.25+'],
	quobyte: [22, 'deprecated in v1.22, non-functional in v1.25+'],
	glusterfs: [25, 'deprecated in v1.25, non-functional in v1.26+'],
	cephfs: [28, 'deprecated in v1.28, non-functional in v1.31+'],
	rbd: [28, 'deprecated in v1.28, non-functional in v1.31+'],
};
/** As upstream's paths have them, where that is not the field's name. */
export const SAID: Readonly<Record<string, string>> = { storageos: 'storageOS' };

const schedulingWarnings = (spec: Draft, path: string, minor: number): string[] => {
	const out: string[] = [];
	for (const key of Object.keys(sub(spec, 'nodeSelector'))) {
		const words = deprecatedLabel(key, minor);
		if (words !== undefined) out.push(`${path}.nodeSelector[${key}]: ${words}`);
	}
	const affinity = sub(spec, 'affinity', 'nodeAffinity');
	const [must, may] = ['required', 'preferred'].map((how) => `${how}DuringSchedulingIgnoredDuringExecution`);
	for (const [i, term] of subs(affinity, must!, 'nodeSelectorTerms').entries())
		out.push(...termWarnings(term, `${path}.affinity.nodeAffinity.${must}.nodeSelectorTerms[${i}]`, minor));
	for (const [i, term] of subs(affinity, may!).entries())
		out.push(...termWarnings(sub(term, 'preference'), `${path}.affinity.nodeAffinity.${may}[${i}].preference`, minor));
	for (const [i, constraint] of subs(spec, 'topologySpreadConstraints').entries()) {
		const here = `${path}.topologySpreadConstraints[${i}]`;
		const key = text(constraint, 'topologyKey') ?? '';
		const words = deprecatedLabel(key, minor);
		if (words !== undefined) out.push(`${here}.topologyKey: ${key} is ${words}`);
		if (minor >= 28 && !isRecord(constraint.labelSelector)) out.push(`${here}.labelSelector: ${NO_POD}`);
	}
	return out;
};

const NO_POD = 'a null labelSelector results in matching no pod';

const affinityWarnings = (spec: Draft, path: string): string[] =>
	['podAffinity', 'podAntiAffinity'].flatMap((kind) => {
		const terms = (how: string) => subs(spec, 'affinity', kind, `${how}DuringSchedulingIgnoredDuringExecution`);
		const here = (how: string, i: number) =>
			`${path}.affinity.${kind}.${how}DuringSchedulingIgnoredDuringExecution[${i}]`;
		return [
			...terms('required').flatMap((term, i) =>
				isRecord(term.labelSelector) ? [] : [`${here('required', i)}.labelSelector: ${NO_POD}`],
			),
			...terms('preferred').flatMap((term, i) =>
				isRecord(sub(term, 'podAffinityTerm').labelSelector)
					? []
					: [`${here('preferred', i)}.podAffinityTerm.labelSelector: ${NO_POD}`],
			),
		];
	});

const volumeWarnings = (spec: Draft, path: string, minor: number): string[] => {
	const out: string[] = [];
	for (const [i, volume] of subs(spec, 'volumes').entries()) {
		const here = `${path}.volumes[${i}]`;
		for (const [source, [since, words]] of Object.entries(SOURCES)) {
			// Claims of a volume's own stand between the sources that were known then and those since.
			if (source === 'cephfs' && minor >= 26)
				out.push(
					...claimSpecWarnings(
						sub(volume, 'ephemeral', 'volumeClaimTemplate', 'spec'),
						`${here}.ephemeral.volumeClaimTemplate.spec`,
					),
				);
			if (isRecord(volume[source]) && minor >= since) out.push(`${here}.${SAID[source] ?? source}: ${words}`);
		}
	}
	if (minor >= 32) out.push(...overlappingPaths(subs(spec, 'volumes')));
	return out;
};

/** Each value that was there before, by its place. */
const repeated = (list: readonly Draft[], key: string): readonly (readonly [number, string])[] => {
	const seen = new Set<string>();
	return list.flatMap((item, i) => {
		const value = text(item, key) ?? '';
		if (seen.has(value)) return [[i, value] as const];
		seen.add(value);
		return [];
	});
};

/** Containers with their paths (VisitContainersWithPath()). */
const containersOf = (spec: Draft, path: string): readonly (readonly [Draft, string])[] =>
	['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) =>
		subs(spec, key).map((container, i) => [container, `${path}.${key}[${i}]`] as const),
	);

/** An earlier value of the same name that is not referred to: `X=a`, then `X=b`. */
const hiddenVariables = (container: Draft, path: string): string[] => {
	const list = subs(container, 'env');
	return repeated(list, 'name').flatMap(([i, name]) => {
		const { valueFrom, value = '' } = list[i]!;
		const ref = `$(${name})`;
		const bad = isRecord(valueFrom) || value === ref || !String(value).includes(ref);
		return bad
			? [`${path}.env[${i}]: hides previous definition of "${name}", which may be dropped when using apply`]
			: [];
	});
};

const portWarnings = (spec: Draft, path: string): string[] => {
	const out: string[] = [];
	const all = new Map<string, { readonly at: string; readonly ip: string; readonly host: number }[]>();
	for (const [container, place] of containersOf(spec, path))
		for (const [i, port] of subs(container, 'ports').entries()) {
			const at = `${place}.ports[${i}]`;
			const ip = text(port, 'hostIP') ?? '';
			const host = number(port, 'hostPort') ?? 0;
			const own = number(port, 'containerPort') ?? 0;
			if (ip !== '' && host === 0)
				out.push(
					`${at}: hostIP set without hostPort: {Name:${text(port, 'name') ?? ''} HostPort:0 ContainerPort:${own} Protocol:${port.protocol} HostIP:${ip}}`,
				);
			const key = `${own}/${port.protocol}`;
			const others = all.get(key) ?? [];
			for (const other of others)
				if (ip === other.ip && host === other.host) out.push(`${at}: duplicate port definition with ${other.at}`);
				else if (host === 0 || other.host === 0) out.push(`${at}: overlapping port definition with ${other.at}`);
				else if (host === other.host && (ip === '') !== (other.ip === ''))
					out.push(`${at}: dangerously ambiguous port definition with ${other.at}`);
			all.set(key, [...others, { at, ip, host }]);
		}
	return out;
};

const BYTES = ['memory', 'ephemeral-storage'];
const SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/** warningsForPodSpecAndMeta(): `field` is where the pod or its template stands, '' for a pod. */
export const podWarnings = (pod: Draft, field: string, minor: number): readonly string[] => {
	if (minor < 21) return [];
	const spec = sub(pod, 'spec');
	const annotations = sub(pod, 'metadata', 'annotations');
	const inside = field === '' ? '' : `${field}.`;
	const path = `${inside}spec`;
	const noted = (key: string): string => `${inside}metadata.annotations[${key}]`;
	const security = sub(spec, 'securityContext');
	const out = schedulingWarnings(spec, path, minor);
	for (const [key, words] of Object.entries(ANNOTATIONS)) if (key in annotations) out.push(`${noted(key)}: ${words}`);
	out.push(...volumeWarnings(spec, path, minor));
	for (const [i, ip] of repeated(subs(spec, 'hostAliases'), 'ip'))
		out.push(`${path}.hostAliases[${i}].ip: duplicate ip "${ip}"`);
	const secrets = subs(spec, 'imagePullSecrets');
	for (const [i, name] of repeated(secrets, 'name'))
		out.push(`${path}.imagePullSecrets[${i}].name: duplicate name "${name}"`);
	for (const [i, { name }] of secrets.entries())
		if (!name) out.push(`${path}.imagePullSecrets[${i}].name: invalid empty name ""`);
	out.push(...fractional(sub(spec, 'overhead'), `${path}.overhead`, BYTES));
	const whole = 'seccomp.security.alpha.kubernetes.io/pod';
	if (minor >= 27 && !isRecord(security.seccompProfile) && whole in annotations)
		out.push(`${noted(whole)}: ${SECCOMP}`);
	for (const [container, place] of containersOf(spec, path)) {
		const own = sub(container, 'securityContext');
		const alone = `container.seccomp.security.alpha.kubernetes.io/${container.name}`;
		if (minor >= 27 && !isRecord(own.seccompProfile) && alone in annotations) out.push(`${noted(alone)}: ${SECCOMP}`);
		const armor = `${APP_ARMOR}${container.name}`;
		if (minor >= 30 && armor in annotations && !isRecord(security.appArmorProfile) && !isRecord(own.appArmorProfile))
			out.push(`${noted(armor)}: deprecated since v1.30; use the "appArmorProfile" field instead`);
		for (const name of BYTES)
			for (const key of ['limits', 'requests'])
				out.push(...fractional(sub(container, 'resources', key), `${place}.resources.${key}`, [name]));
		out.push(...hiddenVariables(container, place));
	}
	if (minor >= 28) out.push(...portWarnings(spec, path));
	if (minor >= 27 && (number(spec, 'terminationGracePeriodSeconds') ?? 0) < 0)
		out.push(
			`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
		);
	if (minor >= 28) out.push(...affinityWarnings(spec, path));
	return out;
};
