/** Ports of a CoreDNS in its pod: questions over UDP and TCP, which it may hand on over the network, and its pages. */
import type { CoreDnsServer, DnsNetwork, DnsReply } from '../../sim/lab/index.ts';
import { connect, isLinuxError, type Listener, type Network, type Respond } from '../../sim/linux/index.ts';
import { formatIp, IPPROTO_TCP, IPPROTO_UDP } from '../../sim/wire/index.ts';
import { decodeDns, encodeDns, framed } from './dns-message.ts';
import { answered } from './dns-server.ts';
import type { Answer, HttpRequest } from './http.ts';
import type { Space } from './space.ts';
import type { Sent } from './traffic.ts';

/** Begins an exchange of its own in a space while another is under way. */
export type Exchange = <T>(space: Space, start: (net: Network, ns: string) => T) => Sent<T>;

/** What Go says of a socket that failed, of `read udp a:1->b:53`. */
const WORDS: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'read: connection refused',
	EPERM: 'write: operation not permitted',
};

const NETWORK: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connect: connection refused',
	EHOSTUNREACH: 'connect: no route to host',
	ENETUNREACH: 'connect: network is unreachable',
};

/** How long one reading of an answer may take, microseconds (plugin/pkg/proxy). */
const PATIENCE = 2_000_000;

const replyFlags = 0x400 | 0x200 | 0x80;

function networkOf(net: Network, pod: Space | undefined, exchange: Exchange | undefined): DnsNetwork {
	return {
		get now() {
			return net.now;
		},
		ask({ id, name, type, flags, edns }, { ip, port, tcp }) {
			const to = `${formatIp(ip)}:${port}`;
			const protocol = tcp ? 'tcp' : 'udp';
			const timeout = { error: `read ${protocol} ${to}: i/o timeout`, took: PATIENCE };
			if (!pod || !exchange) return timeout;
			const query = encodeDns({
				id,
				flags,
				code: 0,
				question: { name, type },
				answers: [],
				authority: [],
				...(edns === undefined ? {} : { edns }),
			});
			const begun = net.now;
			const { value } = exchange(pod, (own, ns) =>
				connect(own, ns, {
					protocol,
					dst: ip,
					dport: port,
					data: tcp ? framed(query) : query,
					deadline: PATIENCE,
				}),
			);
			if (isLinuxError(value)) return { error: `dial ${protocol} ${to}: ${NETWORK.ENETUNREACH}`, took: 0 };
			const { outcome, local } = value;
			const took = Math.max(0, (outcome?.at ?? begun + PATIENCE) - begun);
			const octets = tcp ? outcome?.reply.subarray(2) : outcome?.reply;
			const message = octets && octets.length > 0 ? decodeDns(octets) : undefined;
			if (message && message.id === id) {
				const { code, answers, authority, additional = [] } = message;
				return { reply: { code, flags: message.flags & replyFlags, answers, authority, additional }, took };
			}
			const at = local ? `${formatIp(local.ip)}:${local.port}->${to}` : to;
			const errno = outcome?.errno;
			// What routers say of ways that may come back is no error of a socket (icmp_err_convert[]: not fatal).
			const passing = took > 0 && (errno === 'ENETUNREACH' || errno === 'EHOSTUNREACH');
			if (errno === undefined || errno === 'ETIMEDOUT' || passing)
				return { error: tcp ? `dial tcp ${to}: i/o timeout` : `read udp ${at}: i/o timeout`, took: PATIENCE };
			const dial = NETWORK[errno];
			if (dial !== undefined && (tcp || errno === 'ENETUNREACH'))
				return { error: `dial ${protocol} ${to}: ${dial}`, took };
			return { error: `read udp ${at}: ${WORDS[errno] ?? errno}`, took };
		},
		sizeOf: ({ id, name, type, flags }, reply) =>
			encodeDns({ id, ...reply, question: { name, type }, flags: reply.flags | (flags & 0x100) }).length,
	};
}

/** `overHttp` makes octets of pages. */
export function corednsListeners(
	dns: CoreDnsServer,
	owner: string,
	net: Network,
	pod: Space | undefined,
	exchange: Exchange | undefined,
	overHttp: (answer: (request: HttpRequest) => Answer) => Respond,
): readonly Listener[] {
	const network = networkOf(net, pod, exchange);
	return dns.ports().map(({ port, protocol, speaks }): Listener => {
		const tcp = protocol === 'TCP';
		let took = 0;
		const about = {
			protocol: tcp ? IPPROTO_TCP : IPPROTO_UDP,
			ip: 0,
			port,
			owner,
			closes: 'client',
			transparent: false,
		} as const;
		if (speaks !== 'dns')
			return {
				...about,
				respond: overHttp((request) => {
					const page = dns.page(port, request.path);
					return page
						? { status: page.status, type: 'text/plain; charset=utf-8', body: page.body }
						: { status: 404, type: 'text/plain; charset=utf-8', body: '404 page not found\n' };
				}),
			};
		return {
			...about,
			took: () => took,
			respond(octets, peer, local) {
				took = 0;
				return answered(octets, tcp, (question, query) => {
					const made = dns.answer(
						{ id: query.id, ...question, flags: query.flags & 0x100, edns: query.edns },
						port,
						{
							ip: formatIp(peer.ip),
							port: peer.port,
							tcp,
							size: octets.length - (tcp ? 2 : 0),
							local: formatIp(local.ip),
						},
						network,
					);
					took = made?.took ?? 0;
					return made && messageOf(made.reply);
				});
			},
		};
	});
}

const messageOf = ({ code, flags, answers, authority, additional }: DnsReply) => ({
	code,
	flags: flags & replyFlags,
	answers,
	authority,
	additional,
});
