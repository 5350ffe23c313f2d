/**
 * Services that change: what was handed out stays, what a new type has no use for goes, and what may not change.
 *
 * Source: kubernetes pkg/registry/core/service/storage/storage.go (patchAllocatedValues, normalizeClusterIPs),
 * pkg/registry/core/service/strategy.go (dropTypeDependentFields), pkg/apis/core/validation/validation.go
 * (ValidateServiceUpdate) @ v1.24.0.
 */
import { type Draft, equal, fill, isEmpty, number, sub, subs, text, texts, within } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { type FieldError, fieldForbidden, invalidValue } from '../status.ts';

const hasIp = (spec: Draft): boolean => spec.type !== 'ExternalName';
const hasNodePorts = (spec: Draft): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer';
const hasCheck = (spec: Draft): boolean => spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';

/** ExternallyAccessible(); before 1.26 that went by the type alone. */
export const openToOthers = (spec: Draft, minor: number): boolean =>
	hasNodePorts(spec) || (minor >= 26 && spec.type === 'ClusterIP' && texts(spec, 'externalIPs').length > 0);

/** patchAllocatedValues(): ports are told apart by their names, so one without a name may change its number. */
const takeOver = (spec: Draft, before: Draft): void => {
	if (hasIp(spec) && hasIp(before))
		for (const key of ['clusterIP', 'clusterIPs']) if (isEmpty(spec[key])) spec[key] = before[key];
	if (hasNodePorts(spec) && hasNodePorts(before)) {
		const held = (of: Draft): readonly unknown[] => subs(of, 'ports').map((port) => number(port, 'nodePort'));
		const asked = held(spec);
		for (const port of subs(spec, 'ports')) {
			if (number(port, 'nodePort')) continue;
			const same = subs(before, 'ports').findLast((other) => (other.name ?? '') === (port.name ?? ''));
			const was = number(same, 'nodePort');
			if (was && !asked.includes(was)) port.nodePort = was;
		}
	}
	if (hasCheck(spec) && hasCheck(before) && isEmpty(spec.healthCheckNodePort))
		spec.healthCheckNodePort = before.healthCheckNodePort;
};

const sameIps = (spec: Draft, before: Draft): boolean =>
	(spec.clusterIP ?? '') === (before.clusterIP ?? '') && equal(texts(spec, 'clusterIPs'), texts(before, 'clusterIPs'));

/** normalizeClusterIPs(): whoever writes only the first of the two fields means both. */
const normalize = (spec: Draft, before: Draft): void => {
	const [now, was] = [text(spec, 'clusterIP') ?? '', text(before, 'clusterIP') ?? ''];
	const same = equal(texts(spec, 'clusterIPs'), texts(before, 'clusterIPs'));
	if (now === was && isEmpty(spec.clusterIPs) && !isEmpty(before.clusterIPs)) spec.clusterIPs = before.clusterIPs;
	if (now === was || !same) return;
	if (now === '') delete spec.clusterIPs;
	else spec.clusterIPs = [now];
};

/** dropTypeDependentFields(): only what the writer left as it was. */
const drop = (spec: Draft, before: Draft, minor: number): void => {
	const forget = (...keys: readonly string[]): void => {
		for (const key of keys) if (equal(spec[key], before[key])) delete spec[key];
	};
	if (hasIp(before) && !hasIp(spec)) {
		if (sameIps(spec, before)) forget('clusterIP', 'clusterIPs');
		forget('ipFamilies', 'ipFamilyPolicy');
	}
	if (hasNodePorts(before) && !hasNodePorts(spec)) {
		const held = subs(before, 'ports').map((port) => port.nodePort);
		const asked = subs(spec, 'ports').filter((port) => number(port, 'nodePort'));
		if (asked.every((port) => held.includes(port.nodePort))) for (const port of asked) delete port.nodePort;
	}
	if (hasCheck(before) && !hasCheck(spec)) forget('healthCheckNodePort');
	if (before.type === 'LoadBalancer' && spec.type !== 'LoadBalancer')
		forget('allocateLoadBalancerNodePorts', 'loadBalancerClass');
	if (openToOthers(before, minor) && !openToOthers(spec, minor)) forget('externalTrafficPolicy');
};

/** What an update keeps and drops. Writes into the draft, whose type has its default. */
export const keepService = (object: Draft, old: ApiObject, minor: number): void => {
	const spec = within(object, 'spec');
	const before = sub(old, 'spec');
	takeOver(spec, before);
	normalize(spec, before);
	if (hasIp(spec)) for (const key of ['ipFamilies', 'ipFamilyPolicy']) fill(spec, key, before[key]);
	drop(spec, before, minor);
	if (spec.type !== 'LoadBalancer') object.status = { ...sub(object, 'status'), loadBalancer: {} };
};

const ONCE = 'may not change once set';

/**
 * validateUpgradeDowngradeClusterIPs(). Clusters here have one family of addresses, so nothing is upgraded, and another
 * family is refused before; and so are the two fields where they differ.
 */
const addressChanges = (spec: Draft, before: Draft): FieldError[] => {
	if (!hasIp(spec) || !hasIp(before)) return [];
	const [now, was] = [texts(spec, 'clusterIPs'), texts(before, 'clusterIPs')];
	if (was.length === 0 || now[0] === was[0] || (now[0] ?? '') !== (text(spec, 'clusterIP') ?? '')) return [];
	return [invalidValue('spec.clusterIPs[0]', now, ONCE)];
};

/** What may not change. */
export const serviceChanges = (object: Draft, old: ApiObject): readonly FieldError[] => {
	const spec = sub(object, 'spec');
	const before = sub(old, 'spec');
	const errors = addressChanges(spec, before);
	const balances = before.type === 'LoadBalancer' && spec.type === 'LoadBalancer';
	if (balances && text(before, 'loadBalancerClass') !== text(spec, 'loadBalancerClass'))
		errors.push(invalidValue('spec.loadBalancerClass', spec.loadBalancerClass, ONCE));
	if (
		hasCheck(before) &&
		hasCheck(spec) &&
		number(before, 'healthCheckNodePort') !== number(spec, 'healthCheckNodePort')
	)
		errors.push(fieldForbidden('spec.healthCheckNodePort', 'field is immutable'));
	return errors;
};
