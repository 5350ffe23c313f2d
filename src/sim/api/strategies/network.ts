/** Endpoints, slices, Ingress and NetworkPolicy. Source: kubernetes pkg/apis/{core,discovery,networking} @ v1.24.0. */
import { type Draft, fill, isRecord, number, sub, subs, text, texts, within } from '../json.ts';
import { type FieldError, invalidValue, notSupported, required } from '../status.ts';
import type { Strategy } from '../strategy.ts';
import { isPort, PORT_TEXT } from './pod-validate.ts';

const policyTypes = (spec: Draft): readonly string[] => [
	'Ingress',
	...(Array.isArray(spec.egress) && spec.egress.length > 0 ? ['Egress'] : []),
];

const validatePolicyPorts = (spec: Draft): FieldError[] => {
	const errors: FieldError[] = [];
	for (const [way, peer] of [
		['ingress', 'from'],
		['egress', 'to'],
	] as const)
		for (const [i, rule] of subs(spec, way).entries()) {
			for (const [j, port] of subs(rule, 'ports').entries()) {
				const here = `spec.${way}[${i}].ports[${j}]`;
				if (typeof port.port === 'number' && !isPort(port.port))
					errors.push(invalidValue(`${here}.port`, port.port, PORT_TEXT));
				const end = number(port, 'endPort');
				if (end !== undefined && typeof port.port === 'number' && end < port.port)
					errors.push(invalidValue(`${here}.endPort`, end, 'must be greater than or equal to `port`'));
			}
			for (const [j, item] of subs(rule, peer).entries()) {
				const here = `spec.${way}[${i}].${peer}[${j}]`;
				if (Object.keys(item).length === 0) errors.push(required(here, 'must specify a peer'));
				else if (item.ipBlock !== undefined && Object.keys(item).length > 1)
					errors.push({ field: here, message: 'Forbidden: may not specify both ipBlock and another peer' });
			}
		}
	return errors;
};

const networkPolicy: Strategy = {
	counts: true,
	defaults(object) {
		const spec = within(object, 'spec');
		for (const way of ['ingress', 'egress'])
			for (const rule of subs(spec, way)) for (const port of subs(rule, 'ports')) fill(port, 'protocol', 'TCP');
		if (texts(spec, 'policyTypes').length === 0) spec.policyTypes = policyTypes(spec);
		fill(spec, 'podSelector', {});
	},
	validate: (object) => validatePolicyPorts(sub(object, 'spec')),
};

const ingress: Strategy = {
	counts: true,
	status: true,
	initialStatus: () => ({ loadBalancer: {} }),
	validate(object) {
		const spec = sub(object, 'spec');
		if (subs(spec, 'rules').length === 0 && !isRecord(spec.defaultBackend))
			return [invalidValue('spec', spec, 'either `defaultBackend` or `rules` must be specified')];
		const errors: FieldError[] = [];
		const types = ['Exact', 'ImplementationSpecific', 'Prefix'];
		for (const [i, rule] of subs(spec, 'rules').entries())
			for (const [j, path] of subs(rule, 'http', 'paths').entries()) {
				const here = `spec.rules[${i}].http.paths[${j}]`;
				const type = text(path, 'pathType');
				if (type === undefined) errors.push(required(`${here}.pathType`, 'pathType must be specified'));
				else if (!types.includes(type)) errors.push(notSupported(`${here}.pathType`, type, types));
				else if (type !== 'ImplementationSpecific' && !text(path, 'path')?.startsWith('/'))
					errors.push(invalidValue(`${here}.path`, path.path ?? '', 'must be an absolute path'));
			}
		return errors;
	},
};

const endpointSlice: Strategy = {
	counts: true,
	defaults(object) {
		// Both fields are always written, and what is stored cannot tell an empty list from none (protobuf).
		for (const field of ['endpoints', 'ports']) if (subs(object, field).length === 0) object[field] = null;
		for (const port of subs(object, 'ports')) {
			fill(port, 'name', '');
			fill(port, 'protocol', 'TCP');
		}
	},
	validate(object) {
		const types = ['FQDN', 'IPv4', 'IPv6'];
		if (object.addressType === undefined) return [required('addressType')];
		return types.includes(String(object.addressType)) ? [] : [notSupported('addressType', object.addressType, types)];
	},
	validateUpdate: (object, old) =>
		object.addressType === old.addressType
			? []
			: [invalidValue('addressType', object.addressType, 'field is immutable')],
};

const endpoints: Strategy = {
	defaults(object) {
		for (const subset of subs(object, 'subsets'))
			for (const port of subs(subset, 'ports')) fill(port, 'protocol', 'TCP');
	},
	validate(object) {
		const errors: FieldError[] = [];
		for (const [i, subset] of subs(object, 'subsets').entries())
			for (const [j, port] of subs(subset, 'ports').entries())
				if (!isPort(port.port)) errors.push(invalidValue(`subsets[${i}].ports[${j}].port`, port.port ?? 0, PORT_TEXT));
		return errors;
	},
};

export const networkStrategies: Readonly<Record<string, Strategy>> = {
	Endpoints: endpoints,
	EndpointSlice: endpointSlice,
	Ingress: ingress,
	IngressClass: { counts: true },
	NetworkPolicy: networkPolicy,
};
