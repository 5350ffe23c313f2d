/**
 * The little DNS (RFC 1035) that is spoken here: one question whose answer does not depend on the cluster, so that
 * what goes to port 53 is what belongs there.
 *
 * CoreDNS answers `dns-version.<zone>` itself (plugin/kubernetes/kubernetes.go @ v1.8.6: DNSSchemaVersion).
 */
import { utf8 } from '../wire/index.ts';

export const DNS_PORT = 53;

const join = (...parts: readonly Uint8Array[]): Uint8Array => {
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
};

/** Length and octets: a label of a name, or a string of a TXT record. */
const counted = (text: string): Uint8Array => join(Uint8Array.of(text.length), utf8(text));

const pair = (n: number): readonly [number, number] => [n >>> 8, n & 0xff];

const [TXT, IN] = [16, 1];
/** Response, authoritative, recursion wished for. */
const ANSWERED = 0x8500;
/** Schema records live eight hours (CoreDNS, plugin/kubernetes). */
const TTL = 28_800;

const QUESTION = join(...['dns-version', 'cluster', 'local'].map(counted), Uint8Array.of(0, ...pair(TXT), ...pair(IN)));
const HEADER = 12;

const header = (id: number, flags: number, answers: number): Uint8Array =>
	Uint8Array.of(...pair(id), ...pair(flags), 0, 1, ...pair(answers), 0, 0, 0, 0);

/** TCP puts the length in front (RFC 1035, 4.2.2). */
const framed = (message: Uint8Array, protocol: 'tcp' | 'udp'): Uint8Array =>
	protocol === 'tcp' ? join(Uint8Array.of(...pair(message.length)), message) : message;

/** `dig TXT dns-version.cluster.local`; the identifier is always the same. */
export const dnsQuery = (protocol: 'tcp' | 'udp'): Uint8Array =>
	framed(join(header(0x7077, 0x0100, 0), QUESTION), protocol);

/** The answer to that question; nothing to anything else. */
export function dnsAnswer(request: Uint8Array, protocol: 'tcp' | 'udp'): Uint8Array | undefined {
	const message = protocol === 'tcp' ? request.subarray(2) : request;
	const asks =
		message.length === HEADER + QUESTION.length && QUESTION.every((octet, i) => message[HEADER + i] === octet);
	if (!asks) return undefined;
	const text = counted('1.1.0');
	const record = join(
		// The name is that of the question, at offset 12.
		Uint8Array.of(0xc0, HEADER, ...pair(TXT), ...pair(IN), 0, 0, ...pair(TTL), ...pair(text.length)),
		text,
	);
	const id = (message[0]! << 8) | message[1]!;
	return framed(join(header(id, ANSWERED, 1), QUESTION, record), protocol);
}
