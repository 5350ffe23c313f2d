/** The chart `cilium`: values to manifests. */
import { minorOf } from '../../kube/index.ts';
import type { ChartError, ChartRequest, Rendered } from '../types.ts';
import { releaseOf } from '../versions.ts';
import { access } from './access.ts';
import { agentDaemonSet } from './agent.ts';
import { ciliumConfig } from './config.ts';
import { hubble, hubbleEnabled, relayEnabled, uiEnabled } from './hubble.ts';
import { envoyDaemonSet, operatorDeployment } from './operator.ts';
import { flag, meta, type Release } from './parts.ts';

/** helm's order of kinds (pkg/releaseutil/kind_sorter.go, InstallOrder @ v3.14.0), as far as the chart has them. */
const ORDER = [
	'Namespace',
	'Secret',
	'ConfigMap',
	'ServiceAccount',
	'ClusterRole',
	'ClusterRoleBinding',
	'Role',
	'RoleBinding',
	'Service',
	'DaemonSet',
	'Deployment',
];

/** templates/NOTES.txt: one sentence by what of Hubble is on, the version, and where help is. */
function notes(release: Release): string {
	const parts = uiEnabled(release)
		? ' with Hubble Relay and Hubble UI'
		: relayEnabled(release)
			? ' with Hubble Relay'
			: hubbleEnabled(release)
				? ' with Hubble'
				: '';
	return `You have successfully installed Cilium${parts}.\n\nYour release version is ${release.version}.\n\nFor any further help, visit https://docs.cilium.io/en/v1.${release.minor}/gettinghelp\n`;
}

/** Stands for the SHA-256 of the ConfigMap: it changes when the data does, which is all it is for. */
const checksum = (data: ReadonlyMap<string, string>): string => {
	let hash = 0xcbf29ce484222325n;
	for (const character of JSON.stringify([...data]))
		hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0)!)) * 0x100000001b3n);
	return hash.toString(16).padStart(16, '0').repeat(4);
};

/** What goes with the agents, or with the operator, when one of them is not wanted. */
const leftOut = (release: Release, kind: string, name: string): boolean =>
	(name === 'cilium-operator' && !flag(release, 'operator.enabled', true)) ||
	((name === 'cilium-config' || (name === 'cilium' && kind !== 'DaemonSet')) && !flag(release, 'agent', true));

/** The chart with a user's values: its manifests and notes, or the error `helm` ends with. */
export function renderCilium(request: ChartRequest): Rendered | ChartError {
	const minor = minorOf(request.version);
	const config = ciliumConfig(releaseOf(request.version), minor, request.values);
	if ('error' in config) return config;
	const data = new Map(config.data);
	// 1.14's template asks for the cluster's version: from Kubernetes 1.27 clients may ask twice as often.
	if (minor >= 14 && minor <= 16 && minorOf(request.kubernetes.replace(/^v/, '')) >= 27 && data.has('k8s-client-qps')) {
		data.set('k8s-client-qps', '10');
		data.set('k8s-client-burst', '20');
	}
	const release: Release = {
		name: request.release,
		namespace: request.namespace,
		version: request.version,
		minor,
		values: request.values,
		config: data,
	};
	const sum = checksum(data);
	const manifests = [
		...access(release),
		{ apiVersion: 'v1', kind: 'ConfigMap', metadata: meta(release, 'cilium-config'), data: Object.fromEntries(data) },
		...envoyDaemonSet(release),
		...(flag(release, 'agent', true) ? [agentDaemonSet(release, sum)] : []),
		...(flag(release, 'operator.enabled', true) ? [operatorDeployment(release, sum)] : []),
		...hubble(release),
	].filter(({ kind, metadata }) => !leftOut(release, String(kind), String((metadata as { name?: string }).name)));
	const rank = (kind: unknown): number => ORDER.indexOf(String(kind));
	return {
		manifests: manifests.sort((a, b) => rank(a.kind) - rank(b.kind)),
		notes: notes(release),
		messages: config.messages,
	};
}
