/**
 * The two name servers of the lab: CoreDNS with its kubernetes plugin (plugin/kubernetes @ v1.8.6, the Kubernetes DNS
 * specification 1.1.0), and Docker's own, which knows its containers (moby libnetwork/resolver.go). The lab has no
 * Internet: what neither knows fails as when nobody answers upstream.
 */
import type { Cluster, Lab } from '../../sim/lab/index.ts';
import { formatIp, type Ip, parseIp } from '../../sim/wire/index.ts';
import { podsOf, servicesOf, slicesOf } from '../../sim/world/index.ts';
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
}

const ZONE = 'cluster.local';
/** `ttl 30` in kubeadm's Corefile. */
const TTL = 30;
const DOCKER_TTL = 600;

interface Found {
	readonly code: number;
	readonly answers: readonly DnsRecord[];
	readonly authority: readonly DnsRecord[];
	readonly additional?: readonly DnsRecord[];
	readonly authoritative: boolean;
}

/** Top-level domains that exist, as far as somebody may ask for one: the others are NXDOMAIN from the root on. */
const REAL = /\.(?:com|org|net|io|dev|app|edu|gov|info|cloud|[a-z]{2})$/;

/** Docker: a container's address by its name. */
function docker(name: string, type: number, { lab }: DnsView): Found {
	const container = (lab.docker?.containers() ?? []).find((c) => c.name === name && c.state === 'running');
	if (container?.ip === undefined)
		return { code: REAL.test(name) ? SERVFAIL : NXDOMAIN, answers: [], authority: [], authoritative: false };
	const answers = type === TYPES.A ? [{ name, type, ttl: DOCKER_TTL, data: formatIp(container.ip) }] : [];
	return { code: NOERROR, answers, authority: [], authoritative: false };
}

interface SliceView {
	readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
	readonly endpoints?: readonly { readonly addresses: readonly string[]; readonly hostname?: string }[] | null;
}

/** What an endpoint is called under its service: its hostname, else its address in dashes (kubernetes.go endpointHostname). */
function endpointName({ cluster }: DnsView, namespace: string, service: string, ip: Ip): string {
	const text = formatIp(ip);
	const resource = cluster?.api.find?.('endpointslices');
	const slices = (resource ? cluster!.api.list(resource, { namespace }) : []) as unknown as readonly SliceView[];
	const own = slices
		.filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service)
		.flatMap((slice) => slice.endpoints ?? [])
		.find((endpoint) => endpoint.addresses.includes(text));
	return own?.hostname || text.replaceAll('.', '-');
}

const soaOf = ({ lab }: DnsView): DnsRecord => ({
	name: ZONE,
	type: TYPES.SOA!,
	ttl: TTL,
	data: `ns.dns.${ZONE}. hostmaster.${ZONE}. ${lab.epoch} 7200 1800 86400 ${TTL}`,
});

/** The zone itself: its SOA, and the name CoreDNS has for itself (plugin/kubernetes/ns.go, nsAddrs()). */
function apex(type: number, view: DnsView): readonly DnsRecord[] {
	if (type === TYPES.SOA) return [soaOf(view)];
	const world = view.cluster?.world();
	const own = world && servicesOf(world).find(({ metadata }) => metadata.name === 'kube-dns');
	const { name, namespace } = own?.metadata ?? { name: 'ns', namespace: 'dns' };
	const data = own ? `${name}.${namespace}.svc.${ZONE}.` : `ns.dns.${ZONE}.`;
	return type === TYPES.NS ? [{ name: ZONE, type, ttl: TTL, data }] : [];
}

/** What a service of the type ExternalName stands for. */
function externalName({ cluster }: DnsView, namespace: string, service: string): string | undefined {
	const services = cluster?.api.find?.('services');
	const found = services && cluster!.api.get(services, namespace, service);
	const { type, externalName: name } = (found?.spec ?? {}) as {
		readonly type?: string;
		readonly externalName?: string;
	};
	return type === 'ExternalName' && name ? name.toLowerCase().replace(/\.$/, '') : undefined;
}

/**
 * Another name for a name, and what that one has: in the zone nothing without records, elsewhere the alias in any case
 * (plugin/backend_lookup.go @ v1.8.6, A()).
 */
function alias(name: string, target: string, type: number, view: DnsView, depth: number): readonly DnsRecord[] {
	const own = { name, type: TYPES.CNAME!, ttl: TTL, data: `${target}.` };
	if (type === TYPES.CNAME) return [own];
	if ((type !== TYPES.A && type !== TYPES.AAAA) || target === name || depth > 7) return [];
	if (!target.endsWith(`.${ZONE}`)) return [own, ...docker(target, type, view).answers];
	const next = inZone(target, type, view, depth + 1) ?? [];
	return next.length > 0 ? [own, ...next] : [];
}

/** One name of the cluster's zone; undefined when there is no such name. `depth` counts the aliases on the way to it. */
function inZone(name: string, type: number, view: DnsView, depth = 0): readonly DnsRecord[] | undefined {
	const world = view.cluster?.world();
	if (!world) return undefined;
	const a = (ips: readonly Ip[]): DnsRecord[] =>
		type === TYPES.A ? ips.map((ip) => ({ name, type: TYPES.A!, ttl: TTL, data: formatIp(ip) })) : [];
	if (name === ZONE) return apex(type, view);
	if (name === `dns-version.${ZONE}`) return type === TYPES.TXT ? [{ name, type, ttl: TTL, data: '"1.1.0"' }] : [];
	const labels = name.slice(0, -(ZONE.length + 1)).split('.');
	const kind = labels.pop();
	const namespace = labels.pop();
	if (kind === 'pod' && namespace !== undefined && labels.length === 1) {
		const ip = parseIp(labels[0]!.replaceAll('-', '.'));
		return ip === undefined ? undefined : a([ip]);
	}
	if (kind !== 'svc' && kind !== 'pod') return undefined;
	if (namespace === undefined) return [];
	// A namespace alone is a name without records, when there is one.
	if (labels.length === 0)
		return podsOf(world).some((p) => p.metadata.namespace === namespace) ||
			servicesOf(world).some((s) => s.metadata.namespace === namespace)
			? []
			: undefined;
	if (kind === 'pod') return undefined;
	const service = labels.pop()!;
	const object = servicesOf(world).find((s) => s.metadata.namespace === namespace && s.metadata.name === service);
	const slices = slicesOf(world).filter((s) => s.metadata.namespace === namespace && s.service === service);
	const elsewhere = labels.length === 0 ? externalName(view, namespace, service) : undefined;
	if (elsewhere !== undefined) return alias(name, elsewhere, type, view, depth);
	if (!object && slices.length === 0) return undefined;
	const ready = slices.flatMap((slice) => slice.endpoints.filter((e) => e.ready));
	const full = `${service}.${namespace}.svc.${ZONE}`;
	const nameOf = (ip: Ip): string => endpointName(view, namespace, service, ip);
	if (labels.length === 0) {
		const ips = object?.clusterIP === undefined ? ready.map((e) => e.ip) : [object.clusterIP];
		return a(ips);
	}
	if (labels.length === 2 && labels[0]!.startsWith('_')) {
		const [port, protocol] = labels.map((label) => label.slice(1));
		const ports = object ? object.ports : slices.flatMap((s) => s.ports.map((p) => ({ ...p, port: p.port })));
		const match = ports.find((p) => p.name === port && p.protocol.toLowerCase() === protocol);
		if (!match) return undefined;
		if (type !== TYPES.SRV) return [];
		return object?.clusterIP !== undefined
			? [{ name, type, ttl: TTL, data: `0 100 ${match.port} ${full}.` }]
			: // Of one priority, they share 100 (plugin/backend_dns.go SRV).
				ready.map((e) => ({
					name,
					type,
					ttl: TTL,
					data: `0 ${Math.floor(100 / ready.length)} ${match.port} ${nameOf(e.ip)}.${full}.`,
				}));
	}
	if (labels.length === 1 && object?.clusterIP === undefined) {
		const endpoint = ready.find((e) => nameOf(e.ip) === labels[0]);
		return endpoint && a([endpoint.ip]);
	}
	return undefined;
}

function reverse(name: string, view: DnsView): readonly DnsRecord[] | undefined {
	const world = view.cluster?.world();
	const ip = parseIp(
		name
			.replace(/\.in-addr\.arpa$/, '')
			.split('.')
			.reverse()
			.join('.'),
	);
	if (!world || ip === undefined) return undefined;
	const service = servicesOf(world).find((s) => s.clusterIP === ip);
	if (service)
		return [
			{ name, type: TYPES.PTR!, ttl: TTL, data: `${service.metadata.name}.${service.metadata.namespace}.svc.${ZONE}.` },
		];
	const slices = slicesOf(world).filter((s) => s.endpoints.some((e) => e.ip === ip));
	if (slices.length === 0) return undefined;
	return slices.map(({ service: of, metadata: { namespace } }) => ({
		name,
		type: TYPES.PTR!,
		ttl: TTL,
		data: `${endpointName(view, namespace, of, ip)}.${of}.${namespace}.svc.${ZONE}.`,
	}));
}

/** Addresses of names that SRV and NS records have. */
function glueOf(records: readonly DnsRecord[], view: DnsView): readonly DnsRecord[] {
	const targets = records
		.filter(({ type }) => type === TYPES.SRV || type === TYPES.NS)
		.map(({ data }) => data.slice(data.lastIndexOf(' ') + 1).replace(/\.$/, ''));
	return [...new Set(targets)].flatMap((name) => inZone(name, TYPES.A!, view) ?? []);
}

function cluster(name: string, type: number, view: DnsView): Found {
	const zone =
		name === ZONE || name.endsWith(`.${ZONE}`) ? ZONE : name.endsWith('.in-addr.arpa') ? 'in-addr.arpa' : undefined;
	const records = zone === ZONE ? inZone(name, type, view) : zone ? reverse(name, view) : undefined;
	// `fallthrough in-addr.arpa ip6.arpa`, and everything else, go to the node's resolver.
	if (zone !== ZONE && !records) return docker(name, type, view);
	const empty = !records || records.length === 0;
	return {
		code: records ? NOERROR : NXDOMAIN,
		answers: records ?? [],
		authority: empty ? [soaOf(view)] : [],
		additional: glueOf(records ?? [], view),
		authoritative: true,
	};
}

/** The answer to a query's octets; nothing to what is none. */
export function answerDns(
	octets: Uint8Array,
	tcp: boolean,
	view: DnsView,
	who: 'cluster' | 'docker',
): Uint8Array | undefined {
	const query = decodeDns(tcp ? octets.subarray(2) : octets);
	if (!query?.question || query.flags & 0x8000) return undefined;
	const { name, type } = query.question;
	const found = (who === 'cluster' ? cluster : docker)(name.toLowerCase(), type, view);
	const message: DnsMessage = {
		id: query.id,
		flags: 0x8000 | (query.flags & 0x100) | (found.authoritative ? 0x400 : 0x80),
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
