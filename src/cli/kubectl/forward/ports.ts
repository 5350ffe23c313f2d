/**
 * Ports of `kubectl port-forward`: `8080:80`, `8080`, `:80`, and the names of ports.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/portforward/portforward.go, pkg/util/{service_port,pod_port}.go,
 * staging/src/k8s.io/client-go/tools/portforward/portforward.go @ v0.24.0.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import { fail } from '../kube.ts';
import { number, subs, text } from '../print/index.ts';

export interface PortPair {
	/** 0 for any that is free. */
	readonly local: number;
	readonly remote: number;
}

/** Local and remote half; the same one twice without a colon, or with more than one. */
function halves(spec: string): readonly [string, string] {
	const parts = spec.split(':');
	return parts.length === 2 ? [parts[0]!, parts[1]!] : [parts[0]!, parts[0]!];
}

/** strconv.Atoi, as far as a port needs it. */
const numeric = (word: string): number | undefined => (/^[+-]?\d+$/.test(word) ? Number(word) : undefined);

const containerPorts = (pod: ApiObject): readonly unknown[] =>
	subs(pod, 'spec', 'containers').flatMap((container) => subs(container, 'ports'));

function podPort(pod: ApiObject, name: string): number {
	const found = containerPorts(pod).find((port) => text(port, 'name') === name);
	return found
		? number(found, 'containerPort')
		: fail(`Pod '${pod.metadata.name}' does not have a named port '${name}'`);
}

function servicePort(service: ApiObject, name: string): number {
	const found = subs(service, 'spec', 'ports').find((port) => text(port, 'name') === name);
	return found
		? number(found, 'port')
		: fail(`Service '${service.metadata.name}' does not have a named port '${name}'`);
}

/** The port of a pod behind a port of a service. */
function targetPort(service: ApiObject, pod: ApiObject, port: number): number {
	const found = subs(service, 'spec', 'ports').find((item) => number(item, 'port') === port);
	if (!found) return fail(`Service ${service.metadata.name} does not have a service port ${port}`);
	if (text(service, 'spec', 'clusterIP') === 'None') return port;
	const target = found.targetPort;
	if (typeof target === 'string' && numeric(target) === undefined) return podPort(pod, target);
	return Number(target) || port;
}

/** Refuses ports that speak UDP only: the stream carries bytes. */
function refuseUdp(specs: readonly string[], all: readonly unknown[], key: string, named: (name: string) => number) {
	const speak = (protocol: string): readonly number[] =>
		all.filter((port) => (text(port, 'protocol') || 'TCP') === protocol).map((port) => number(port, key));
	const tcp = speak('TCP');
	const udp = speak('UDP');
	for (const spec of specs) {
		const [, remote] = halves(spec);
		const port = numeric(remote) ?? named(remote);
		if (udp.includes(port) && !tcp.includes(port)) fail(`UDP protocol is not supported for ${remote}`);
	}
}

function parsePorts(specs: readonly string[]): readonly PortPair[] {
	/** strconv.ParseUint of 16 bits. */
	const parse = (which: string, word: string): number => {
		if (!/^\d+$/.test(word))
			return fail(
				`error parsing ${which} port '${word}': strconv.ParseUint: parsing ${JSON.stringify(word)}: invalid syntax`,
			);
		return Number(word) <= 65_535
			? Number(word)
			: fail(
					`error parsing ${which} port '${word}': strconv.ParseUint: parsing ${JSON.stringify(word)}: value out of range`,
				);
	};
	return specs.map((spec) => {
		const parts = spec.split(':');
		if (parts.length > 2) return fail(`invalid port format '${spec}'`);
		const [local, remote] = parts.length === 1 ? [spec, spec] : [parts[0] || '0', parts[1]!];
		const pair = { local: parse('local', local), remote: parse('remote', remote) };
		return pair.remote === 0 ? fail('remote port must be > 0') : pair;
	});
}

const joined = (local: string, remote: string): string => (local === remote ? remote : `${local}:${remote}`);

/** What the words mean for a pod that was named itself, or by its workload. */
export function podPorts(specs: readonly string[], pod: ApiObject): readonly PortPair[] {
	refuseUdp(specs, containerPorts(pod), 'containerPort', (name) => podPort(pod, name));
	return parsePorts(
		specs.map((spec) => {
			const [local, remote] = halves(spec);
			if (remote === '') return fail('remote port cannot be empty');
			const port = numeric(remote) === undefined ? String(podPort(pod, remote)) : remote;
			return local === remote ? port : `${local}:${port}`;
		}),
	);
}

/** What they mean for a pod that was found by its service: ports are the service's. */
export function servicePorts(specs: readonly string[], service: ApiObject, pod: ApiObject): readonly PortPair[] {
	refuseUdp(specs, subs(service, 'spec', 'ports'), 'port', (name) => servicePort(service, name));
	return parsePorts(
		specs.map((spec) => {
			const [local, remote] = halves(spec);
			const port = numeric(remote) ?? servicePort(service, remote);
			const here = numeric(remote) === undefined && local === remote ? String(port) : local;
			return joined(here, String(targetPort(service, pod, port)));
		}),
	);
}
