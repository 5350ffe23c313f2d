/** Services, endpoints, Ingress. Source: describe.go @ kubectl v0.24.0. */
import type { ApiObject } from '../../../sim/api/index.ts';
import { type Fields, has, number, sub, subs, text, texts } from '../print/index.ts';
import { type Description, labelsText, NONE, one, UNSET } from './description.ts';

const hostPort = (ip: string, port: number): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

/** The first three addresses behind a port, and how many more. */
export function endpointsText(endpoints: ApiObject | undefined, port: string): string {
	const subsets = subs(endpoints, 'subsets');
	if (subsets.length === 0) return NONE;
	const list: string[] = [];
	for (const subset of subsets) {
		const addresses = subs(subset, 'addresses').map((address) => text(address, 'ip'));
		const ports = subs(subset, 'ports');
		if (ports.length === 0) list.push(...addresses);
		for (const item of ports)
			if (text(item, 'name') === port) list.push(...addresses.map((ip) => hostPort(ip, number(item, 'port'))));
	}
	return list.length > 3 ? `${list.slice(0, 3).join(',')} + ${list.length - 3} more...` : list.join(',');
}

const ingressText = (ingress: readonly Fields[]): string =>
	ingress.map((item) => text(item, 'ip') || text(item, 'hostname')).join(', ');

export function describeService(d: Description, service: ApiObject): void {
	const { metadata } = service;
	const spec = sub(service, 'spec');
	const endpoints = one(d.api, 'endpoints', metadata.namespace, metadata.name);
	d.head(service);
	d.line(0, 'Selector', labelsText(spec.selector));
	d.line(0, 'Type', text(spec, 'type'));
	d.optional(0, 'IP Family Policy', text(spec, 'ipFamilyPolicy'));
	d.line(0, 'IP Families', texts(spec, 'ipFamilies').join(',') || NONE);
	d.line(0, 'IP', text(spec, 'clusterIP'));
	d.line(0, 'IPs', texts(spec, 'clusterIPs').join(',') || NONE);
	d.optional(0, 'External IPs', texts(spec, 'externalIPs').join(','));
	d.optional(0, d.minor >= 31 ? 'Desired LoadBalancer IP' : 'IP', text(spec, 'loadBalancerIP'));
	d.optional(0, 'External Name', text(spec, 'externalName'));
	d.optional(0, 'LoadBalancer Ingress', ingressText(subs(service, 'status', 'loadBalancer', 'ingress')));
	for (const port of subs(spec, 'ports')) {
		const name = text(port, 'name') || UNSET;
		const protocol = text(port, 'protocol') || 'TCP';
		d.line(0, 'Port', `${name}\t${number(port, 'port')}/${protocol}`);
		d.line(0, 'TargetPort', `${text(port, 'targetPort')}/${protocol}`);
		if (number(port, 'nodePort') !== 0) d.line(0, 'NodePort', `${name}\t${number(port, 'nodePort')}/${protocol}`);
		d.line(0, 'Endpoints', endpointsText(endpoints, text(port, 'name')));
	}
	d.line(0, 'Session Affinity', text(spec, 'sessionAffinity'));
	d.optional(0, 'External Traffic Policy', text(spec, 'externalTrafficPolicy'));
	if (d.minor >= 31) d.optional(0, 'Internal Traffic Policy', text(spec, 'internalTrafficPolicy'));
	if (number(spec, 'healthCheckNodePort') !== 0) d.line(0, 'HealthCheck NodePort', number(spec, 'healthCheckNodePort'));
	d.optional(0, 'LoadBalancer Source Ranges', texts(spec, 'loadBalancerSourceRanges').join(','));
	if (d.minor >= 34) d.optional(0, 'Traffic Distribution', text(spec, 'trafficDistribution'));
	d.events(service);
}

export function describeEndpoints(d: Description, endpoints: ApiObject): void {
	d.head(endpoints);
	d.put(0, 'Subsets:\n');
	for (const subset of subs(endpoints, 'subsets')) {
		const ips = (list: string): string =>
			subs(subset, list)
				.map((address) => text(address, 'ip'))
				.join(',') || NONE;
		d.line(1, 'Addresses', ips('addresses'));
		d.line(1, 'NotReadyAddresses', ips('notReadyAddresses'));
		const ports = subs(subset, 'ports');
		if (ports.length > 0) {
			d.put(1, 'Ports:\n');
			d.table(
				2,
				['Name', 'Port', 'Protocol'],
				ports.map((port) => [text(port, 'name') || UNSET, number(port, 'port'), text(port, 'protocol')]),
			);
		}
		d.put(0, '\n');
	}
	d.events(endpoints);
}

export function describeEndpointSlice(d: Description, slice: ApiObject): void {
	d.head(slice);
	d.line(0, 'AddressType', text(slice, 'addressType'));
	const ports = subs(slice, 'ports');
	if (ports.length === 0) d.put(0, `Ports: ${UNSET}\n`);
	else {
		d.put(0, 'Ports:\n');
		d.table(
			1,
			['Name', 'Port', 'Protocol'],
			ports.map((port) => [
				text(port, 'name') || UNSET,
				has(port, 'port') ? number(port, 'port') : UNSET,
				text(port, 'protocol'),
			]),
		);
	}
	const endpoints = subs(slice, 'endpoints');
	d.put(0, endpoints.length === 0 ? `Endpoints: ${NONE}\n` : 'Endpoints:\n');
	for (const endpoint of endpoints) {
		d.put(1, `- Addresses:\t${texts(endpoint, 'addresses').join(', ') || NONE}\n`);
		d.put(2, 'Conditions:\n');
		d.line(3, 'Ready', has(endpoint, 'conditions', 'ready') ? text(endpoint, 'conditions', 'ready') : UNSET);
		d.line(2, 'Hostname', has(endpoint, 'hostname') ? text(endpoint, 'hostname') : UNSET);
		const target = sub(endpoint, 'targetRef');
		if (has(endpoint, 'targetRef')) d.line(2, 'TargetRef', `${text(target, 'kind')}/${text(target, 'name')}`);
		d.line(2, 'NodeName', has(endpoint, 'nodeName') ? text(endpoint, 'nodeName') : UNSET);
		d.line(2, 'Zone', has(endpoint, 'zone') ? text(endpoint, 'zone') : UNSET);
	}
	d.events(slice);
}

/** `web:80 (10.244.1.5:8080)`, or why there is nothing behind it. */
function backendText(d: Description, namespace: string | undefined, backend: Fields): string {
	if (has(backend, 'service')) {
		const name = text(backend, 'service', 'name');
		const port = sub(backend, 'service', 'port');
		const shown = `${name}:${has(port, 'number') ? text(port, 'number') : text(port, 'name')}`;
		const missing = (kind: string): string => `<error: ${kind} ${JSON.stringify(name)} not found>`;
		// From 1.31 on a list of slices is looked at, which nobody misses.
		const bySlices = d.minor >= 31;
		const endpoints = one(d.api, 'endpoints', namespace, name);
		if (!endpoints && !bySlices) return `${shown} (${missing('endpoints')})`;
		const service = one(d.api, 'services', namespace, name);
		if (!service) return `${shown}${bySlices ? ' ' : ''}(${missing('services')})`;
		const found = subs(service, 'spec', 'ports').find((item) =>
			has(port, 'number')
				? number(item, 'port') === number(port, 'number')
				: text(port, 'name') !== '' && text(item, 'name') === text(port, 'name'),
		);
		return `${shown} (${endpointsText(endpoints, text(found, 'name'))})`;
	}
	if (!has(backend, 'resource')) return '';
	const ref = sub(backend, 'resource');
	return `APIGroup: ${text(ref, 'apiGroup') || NONE}, Kind: ${text(ref, 'kind')}, Name: ${text(ref, 'name')}`;
}

export function describeIngress(d: Description, ingress: ApiObject): void {
	const { metadata } = ingress;
	const spec = sub(ingress, 'spec');
	const backend = (value: Fields): string => backendText(d, metadata.namespace, value);
	d.line(0, 'Name', metadata.name);
	d.labels('Labels', metadata.labels);
	d.line(0, 'Namespace', metadata.namespace);
	const addresses = subs(ingress, 'status', 'loadBalancer', 'ingress').map(
		(item) => text(item, 'ip') || text(item, 'hostname'),
	);
	d.line(0, 'Address', [...new Set(addresses)].sort().join(','));
	d.line(0, 'Ingress Class', text(spec, 'ingressClassName') || NONE);
	const fallback = has(spec, 'defaultBackend') ? backend(sub(spec, 'defaultBackend')) : '<default>';
	d.line(0, 'Default backend', fallback);
	const tls = subs(spec, 'tls');
	if (tls.length > 0) d.put(0, 'TLS:\n');
	for (const item of tls) {
		const secret = text(item, 'secretName');
		const hosts = texts(item, 'hosts').join(',');
		d.put(1, secret === '' ? `SNI routes ${hosts}\n` : `${secret} terminates ${hosts}\n`);
	}
	d.put(0, 'Rules:\n');
	d.put(1, 'Host\tPath\tBackends\n');
	d.put(1, '----\t----\t--------\n');
	const rules = subs(spec, 'rules').filter((rule) => has(rule, 'http'));
	for (const rule of rules) {
		d.put(1, `${text(rule, 'host') || '*'}\t\n`);
		for (const path of subs(rule, 'http', 'paths'))
			d.put(2, `\t${text(path, 'path')} \t${backend(sub(path, 'backend'))}\n`);
	}
	if (rules.length === 0) d.put(1, `*\t*\t${fallback}\n`);
	d.annotations('Annotations', metadata.annotations);
	d.events(ingress);
}

export function describeIngressClass(d: Description, object: ApiObject): void {
	d.head(object);
	const parameters = sub(object, 'spec', 'parameters');
	d.line(0, 'Controller', text(object, 'spec', 'controller'));
	if (has(object, 'spec', 'parameters')) {
		d.put(0, 'Parameters:\n');
		if (has(parameters, 'apiGroup')) d.line(1, 'APIGroup', text(parameters, 'apiGroup'));
		d.line(1, 'Kind', text(parameters, 'kind'));
		d.line(1, 'Name', text(parameters, 'name'));
	}
	d.events(object);
}
