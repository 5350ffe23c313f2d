/** Defaults of pods and pod templates. Source: kubernetes pkg/apis/core/v1/defaults.go @ v1.24.0. */
import { type Draft, fill, isRecord, number, sub, subs, text, within } from '../json.ts';

/** `nginx` and `nginx:latest` are pulled always, others when not there. */
const pullPolicy = (image: string): string => {
	if (image.includes('@')) return 'IfNotPresent';
	const name = image.slice(image.lastIndexOf('/') + 1);
	const colon = name.indexOf(':');
	return colon < 0 || name.slice(colon + 1) === 'latest' ? 'Always' : 'IfNotPresent';
};

const defaultHandler = (handler: Draft): void => {
	if (isRecord(handler.httpGet)) {
		fill(handler.httpGet, 'path', '/');
		fill(handler.httpGet, 'scheme', 'HTTP');
	}
	if (isRecord(handler.grpc)) fill(handler.grpc, 'service', '');
};

const defaultProbe = (probe: unknown): void => {
	if (!isRecord(probe)) return;
	defaultHandler(probe);
	const fresh = (key: string, value: number): void => {
		if (!number(probe, key)) probe[key] = value;
	};
	fresh('timeoutSeconds', 1);
	fresh('periodSeconds', 10);
	fresh('successThreshold', 1);
	fresh('failureThreshold', 3);
};

/** What a container of a pod asks for is what it is limited to when it asks for nothing; templates keep it open. */
export const defaultRequests = (spec: Draft): void => {
	// Last the pod as a whole (PodLevelResources).
	for (const container of [...subs(spec, 'initContainers'), ...subs(spec, 'containers'), spec]) {
		const { resources } = container;
		if (!isRecord(resources) || !isRecord(resources.limits)) continue;
		const requests = within(resources, 'requests');
		for (const key in resources.limits) fill(requests, key, resources.limits[key]);
	}
};

/** A quantity that is none is written all the same. */
const defaultRefs = ({ fieldRef, resourceFieldRef }: Draft): void => {
	if (isRecord(fieldRef)) fill(fieldRef, 'apiVersion', 'v1');
	if (isRecord(resourceFieldRef)) fill(resourceFieldRef, 'divisor', '0');
};

const defaultContainer = (container: Draft, hostPorts: boolean): void => {
	fill(container, 'imagePullPolicy', pullPolicy(text(container, 'image') ?? ''));
	fill(container, 'terminationMessagePath', '/dev/termination-log');
	fill(container, 'terminationMessagePolicy', 'File');
	within(container, 'resources');
	for (const port of subs(container, 'ports')) {
		fill(port, 'protocol', 'TCP');
		if (hostPorts && port.containerPort !== undefined) fill(port, 'hostPort', port.containerPort);
	}
	for (const variable of subs(container, 'env')) {
		defaultRefs(sub(variable, 'valueFrom'));
	}
	for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) defaultProbe(container[probe]);
	const lifecycle = sub(container, 'lifecycle');
	for (const handler of [lifecycle.postStart, lifecycle.preStop]) if (isRecord(handler)) defaultHandler(handler);
};

/** A time that is none is written as null until 1.33 (k8s.io/apimachinery pkg/apis/meta/v1/types.go @ v0.34.0: omitzero). */
export const defaultInnerMeta = (owner: Draft, minor: number): void => {
	const metadata = within(owner, 'metadata');
	if (minor < 34) fill(metadata, 'creationTimestamp', null);
	else if (metadata.creationTimestamp === null) delete metadata.creationTimestamp;
};

const defaultVolume = (volume: Draft, minor: number): void => {
	const sources = Object.keys(volume).filter((key) => key !== 'name');
	if (sources.length === 0) volume.emptyDir = {};
	for (const key of ['configMap', 'secret', 'downwardAPI', 'projected']) {
		const source = volume[key];
		if (isRecord(source)) fill(source, 'defaultMode', 420);
	}
	if (isRecord(volume.hostPath)) fill(volume.hostPath, 'type', '');
	for (const source of subs(volume, 'projected', 'sources')) {
		const token = source.serviceAccountToken;
		if (isRecord(token)) fill(token, 'expirationSeconds', 3600);
	}
	for (const item of [
		...subs(volume, 'downwardAPI', 'items'),
		...subs(volume, 'projected', 'sources').flatMap((s) => subs(s, 'downwardAPI', 'items')),
	])
		defaultRefs(item);
	const template = sub(volume, 'ephemeral').volumeClaimTemplate;
	if (isRecord(template)) {
		defaultInnerMeta(template, minor);
		fill(within(template, 'spec'), 'volumeMode', 'Filesystem');
	}
};

const UNSET_WHEN_EMPTY = [
	'nodeName',
	'hostname',
	'subdomain',
	'priorityClassName',
	'schedulerName',
	'serviceAccountName',
	'serviceAccount',
	'dnsPolicy',
	'restartPolicy',
];

/**
 * ImageVolume is off by default up to 1.34: such volumes go, and what mounts them (pkg/api/pod/util.go
 * dropImageVolumes() @ v1.33.1).
 */
const dropImageVolumes = (spec: Draft): void => {
	const gone = new Set(subs(spec, 'volumes').flatMap((volume) => (volume.image ? [volume.name] : [])));
	if (gone.size === 0) return;
	const keep = (owner: Draft, list: string, key: string): void => {
		const left = subs(owner, list).filter((item) => !gone.has(item[key]));
		if (left.length > 0) owner[list] = left;
		else delete owner[list];
	};
	keep(spec, 'volumes', 'name');
	for (const list of ['initContainers', 'containers', 'ephemeralContainers'])
		for (const container of subs(spec, list)) keep(container, 'volumeMounts', 'name');
};

/** Fills in a pod's spec or a template's; `restartPolicy` differs for jobs, which must say it themselves. */
export const defaultPodSpec = (spec: Draft, minor: number, hostPorts = true): void => {
	// A text that is empty is one that is not set (`omitempty`).
	for (const field of UNSET_WHEN_EMPTY) if (spec[field] === '') delete spec[field];
	dropImageVolumes(spec);
	fill(spec, 'dnsPolicy', 'ClusterFirst');
	fill(spec, 'restartPolicy', 'Always');
	fill(spec, 'terminationGracePeriodSeconds', 30);
	fill(spec, 'schedulerName', 'default-scheduler');
	fill(spec, 'securityContext', {});
	if (text(spec, 'serviceAccountName')) spec.serviceAccount = spec.serviceAccountName;
	else if (text(spec, 'serviceAccount')) spec.serviceAccountName = spec.serviceAccount;
	const host = hostPorts && spec.hostNetwork === true;
	for (const list of ['initContainers', 'containers', 'ephemeralContainers'])
		for (const container of subs(spec, list)) defaultContainer(container, host);
	for (const volume of subs(spec, 'volumes')) defaultVolume(volume, minor);
};

/** A template inside a workload; its ports are the host's by themselves until 1.27 (DefaultHostNetworkHostPortsInPodTemplates). */
export const defaultTemplate = (owner: Draft, minor: number): void => {
	const template = within(owner, 'template');
	defaultInnerMeta(template, minor);
	defaultPodSpec(within(template, 'spec'), minor, minor < 28);
};
