/**
 * Services. Source: kubernetes pkg/apis/core/validation/validation.go ValidateService() @ v1.24.0; where minors part,
 * the same @ v1.26.0 and @ v1.31.0.
 */
import { parseIp } from '../../wire/index.ts';
import { type Draft, isEmpty, number, sub, subs, text, texts } from '../json.ts';
import { validateLabels } from '../meta.ts';
import { duplicate, type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { IP_TEXT, ipErrors, isCidr, named, oneOf, portNumber, portOrName } from './parts.ts';
import { labelName } from './selectors.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const POLICIES = ['Cluster', 'Local'];
const external = (spec: Draft): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer';

/** ValidateNonSpecialIP() */
export const specialIp = (address: string, field: string): FieldError[] => {
	const ip = parseIp(address);
	const first = ip === undefined ? -1 : Math.floor(ip / 2 ** 24);
	const two = ip === undefined ? -1 : Math.floor(ip / 2 ** 16);
	const low = address.toLowerCase();
	const bad = (why: string): FieldError[] => [invalidValue(field, address, why)];
	if (ip === 0 || low === '::') return bad(`may not be unspecified (${address})`);
	if (first === 127 || low === '::1') return bad('may not be in the loopback range (127.0.0.0/8, ::1/128)');
	if (two === 169 * 256 + 254 || /^fe[89ab][0-9a-f]:/.test(low))
		return bad('may not be in the link-local range (169.254.0.0/16, fe80::/10)');
	if ((ip !== undefined && Math.floor(ip / 256) === 224 * 65536) || /^ff.2:/.test(low))
		return bad('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
	return [];
};

const portErrors = (port: Draft, here: string, several: boolean, names: Set<string>): FieldError[] => {
	const errors: FieldError[] = [];
	const name = text(port, 'name') ?? '';
	if (name === '') {
		if (several) errors.push(required(`${here}.name`));
	} else {
		errors.push(...named(name, `${here}.name`, 'label'));
		if (names.has(name)) errors.push(duplicate(`${here}.name`, name));
		names.add(name);
	}
	errors.push(...portNumber(port.port, `${here}.port`), ...oneOf(`${here}.protocol`, port.protocol, PROTOCOLS));
	errors.push(...portOrName(port.targetPort, `${here}.targetPort`));
	const protocol = text(port, 'appProtocol');
	return protocol === undefined ? errors : [...errors, ...labelName(protocol, `${here}.appProtocol`)];
};

/** What its type forbids. */
const byType = (spec: Draft): FieldError[] => {
	const errors: FieldError[] = [];
	const first = 'spec.clusterIPs[0]';
	if (spec.type === 'LoadBalancer')
		for (const [i, port] of subs(spec, 'ports').entries())
			if (port.port === 10250)
				errors.push(
					invalidValue(`spec.ports[${i}]`, 10250, 'may not expose port 10250 externally since it is used by kubelet'),
				);
	if (external(spec) && spec.clusterIP === 'None')
		errors.push(invalidValue(first, 'None', `may not be set to 'None' for ${String(spec.type)} services`));
	if (spec.type !== 'ExternalName') return errors;
	const words = 'may not be set for ExternalName services';
	if (!isEmpty(spec.clusterIPs) || !isEmpty(spec.clusterIP)) errors.push(fieldForbidden('spec.clusterIPs', words));
	if (!isEmpty(spec.ipFamilies)) errors.push(fieldForbidden('spec.ipFamilies', words));
	if (spec.ipFamilyPolicy !== undefined) errors.push(fieldForbidden('spec.ipFamilyPolicy', words));
	const target = (text(spec, 'externalName') ?? '').replace(/\.$/, '');
	return [...errors, ...(target === '' ? [required('spec.externalName')] : named(target, 'spec.externalName'))];
};

const affinity = (spec: Draft): FieldError[] => {
	const config = 'spec.sessionAffinityConfig';
	const errors = oneOf('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']);
	if (spec.sessionAffinity === 'None' && spec.sessionAffinityConfig !== undefined)
		errors.push(fieldForbidden(config, 'must not be set when session affinity is None'));
	if (spec.sessionAffinity !== 'ClientIP') return errors;
	const timeout = number(spec, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds') ?? 10800;
	if (timeout <= 0 || timeout > 86400)
		errors.push(
			invalidValue(`${config}.clientIP.timeoutSeconds`, timeout, 'must be greater than 0 and less than 86400'),
		);
	return errors;
};

const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

/** ValidateServiceClusterIPsRelatedFields() */
const addresses = (spec: Draft): FieldError[] => {
	if (spec.type === 'ExternalName') return [];
	const errors: FieldError[] = [];
	const ips = texts(spec, 'clusterIPs');
	const ip = text(spec, 'clusterIP') ?? '';
	if (ip !== '' && ips.length > 0 && ips[0] !== ip)
		errors.push(invalidValue('spec.clusterIPs', ips, 'first value must match `clusterIP`'));
	if (ip === '' && ips.length > 0)
		errors.push(invalidValue('spec.clusterIPs', ips, 'must be empty when `clusterIP` is not specified'));
	const seen = new Set<string>();
	for (const [i, family] of texts(spec, 'ipFamilies').entries()) {
		errors.push(...oneOf(`spec.ipFamilies[${i}]`, family, ['IPv4', 'IPv6']));
		if (seen.has(family)) errors.push(duplicate(`spec.ipFamilies[${i}]`, family));
		seen.add(family);
	}
	errors.push(...oneOf('spec.ipFamilyPolicy', spec.ipFamilyPolicy, FAMILY_POLICIES));
	const all = ips.length > 0 ? ips : ip === '' ? [] : [ip];
	for (const [i, address] of all.entries()) {
		if (i === 0 && address === 'None') {
			if (all.length > 1) errors.push(invalidValue('spec.clusterIPs', all, "'None' must be the first and only value"));
		} else errors.push(...ipErrors(address, `spec.clusterIPs[${i}]`));
	}
	if (all.length > 2) errors.push(invalidValue('spec.clusterIPs', all, 'may only hold up to 2 values'));
	const clear = all.every((address, i) => ipErrors(address, '').length === 0 || (i === 0 && address === 'None'));
	if (clear && all.length === 2 && all[0]!.includes(':') === all[1]!.includes(':'))
		errors.push(invalidValue('spec.clusterIPs', all, 'may specify no more than one IP for each IP family'));
	if (!clear || all[0] === 'None') return errors;
	for (const [i, address] of all.entries()) {
		const family = texts(spec, 'ipFamilies')[i];
		const its = address.includes(':') ? 'IPv6' : 'IPv4';
		const other = its === 'IPv4' ? 'IPv6' : 'IPv4';
		if (family === other)
			errors.push(
				invalidValue(
					`spec.clusterIPs[${i}]`,
					address,
					`expected an ${other} value as indicated by \`ipFamilies[${i}]\``,
				),
			);
	}
	return errors;
};

/** A core.ServicePort with protocol and port only: servers before 1.34 print the struct, later ones its fields as JSON. */
const onlyPort = ({ protocol, port }: Draft): { readonly message: string; readonly go: string } => ({
	message: `Duplicate value: {"Name":"","Protocol":${JSON.stringify(protocol)},"AppProtocol":null,"Port":${String(port)},"TargetPort":0,"NodePort":0}`,
	go: `Duplicate value: core.ServicePort{Name:"", Protocol:${JSON.stringify(protocol)}, AppProtocol:(*string)(nil), Port:${String(port)}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`,
});

const repeated = (spec: Draft): FieldError[] => {
	const errors: FieldError[] = [];
	const ports = subs(spec, 'ports');
	if (spec.type === 'ClusterIP')
		for (const [i, port] of ports.entries())
			if (port.nodePort)
				errors.push(fieldForbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
	const seen = new Set<string>();
	for (const [i, { nodePort, protocol }] of ports.entries()) {
		if (!nodePort) continue;
		const key = `${protocol}/${nodePort}`;
		if (seen.has(key)) errors.push(duplicate(`spec.ports[${i}].nodePort`, nodePort));
		seen.add(key);
	}
	const numbers = new Set<string>();
	for (const [i, port] of ports.entries()) {
		const key = `${port.protocol}/${port.port}`;
		if (numbers.has(key)) errors.push({ field: `spec.ports[${i}]`, ...onlyPort(port) });
		numbers.add(key);
	}
	return errors;
};

const CIDR_TEXT = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const CIDRS_TEXT = 'must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 ';

/** Upstream's path begins with a capital letter. */
const sourceRanges = (spec: Draft, minor: number): FieldError[] => {
	const ranges = texts(spec, 'loadBalancerSourceRanges');
	if (ranges.length === 0) return [];
	const field = 'spec.LoadBalancerSourceRanges';
	const errors: FieldError[] = [];
	if (spec.type !== 'LoadBalancer')
		errors.push(fieldForbidden(field, "may only be used when `type` is 'LoadBalancer'"));
	const wrong = ranges.map((range) => range.trim()).filter((range) => !isCidr(range));
	if (minor >= 31)
		for (const [i, range] of ranges.entries())
			if (!isCidr(range.trim())) errors.push(invalidValue(`${field}[${i}]`, range.trim(), CIDR_TEXT));
	if (minor < 31 && wrong.length > 0) errors.push(invalidValue(field, `[${ranges.join(' ')}]`, CIDRS_TEXT));
	return errors;
};

const BALANCED = "may only be used when `type` is 'LoadBalancer'";

const balancer = (spec: Draft): FieldError[] => {
	const errors: FieldError[] = [];
	const { loadBalancerClass: name } = spec;
	if (spec.allocateLoadBalancerNodePorts !== undefined && spec.type !== 'LoadBalancer')
		errors.push(fieldForbidden('spec.allocateLoadBalancerNodePorts', BALANCED));
	if (name === undefined) return errors;
	return [
		...errors,
		...(spec.type === 'LoadBalancer'
			? labelName(String(name), 'spec.loadBalancerClass')
			: [fieldForbidden('spec.loadBalancerClass', BALANCED)]),
	];
};

const policies = (spec: Draft, minor: number): FieldError[] => {
	const errors: FieldError[] = [];
	const { externalTrafficPolicy: outside, healthCheckNodePort: check } = spec;
	const field = 'spec.externalTrafficPolicy';
	const open = external(spec) || (minor >= 26 && texts(spec, 'externalIPs').length > 0);
	if (outside !== undefined) {
		if (minor < 26 && !POLICIES.includes(String(outside)))
			errors.push(invalidValue(field, outside, 'ExternalTrafficPolicy must be empty, Cluster or Local'));
		if (!open)
			errors.push(
				invalidValue(
					field,
					outside,
					minor < 26
						? 'ExternalTrafficPolicy can only be set on NodePort and LoadBalancer service'
						: 'may only be set for externally-accessible services',
				),
			);
		else if (minor >= 26) errors.push(...oneOf(field, outside, POLICIES));
	}
	if (check && !(spec.type === 'LoadBalancer' && outside === 'Local'))
		errors.push(
			invalidValue(
				'spec.healthCheckNodePort',
				check,
				minor < 26
					? 'HealthCheckNodePort can only be set on LoadBalancer service with ExternalTrafficPolicy=Local'
					: "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
			),
		);
	errors.push(...oneOf('spec.internalTrafficPolicy', spec.internalTrafficPolicy, POLICIES));
	// PreferSameTrafficDistribution, on by default from 1.34.
	const near = ['PreferClose', ...(minor >= 34 ? ['PreferSameNode', 'PreferSameZone'] : [])];
	return [...errors, ...oneOf('spec.trafficDistribution', spec.trafficDistribution, near)];
};

/** ValidateService(), and before it what an allocator refuses to begin with (initIPFamilyFields()). */
export const serviceErrors = (object: Draft, { minor }: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	const linked = addresses(spec);
	if (linked.length > 0) return linked;
	const ports = subs(spec, 'ports');
	const errors: FieldError[] = [];
	if (ports.length === 0 && spec.clusterIP !== 'None' && spec.type !== 'ExternalName')
		errors.push(required('spec.ports'));
	errors.push(...byType(spec));
	const names = new Set<string>();
	for (const [i, port] of ports.entries())
		errors.push(...portErrors(port, `spec.ports[${i}]`, ports.length > 1, names));
	errors.push(...validateLabels(spec.selector, 'spec.selector'), ...affinity(spec));
	for (const [i, address] of texts(spec, 'externalIPs').entries()) {
		const here = `spec.externalIPs[${i}]`;
		const faults = ipErrors(address, here, IP_TEXT);
		errors.push(...(faults.length > 0 ? faults : specialIp(address, here)));
	}
	if (!TYPES.includes(String(spec.type))) errors.push(notSupported('spec.type', spec.type, TYPES));
	errors.push(...repeated(spec), ...sourceRanges(spec, minor), ...balancer(spec));
	return [...errors, ...policies(spec, minor)];
};
