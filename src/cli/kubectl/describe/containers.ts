/** Containers of a pod or of a template. Source: describe.go `describeContainers` @ kubectl v0.24.0. */
import type { ApiObject } from '../../../sim/api/index.ts';
import {
	at,
	canonical,
	type Fields,
	has,
	number,
	quantityOf,
	sortedKeys,
	sub,
	subs,
	text,
	texts,
} from '../print/index.ts';
import { type Description, NONE, timeText } from './description.ts';

const portsText = (container: Fields, key: string): string =>
	subs(container, 'ports')
		.map((port) => `${number(port, key)}/${text(port, 'protocol') || 'TCP'}`)
		.join(', ');

function describePorts(d: Description, label: string, ports: string): void {
	if (ports.includes(',')) d.line(2, `${label}s`, ports);
	else d.line(2, label, ports || NONE);
}

function describeWords(d: Description, label: string, words: readonly string[]): void {
	if (words.length === 0) return;
	d.put(2, `${label}:\n`);
	for (const word of words) for (const line of word.split('\n')) d.put(3, `${line}\n`);
}

function describeState(d: Description, name: string, state: Fields): void {
	if (has(state, 'running')) {
		d.line(2, name, 'Running');
		d.line(3, 'Started', timeText(text(state, 'running', 'startedAt')));
	} else if (has(state, 'terminated')) {
		const end = sub(state, 'terminated');
		d.line(2, name, 'Terminated');
		d.optional(3, 'Reason', text(end, 'reason'));
		d.optional(3, 'Message', text(end, 'message'));
		d.line(3, 'Exit Code', number(end, 'exitCode'));
		if (number(end, 'signal') > 0) d.line(3, 'Signal', number(end, 'signal'));
		d.line(3, 'Started', timeText(text(end, 'startedAt')));
		d.line(3, 'Finished', timeText(text(end, 'finishedAt')));
	} else {
		d.line(2, name, 'Waiting');
		d.optional(3, 'Reason', text(state, 'waiting', 'reason'));
	}
}

function describeQuantities(d: Description, label: string, list: unknown): void {
	const names = sortedKeys(list);
	if (names.length > 0) d.put(2, `${label}:\n`);
	for (const name of names) d.line(3, name, canonical(text(list, name)));
}

/** One probe in one line. */
export function probeText(probe: Fields): string {
	const n = (key: string): number => number(probe, key);
	const attributes = `delay=${n('initialDelaySeconds')}s timeout=${n('timeoutSeconds')}s period=${n('periodSeconds')}s #success=${n('successThreshold')} #failure=${n('failureThreshold')}`;
	if (has(probe, 'exec')) return `exec [${texts(probe, 'exec', 'command').join(' ')}] ${attributes}`;
	if (has(probe, 'httpGet')) {
		const get = sub(probe, 'httpGet');
		const host = text(get, 'host');
		const path = text(get, 'path');
		return `http-get ${text(get, 'scheme').toLowerCase() || 'http'}://${host.includes(':') ? `[${host}]` : host}:${text(get, 'port')}${path === '' || path.startsWith('/') ? path : `/${path}`} ${attributes}`;
	}
	if (has(probe, 'tcpSocket'))
		return `tcp-socket ${text(probe, 'tcpSocket', 'host')}:${text(probe, 'tcpSocket', 'port')} ${attributes}`;
	if (has(probe, 'grpc'))
		return `grpc <pod>:${number(probe, 'grpc', 'port')} ${text(probe, 'grpc', 'service')} ${attributes}`;
	return `unknown ${attributes}`;
}

/** Fields whose value kubectl knows (pkg/util/fieldpath ExtractFieldPathAsString); others it leaves to the kubelet. */
const KNOWN = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

function fieldValue(pod: ApiObject | undefined, path: string): string {
	if (!pod) return '';
	const key = /^(metadata\.(?:labels|annotations))\['(.+)'\]$/.exec(path);
	if (key) return text(pod, ...key[1]!.split('.'), key[2]!);
	if (!KNOWN.includes(path)) return '';
	const found = at(pod, ...path.split('.'));
	if (typeof found !== 'object' || found === null) return text(pod, ...path.split('.'));
	return sortedKeys(found)
		.map((name) => `${name}=${JSON.stringify(text(found, name))}`)
		.join('\n');
}

/** A container's own quantity, in whole units of the divisor (pkg/util/resource ExtractContainerResourceValue). */
function resourceValue(container: Fields, reference: Fields): string {
	const [list = '', ...name] = text(reference, 'resource').split('.');
	const value = quantityOf(text(container, 'resources', list, name.join('.'))) ?? 0;
	const divisor = quantityOf(text(reference, 'divisor') || '1') || 1;
	return String(Math.ceil(Math.round((value / divisor) * 1e6) / 1e6));
}

function describeVariable(d: Description, variable: Fields, container: Fields, pod: ApiObject | undefined): void {
	const name = text(variable, 'name');
	const from = sub(variable, 'valueFrom');
	if (!has(variable, 'valueFrom')) {
		const [first = '', ...more] = text(variable, 'value').split('\n');
		d.line(3, name, first);
		for (const line of more) d.put(3, `\t${line}\n`);
	} else if (has(from, 'fieldRef')) {
		const path = text(from, 'fieldRef', 'fieldPath');
		d.line(3, name, `${fieldValue(pod, path)} (${text(from, 'fieldRef', 'apiVersion') || 'v1'}:${path})`);
	} else if (has(from, 'resourceFieldRef')) {
		const resource = text(from, 'resourceFieldRef', 'resource');
		const value = resourceValue(container, sub(from, 'resourceFieldRef'));
		const whole = value === '0' && (resource === 'limits.cpu' || resource === 'limits.memory');
		d.line(3, name, `${whole ? 'node allocatable' : value} (${resource})`);
	} else if (has(from, 'secretKeyRef')) {
		const ref = sub(from, 'secretKeyRef');
		d.line(
			3,
			name,
			`<set to the key '${text(ref, 'key')}' in secret '${text(ref, 'name')}'>\tOptional: ${ref.optional === true}`,
		);
	} else if (has(from, 'configMapKeyRef')) {
		const ref = sub(from, 'configMapKeyRef');
		d.line(
			3,
			name,
			`<set to the key '${text(ref, 'key')}' of config map '${text(ref, 'name')}'>\tOptional: ${ref.optional === true}`,
		);
	}
}

function describeEnvironment(d: Description, container: Fields, pod: ApiObject | undefined): void {
	const sources = subs(container, 'envFrom');
	if (sources.length > 0) d.put(2, 'Environment Variables from:\n');
	for (const source of sources) {
		const kind = has(source, 'configMapRef') ? 'ConfigMap' : 'Secret';
		const ref = sub(source, kind === 'ConfigMap' ? 'configMapRef' : 'secretRef');
		const prefix = text(source, 'prefix');
		d.put(
			3,
			`${text(ref, 'name')}\t${kind}${prefix && ` with prefix '${prefix}'`}\tOptional: ${ref.optional === true}\n`,
		);
	}
	const variables = subs(container, 'env');
	d.put(2, `Environment:${variables.length === 0 ? `\t${NONE}` : ''}\n`);
	for (const variable of variables) describeVariable(d, variable, container, pod);
}

function describeMounts(d: Description, container: Fields): void {
	const by = (key: string) => (a: Fields, b: Fields) => (text(a, key) < text(b, key) ? -1 : 1);
	const mounts = [...subs(container, 'volumeMounts')].sort(by('mountPath'));
	d.put(2, `Mounts:${mounts.length === 0 ? `\t${NONE}` : ''}\n`);
	for (const mount of mounts) {
		const path = text(mount, 'subPath');
		const flags = [mount.readOnly === true ? 'ro' : 'rw', ...(path ? [`path=${JSON.stringify(path)}`] : [])];
		d.put(3, `${text(mount, 'mountPath')} from ${text(mount, 'name')} (${flags.join(',')})\n`);
	}
	const devices = [...subs(container, 'volumeDevices')].sort(by('devicePath'));
	if (devices.length > 0) d.put(2, `Devices:${mounts.length === 0 ? `\t${NONE}` : ''}\n`);
	for (const device of devices) d.put(3, `${text(device, 'devicePath')} from ${text(device, 'name')}\n`);
}

/** A list of containers, with their states when there are any. `space` is before the label in a template. */
export function describeContainers(
	d: Description,
	label: string,
	containers: readonly Fields[],
	statuses: readonly Fields[],
	pod: ApiObject | undefined,
	space: string,
): void {
	d.put(0, `${space}${label}:${containers.length === 0 ? ` ${NONE}` : ''}\n`);
	for (const container of containers) {
		const name = text(container, 'name');
		const status = statuses.findLast((item) => text(item, 'name') === name);
		d.put(1, `${space === '' ? '' : ' '}${name}:\n`);
		if (status) d.line(2, 'Container ID', text(status, 'containerID'));
		d.line(2, 'Image', text(container, 'image'));
		if (status) d.line(2, 'Image ID', text(status, 'imageID'));
		describePorts(d, 'Port', portsText(container, 'containerPort'));
		describePorts(d, 'Host Port', portsText(container, 'hostPort'));
		describeWords(d, 'Command', texts(container, 'command'));
		describeWords(d, 'Args', texts(container, 'args'));
		if (status) {
			describeState(d, 'State', sub(status, 'state'));
			if (has(status, 'lastState', 'terminated')) describeState(d, 'Last State', sub(status, 'lastState'));
			d.line(2, 'Ready', status.ready === true ? 'True' : 'False');
			d.line(2, 'Restart Count', number(status, 'restartCount'));
		}
		describeQuantities(d, 'Limits', at(container, 'resources', 'limits'));
		describeQuantities(d, 'Requests', at(container, 'resources', 'requests'));
		if (has(container, 'livenessProbe')) d.line(2, 'Liveness', probeText(sub(container, 'livenessProbe')));
		if (has(container, 'readinessProbe')) d.line(2, 'Readiness', probeText(sub(container, 'readinessProbe')));
		if (has(container, 'startupProbe')) d.line(2, 'Startup', probeText(sub(container, 'startupProbe')));
		describeEnvironment(d, container, pod);
		describeMounts(d, container);
	}
}
