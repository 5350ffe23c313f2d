/** Pods, and templates of pods. Source: describe.go `describePod`, `DescribePodTemplate` @ kubectl v0.24.0. */
import { type ApiObject, qosClass } from '../../../sim/api/index.ts';
import { at, type Fields, has, number, sortedKeys, sub, subs, text } from '../print/index.ts';
import { describeContainers } from './containers.ts';
import { controllerText, type Description, NONE, timeText } from './description.ts';
import { selectorText } from './policy.ts';
import { describeVolumes } from './volumes.ts';

/** `key=value:Effect op=Exists for 300s`. */
export function tolerationText(toleration: Fields): string {
	const key = text(toleration, 'key');
	const value = text(toleration, 'value');
	const effect = text(toleration, 'effect');
	let out = `${key}${value && `=${value}`}${effect && `:${effect}`}`;
	if (text(toleration, 'operator') === 'Exists' && value === '') out += out === '' ? 'op=Exists' : ' op=Exists';
	if (has(toleration, 'tolerationSeconds')) out += ` for ${number(toleration, 'tolerationSeconds')}s`;
	return out;
}

export function describePod(d: Description, pod: ApiObject): void {
	const { metadata } = pod;
	const spec = sub(pod, 'spec');
	const status = sub(pod, 'status');
	d.line(0, 'Name', metadata.name);
	d.line(0, 'Namespace', metadata.namespace);
	if (has(spec, 'priority')) d.line(0, 'Priority', number(spec, 'priority'));
	d.optional(0, 'Priority Class Name', text(spec, 'priorityClassName'));
	if (d.minor >= 25) {
		d.optional(0, 'Runtime Class Name', text(spec, 'runtimeClassName'));
		d.optional(0, 'Service Account', text(spec, 'serviceAccountName'));
	}
	const node = text(spec, 'nodeName');
	d.line(0, 'Node', node === '' ? NONE : `${node}/${text(status, 'hostIP')}`);
	if (has(status, 'startTime')) d.line(0, 'Start Time', timeText(text(status, 'startTime')));
	d.labels('Labels', metadata.labels);
	d.annotations('Annotations', metadata.annotations);
	if (metadata.deletionTimestamp === undefined) d.line(0, 'Status', text(status, 'phase'));
	else {
		d.line(0, 'Status', `Terminating (lasts ${d.since(metadata.deletionTimestamp)})`);
		d.line(0, 'Termination Grace Period', `${metadata.deletionGracePeriodSeconds ?? 0}s`);
	}
	d.optional(0, 'Reason', text(status, 'reason'));
	d.optional(0, 'Message', text(status, 'message'));
	if (d.minor >= 27) {
		d.optional(0, 'SeccompProfile', text(spec, 'securityContext', 'seccompProfile', 'type'));
		d.optional(0, 'LocalhostProfile', text(spec, 'securityContext', 'seccompProfile', 'localhostProfile'));
	}
	d.line(0, 'IP', text(status, 'podIP'));
	const ips = subs(status, 'podIPs');
	d.put(0, ips.length === 0 ? `IPs:\t${NONE}\n` : 'IPs:\n');
	for (const ip of ips) d.line(1, 'IP', text(ip, 'ip'));
	d.optional(0, 'Controlled By', controllerText(pod));
	d.optional(0, 'NominatedNodeName', text(status, 'nominatedNodeName'));
	const containers = (label: string, list: string, statuses: string): void =>
		describeContainers(d, label, subs(spec, list), subs(status, statuses), pod, '');
	if (subs(spec, 'initContainers').length > 0) containers('Init Containers', 'initContainers', 'initContainerStatuses');
	containers('Containers', 'containers', 'containerStatuses');
	if (subs(spec, 'ephemeralContainers').length > 0)
		containers('Ephemeral Containers', 'ephemeralContainers', 'ephemeralContainerStatuses');
	describeConditions(d, subs(spec, 'readinessGates'), subs(status, 'conditions'));
	describeVolumes(d, subs(spec, 'volumes'), '');
	d.line(0, 'QoS Class', text(status, 'qosClass') || qosClass({ ...spec }));
	describePlaces(d, spec, '');
	describeSpread(d, spec, '');
	// A static pod's kubelet tells of it under the hash of its manifest.
	const mirror = metadata.annotations?.['kubernetes.io/config.mirror'];
	d.events(pod, { anyKind: true, uids: mirror === undefined ? [metadata.uid] : [mirror, metadata.uid] });
}

const byText = (list: readonly Fields[], key: string): Fields[] =>
	[...list].sort((a, b) => (text(a, key) < text(b, key) ? -1 : text(a, key) > text(b, key) ? 1 : 0));

function describePlaces(d: Description, spec: Fields, indent: string): void {
	d.labels('Node-Selectors', spec.nodeSelector, indent);
	d.list('Tolerations', byText(subs(spec, 'tolerations'), 'key').map(tolerationText), indent);
}

/** `describeTopologySpreadConstraints` @ kubectl v0.25.0. */
function describeSpread(d: Description, spec: Fields, indent: string): void {
	const spread = byText(subs(spec, 'topologySpreadConstraints'), 'topologyKey');
	if (spread.length === 0 || d.minor < 25) return;
	const line = (of: Fields): string =>
		`${text(of, 'topologyKey')}:${text(of, 'whenUnsatisfiable')} when max skew ${number(of, 'maxSkew')} is exceeded` +
		(has(of, 'labelSelector') ? ` for selector ${selectorText(of.labelSelector)}` : '');
	d.list('Topology Spread Constraints', spread.map(line), indent);
}

function describeConditions(d: Description, gates: readonly Fields[], conditions: readonly Fields[]): void {
	if (gates.length > 0) d.put(0, 'Readiness Gates:\n  Type\tStatus\n');
	for (const gate of gates) {
		const type = text(gate, 'conditionType');
		const found = conditions.find((condition) => text(condition, 'type') === type);
		d.put(1, `${type} \t${found ? text(found, 'status') : NONE} \n`);
	}
	if (conditions.length > 0) d.put(0, 'Conditions:\n  Type\tStatus\n');
	for (const condition of conditions) d.put(1, `${text(condition, 'type')} \t${text(condition, 'status')} \n`);
}

/** The template of a controller. */
export function describeTemplate(d: Description, template: Fields): void {
	const spec = sub(template, 'spec');
	d.put(0, 'Pod Template:\n');
	d.labels('Labels', at(template, 'metadata', 'labels'), '  ');
	const annotations = at(template, 'metadata', 'annotations');
	if (sortedKeys(annotations).length > 0) d.annotations('  Annotations', annotations);
	if (text(spec, 'serviceAccountName')) d.line(1, 'Service Account', text(spec, 'serviceAccountName'));
	const initial = subs(spec, 'initContainers');
	if (initial.length > 0) describeContainers(d, 'Init Containers', initial, [], undefined, '  ');
	describeContainers(d, 'Containers', subs(spec, 'containers'), [], undefined, '  ');
	describeVolumes(d, subs(spec, 'volumes'), '  ');
	describeSpread(d, spec, '  ');
	if (text(spec, 'priorityClassName')) d.line(1, 'Priority Class Name', text(spec, 'priorityClassName'));
	if (d.minor >= 30) describePlaces(d, spec, '  ');
}
