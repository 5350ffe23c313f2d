/**
 * The octets of the lab's two name servers: Docker's, which knows its containers (moby libnetwork/resolver.go), and
 * CoreDNS, whose plugins are `sim/lab/coredns`. The lab has no Internet: what neither knows fails as when nobody answers
 * upstream.
 */
import type { Cluster, Lab } from '../../sim/lab/index.ts';
import { formatIp } from '../../sim/wire/index.ts';
import {
	type DnsMessage,
	type DnsRecord,
	decodeDns,
	encodeDns,
	framed,
	NOERROR,
	NXDOMAIN,
	SERVFAIL,
	TYPES,
} from './dns-message.ts';

export interface DnsView {
	readonly cluster: Cluster | undefined;
	readonly lab: Lab;
	/** Whose containers it knows; all there are when absent. */
	readonly networks?: readonly string[];
}

const DOCKER_TTL = 600;

interface Found {
	readonly code: number;
	readonly answers: readonly DnsRecord[];
	readonly authority: readonly DnsRecord[];
}

/** Top-level domains that exist, as far as somebody may ask for one: the others are NXDOMAIN from the root on. */
const REAL = /\.(?:com|org|net|io|dev|app|edu|gov|info|cloud|[a-z]{2})$/;

/** Docker: a container's address by its name, the beginning of its id, or another name it has on a network somebody made. */
function docker(name: string, type: number, { lab, networks }: DnsView): Found {
	const all = (lab.docker?.containers() ?? []).flatMap((c) =>
		c.state !== 'running'
			? []
			: [c, ...(c.more ?? [])]
					.filter((at) => networks === undefined || networks.includes(at.network))
					.map((at) => ({ name: c.name, id: c.id, network: at.network, ip: at.ip, aliases: at.aliases })),
	);
	const found =
		all.find((c) => c.name.toLowerCase() === name) ??
		all.find((c) => c.network !== 'bridge' && (c.id.slice(0, 12) === name || c.aliases?.includes(name)));
	if (found?.ip === undefined) return { code: REAL.test(name) ? SERVFAIL : NXDOMAIN, answers: [], authority: [] };
	const answers = type === TYPES.A ? [{ name, type, ttl: DOCKER_TTL, data: formatIp(found.ip) }] : [];
	return { code: NOERROR, answers, authority: [] };
}

/** The answer of Docker's server to a query's octets; nothing to what is none. */
export const answerDocker = (octets: Uint8Array, tcp: boolean, view: DnsView): Uint8Array | undefined =>
	answered(octets, tcp, ({ name, type }) => ({ ...docker(name.toLowerCase(), type, view), flags: 0x80 }));

type Answered = Pick<DnsMessage, 'code' | 'answers' | 'authority' | 'additional' | 'flags'>;

/** Puts what somebody answers into a message that fits. */
export function answered(
	octets: Uint8Array,
	tcp: boolean,
	answer: (question: { readonly name: string; readonly type: number }, query: DnsMessage) => Answered | undefined,
): Uint8Array | undefined {
	const query = decodeDns(tcp ? octets.subarray(2) : octets);
	if (!query?.question || query.flags & 0x8000) return undefined;
	const found = answer(query.question, query);
	if (!found) return undefined;
	const message: DnsMessage = {
		id: query.id,
		flags: 0x8000 | (query.flags & 0x100) | found.flags,
		code: found.code,
		question: query.question,
		answers: found.answers,
		authority: found.authority,
		...(found.additional?.length ? { additional: found.additional } : {}),
		// The query's own record goes back, cookie and all (CoreDNS request.go, SizeAndDo()).
		...(query.edns === undefined ? {} : { edns: query.edns }),
		...(query.cookie === undefined ? {} : { cookie: query.cookie }),
	};
	const out = fitting(message, tcp ? 65_535 : Math.max(512, query.edns ?? 512));
	return tcp ? framed(out) : out;
}

/**
 * Msg.Truncate() of miekg/dns, which both servers are made of: names are compressed only when it does not fit otherwise, and
 * what still does not fit goes without its last records and with TC.
 */
function fitting(message: DnsMessage, size: number): Uint8Array {
	const plain = encodeDns(message);
	if (plain.length <= size) return plain;
	const packed = encodeDns(message, true);
	if (packed.length <= size) return packed;
	const { additional: _, ...rest } = message;
	let { answers } = message;
	for (;;) {
		const cut = encodeDns({ ...rest, flags: message.flags | 0x200, answers, authority: [] }, true);
		if (cut.length <= size || answers.length === 0) return cut;
		answers = answers.slice(0, -1);
	}
}
