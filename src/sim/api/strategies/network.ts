/** Endpoints, slices, Ingress and NetworkPolicy. Source: kubernetes pkg/apis/{core,discovery,networking} @ v1.24.0. */
import { type Draft, fill, sub, subs, texts, within } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { invalidValue } from '../status.ts';
import type { Context, Strategy } from '../strategy.ts';

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

/** Neither the field nor the old annotation says which class it is of. */
const asksForClass = (object: Draft): boolean =>
	sub(object, 'spec').ingressClassName === undefined &&
	sub(object, 'metadata', 'annotations')['kubernetes.io/ingress.class'] === undefined;

/** The newest first (plugin/pkg/admission/network/defaultingressclass @ v1.33.0); before 1.26 there may be one only. */
const defaultClasses = ({ list }: Context): readonly ApiObject[] =>
	list('ingressclasses')
		.filter(({ metadata: { annotations } }) => annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true')
		.sort(({ metadata: a }, { metadata: b }) =>
			a.creationTimestamp === b.creationTimestamp
				? a.name < b.name
					? -1
					: 1
				: a.creationTimestamp < b.creationTimestamp
					? 1
					: -1,
		);

const ingress: Strategy = {
	counts: true,
	status: true,
	initialStatus: () => ({ loadBalancer: {} }),
	admit: (object, context) => {
		const { length } = asksForClass(object) ? defaultClasses(context) : [];
		return length > 1 && context.minor < 26
			? `Internal error occurred: ${length} default IngressClasses were found, only 1 allowed`
			: undefined;
	},
	admission(object, context) {
		if (asksForClass(object))
			fill(within(object, 'spec'), 'ingressClassName', defaultClasses(context)[0]?.metadata.name);
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
