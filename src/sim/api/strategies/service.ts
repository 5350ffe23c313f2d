/**
 * Services. Source: kubernetes pkg/apis/core/v1/defaults.go, pkg/registry/core/service/{strategy.go,storage},
 * pkg/apis/core/validation/validation.go (ValidateService) @ v1.24.0.
 */
import { clone, type Draft, equal, fill, isEmpty, isRecord, number, sub, subs, text, texts, within } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { type FieldError, invalidValue } from '../status.ts';
import type { Strategy } from '../strategy.ts';
import { allocateService } from './service-allocate.ts';

const external = (spec: Draft): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer';

const defaults = (object: Draft, minor: number): void => {
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
	const publicly =
		external(spec) || (minor >= 26 && spec.type === 'ClusterIP' && texts(spec, 'externalIPs').length > 0);
	if (publicly) fill(spec, 'externalTrafficPolicy', 'Cluster');
	if (spec.type !== 'ExternalName') {
		fill(spec, 'internalTrafficPolicy', 'Cluster');
		if (text(spec, 'clusterIP') === 'None') spec.clusterIPs = ['None'];
		fill(spec, 'ipFamilies', ['IPv4']);
		fill(spec, 'ipFamilyPolicy', 'SingleStack');
	}
	if (spec.type === 'LoadBalancer') fill(spec, 'allocateLoadBalancerNodePorts', true);
};

/** patchAllocatedValues and dropTypeDependentFields: what was handed out stays unless the type has no use for it. */
const keep = (object: Draft, old: ApiObject): void => {
	const spec = within(object, 'spec');
	const before = sub(old, 'spec');
	const type = text(spec, 'type') ?? 'ClusterIP';
	const was = text(before, 'type') ?? 'ClusterIP';
	const hasIp = (t: string): boolean => t !== 'ExternalName';
	if (hasIp(type) && hasIp(was)) {
		if (isEmpty(spec.clusterIP) && isEmpty(spec.clusterIPs)) {
			spec.clusterIP = before.clusterIP;
			spec.clusterIPs = before.clusterIPs;
		}
	} else if (hasIp(was) && spec.clusterIP === before.clusterIP) {
		for (const key of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'])
			delete spec[key];
	}
	const nodePorts = (t: string): boolean => t === 'NodePort' || t === 'LoadBalancer';
	if (nodePorts(type) && nodePorts(was)) {
		for (const port of subs(spec, 'ports')) {
			if (number(port, 'nodePort')) continue;
			const same = subs(before, 'ports').find(
				(other) => other.port === port.port && other.protocol === (port.protocol ?? 'TCP'),
			);
			const free = !subs(spec, 'ports').some(
				(other) => number(other, 'nodePort') === number(same, 'nodePort') && other.protocol === same?.protocol,
			);
			if (number(same, 'nodePort') && free) port.nodePort = same?.nodePort;
		}
	} else if (nodePorts(was)) {
		const held = (list: Draft): readonly unknown[] => subs(list, 'ports').map((port) => port.nodePort);
		if (equal(held(spec), held(before))) for (const port of subs(spec, 'ports')) delete port.nodePort;
		if (spec.externalTrafficPolicy === before.externalTrafficPolicy) delete spec.externalTrafficPolicy;
	}
	if (was === 'LoadBalancer' && type !== 'LoadBalancer') {
		for (const key of ['allocateLoadBalancerNodePorts', 'loadBalancerClass'])
			if (equal(spec[key], before[key])) delete spec[key];
	}
	const wantsCheck = type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
	if (wantsCheck && number(before, 'healthCheckNodePort'))
		fill(spec, 'healthCheckNodePort', before.healthCheckNodePort);
	if (!wantsCheck && spec.healthCheckNodePort === before.healthCheckNodePort) delete spec.healthCheckNodePort;
};

const validateUpdate = (object: Draft, old: ApiObject): readonly FieldError[] => {
	const spec = sub(object, 'spec');
	const before = text(old, 'spec', 'clusterIP');
	const type = text(old, 'spec', 'type');
	const balancer = text(old, 'spec', 'loadBalancerClass');
	if (type === 'LoadBalancer' && spec.type === 'LoadBalancer' && balancer !== text(spec, 'loadBalancerClass'))
		return [invalidValue('spec.loadBalancerClass', spec.loadBalancerClass, 'may not change once set')];
	if (type === 'ExternalName' || spec.type === 'ExternalName' || !before) return [];
	if (spec.clusterIP === before) return [];
	return [invalidValue('spec.clusterIPs[0]', [spec.clusterIP], 'may not change once set')];
};

export const serviceStrategy: Strategy = {
	status: true,
	name: 'label1035',
	initialStatus: () => ({ loadBalancer: {} }),
	defaults: (object, context) => defaults(object, context.minor),
	keep,
	validateUpdate,
	allocate: (object, old, context) => {
		if (isRecord(object.spec)) object.spec = clone(object.spec);
		return allocateService(object, old, context);
	},
};
