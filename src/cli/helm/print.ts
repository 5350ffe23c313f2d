/** What helm prints of releases. */
import type { HelmRelease, Lab } from '../../sim/lab/index.ts';
import { ansic, goTime, printYaml } from '../kube/index.ts';
import { sourceText } from './chart/manifests.ts';
import { hooksOf } from './own.ts';

/** Microseconds since 1970 of a virtual time. */
export const wall = (lab: Pick<Lab, 'epoch'>, micros: number): number => lab.epoch * 1e6 + micros;

/** Tests that were run, or that there are none. */
function tests(lab: Pick<Lab, 'epoch'>, release: HelmRelease): readonly string[] {
	const all = hooksOf(release).filter((hook) => hook.events.includes('test'));
	if (all.length === 0) return ['TEST SUITE: None'];
	return all.flatMap(({ name, started, completed, phase }) =>
		started === undefined
			? []
			: [
					`TEST SUITE:     ${name}`,
					`Last Started:   ${ansic(wall(lab, started))}`,
					`Last Completed: ${ansic(wall(lab, completed ?? started))}`,
					`Phase:          ${phase}`,
				],
	);
}

/** cmd/helm/status.go @ v3.9.4. */
export const status = (lab: Pick<Lab, 'epoch'>, release: HelmRelease, showDescription = false): string =>
	[
		`NAME: ${release.name}`,
		`LAST DEPLOYED: ${ansic(wall(lab, release.updated))}`,
		`NAMESPACE: ${release.namespace}`,
		`STATUS: ${release.status}`,
		`REVISION: ${release.revision}`,
		...(showDescription ? [`DESCRIPTION: ${release.description}`] : []),
		...tests(lab, release),
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

/** What a release's manifest is: the text its templates gave, or its objects printed. */
export const releaseManifest = (release: HelmRelease): string =>
	release.own?.manifest ?? manifestText(release.chart, release.manifests as never);

export const hooksText = (release: HelmRelease): string => sourceText(hooksOf(release));

/** Values as `--debug` and `get all` show them, none being nothing where they were stored (`omitempty`); of Cilium's chart the lab does not have its own. */
export const valuesText = (release: HelmRelease, stored: boolean): string =>
	release.own
		? `USER-SUPPLIED VALUES:\n${printYaml(stored && Object.keys(release.values).length === 0 ? null : release.values)}\nCOMPUTED VALUES:\n${printYaml(release.own.defaults)}\n`
		: '';

/** Of `--dry-run` and `--debug`: the status, with hooks and manifest before the notes, and values with `--debug`. */
export const wholeText = (lab: Pick<Lab, 'epoch'>, release: HelmRelease, debug: boolean, stored = false): string =>
	`${status(lab, { ...release, notes: '' })}${debug ? valuesText(release, stored) : ''}HOOKS:\n${hooksText(release)}MANIFEST:\n${releaseManifest(release)}\n${release.notes ? `NOTES:\n${release.notes.trim()}\n` : ''}`;

/** A virtual time as Go's JSON has it. */
export const jsonTime = (lab: Pick<Lab, 'epoch'>, micros: number): string =>
	goTime(wall(lab, micros)).replace(' ', 'T').replace(' +0000 UTC', 'Z');

/** A release as JSON has it (pkg/release/release.go). */
export function releaseJson(lab: Pick<Lab, 'epoch'>, release: HelmRelease): unknown {
	const at = (micros: number): string => jsonTime(lab, micros);
	return {
		name: release.name,
		info: {
			first_deployed: at(release.firstDeployed ?? release.updated),
			last_deployed: at(release.updated),
			deleted: '',
			description: release.description,
			status: release.status,
			...(release.notes ? { notes: release.notes } : {}),
		},
		...(Object.keys(release.values).length > 0 ? { config: release.values } : {}),
		manifest: releaseManifest(release),
		...(release.own && release.own.hooks.length > 0
			? {
					hooks: hooksOf(release).map((hook) => ({
						name: hook.name,
						kind: hook.kind,
						path: hook.path,
						manifest: hook.text,
						events: hook.events,
						last_run: {
							started_at: hook.started === undefined ? '' : at(hook.started),
							completed_at: hook.completed === undefined ? '' : at(hook.completed),
							phase: hook.phase ?? '',
						},
						...(hook.weight ? { weight: hook.weight } : {}),
						...(hook.policies.length > 0 ? { delete_policies: hook.policies } : {}),
					})),
				}
			: {}),
		version: release.revision,
		namespace: release.namespace,
	};
}

/** `helm get manifest`, `helm template`: one document for each object, with where it comes from. */
export const manifestText = (chart: string, manifests: readonly Manifest[]): string =>
	manifests
		.map((manifest) => `---\n# Source: ${chart}/templates/${template(manifest)}\n${printYaml(manifest)}`)
		.join('');
