/**
 * Services. Source: kubernetes pkg/apis/core/v1/defaults.go, pkg/registry/core/service/{strategy.go,storage},
 * pkg/apis/core/validation/validation.go (ValidateService) @ v1.24.0.
 */
import { clone, type Draft, fill, isEmpty, isRecord, sub, subs, texts, within } from '../json.ts';
import type { Strategy } from '../strategy.ts';
import { allocateService } from './service-allocate.ts';
import { keepService, openToOthers, serviceChanges } from './service-update.ts';

/** SetDefaults_Service() */
const plainDefaults = (object: Draft, minor: number): void => {
	const spec = within(object, 'spec');
	fill(spec, 'sessionAffinity', 'None');
	if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
	if (spec.sessionAffinity === 'ClientIP') {
		const client = within(within(spec, 'sessionAffinityConfig'), 'clientIP');
		fill(client, 'timeoutSeconds', 10800);
	}
	fill(spec, 'type', 'ClusterIP');
	for (const port of subs(spec, 'ports')) {
		fill(port, 'protocol', 'TCP');
		if (isEmpty(port.targetPort)) port.targetPort = port.port;
	}
	if (openToOthers(spec, minor)) fill(spec, 'externalTrafficPolicy', 'Cluster');
	if (spec.type !== 'ExternalName') fill(spec, 'internalTrafficPolicy', 'Cluster');
	if (spec.type === 'LoadBalancer') fill(spec, 'allocateLoadBalancerNodePorts', true);
};

/** The same, and what an allocator sets before it hands anything out (normalizeClusterIPs(), initIPFamilyFields()). */
const defaults = (object: Draft, minor: number): void => {
	plainDefaults(object, minor);
	const spec = within(object, 'spec');
	if (spec.type === 'ExternalName') return;
	if (!isEmpty(spec.clusterIP) && isEmpty(spec.clusterIPs)) spec.clusterIPs = [spec.clusterIP];
	// Nobody but whoever writes its endpoints knows what a headless service without a selector leads to.
	const anything = spec.clusterIP === 'None' && Object.keys(sub(spec, 'selector')).length === 0;
	fill(spec, 'ipFamilyPolicy', anything ? 'RequireDualStack' : 'SingleStack');
	fill(spec, 'ipFamilies', ['IPv4']);
	const [family, second] = texts(spec, 'ipFamilies');
	if (anything && spec.ipFamilyPolicy !== 'SingleStack' && second === undefined)
		spec.ipFamilies = [family, family === 'IPv4' ? 'IPv6' : 'IPv4'];
};

export const serviceStrategy: Strategy = {
	status: true,
	name: 'label1035',
	initialStatus: () => ({ loadBalancer: {} }),
	defaults: (object, context) => defaults(object, context.minor),
	changesFirst: true,
	// What a writer may leave out has its defaults before it is compared with what was.
	keep: (object, old, context) => {
		plainDefaults(object, context.minor);
		keepService(object, old, context.minor);
	},
	validateUpdate: serviceChanges,
	allocate: (object, old, context) => {
		if (isRecord(object.spec)) object.spec = clone(object.spec);
		return allocateService(object, old, context);
	},
};
