/** Network policies and Ingresses. Source: kubernetes pkg/apis/networking/validation/validation.go @ v1.24.0. */
import { parseIp } from '../../wire/index.ts';
import { type Draft, isRecord, number, sub, subs, text, texts } from '../json.ts';
import { nameErrors } from '../meta.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { isPort, PORT_TEXT, portNameErrors } from '../values.ts';
import { given, isCidr, named, portNumber, portOrName } from './parts.ts';
import { selectorErrors } from './selectors.ts';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

const policyPort = (port: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	if (port.protocol !== undefined && !PROTOCOLS.includes(String(port.protocol)))
		errors.push(notSupported(`${field}.protocol`, port.protocol, PROTOCOLS));
	const end = number(port, 'endPort');
	const here = `${field}.endPort`;
	if (port.port === undefined) {
		if (end !== undefined) errors.push(invalidValue(here, end, 'may not be specified when `port` is not specified'));
		return errors;
	}
	errors.push(...portOrName(port.port, `${field}.port`));
	if (end === undefined) return errors;
	if (typeof port.port === 'string')
		return [...errors, invalidValue(here, end, 'may not be specified when `port` is non-numeric')];
	if (end < Number(port.port)) errors.push(invalidValue(here, end, 'must be greater than or equal to `port`'));
	return [...errors, ...portNumber(end, here)];
};

/** Address and length of the mask; undefined of IPv6, of which nothing is compared here. */
const range = (cidr: string): readonly [number, number] | undefined => {
	const [address = '', length] = cidr.split('/');
	if (address.includes(':')) return undefined;
	return [address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0), Number(length)];
};

const within = (inner: string, outer: string): boolean => {
	const [a, b] = [range(inner), range(outer)];
	if (!a || !b) return inner.includes(':') === outer.includes(':');
	const block = 2 ** (32 - b[1]);
	return a[1] > b[1] && Math.floor(a[0] / block) === Math.floor(b[0] / block);
};

const ipBlock = (block: Draft, field: string, { minor }: Context): FieldError[] => {
	const words = minor < 31 ? 'not a valid CIDR' : 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
	const cidr = text(block, 'cidr') ?? '';
	if (cidr === '') return [required(`${field}.cidr`)];
	if (!isCidr(cidr)) return [invalidValue(`${field}.cidr`, cidr, words)];
	return texts(block, 'except').flatMap((except, i) => {
		const here = `${field}.except[${i}]`;
		if (!isCidr(except)) return [invalidValue(here, except, words)];
		return within(except, cidr) ? [] : [invalidValue(here, except, 'must be a strict subset of `cidr`')];
	});
};

const PEERS = ['podSelector', 'namespaceSelector', 'ipBlock'];
const TYPES = ['Ingress', 'Egress'];

/** ValidateNetworkPolicySpec() */
export const policyErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors = selectorErrors(spec.podSelector, 'spec.podSelector', context);
	for (const [way, peers] of [
		['ingress', 'from'],
		['egress', 'to'],
	] as const)
		for (const [i, rule] of subs(spec, way).entries()) {
			const here = `spec.${way}[${i}]`;
			errors.push(...subs(rule, 'ports').flatMap((port, j) => policyPort(port, `${here}.ports[${j}]`)));
			for (const [j, peer] of subs(rule, peers).entries()) {
				const at = `${here}.${peers}[${j}]`;
				for (const key of ['podSelector', 'namespaceSelector'])
					errors.push(...selectorErrors(peer[key], `${at}.${key}`, context));
				if (isRecord(peer.ipBlock)) errors.push(...ipBlock(peer.ipBlock, `${at}.ipBlock`, context));
				const count = given(peer, PEERS).length;
				if (count === 0) errors.push(required(at, 'must specify a peer'));
				else if (count > 1 && isRecord(peer.ipBlock))
					errors.push(fieldForbidden(at, 'may not specify both ipBlock and another peer'));
			}
		}
	for (const [i, type] of texts(spec, 'policyTypes').entries())
		if (!TYPES.includes(type)) errors.push(notSupported(`spec.policyTypes[${i}]`, type, TYPES));
	return errors;
};

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const WILDCARD_TEXT = `a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.${SUBDOMAIN}')`;

const hostErrors = (host: string, field: string): FieldError[] => {
	if (host.includes('*'))
		return new RegExp(`^\\*\\.${SUBDOMAIN}$`).test(host) ? [] : [invalidValue(field, host, WILDCARD_TEXT)];
	return [
		...(parseIp(host) === undefined ? [] : [invalidValue(field, host, 'must be a DNS name, not an IP address')]),
		...nameErrors(host).map((why) => invalidValue(field, host, why)),
	];
};

const backend = (of: Draft, field: string): FieldError[] => {
	const [resource, service] = [isRecord(of.resource), isRecord(of.service)];
	if (resource && service) return [invalidValue(field, '', 'cannot set both resource and service backends')];
	if (resource) return [];
	if (!service) return [invalidValue(field, '', 'resource or service backend is required')];
	const errors: FieldError[] = [];
	const name = text(of, 'service', 'name') ?? '';
	if (name === '') errors.push(required(`${field}.service.name`));
	else errors.push(...nameErrors(name, 'label1035').map((why) => invalidValue(`${field}.service.name`, name, why)));
	const port = text(of, 'service', 'port', 'name') ?? '';
	const num = number(of, 'service', 'port', 'number') ?? 0;
	if (port !== '' && num !== 0) errors.push(invalidValue(field, '', 'cannot set both port name & port number'));
	else if (port !== '')
		errors.push(...portNameErrors(port).map((why) => invalidValue(`${field}.service.port.name`, port, why)));
	else if (num === 0) errors.push(required(field, 'port name or number is required'));
	else if (!isPort(num)) errors.push(invalidValue(`${field}.service.port.number`, num, PORT_TEXT));
	return errors;
};

const SEQUENCES = ['//', '/./', '/../', '%2f', '%2F'];

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];

const pathErrors = (path: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const where = text(path, 'path') ?? '';
	const here = `${field}.path`;
	const type = text(path, 'pathType');
	if (type === undefined) return [required(`${field}.pathType`, 'pathType must be specified')];
	const open = type === 'ImplementationSpecific';
	if (!PATH_TYPES.includes(type)) errors.push(notSupported(`${field}.pathType`, type, PATH_TYPES));
	else if (!where.startsWith('/') && !(open && where === ''))
		errors.push(invalidValue(here, where, 'must be an absolute path'));
	if (PATH_TYPES.includes(type) && !open) {
		for (const part of SEQUENCES)
			if (where.includes(part)) errors.push(invalidValue(here, where, `must not contain '${part}'`));
		for (const end of ['/..', '/.'])
			if (where.endsWith(end)) errors.push(invalidValue(here, where, `cannot end with '${end}'`));
	}
	return [...errors, ...backend(sub(path, 'backend'), `${field}.backend`)];
};

/** No rules: servers before 1.34 print Go's notation of it. */
const noRules = (spec: Draft): FieldError[] => {
	if (subs(spec, 'rules').length > 0 || isRecord(spec.defaultBackend)) return [];
	const why = 'either `defaultBackend` or `rules` must be specified';
	return [
		{
			field: 'spec',
			message: `Invalid value: null: ${why}`,
			go: `Invalid value: []networking.IngressRule(nil): ${why}`,
		},
	];
};

/** ValidateIngressSpec() */
export const ingressErrors = (object: Draft): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors = noRules(spec);
	if (isRecord(spec.defaultBackend)) errors.push(...backend(spec.defaultBackend, 'spec.defaultBackend'));
	for (const [i, rule] of subs(spec, 'rules').entries()) {
		const here = `spec.rules[${i}]`;
		const host = text(rule, 'host') ?? '';
		if (host !== '') errors.push(...hostErrors(host, `${here}.host`));
		if (!isRecord(rule.http)) continue;
		const paths = subs(rule, 'http', 'paths');
		if (paths.length === 0) errors.push(required(`${here}.http.paths`));
		errors.push(...paths.flatMap((path, j) => pathErrors(path, `${here}.http.paths[${j}]`)));
	}
	for (const [i, tls] of subs(spec, 'tls').entries())
		errors.push(...texts(tls, 'hosts').flatMap((host, j) => hostErrors(host, `spec.tls[${i}].hosts[${j}]`)));
	const name = text(spec, 'ingressClassName');
	return name === undefined ? errors : [...errors, ...named(name, 'spec.ingressClassName')];
};

/** validateIngressClassSpec() */
export const ingressClassErrors = (object: Draft): FieldError[] => {
	const field = 'spec.controller';
	const controller = text(object, 'spec', 'controller') ?? '';
	const errors: FieldError[] = [];
	const [host = '', path = ''] = [controller.split('/')[0], controller.slice(controller.indexOf('/') + 1)];
	if (controller === '') errors.push(required(field));
	else if (!controller.includes('/') || host === '' || path === '')
		errors.push(invalidValue(field, controller, 'must be a domain-prefixed path (such as "acme.io/foo")'));
	else {
		errors.push(...nameErrors(host).map((why) => invalidValue(field, host, why)));
		if (!/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(path))
			errors.push(invalidValue(field, path, `Invalid path ${PATH_TEXT}`));
	}
	const parameters = sub(object, 'spec').parameters;
	if (!isRecord(parameters)) return errors;
	for (const key of ['kind', 'name']) if (!text(parameters, key)) errors.push(required(`spec.parameters.${key}`));
	return errors;
};

const PATH_TEXT = "(regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";
