/**
 * Services. Source: kubernetes pkg/apis/core/v1/defaults.go, pkg/registry/core/service/{strategy.go,storage},
 * pkg/apis/core/validation/validation.go (ValidateService) @ v1.24.0.
 */
import { parseInterface, parseIp } from '../../wire/index.ts';
import { clone, type Draft, equal, fill, isEmpty, isRecord, number, sub, subs, text, texts, within } from '../json.ts';
import { nameErrors, validateLabels } from '../meta.ts';
import type { ApiObject } from '../object.ts';
import { duplicate, type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Strategy } from '../strategy.ts';
import { isPort, PORT_TEXT, portNameErrors } from './pod-validate.ts';
import { allocateService } from './service-allocate.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
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

const IP_TEXT = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const IP_TEXT_OLD = 'must be a valid IP address, (e.g. 10.9.8.7)';

const isIp = (value: string): boolean => parseIp(value) !== undefined || /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(value);

const validatePort = (port: Draft, here: string, several: boolean, names: Set<string>): FieldError[] => {
	const errors: FieldError[] = [];
	const name = text(port, 'name') ?? '';
	if (name === '') {
		if (several) errors.push(required(`${here}.name`));
	} else {
		for (const why of nameErrors(name, 'label')) errors.push(invalidValue(`${here}.name`, name, why));
		if (names.has(name)) errors.push(duplicate(`${here}.name`, name));
		names.add(name);
	}
	if (!isPort(port.port)) errors.push(invalidValue(`${here}.port`, port.port ?? 0, PORT_TEXT));
	if (!PROTOCOLS.includes(String(port.protocol)))
		errors.push(notSupported(`${here}.protocol`, port.protocol, PROTOCOLS));
	const target = port.targetPort;
	if (typeof target === 'number' && !isPort(target)) errors.push(invalidValue(`${here}.targetPort`, target, PORT_TEXT));
	if (typeof target === 'string')
		for (const why of portNameErrors(target)) errors.push(invalidValue(`${here}.targetPort`, target, why));
	return errors;
};

const validate = (object: Draft, minor: number): FieldError[] => {
	const spec = sub(object, 'spec');
	const errors: FieldError[] = [];
	const ports = subs(spec, 'ports');
	const headless = spec.clusterIP === 'None';
	if (ports.length === 0 && !headless && spec.type !== 'ExternalName') errors.push(required('spec.ports'));
	if (spec.type === 'LoadBalancer' && headless)
		errors.push(invalidValue('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services"));
	if (spec.type === 'NodePort' && headless)
		errors.push(invalidValue('spec.clusterIPs[0]', 'None', "may not be set to 'None' for NodePort services"));
	if (spec.type === 'ExternalName') {
		const target = (text(spec, 'externalName') ?? '').replace(/\.$/, '');
		if (target === '') errors.push(required('spec.externalName'));
		else for (const why of nameErrors(target)) errors.push(invalidValue('spec.externalName', target, why));
		if (!isEmpty(spec.clusterIP))
			errors.push(fieldForbidden('spec.clusterIPs', 'may not be set for ExternalName services'));
	}
	const names = new Set<string>();
	for (const [i, port] of ports.entries())
		errors.push(...validatePort(port, `spec.ports[${i}]`, ports.length > 1, names));
	errors.push(...validateLabels(spec.selector, 'spec.selector'));
	if (!['ClientIP', 'None'].includes(String(spec.sessionAffinity)))
		errors.push(notSupported('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']));
	const timeout = number(spec, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds');
	if (timeout !== undefined && (timeout <= 0 || timeout > 86400))
		errors.push(
			invalidValue(
				'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
				timeout,
				'must be greater than 0 and less than 86400',
			),
		);
	const ip = text(spec, 'clusterIP');
	if (ip !== undefined && ip !== '' && ip !== 'None' && !isIp(ip))
		errors.push(invalidValue('spec.clusterIPs[0]', ip, minor >= 24 ? IP_TEXT : IP_TEXT_OLD));
	for (const [i, address] of texts(spec, 'externalIPs').entries())
		if (!isIp(address)) errors.push(invalidValue(`spec.externalIPs[${i}]`, address, IP_TEXT));
	if (!TYPES.includes(String(spec.type))) errors.push(notSupported('spec.type', spec.type, TYPES));
	const seen = new Set<string>();
	const nodePorts = new Set<string>();
	for (const [i, port] of ports.entries()) {
		if (!external(spec) && number(port, 'nodePort'))
			errors.push(
				fieldForbidden(`spec.ports[${i}].nodePort`, `may not be used when \`type\` is '${String(spec.type)}'`),
			);
		const key = `${port.protocol}/${port.port}`;
		if (seen.has(key)) errors.push(duplicate(`spec.ports[${i}]`, portOnly(port), goPort(port)));
		seen.add(key);
		const node = `${port.protocol}/${port.nodePort}`;
		if (number(port, 'nodePort') && nodePorts.has(node))
			errors.push(duplicate(`spec.ports[${i}].nodePort`, port.nodePort));
		nodePorts.add(node);
	}
	if (!isEmpty(spec.loadBalancerSourceRanges)) {
		if (spec.type !== 'LoadBalancer')
			errors.push(fieldForbidden('spec.LoadBalancerSourceRanges', "may only be used when `type` is 'LoadBalancer'"));
		for (const [i, range] of texts(spec, 'loadBalancerSourceRanges').entries())
			if ((!range.includes('/') || parseInterface(range.trim()) === undefined) && !range.includes(':'))
				errors.push(
					invalidValue(
						`spec.loadBalancerSourceRanges[${i}]`,
						range,
						'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
					),
				);
	}
	errors.push(...validatePolicies(spec, minor));
	return errors;
};

const POLICIES = ['Cluster', 'Local'];

const validatePolicies = (spec: Draft, minor: number): FieldError[] => {
	const errors: FieldError[] = [];
	const outside = spec.externalTrafficPolicy;
	const field = 'spec.externalTrafficPolicy';
	if (outside !== undefined && minor < 26) {
		if (!POLICIES.includes(String(outside)))
			errors.push(invalidValue(field, outside, 'ExternalTrafficPolicy must be empty, Cluster or Local'));
		if (!external(spec))
			errors.push(
				invalidValue(field, outside, 'ExternalTrafficPolicy can only be set on NodePort and LoadBalancer service'),
			);
	} else if (outside !== undefined) {
		if (!external(spec) && texts(spec, 'externalIPs').length === 0)
			errors.push(
				invalidValue('spec.externalTrafficPolicy', outside, 'may only be set for externally-accessible services'),
			);
		else if (!POLICIES.includes(String(outside)))
			errors.push(notSupported('spec.externalTrafficPolicy', outside, POLICIES));
	}
	const inside = spec.internalTrafficPolicy;
	if (inside !== undefined && !POLICIES.includes(String(inside)))
		errors.push(notSupported('spec.internalTrafficPolicy', inside, POLICIES));
	return errors;
};

/** A core.ServicePort with protocol and port only, as Go prints it. */
const goPort = ({ protocol, port }: Draft): string =>
	`core.ServicePort{Name:"", Protocol:${JSON.stringify(protocol)}, AppProtocol:(*string)(nil), Port:${String(port)}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`;

const portOnly = (port: Draft): Draft => ({ port: port.port, protocol: port.protocol });

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
	validate: (object, context) => validate(object, context.minor),
	validateUpdate,
	allocate: (object, old, context) => {
		if (isRecord(object.spec)) object.spec = clone(object.spec);
		return allocateService(object, old, context);
	},
};
