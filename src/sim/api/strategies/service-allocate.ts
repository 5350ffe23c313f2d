/**
 * Addresses and ports of Services, handed out by `src/sim/kube`: what is drawn again under a name is drawn anew.
 *
 * Source: kubernetes pkg/registry/core/service/storage/alloc.go @ v1.24.0, for the order and the texts; for dry runs
 * ipallocator/bitmap.go allocateNext() and portallocator/operation.go AllocateNext() beside it.
 */
import {
	allocateClusterIp,
	allocateNodePort,
	checkClusterIp,
	checkNodePort,
	NODE_PORT_FIRST,
	NODE_PORT_LAST,
	type ServicePort,
} from '../../kube/index.ts';
import { formatIp, parseIp, parsePrefix } from '../../wire/index.ts';
import { type Draft, number, sub, subs, text, texts } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { type FieldError, invalidValue } from '../status.ts';
import type { Context } from '../strategy.ts';

interface Held {
	readonly ips: Set<number>;
	readonly ports: Set<string>;
}

/** What all Services but one hold. */
const heldByOthers = (context: Context, self: ApiObject | undefined): Held => {
	const held: Held = { ips: new Set(), ports: new Set() };
	for (const service of context.list('services')) {
		if (service.metadata.uid === self?.metadata.uid) continue;
		const spec = sub(service, 'spec');
		const ip = parseIp(text(spec, 'clusterIP') ?? '');
		if (ip !== undefined) held.ips.add(ip);
		for (const port of subs(spec, 'ports'))
			if (number(port, 'nodePort')) held.ports.add(`${port.nodePort}/${port.protocol}`);
		const check = number(spec, 'healthCheckNodePort');
		if (check) held.ports.add(`${check}/TCP`);
	}
	return held;
};

const needsNodePorts = (spec: Draft): boolean =>
	spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);

const RANGE = `provided port is not in the valid range. The range of valid ports is ${NODE_PORT_FIRST}-${NODE_PORT_LAST}`;

/** initIPFamilyFields(): the lab's clusters have IPv4. Without a selector a headless service may ask for anything. */
const familyErrors = (spec: Draft): readonly FieldError[] => {
	if (spec.type === 'ExternalName') return [];
	if (spec.clusterIP === 'None' && Object.keys(sub(spec, 'selector')).length === 0) return [];
	const errors: FieldError[] = [];
	if (spec.ipFamilyPolicy === 'RequireDualStack')
		errors.push(
			invalidValue('spec.ipFamilyPolicy', 'RequireDualStack', 'this cluster is not configured for dual-stack services'),
		);
	for (const [i, family] of texts(spec, 'ipFamilies').entries())
		if (family !== 'IPv4') errors.push(invalidValue(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster'));
	return errors;
};

/** Gives the Service its ClusterIP and node ports. Writes into its spec. */
export const allocateService = (object: Draft, old: ApiObject | undefined, context: Context): readonly FieldError[] => {
	const spec = object.spec as Draft;
	const families = familyErrors(spec);
	if (families.length > 0) return families;
	const key = `Service ${text(object, 'metadata', 'namespace')}/${text(object, 'metadata', 'name')}`;
	const held = heldByOthers(context, old);
	const options = (of = '') => {
		const times = context.drawn(key + of);
		return {
			version: context.version.replace(/^v/, ''),
			random: context.random,
			key: times === 0 ? key + of : `${key}\0${times}${of}`,
		};
	};
	/** Ports that this write brings, and no port that was there: a dry run counts on from them. */
	const brought: number[] = [];
	const before = new Set(subs(old, 'spec', 'ports').map((port) => port.nodePort));
	const nodePort = (protocol: ServicePort['protocol'], of: string): number | undefined =>
		context.dryRun
			? Math.max(...(brought.length > 0 ? brought : [32_768])) + 1
			: allocateNodePort(held.ports, protocol, options(of)).value;
	const cidr = parsePrefix(context.serviceCidr)!;
	if (spec.type !== 'ExternalName' && spec.clusterIP !== 'None') {
		const asked = text(spec, 'clusterIP') || texts(spec, 'clusterIPs')[0];
		const ip = asked === undefined ? undefined : parseIp(asked);
		if (ip === undefined) {
			const got = context.dryRun ? { value: cidr.address } : allocateClusterIp(cidr, held.ips, options());
			if (got.error)
				return [{ field: 'spec.clusterIPs', message: `Internal error: failed to allocate a serviceIP: range is full` }];
			spec.clusterIP = formatIp(got.value);
		} else if (asked !== text(old, 'spec', 'clusterIP')) {
			const error = checkClusterIp(cidr, held.ips, ip, key);
			if (error)
				return [
					invalidValue(
						'spec.clusterIPs',
						[asked],
						`failed to allocate IP ${asked}: ${
							error.code === 'cluster-ip.taken'
								? 'provided IP is already allocated'
								: `provided IP is not in the valid range. The range of valid IPs is ${context.serviceCidr}`
						}`,
					),
				];
		}
		spec.clusterIPs = [spec.clusterIP];
	}
	const errors: FieldError[] = [];
	for (const [i, port] of subs(spec, 'ports').entries()) {
		const protocol = port.protocol as ServicePort['protocol'];
		const wanted = number(port, 'nodePort');
		if (!wanted) {
			if (!needsNodePorts(spec)) continue;
			// A TCP and a UDP port of the same number share the node port when it is free for both.
			const twin = subs(spec, 'ports').find(
				(other) => other !== port && other.port === port.port && number(other, 'nodePort'),
			);
			const shared = number(twin, 'nodePort');
			if (shared !== undefined && !held.ports.has(`${shared}/${protocol}`)) port.nodePort = shared;
			else {
				const got = nodePort(protocol, `:${text(port, 'name') ?? ''}/${protocol}`);
				if (got === undefined)
					return [invalidValue(`spec.ports[${i}].nodePort`, 0, 'failed to allocate a nodePort: range is full')];
				port.nodePort = got;
			}
		} else {
			const error = checkNodePort(held.ports, protocol, wanted, key);
			if (error)
				errors.push(
					invalidValue(
						`spec.ports[${i}].nodePort`,
						wanted,
						error.code === 'node-port.taken' ? 'provided port is already allocated' : RANGE,
					),
				);
		}
		held.ports.add(`${port.nodePort}/${protocol}`);
		if (!before.has(port.nodePort)) brought.push(Number(port.nodePort));
	}
	if (spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local' && !number(spec, 'healthCheckNodePort')) {
		const got = nodePort('TCP', ':health');
		if (got !== undefined) spec.healthCheckNodePort = got;
	}
	return errors;
};
