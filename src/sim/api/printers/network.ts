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

const ingressIps = (object: ApiObject): readonly string[] =>
	subs(object, 'status', 'loadBalancer', 'ingress')
		.map((item) => text(item, 'ip') || text(item, 'hostname') || '')
		.filter((item) => item !== '');

/** EXTERNAL-IP. */
const externalIp = (service: ApiObject, wide: boolean): string => {
	const spec = sub(service, 'spec');
	const own = texts(spec, 'externalIPs');
	switch (spec.type) {
		case 'ClusterIP':
		case 'NodePort':
			return own.length > 0 ? own.join(',') : NONE;
		case 'LoadBalancer': {
			const given = ingressIps(service);
			let lb = given.join(',');
			if (!wide && lb.length > 16) lb = `${lb.slice(0, 13)}...`;
			if (own.length > 0) return [...(lb === '' ? [] : lb.split(',')), ...own].join(',');
			return lb === '' ? '<pending>' : lb;
		}
		case 'ExternalName':
			return text(spec, 'externalName') ?? '';
		default:
			return UNKNOWN;
	}
};

/** Addresses with ports, three of them. */
const endpointsText = (object: ApiObject): string => {
	const out: string[] = [];
	for (const subset of subs(object, 'subsets')) {
		const ports = subs(subset, 'ports');
		for (const address of subs(subset, 'addresses')) {
			if (ports.length === 0) out.push(text(address, 'ip') ?? '');
			for (const port of ports) out.push(`${text(address, 'ip')}:${port.port}`);
		}
	}
	return out.length === 0 ? NONE : cut(out, 3);
};

const hosts = (object: ApiObject): string => {
	const list = subs(object, 'spec', 'rules')
		.map((rule) => text(rule, 'host') ?? '')
		.filter((host) => host !== '');
	return list.length === 0 ? '*' : cut(list, 3);
};

const service = (object: ApiObject, context: PrintContext): readonly (string | number)[] => {
	const spec = sub(object, 'spec');
	const ports = subs(spec, 'ports').map(portText).join(',');
	return [
		text(spec, 'type') ?? '',
		text(spec, 'clusterIP') || NONE,
		externalIp(object, false),
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
