/** Services, endpoints, Ingress, policies. Source: kubernetes pkg/printers/internalversion/printers.go @ v1.24.0. */
import { type Draft, number, sub, subs, text, texts } from '../json.ts';
import type { ApiObject } from '../object.ts';
import {
	ageOf,
	cut,
	labelsText,
	NONE,
	type PrintContext,
	type Printer,
	selectorText,
	UNKNOWN,
	UNSET,
} from './printer.ts';

const portText = (port: Draft): string => {
	const node = number(port, 'nodePort');
	return node ? `${port.port}:${node}/${port.protocol}` : `${port.port}/${port.protocol}`;
};

/** Addresses of the load balancer, each once, sorted as texts. */
const ingressIps = (object: ApiObject): readonly string[] => [
	...new Set(
		subs(object, 'status', 'loadBalancer', 'ingress')
			.map((item) => text(item, 'ip') || text(item, 'hostname') || '')
			.filter((item) => item !== '')
			.sort(),
	),
];

/** EXTERNAL-IP. */
const externalIp = (service: ApiObject): string => {
	const spec = sub(service, 'spec');
	const own = texts(spec, 'externalIPs');
	switch (spec.type) {
		case 'ClusterIP':
		case 'NodePort':
			return own.join(',') || NONE;
		case 'LoadBalancer':
			return [...ingressIps(service), ...own].join(',') || '<pending>';
		case 'ExternalName':
			return text(spec, 'externalName') ?? '';
		default:
			return UNKNOWN;
	}
};

const hostPort = (ip: string, port: unknown): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

/** Ready addresses, once for each port; three of them. A subset without ready ones leaves the cell empty. */
const endpointsText = (object: ApiObject): string => {
	const subsets = subs(object, 'subsets');
	if (subsets.length === 0) return NONE;
	const out: string[] = [];
	for (const subset of subsets) {
		const addresses = subs(subset, 'addresses').map((address) => text(address, 'ip') ?? '');
		const ports = subs(subset, 'ports');
		if (ports.length === 0) out.push(...addresses);
		for (const port of ports) out.push(...addresses.map((ip) => hostPort(ip, port.port)));
	}
	return cut(out, 3);
};

const hosts = (object: ApiObject): string => {
	const rules = subs(object, 'spec', 'rules').map((rule) => text(rule, 'host') ?? '');
	const list = rules.filter((host) => host !== '').slice(0, 3);
	if (list.length === 0) return '*';
	return rules.length > 3 && list.length === 3 ? `${list.join(',')} + ${rules.length - 3} more...` : list.join(',');
};

const service = (object: ApiObject, context: PrintContext): readonly (string | number)[] => {
	const spec = sub(object, 'spec');
	const ports = subs(spec, 'ports').map(portText).join(',');
	return [
		text(spec, 'type') ?? '',
		text(spec, 'clusterIP') || NONE,
		externalIp(object),
		ports || NONE,
		ageOf(object, context),
		labelsText(spec.selector),
	];
};

export const networkPrinters: Readonly<Record<string, Printer>> = {
	Service: { columns: 'Type,Cluster-IP,External-IP,Port(s),Age|Selector', row: service },
	Endpoints: { columns: 'Endpoints,Age', row: (object, context) => [endpointsText(object), ageOf(object, context)] },
	EndpointSlice: {
		columns: 'AddressType,Ports,Endpoints,Age',
		row(object, context) {
			const ports = subs(object, 'ports').map((port) => String(port.port ?? '*'));
			const addresses = subs(object, 'endpoints').flatMap((item) => texts(item, 'addresses'));
			return [
				text(object, 'addressType') ?? '',
				ports.length === 0 ? UNSET : cut(ports, 3),
				addresses.length === 0 ? UNSET : cut(addresses, 3),
				ageOf(object, context),
			];
		},
	},
	Ingress: {
		columns: 'Class,Hosts,Address,Ports,Age',
		row: (object, context) => [
			text(object, 'spec', 'ingressClassName') ?? NONE,
			hosts(object),
			ingressIps(object).join(','),
			subs(object, 'spec', 'tls').length > 0 ? '80, 443' : '80',
			ageOf(object, context),
		],
	},
	IngressClass: {
		columns: 'Controller,Parameters,Age',
		row(object, context) {
			const parameters = sub(object, 'spec', 'parameters');
			const kind = text(parameters, 'kind');
			const group = text(parameters, 'apiGroup');
			const said = kind === undefined ? NONE : `${kind}${group ? `.${group}` : ''}/${text(parameters, 'name') ?? ''}`;
			return [text(object, 'spec', 'controller') ?? '', said, ageOf(object, context)];
		},
	},
	NetworkPolicy: {
		columns: 'Pod-Selector,Age',
		row: (object, context) => [selectorText(sub(object, 'spec').podSelector), ageOf(object, context)],
	},
	IPAddress: {
		columns: 'ParentRef',
		row(object) {
			const parent = sub(object, 'spec', 'parentRef');
			const path = [
				text(parent, 'group') ?? '',
				text(parent, 'resource') ?? '',
				text(parent, 'namespace'),
				text(parent, 'name') ?? '',
			];
			return [path.filter((part) => part !== undefined && part !== '').join('/')];
		},
	},
	ServiceCIDR: {
		columns: 'CIDRs,Age',
		row: (object, context) => [texts(object, 'spec', 'cidrs').join(','), ageOf(object, context)],
	},
};
