/**
 * What an API server sends out of its node within TLS, and how that ends, in the words of Go's net, net/http and
 * crypto/tls (dial.go, transport.go, conn.go @ go1.18).
 */
import type { CalledOut } from '../../sim/api/index.ts';
import type { GuestCall, Lab } from '../../sim/lab/index.ts';
import { connect, isLinuxError } from '../../sim/linux/index.ts';
import { formatIp, type Ip, parseIp, utf8 } from '../../sim/wire/index.ts';
import { decodeDns, encodeDns, NXDOMAIN, TYPES } from './dns-message.ts';
import { isTls, shownCertificates, textOf, tlsPlain, tlsRecord } from './http.ts';
import { type Space, spaceAt } from './space.ts';
import { send } from './traffic.ts';

const WORDS: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connection refused',
	EHOSTUNREACH: 'no route to host',
	ENETUNREACH: 'network is unreachable',
	EPERM: 'operation not permitted',
	EADDRNOTAVAIL: 'cannot assign requested address',
};

const LOOPBACK = 0x7f000001;
/** Of net/http's transport, as client-go sets it. */
const HANDSHAKE = 10e6;

type Found = { readonly ip: Ip } | { readonly error: string };

/** Go's resolver, with kind's resolv.conf: Docker's server at the gateway of the network. */
function lookup(lab: Lab, space: Space, host: string): Found {
	if (host === 'localhost') return { ip: LOOPBACK };
	const server = lab.docker.networks().find(({ name }) => name === 'kind')?.gateway;
	if (server === undefined) return { error: `lookup ${host}: no such host` };
	const on = `lookup ${host} on ${formatIp(server)}:53`;
	const id = lab.random('dns', `${lab.now} ${host} webhook`, 65_536);
	const query = encodeDns({
		id,
		flags: 0x100,
		code: 0,
		question: { name: host, type: TYPES.A! },
		answers: [],
		authority: [],
	});
	const { value } = send(space, (net, ns) =>
		connect(net, ns, { protocol: 'udp', dst: server, dport: 53, data: query, deadline: 5e6 }),
	);
	if (isLinuxError(value)) return { error: `${on}: dial udp ${formatIp(server)}:53: connect: network is unreachable` };
	const { outcome, local } = value;
	const between = `read udp ${formatIp(local?.ip ?? 0)}:${local?.port ?? 0}->${formatIp(server)}:53`;
	if (outcome?.errno !== undefined)
		return { error: `${on}: ${between}: read: ${WORDS[outcome.errno] ?? outcome.errno}` };
	const message = outcome?.reply.length ? decodeDns(outcome.reply) : undefined;
	if (!message) return { error: `${on}: ${between}: i/o timeout` };
	const ip = parseIp(message.answers.find(({ type }) => type === TYPES.A)?.data ?? '');
	if (ip !== undefined) return { ip };
	return { error: `${on}: ${message.code === 0 || message.code === NXDOMAIN ? 'no such host' : 'server misbehaving'}` };
}

/** Connects, sends, and reads to the end, all at once: who asked waits as long as `took` says. */
export function callOut(lab: Lab, { cluster, node, host, port, text, timeout }: GuestCall): CalledOut | undefined {
	const space = spaceAt({ kind: 'node', cluster, node }, lab);
	if (!space) return undefined;
	const given = parseIp(host);
	const found: Found = given === undefined ? lookup(lab, space, host) : { ip: given };
	if ('error' in found) return { took: 0, error: `dial tcp: ${found.error}` };
	const to = `${formatIp(found.ip)}:${port}`;
	const { value, began } = send(space, (net, ns) =>
		connect(net, ns, {
			protocol: 'tcp',
			dst: found.ip,
			dport: port,
			deadline: timeout,
			data: tlsRecord(utf8(text)),
		}),
	);
	if (isLinuxError(value)) return { took: 0, error: `dial tcp ${to}: connect: operation not permitted` };
	const { outcome, local } = value;
	const took = Math.min((outcome?.at ?? began + timeout) - began, timeout);
	const over = { took: timeout, error: 'context deadline exceeded' };
	if (!outcome || took >= timeout || outcome.errno === 'ETIMEDOUT')
		// A server that took the connection and says nothing keeps the handshake waiting.
		return value.accepted && timeout > HANDSHAKE ? { took: HANDSHAKE, error: 'net/http: TLS handshake timeout' } : over;
	if (outcome.errno === 'ECONNRESET')
		return {
			took,
			error: `read tcp ${formatIp(local?.ip ?? 0)}:${local?.port ?? 0}->${to}: read: connection reset by peer`,
		};
	if (outcome.errno !== undefined)
		return { took, error: `dial tcp ${to}: connect: ${WORDS[outcome.errno] ?? outcome.errno}` };
	if (outcome.result !== 'connected') return over;
	const { reply } = outcome;
	if (reply.length === 0) return { took, error: 'EOF' };
	if (!isTls(reply)) {
		const http = textOf(reply.subarray(0, 5)) === 'HTTP/';
		return {
			took,
			error: http
				? 'http: server gave HTTP response to HTTPS client'
				: 'tls: first record does not look like a TLS handshake',
		};
	}
	return { took, chain: shownCertificates(reply), text: textOf(tlsPlain(reply)) };
}
