/** What helm prints of releases. */
import type { HelmRelease, Lab } from '../../sim/lab/index.ts';
import { ansic, printYaml } from '../kube/index.ts';

/** Microseconds since 1970 of a virtual time. */
export const wall = (lab: Pick<Lab, 'epoch'>, micros: number): number => lab.epoch * 1e6 + micros;

/** cmd/helm/status.go @ v3.9.4. */
export const status = (lab: Pick<Lab, 'epoch'>, release: HelmRelease, showDescription = false): string =>
	[
		`NAME: ${release.name}`,
		`LAST DEPLOYED: ${ansic(wall(lab, release.updated))}`,
		`NAMESPACE: ${release.namespace}`,
		`STATUS: ${release.status}`,
		`REVISION: ${release.revision}`,
		...(showDescription ? [`DESCRIPTION: ${release.description}`] : []),
		'TEST SUITE: None',
		...(release.notes ? ['NOTES:', release.notes.trim()] : []),
		'',
	].join('\n');

/** gosuri/uitable with its defaults: cells padded to their column, a tab between them, the last one padded as well. */
export function uitable(rows: readonly (readonly string[])[]): string {
	const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => [...row[column]!].length)));
	return rows
		.map((row) => `${row.map((cell, i) => cell + ' '.repeat(widths[i]! - [...cell].length)).join('\t')}\n`)
		.join('');
}

const TEMPLATES: Readonly<Record<string, string>> = {
	'ConfigMap/cilium-config': 'cilium-configmap.yaml',
	'ConfigMap/cilium-envoy-config': 'cilium-envoy/configmap.yaml',
	'ConfigMap/hubble-relay-config': 'hubble-relay/configmap.yaml',
	'DaemonSet/cilium': 'cilium-agent/daemonset.yaml',
	'DaemonSet/cilium-envoy': 'cilium-envoy/daemonset.yaml',
	'Deployment/cilium-operator': 'cilium-operator/deployment.yaml',
	'Deployment/hubble-relay': 'hubble-relay/deployment.yaml',
	'Deployment/hubble-ui': 'hubble-ui/deployment.yaml',
	'Service/cilium-envoy': 'cilium-envoy/service.yaml',
	'Service/hubble-peer': 'hubble/peer-service.yaml',
	'Service/hubble-relay': 'hubble-relay/service.yaml',
	'Service/hubble-ui': 'hubble-ui/service.yaml',
};

type Manifest = { readonly [key: string]: unknown };

/** The chart's file an object comes from. */
function template(manifest: Manifest): string {
	const name = (manifest.metadata as { readonly name: string }).name;
	const kind = String(manifest.kind);
	const known = TEMPLATES[`${kind}/${name}`];
	if (known) return known;
	const folder = name === 'cilium' ? 'cilium-agent' : name;
	if (kind === 'Secret') return name === 'cilium-ca' ? 'cilium-ca-secret.yaml' : `hubble/tls-helm/${name}.yaml`;
	return `${folder}/${kind.toLowerCase()}.yaml`;
}

/** `helm get manifest`, `helm template`: one document for each object, with where it comes from. */
export const manifestText = (chart: string, manifests: readonly Manifest[]): string =>
	manifests
		.map((manifest) => `---\n# Source: ${chart}/templates/${template(manifest)}\n${printYaml(manifest)}`)
		.join('');
