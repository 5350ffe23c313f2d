/**
 * Pod Security: the levels a namespace's labels ask for, what pods have against them, and in which words.
 *
 * Source: k8s.io/pod-security-admission admission/admission.go and policy/check_*.go @ v0.24.0. The newest version of the
 * standard is meant, whatever `*-version` says. Not looked at: SELinux and AppArmor, and what only Windows has.
 */
import { at, type Draft, equal, isRecord, sub, subs, text, texts } from '../json.ts';
import type { ApiObject, Resource } from '../object.ts';
import { type FieldError, invalidValue } from '../status.ts';
import type { Context } from '../strategy.ts';

type Level = 'privileged' | 'baseline' | 'restricted';
/** One check's answer: what is wrong, and where. */
type Breach = readonly [reason: string, detail: string];

const LABEL = 'pod-security.kubernetes.io/';
/** check_capabilities_baseline.go. */
const DEFAULT_CAPABILITIES = new Set(
	'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
		' ',
	),
);
/** check_sysctls.go. */
const SAFE_SYSCTLS = new Set([
	'kernel.shm_rmid_forced',
	'net.ipv4.ip_local_port_range',
	'net.ipv4.tcp_syncookies',
	'net.ipv4.ping_group_range',
	'net.ipv4.ip_unprivileged_port_start',
]);
/** check_restrictedVolumes.go. */
const VOLUMES = new Set(
	'configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret'.split(' '),
);

const quoted = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(', ');
const many = (word: string, words: readonly unknown[]): string => (words.length === 1 ? word : `${word}s`);
const unique = (words: readonly string[]): readonly string[] => [...new Set(words)].sort();
const named = (list: readonly Draft[]): string =>
	`${many('container', list)} ${quoted(list.map((c) => text(c, 'name') ?? ''))}`;

const containersOf = (spec: Draft): readonly Draft[] =>
	['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) => subs(spec, key));

/** A setting that may be the pod's or a container's, and must not have one value. */
function refused(spec: Draft, path: readonly string[], bad: (value: unknown) => boolean): string {
	const wrong = containersOf(spec).filter((c) => bad(at(c, 'securityContext', ...path)));
	return [
		...(bad(at(spec, 'securityContext', ...path)) ? ['pod'] : []),
		...(wrong.length > 0 ? [named(wrong)] : []),
	].join(' and ');
}

/** The containers for which neither they nor their pod say it. */
const unsaid = (spec: Draft, path: readonly string[]): readonly Draft[] =>
	at(spec, 'securityContext', ...path) !== undefined
		? []
		: containersOf(spec).filter((c) => at(c, 'securityContext', ...path) === undefined);

const volumesNotOf = (spec: Draft, allowed: (type: string) => boolean): readonly (readonly [string, string])[] =>
	subs(spec, 'volumes').flatMap((volume) => {
		const type = Object.keys(volume).find((key) => key !== 'name' && isRecord(volume[key]));
		return type === undefined || allowed(type) ? [] : [[text(volume, 'name') ?? '', type] as const];
	});

function added(spec: Draft, allowed: (capability: string) => boolean): string {
	const wrong = (c: Draft) => texts(c, 'securityContext', 'capabilities', 'add').filter((name) => !allowed(name));
	const list = containersOf(spec).filter((c) => wrong(c).length > 0);
	return list.length === 0
		? ''
		: `${named(list)} must not include ${quoted(unique(list.flatMap(wrong)))} in securityContext.capabilities.add`;
}

/** Checks of the level baseline, in the order of their names; those that restricted repeats more sharply only for it. */
function baseline(spec: Draft, alone: boolean): readonly Breach[] {
	const out: Breach[] = [];
	const say = (reason: string, detail: string): void => {
		if (detail !== '') out.push([reason, detail]);
	};
	const all = containersOf(spec);
	if (alone)
		say(
			'non-default capabilities',
			added(spec, (name) => DEFAULT_CAPABILITIES.has(name)),
		);
	say(
		'host namespaces',
		['hostNetwork', 'hostPID', 'hostIPC']
			.filter((key) => spec[key] === true)
			.map((key) => `${key}=true`)
			.join(', '),
	);
	const paths = volumesNotOf(spec, (type) => type !== 'hostPath').map(([name]) => name);
	if (alone && paths.length > 0) say('hostPath volumes', `${many('volume', paths)} ${quoted(paths)}`);
	const portsOf = (c: Draft) =>
		subs(c, 'ports').flatMap(({ hostPort }) => (Number(hostPort) > 0 ? [String(hostPort)] : []));
	const open = all.filter((c) => portsOf(c).length > 0);
	const ports = unique(open.flatMap(portsOf));
	if (open.length > 0)
		say(
			'hostPort',
			`${named(open)} ${open.length === 1 ? 'uses' : 'use'} ${many('hostPort', ports)} ${ports.join(', ')}`,
		);
	const privileged = all.filter((c) => at(c, 'securityContext', 'privileged') === true);
	if (privileged.length > 0) say('privileged', `${named(privileged)} must not set securityContext.privileged=true`);
	const mounts = all.filter((c) => (text(c, 'securityContext', 'procMount') ?? 'Default') !== 'Default');
	if (mounts.length > 0)
		say(
			'procMount',
			`${named(mounts)} must not set securityContext.procMount to ${quoted(unique(mounts.map((c) => text(c, 'securityContext', 'procMount')!)))}`,
		);
	const unconfined = alone ? refused(spec, ['seccompProfile', 'type'], (type) => type === 'Unconfined') : '';
	if (unconfined !== '')
		say('seccompProfile', `${unconfined} must not set securityContext.seccompProfile.type to "Unconfined"`);
	say(
		'forbidden sysctls',
		subs(spec, 'securityContext', 'sysctls')
			.map((sysctl) => text(sysctl, 'name') ?? '')
			.filter((name) => !SAFE_SYSCTLS.has(name))
			.join(', '),
	);
	return out;
}

/** What the level restricted adds. */
function restricted(spec: Draft): readonly Breach[] {
	const out: Breach[] = [];
	const say = (reason: string, ...details: readonly string[]): void => {
		const said = details.filter((detail) => detail !== '');
		if (said.length > 0) out.push([reason, said.join('; ')]);
	};
	const all = containersOf(spec);
	const of = (list: readonly Draft[], must: string): string => (list.length === 0 ? '' : `${named(list)} ${must}`);
	const escalates = all.filter((c) => at(c, 'securityContext', 'allowPrivilegeEscalation') !== false);
	say('allowPrivilegeEscalation != false', of(escalates, 'must set securityContext.allowPrivilegeEscalation=false'));
	const keeps = all.filter((c) => !texts(c, 'securityContext', 'capabilities', 'drop').includes('ALL'));
	say(
		'unrestricted capabilities',
		of(keeps, 'must set securityContext.capabilities.drop=["ALL"]'),
		added(spec, (name) => name === 'NET_BIND_SERVICE'),
	);
	const volumes = volumesNotOf(spec, (type) => VOLUMES.has(type));
	const types = unique(volumes.map(([, type]) => type));
	if (volumes.length > 0)
		say(
			'restricted volume types',
			`${many('volume', volumes)} ${quoted(volumes.map(([name]) => name))} ${volumes.length === 1 ? 'uses' : 'use'} restricted volume ${many('type', types)} ${quoted(types)}`,
		);
	const root = refused(spec, ['runAsNonRoot'], (value) => value === false);
	const open = unsaid(spec, ['runAsNonRoot']);
	say(
		'runAsNonRoot != true',
		root && `${root} must not set securityContext.runAsNonRoot=false`,
		root === '' && open.length > 0 ? `pod or ${named(open)} must set securityContext.runAsNonRoot=true` : '',
	);
	const zero = refused(spec, ['runAsUser'], (value) => value === 0);
	say('runAsUser=0', zero && `${zero} must not set runAsUser=0`);
	const allowed = ['RuntimeDefault', 'Localhost'];
	const path = ['seccompProfile', 'type'];
	const bad = refused(spec, path, (type) => typeof type === 'string' && !allowed.includes(type));
	const none = unsaid(spec, path);
	say(
		'seccompProfile',
		bad && `${bad} must not set securityContext.seccompProfile.type to "Unconfined"`,
		bad === '' && none.length > 0
			? `pod or ${named(none)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`
			: '',
	);
	return out;
}

const breaches = (level: Level, spec: Draft): readonly Breach[] =>
	level === 'privileged'
		? []
		: level === 'baseline'
			? baseline(spec, true)
			: [...baseline(spec, false), ...restricted(spec)];

const inFull = (list: readonly Breach[]): string => list.map(([reason, detail]) => `${reason} (${detail})`).join(', ');

/** Of a mode's label. What is none of the levels enforces the strictest, and warns of nothing (api/helpers.go). */
const levelOf = (namespace: unknown, mode: 'enforce' | 'warn'): Level => {
	const word = text(namespace, 'metadata', 'labels', LABEL + mode);
	if (word === undefined || word === '' || word === 'privileged') return 'privileged';
	if (word === 'baseline' || word === 'restricted') return word;
	return mode === 'enforce' ? 'restricted' : 'privileged';
};

/** Labels of a namespace that name no level or no version (api/helpers.go PolicyToEvaluate). */
export const securityLabelFaults = (namespace: unknown): readonly FieldError[] =>
	['enforce', 'audit', 'warn'].flatMap((mode) => {
		const key = LABEL + mode;
		const level = text(namespace, 'metadata', 'labels', key) || 'privileged';
		const version = text(namespace, 'metadata', 'labels', `${key}-version`) || 'latest';
		return [
			...(/^(?:privileged|baseline|restricted)$/.test(level)
				? []
				: [invalidValue(`metadata.labels[${key}]`, level, 'must be one of privileged, baseline, restricted')]),
			...(/^(?:latest|v1\.(?:0|[1-9]\d*))$/.test(version)
				? []
				: [invalidValue(`metadata.labels[${key}-version]`, version, 'must be "latest" or "v1.x"')]),
		];
	});

const versionOf = (namespace: unknown, mode: 'enforce' | 'warn'): string =>
	text(namespace, 'metadata', 'labels', `${LABEL}${mode}-version`) ?? 'latest';

const podSpecOf = (resource: Resource, object: Draft): Draft | undefined => {
	if (resource.kind === 'Pod') return sub(object, 'spec');
	const path =
		resource.kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template', 'spec'] : ['spec', 'template', 'spec'];
	const spec = /^(?:Deployment|ReplicaSet|ReplicationController|StatefulSet|DaemonSet|Job|CronJob)$/.test(resource.kind)
		? at(object, ...path)
		: undefined;
	return isRecord(spec) ? spec : undefined;
};

/** Why its namespace's level forbids a pod, and a warning of what it would: of pods and of what makes pods. */
export const securityRefusal = (resource: Resource, object: Draft, context: Context): string | undefined => {
	const spec = podSpecOf(resource, object);
	if (spec === undefined) return undefined;
	const namespace = context.get('namespaces', undefined, text(object, 'metadata', 'namespace') ?? 'default');
	const said = (mode: 'enforce' | 'warn'): string => {
		const level = levelOf(namespace, mode);
		const list = breaches(level, spec);
		return list.length === 0 ? '' : `violate PodSecurity "${level}:${versionOf(namespace, mode)}": ${inFull(list)}`;
	};
	const why = resource.kind === 'Pod' ? said('enforce') : '';
	if (why !== '') return why.replace('violate', 'violates');
	const warning = said('warn');
	if (warning !== '') context.warn(`would ${warning}`);
	return undefined;
};

/** Why a change is forbidden: of a pod that gets other images or a container to debug it; a namespace's only warns. */
export const secureUpdate = (
	resource: Resource,
	object: Draft,
	old: ApiObject,
	context: Context,
): string | undefined => {
	if (resource.kind === 'Namespace') warnOfPods(object, old, context);
	const images = (of: unknown): string =>
		containersOf(sub(of, 'spec'))
			.map((c) => text(c, 'image'))
			.join('\n');
	if (resource.kind === 'Pod' && images(object) === images(old)) return undefined;
	return equal(object.spec, old.spec) ? undefined : securityRefusal(resource, object, context);
};

/** A namespace gets another level: a warning of the pods it has that break it. */
const warnOfPods = (namespace: Draft, old: ApiObject, context: Context): void => {
	const level = levelOf(namespace, 'enforce');
	const before = levelOf(old, 'enforce');
	if (level === before || level === 'privileged' || (level === 'baseline' && before === 'restricted')) return;
	const name = text(namespace, 'metadata', 'name') ?? '';
	const found = new Map<string, string[]>();
	for (const pod of context.list('pods', name)) {
		const why = breaches(level, sub(pod, 'spec'))
			.map(([reason]) => reason)
			.join(', ');
		if (why !== '') found.set(why, [...(found.get(why) ?? []), pod.metadata.name]);
	}
	if (found.size === 0) return;
	context.warn(
		`existing pods in namespace "${name}" violate the new PodSecurity enforce level "${level}:${versionOf(namespace, 'enforce')}"`,
	);
	const lines = [...found].map(([why, pods]) => {
		const others = pods.length - 1;
		return `${pods.sort()[0]}${others > 0 ? ` (and ${others} other pod${others > 1 ? 's' : ''})` : ''}: ${why}`;
	});
	for (const line of lines.sort()) context.warn(line);
};
