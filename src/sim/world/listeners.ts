/** The programs that answer: the echo server of the course's pods, and those that speak TLS or DNS. */
import type { Pod } from '../kube/index.ts';
import { isLinuxError, type Listener, listen, type Network, type Respond, unlisten } from '../linux/index.ts';
import { formatIp, utf8 } from '../wire/index.ts';
import { DNS_PORT, dnsAnswer } from './dns.ts';
import { podNs } from './names.ts';
import type { ClusterSpec, HostSpec } from './scenario.ts';
import { first, fromLinuxError } from './topology.ts';
import type { SimError } from './types.ts';

/** What `curl` sends (curl 7.81; the Host header aside, which nobody reads). */
export const httpGet = (host: string): Uint8Array =>
	utf8(`GET / HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: curl/7.81.0\r\nAccept: */*\r\n\r\n`);

/** The line the echo server prints: who it believes is asking. */
export const requestingLine = (ip: number, port: number): string => `-> Requesting IP: ${formatIp(ip)}:${port}\n`;

const echoHttp: Respond = (_request, peer) => {
	const body = requestingLine(peer.ip, peer.port);
	return utf8(
		`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n${body}`,
	);
};

/** What a Go server that expects TLS says to plain HTTP (net/http, badRequestError), and closes. */
const tlsOnly: Respond = () =>
	utf8('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');

const echoDatagram: Respond = (_request, peer) => utf8(requestingLine(peer.ip, peer.port));

/** Opens the ports a pod declares, or closes them (`open` false). The pod's namespace exists. */
export function servePod(net: Network, pod: Pod, open: boolean, speaks: ClusterSpec['speaks']): SimError | undefined {
	const ns = podNs(pod);
	if (!open) {
		const { listeners } = net.namespaces.get(ns)!.sockets;
		const mine: Listener[] = [...listeners.values()].flat().filter((l) => l.owner === pod.metadata.name);
		return first(mine, (l) => {
			const error = unlisten(net, ns, l);
			return error && fromLinuxError(error, ns);
		});
	}
	return first(pod.ports, ({ containerPort, protocol }) => {
		if (protocol === 'SCTP') return undefined;
		const tongue = speaks[pod.metadata.name] ?? speaks[pod.metadata.owner ?? ''];
		return serve(net, ns, pod.metadata.name, containerPort, protocol === 'TCP' ? 'tcp' : 'udp', tongue);
	});
}

/** The processes of a namespace that is no pod; they go by the machine's name. */
export const openServers = (net: Network, host: HostSpec): SimError | undefined =>
	first(host.servers ?? [], ({ port, protocol }) =>
		serve(net, host.ns, host.ns.slice(host.ns.lastIndexOf('/') + 1), port, protocol),
	);

function serve(
	net: Network,
	ns: string,
	owner: string,
	port: number,
	protocol: 'tcp' | 'udp',
	speaks?: 'tls' | 'dns',
): SimError | undefined {
	const echo = protocol === 'tcp' ? echoHttp : echoDatagram;
	const dns: Respond = (request) => dnsAnswer(request, protocol);
	const both: Respond = (request, ...ends) => dnsAnswer(request, protocol) ?? echo(request, ...ends);
	const respond = speaks === 'dns' ? dns : speaks === 'tls' ? tlsOnly : port === DNS_PORT ? both : echo;
	const made = listen(net, ns, { protocol, port, owner, respond, closes: speaks === 'tls' ? 'server' : 'client' });
	return isLinuxError(made) ? fromLinuxError(made, ns) : undefined;
}
