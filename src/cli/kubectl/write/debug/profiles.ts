/**
 * `--profile`: what a container for debugging may do.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/debug/{profiles,debug}.go @ v0.33.0; `legacy` is what older ones
 * do without asking.
 */
import { type Draft, isRecord } from '../../../../sim/api/index.ts';
import type { Flag } from '../../../cobra/index.ts';
import { fail, type Kube } from '../../kube.ts';
import { subs } from '../../print/index.ts';
import { kubectlMinor } from '../../releases.ts';

export interface Profile {
	/** Fits out the spec of a pod on a node; its one container is the one for debugging. */
	node(spec: Draft): void;
	/** Fits out a container that joins a pod. */
	ephemeral(container: Draft): void;
	/** Fits out a copy of a pod, where one container is for debugging. */
	copy(pod: { readonly metadata: Draft; readonly spec: Draft }, container: string): void;
}

/** From which minor of kubectl there is a flag. */
export const UNKNOWN_BEFORE: Readonly<Record<string, number>> = {
	profile: 25,
	'keep-annotations': 31,
	'keep-init-containers': 31,
	'keep-labels': 31,
	'keep-liveness': 31,
	'keep-readiness': 31,
	'keep-startup': 31,
};

const keep = (name: string, what: string, on = false): Flag => ({
	name: `keep-${name}`,
	type: 'bool',
	hidden: true,
	...(on ? { default: 'true' } : {}),
	usage: `If true, keep the original pod ${what}.(This flag only works when used with '--copy-to')`,
});

/** Not in the help: the release it is of has none of them. */
export const PROFILE_FLAGS: readonly Flag[] = [
	{
		name: 'profile',
		type: 'string',
		default: 'legacy',
		hidden: true,
		usage: 'Options are "legacy", "general", "baseline", "netadmin", "restricted" or "sysadmin".',
	},
	keep('labels', 'labels'),
	keep('annotations', 'annotations'),
	keep('liveness', 'liveness probes'),
	keep('readiness', 'readiness probes'),
	keep('startup', 'startup probes'),
	keep('init-containers', 'init containers', true),
];

const hostNamespaces = (spec: Draft): void => {
	spec.hostNetwork = true;
	spec.hostPID = true;
	spec.hostIPC = true;
};

/** The node's root at /host. */
const hostRoot = (spec: Draft): void => {
	spec.volumes = [{ name: 'host-root', hostPath: { path: '/' } }];
	for (const container of containersOf(spec)) container.volumeMounts = [{ mountPath: '/host', name: 'host-root' }];
};

const containersOf = (spec: Draft): readonly Draft[] =>
	Array.isArray(spec.containers) ? spec.containers.filter(isRecord) : [];

const context = (container: Draft): Draft => {
	const made = isRecord(container.securityContext) ? { ...container.securityContext } : {};
	container.securityContext = made;
	return made;
};

const addCapabilities = (container: Draft, ...names: readonly string[]): void => {
	const security = context(container);
	const had = isRecord(security.capabilities) ? security.capabilities : {};
	security.capabilities = { ...had, add: [...(Array.isArray(had.add) ? had.add : []), ...names] };
};

/** What a profile makes of the container, and what of a pod on a node. */
const ABOUT: Readonly<
	Record<string, { container(container: Draft, style: 'node' | 'ephemeral' | 'copy'): void; node(spec: Draft): void }>
> = {
	legacy: {
		container() {},
		node(spec) {
			hostRoot(spec);
			hostNamespaces(spec);
		},
	},
	general: {
		container(container, style) {
			if (style === 'node') delete container.securityContext;
			else addCapabilities(container, 'SYS_PTRACE');
		},
		node(spec) {
			hostRoot(spec);
			hostNamespaces(spec);
		},
	},
	baseline: {
		container(container) {
			delete container.securityContext;
		},
		node() {},
	},
	restricted: {
		container(container) {
			container.securityContext = {
				allowPrivilegeEscalation: false,
				capabilities: { drop: ['ALL'] },
				runAsNonRoot: true,
				seccompProfile: { type: 'RuntimeDefault' },
			};
		},
		node() {},
	},
	netadmin: {
		container: (container) => addCapabilities(container, 'NET_ADMIN', 'NET_RAW'),
		node: hostNamespaces,
	},
	sysadmin: {
		container(container) {
			context(container).privileged = true;
		},
		node(spec) {
			hostNamespaces(spec);
			hostRoot(spec);
		},
	},
};

/** The profile asked for; the words for the old one where kubectl has them. */
export function profileOf(kube: Kube): Profile {
	const { flags, call } = kube.run;
	const name = flags.text('profile');
	const about = Object.hasOwn(ABOUT, name) ? ABOUT[name]! : fail(`unknown profile: ${name}`);
	if (name === 'legacy' && kubectlMinor(call.lab) >= 32)
		call.err(
			'--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".\n',
		);
	return {
		node(spec) {
			about.node(spec);
			for (const container of containersOf(spec)) about.container(container, 'node');
		},
		ephemeral: (container) => about.container(container, 'ephemeral'),
		copy({ metadata, spec }, container) {
			for (const item of subs(spec, 'containers')) if (item.name === container) about.container(item as Draft, 'copy');
			if (name === 'legacy') {
				delete metadata.labels;
				return;
			}
			if (!flags.on('keep-annotations')) delete metadata.annotations;
			for (const [flag, probe] of [
				['keep-liveness', 'livenessProbe'],
				['keep-readiness', 'readinessProbe'],
				['keep-startup', 'startupProbe'],
			] as const)
				if (!flags.on(flag)) for (const item of containersOf(spec)) delete item[probe];
			if (!flags.on('keep-init-containers')) delete spec.initContainers;
			spec.shareProcessNamespace ??= true;
		},
	};
}
