/**
 * What programs answer: those in pods by their image, CoreDNS and the API server by the objects there are, Docker's DNS
 * by its containers, kubelet, kube-proxy and the agent by what runs on a node. The World knows only that a port is open; while a
 * packet is under way the ports get the answers.
 */
import { healthNs } from '../../sim/cilium/index.ts';
import {
	type Cluster,
	type CoreDnsServer,
	corednsOf,
	dockerServed,
	dockerWeb,
	type HttpAccess,
	listensOf,
	type RunningContainer,
	stateOf,
	unsimulated,
	type WebServer,
} from '../../sim/lab/index.ts';
import type { Endpoint, Listener, Network, Respond } from '../../sim/linux/index.ts';
import { formatIp, IPPROTO_TCP, IPPROTO_UDP, type Ip, utf8 } from '../../sim/wire/index.ts';
import { nodeNs, podsOf } from '../../sim/world/index.ts';
import { localPorts } from '../local-ports.ts';
import { apiAnswers } from './api-later.ts';
import { boundAddresses, commandLine, imageName, listeningAt } from './bindings.ts';
import { corednsListeners, type Exchange } from './coredns-listeners.ts';
import { answerDocker, type DnsView } from './dns-server.ts';
import { type Answer, appAnswer, type HttpRequest, http, readRequest, textOf, tlsAround } from './http.ts';
import {
	EMBEDDED_DNS,
	hasEmbeddedDns,
	namedNetworks,
	networkNsOf,
	plainContainers,
	portsOf,
} from './laptop-containers.ts';
import { HEALTH_PORT, HELLO, nodeProcesses, ok, proxyAnswer, unauthorized } from './node-servers.ts';
import { answerAt } from './small-web.ts';
import { type Space, spaceAt } from './space.ts';
import { accessOf, webAnswers } from './web-respond.ts';
import { webNetwork } from './web-upstream.ts';

type Listeners = Map<number, readonly Listener[]>;
const listenKey = (protocol: number, port: number): number => protocol * 65536 + port;

const overHttp =
	(
		answer: (request: HttpRequest, peer: Endpoint, local: Endpoint) => Answer | undefined,
		otherwise?: Respond,
		/** Told of each answer that was made. */
		served?: (request: HttpRequest, peer: Endpoint, answer: Answer) => void,
	): Respond =>
	(octets, peer, local) => {
		const request = readRequest(octets);
		if (!request) return http({ status: 400, type: 'text/plain; charset=utf-8', body: '400 Bad Request' });
		const made = answer(request, peer, local);
		if (made) served?.(request, peer, made);
		return made ? http(made, request) : otherwise?.(octets, peer, local);
	};

/** Gives every open port its answers, and opens those of nodes and of Docker; what it answers takes all that away. */
export function dress(net: Network, space: Space, exchange?: Exchange): () => void {
	const { cluster, lab } = space;
	const undo: (() => void)[] = [];
	/** The table of a namespace, put back as it was afterwards: answers hold on to the moment they were made in. */
	const tables = new Map<string, Listeners>();
	const tableOf = (ns: string): Listeners | undefined => {
		const known = tables.get(ns);
		if (known) return known;
		const table = net.namespaces.get(ns)?.sockets.listeners as Listeners | undefined;
		if (!table) return undefined;
		tables.set(ns, table);
		undo.push(() => {
			for (const [key, list] of table) {
				// What began to listen meanwhile stays.
				const rest = list.flatMap((l) => (worn.has(l) ? (worn.get(l) ?? []) : l));
				if (rest.length > 0) table.set(key, rest);
				else table.delete(key);
			}
		});
		return table;
	};
	/** Stand-ins, with what they stand for; undefined for what is not there otherwise. */
	const worn = new Map<Listener, Listener | undefined>();
	const open = (ns: string, listener: Listener): void => {
		const table = tableOf(ns);
		const key = listenKey(listener.protocol, listener.port);
		const list = table?.get(key) ?? [];
		if (!table || list.some((l) => l.ip === listener.ip || l.ip === 0 || listener.ip === 0)) return;
		worn.set(listener, undefined);
		table.set(key, [...list, listener]);
	};
	const view: DnsView = { cluster, lab };
	for (const { driver, gateway } of lab.docker?.networks() ?? []) {
		if (driver !== 'bridge' || gateway === undefined) continue;
		for (const protocol of [IPPROTO_TCP, IPPROTO_UDP])
			open('host', {
				protocol,
				ip: gateway,
				port: 53,
				owner: 'dockerd',
				closes: 'client',
				transparent: false,
				respond: (octets) => answerDocker(octets, protocol === IPPROTO_TCP, view),
			});
	}
	for (const { ip, port, owner, answer } of localPorts(lab)) {
		let silent = false;
		if (ip === undefined) continue;
		open('host', {
			protocol: IPPROTO_TCP,
			ip,
			port,
			owner,
			// Who has nothing to hand back closes.
			get closes() {
				return silent ? 'server' : 'client';
			},
			transparent: false,
			respond(octets, peer) {
				const answered = answer(octets, peer);
				silent = answered === undefined;
				return answered ?? new Uint8Array(0);
			},
		});
	}
	for (const container of plainContainers(lab)) {
		const ns = networkNsOf(lab, container);
		if (ns === undefined) continue;
		const web = dockerWeb(lab, container);
		const log = (access: HttpAccess, after = 0): void => dockerServed(lab, container, access, net.now + after);
		const place = { kind: 'container', id: container.id } as const;
		const served =
			web &&
			webAnswers(
				web,
				log,
				webNetwork(net, () => spaceAt(place, lab), exchange),
			);
		for (const { port, protocol } of web?.listens ?? portsOf(lab, container))
			open(ns, {
				protocol: protocol === 'TCP' ? IPPROTO_TCP : IPPROTO_UDP,
				ip: 0,
				port,
				owner: container.name,
				closes: 'client',
				transparent: false,
				...(served ?? {}),
				// The kernel takes connections for what is frozen, and nobody reads them.
				respond: container.paused
					? () => undefined
					: protocol === 'UDP' && web?.datagram
						? datagrams(web.datagram, log)
						: (served?.respond ??
							answering(container.image, (request, peer, answer) =>
								log(accessOf(request, peer, { status: answer.status, length: utf8(answer.body).length })),
							)),
			});
		if (hasEmbeddedDns(container))
			for (const protocol of [IPPROTO_TCP, IPPROTO_UDP])
				open(ns, {
					protocol,
					ip: EMBEDDED_DNS,
					port: 53,
					owner: 'dockerd',
					closes: 'client',
					transparent: false,
					respond: (octets) =>
						answerDocker(octets, protocol === IPPROTO_TCP, { ...view, networks: namedNetworks(container) }),
				});
	}
	if (cluster) {
		const containers = new Map<string, RunningContainer[]>();
		for (const container of cluster.running()) {
			const key = `${container.pod.namespace}/${container.pod.name}`;
			containers.set(key, [...(containers.get(key) ?? []), container]);
		}
		/** Who listens: the container whose image does at this port, else the first. */
		const listening = (key: string, port: number): RunningContainer | undefined =>
			listeningAt(containers.get(key) ?? [], port, cluster);
		const seen = new Set<string>();
		for (const pod of podsOf(cluster.world())) {
			const { name, namespace } = pod.metadata;
			const ns = pod.hostNetwork ? nodeNs(pod.nodeName ?? '') : `pod/${namespace}/${name}`;
			if (seen.has(`${ns} ${name}`)) continue;
			seen.add(`${ns} ${name}`);
			const table = tableOf(ns);
			if (!table) continue;
			const dns = nameServer(cluster, containers.get(`${namespace}/${name}`) ?? []);
			for (const [key, list] of table) {
				if (!list.some((l) => l.owner === name && !worn.has(l))) continue;
				table.set(
					key,
					list.flatMap((listener) => {
						if (listener.owner !== name || worn.has(listener)) return listener;
						// What no longer runs listens no longer, whatever the API has heard of it.
						if (dns || (containers.size > 0 && !containers.has(`${namespace}/${name}`))) {
							undo.push(() => table.set(key, [...(table.get(key) ?? []), listener]));
							return [];
						}
						const container = listening(`${namespace}/${name}`, listener.port);
						const web = container && stateOf(cluster, container)?.web;
						const log = (access: HttpAccess, after = 0): void =>
							cluster.served?.(namespace, name, container?.name ?? '', access, net.now + after);
						const running = answerAt(lab, ns, listener.port);
						const place = {
							kind: 'pod',
							cluster: cluster.name,
							namespace,
							pod: name,
							container: container?.name ?? '',
						} as const;
						const told = listener.protocol === IPPROTO_UDP ? web?.datagram : undefined;
						const served =
							!running && web && !told
								? webAnswers(
										web,
										log,
										webNetwork(net, () => spaceAt(place, lab), exchange),
									)
								: undefined;
						const respond = running
							? running
							: served
								? served.respond
								: told
									? datagrams(told, log)
									: respondOf(listener, container?.image ?? name, name, namespace, view, (request, peer, answer) =>
											log(accessOf(request, peer, { status: answer.status, length: utf8(answer.body).length })),
										);
						if (!respond) return listener;
						const ips =
							container && listener.ip === 0 ? boundIps(cluster, container, listener.port, pod.nodeName) : [0];
						return ips.map((ip, i) => {
							const stand = {
								...listener,
								ip: listener.ip || ip,
								respond,
								...(served ?? {}),
								...(running ? { closes: 'server' as const } : {}),
							};
							worn.set(stand, i === 0 ? listener : undefined);
							return stand;
						});
					}),
				);
			}
			if (dns) {
				const place = { kind: 'pod', cluster: cluster.name, namespace, pod: name, container: dns.container } as const;
				const own = exchange && spaceAt(place, lab);
				for (const listener of corednsListeners(dns.server, name, net, own, exchange, overHttp)) open(ns, listener);
			}
		}
		for (const { node, state } of cluster.agents())
			if (state === 'ready')
				open(healthNs(node), {
					protocol: IPPROTO_TCP,
					ip: 0,
					port: HEALTH_PORT,
					owner: 'cilium-health-responder',
					closes: 'client',
					transparent: false,
					respond: overHttp(HELLO),
				});
		for (const { name: node } of cluster.nodes())
			for (const { protocol, ip, port, name, tls, answer } of nodeProcesses(cluster, node))
				open(nodeNs(node), {
					protocol: protocol === 'tcp' ? IPPROTO_TCP : IPPROTO_UDP,
					ip,
					port,
					owner: name,
					closes: 'client',
					transparent: false,
					respond: tls ? tlsAround(overHttp(answer)) : overHttp(answer),
				});
	}
	return () => {
		for (const step of undo) step();
	};
}

/** The name server among a pod's containers. */
function nameServer(
	cluster: Cluster,
	containers: readonly RunningContainer[],
): { readonly server: CoreDnsServer; readonly container: string } | undefined {
	for (const container of containers) {
		const server = /coredns/.test(container.image) ? corednsOf(cluster, container) : undefined;
		if (server) return { server, container: container.name };
	}
	return undefined;
}

/** Addresses a program takes of those its port is open at. */
function boundIps(
	cluster: Cluster,
	container: RunningContainer,
	port: number,
	node: string | undefined,
): readonly Ip[] {
	const own = cluster.nodes().find((n) => n.name === node)?.ip ?? 0;
	const bound = boundAddresses(imageName(container.image), port, commandLine(cluster, container), own);
	return [...new Set(bound.map(({ ip }) => ip))];
}

const HEALTH = /^\/(?:healthz|readyz|livez)$/;

/** What comes as datagrams, and what is said to each. */
const datagrams =
	(say: NonNullable<WebServer['datagram']>, served: (access: HttpAccess) => void): Respond =>
	(octets, peer, local) => {
		const client = formatIp(peer.ip);
		const { octets: said, lines } = say({
			text: textOf(octets),
			client,
			clientPort: peer.port,
			port: local.port,
		});
		served({ client, method: '', target: '', version: '', status: 200, length: 0, lines });
		return said;
	};

/** What an image's program says over HTTP, or that nobody here says it. */
function answering(image: string, served: (request: HttpRequest, peer: Endpoint, answer: Answer) => void): Respond {
	const nobody = unsimulated(image.replace(/[:@][^/]*$/, ''), []);
	const otherwise = webAnswers(nobody, () => undefined).respond;
	return overHttp((request) => appAnswer(image, request), otherwise, served);
}

/** How a program in a pod answers at a port; undefined when the World's own answer stands. */
function respondOf(
	listener: Listener,
	image: string,
	pod: string,
	namespace: string,
	view: DnsView,
	served: (request: HttpRequest, peer: Endpoint, answer: Answer) => void,
): Respond | undefined {
	const { cluster } = view;
	if (/kube-proxy/.test(image) && cluster) {
		const running = cluster.running({ namespace, name: pod })[0];
		const about = { cluster, lab: view.lab, node: running?.node ?? '', since: running?.startedAt ?? 0 };
		return overHttp((request) => proxyAnswer(about, listener.port, request));
	}
	// 401 for whoever is nobody, but for their health (authorization-always-allow-paths).
	if (/kube-(?:controller-manager|scheduler)/.test(image))
		return tlsAround(
			overHttp((request) => (HEALTH.test(request.path) ? ok({ [request.path]: 'ok' })(request) : unauthorized())),
		);
	if (/\/etcd:/.test(image)) return () => undefined;
	if (/kube-apiserver/.test(image) && cluster)
		return tlsAround(overHttp((request) => apiAnswers()?.(request, cluster)));
	if (listener.protocol !== IPPROTO_TCP) return undefined;
	// Commands that have not begun answer as a figure's pods do; so does the mock that Cilium's connectivity test asks.
	if (listensOf({ image }).length === 0 || /\/json-mock[:@]/.test(image)) return undefined;
	return answering(image, served);
}
