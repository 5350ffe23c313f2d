/** A probe: one client that connects, asks, reads the answer and closes, and the network until it is quiet again. */
import { connect as connectSocket, isLinuxError, type Network, run } from '../linux/index.ts';
import { createRecorder } from '../trace/index.ts';
import { formatIp, utf8 } from '../wire/index.ts';
import { EVENT_BUDGET } from './advance.ts';
import type { ApplyOptions } from './apply.ts';
import { DNS_PORT, dnsQuery } from './dns.ts';
import { httpGet } from './listeners.ts';
import { hopsOf } from './outcome.ts';
import { printable } from './settings.ts';
import { fromLinuxError } from './topology.ts';
import type { Outcome, Probe, SimError } from './types.ts';
import { namespaceOf, namespacesOf } from './view.ts';
import type { Moment } from './world.ts';

const HELLO = utf8('hello\n');

/** What a client sends: a question to the port of DNS, else as curl and `nc -u` do. */
const requestFor = ({ protocol, to: { ip, port } }: Probe): Uint8Array =>
	port === DNS_PORT ? dnsQuery(protocol) : protocol === 'tcp' ? httpGet(`${formatIp(ip)}:${port}`) : HELLO;

/**
 * Runs the probe in `net`, a fork that belongs to the caller, until nothing is left to happen; the clock stands where
 * that was. Errors: `unknown-namespace`, `bad-number`, `bad-value`, `budget`.
 */
export function connect(
	net: Network,
	world: Moment,
	probe: Probe,
	options: ApplyOptions,
): Outcome | { readonly error: SimError } {
	const bad = check(probe);
	if (bad) return { error: bad };
	const from = namespaceOf(world, probe.from);
	if (!from)
		return {
			error: {
				code: 'unknown-namespace',
				params: { name: printable(probe.from), known: namespacesOf(world) },
				where: 'from',
			},
		};
	const recorder = options.records === false ? undefined : createRecorder();
	net.recorder = recorder;
	net.capture = options.capture;
	net.lookup = options.lookup;
	const { ip, port } = probe.to;
	const client = connectSocket(net, from.name, {
		protocol: probe.protocol,
		dst: ip,
		dport: port,
		sport: probe.sport,
		data: requestFor(probe),
		deadline: probe.deadline,
	});
	if (isLinuxError(client)) return { error: fromLinuxError(client, probe.from) };
	const { error } = run(net, { budget: options.budget ?? EVENT_BUDGET });
	net.recorder = undefined;
	net.capture = undefined;
	net.lookup = undefined;
	if (error) return { error: fromLinuxError(error) };
	const trace = recorder?.decisions ?? [];
	const { outcome, accepted } = client;
	return {
		probe,
		result: outcome?.result ?? 'timeout',
		...(outcome?.errno === undefined ? {} : { errno: outcome.errno }),
		...(accepted ? { observedSource: accepted.peer, server: accepted.owner } : {}),
		...(client.local ? { clientSource: client.local } : {}),
		firstPacket: client.firstPacket,
		...(client.firstReply === undefined ? {} : { firstReply: client.firstReply }),
		reply: outcome?.reply ?? new Uint8Array(0),
		hops: hopsOf(trace, client.firstPacket),
		replyHops: hopsOf(trace, client.firstReply),
		trace,
	};
}

function check({ to, protocol, sport, deadline }: Probe): SimError | undefined {
	const whole = (name: string, value: number, min: number, max: number): SimError | undefined =>
		Number.isInteger(value) && value >= min && value <= max
			? undefined
			: { code: 'bad-number', params: { name, value: printable(value), min, max }, where: name };
	if (protocol !== 'tcp' && protocol !== 'udp')
		return { code: 'bad-value', params: { name: 'protocol', value: printable(protocol), known: ['tcp', 'udp'] } };
	return (
		whole('ip', to.ip, 0, 0xffffffff) ??
		whole('port', to.port, 1, 65535) ??
		(sport === undefined ? undefined : whole('sport', sport, 1, 65535)) ??
		(deadline === undefined ? undefined : whole('deadline', deadline, 1, 86_400_000_000))
	);
}
