/** Endpoints, slices, Ingress and NetworkPolicy. Source: kubernetes pkg/apis/{core,discovery,networking} @ v1.24.0. */
import { type Draft, fill, subs, texts, within } from '../json.ts';
import { invalidValue } from '../status.ts';
import type { Strategy } from '../strategy.ts';

const policyTypes = (spec: Draft): readonly string[] => [
	'Ingress',
	...(Array.isArray(spec.egress) && spec.egress.length > 0 ? ['Egress'] : []),
];

const networkPolicy: Strategy = {
	counts: true,
	defaults(object) {
		const spec = within(object, 'spec');
		for (const way of ['ingress', 'egress'])
			for (const rule of subs(spec, way)) for (const port of subs(rule, 'ports')) fill(port, 'protocol', 'TCP');
		if (texts(spec, 'policyTypes').length === 0) spec.policyTypes = policyTypes(spec);
		fill(spec, 'podSelector', {});
	},
};

const ingress: Strategy = {
	counts: true,
	status: true,
	initialStatus: () => ({ loadBalancer: {} }),
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
};

export const networkStrategies: Readonly<Record<string, Strategy>> = {
	Endpoints: endpoints,
	EndpointSlice: endpointSlice,
	Ingress: ingress,
	IngressClass: { counts: true },
	NetworkPolicy: networkPolicy,
};
