/**
 * The cluster's zone out of its objects: plugin/kubernetes and plugin/backend_lookup.go @ v1.8.6, v1.11.1, after the
 * Kubernetes DNS specification 1.1.0.
 */
import { formatIp, type Ip, parseIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, one, type Pod } from '../cluster/kinds.ts';
import { fallsThrough, type Kubernetes, within, zoneOf } from './config.ts';
import {
	A,
	AAAA,
	AXFR,
	bare,
	CNAME,
	type DnsRecord,
	IXFR,
	NS,
	NXDOMAIN,
	type Outcome,
	PTR,
	type Query,
	REFUSED,
	replyOf,
	SERVFAIL,
	SOA,
	SRV,
	TXT,
} from './question.ts';

interface Meta {
	readonly metadata: {
		readonly name: string;
		readonly namespace?: string;
		readonly labels?: Readonly<Record<string, string>>;
	};
}

interface Service extends Meta {
	readonly spec: {
		readonly type?: string;
		readonly clusterIP?: string;
		readonly externalName?: string;
		readonly ports?: readonly { readonly name?: string; readonly protocol?: string; readonly port: number }[];
	};
}

interface Slice extends Meta {
	readonly addressType?: string;
	readonly ports?: readonly { readonly name?: string; readonly protocol?: string; readonly port?: number }[] | null;
	readonly endpoints?:
		| readonly {
				readonly addresses: readonly string[];
				readonly hostname?: string;
				readonly conditions?: { readonly ready?: boolean };
				readonly targetRef?: { readonly name?: string };
		  }[]
		| null;
}

/** One address of a name: `key` is the name it has on its own. */
interface Found {
	readonly host: string;
	/** -1 where there is none. */
	readonly port: number;
	readonly key: string;
}

interface Address {
	readonly ip: string;
	readonly name: string;
	readonly ports: readonly { readonly name: string; readonly protocol: string; readonly port: number }[];
}

export interface KubernetesHost {
	readonly cluster: ClusterContext;
	/** Own address, by which it knows the service it belongs to. */
	readonly ip: () => string;
	/** Whether it has read the API once. */
	readonly synced: () => boolean;
	/** Seconds since 1970 when its objects changed last. */
	readonly serial: () => number;
	/** Asks the server's own plugins again, for names elsewhere. */
	readonly lookup: (query: Query, name: string, type: number) => readonly DnsRecord[];
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export function createKubernetes(
	config: Kubernetes,
	host: KubernetesHost,
): (query: Query, next: () => Outcome) => Outcome {
	const { api } = host.cluster;
	const { ttl } = config;
	const primary = config.zones.find((zone) => !/arpa\.$/.test(zone)) ?? config.zones[0]!;

	const exposed = (namespace: string): boolean =>
		config.namespaces.length > 0
			? config.namespaces.includes(namespace)
			: one(api, 'namespaces', undefined, namespace) !== undefined;

	/** Addresses of endpoints that are ready. */
	const addressesOf = (slices: readonly Slice[]): readonly Address[] =>
		slices.flatMap((slice) => {
			const ports = (slice.ports ?? []).map((p) => ({
				name: p.name ?? '',
				protocol: p.protocol ?? 'TCP',
				port: p.port ?? -1,
			}));
			return (slice.endpoints ?? []).flatMap(({ addresses, hostname, conditions, targetRef }) =>
				conditions?.ready === false
					? []
					: addresses.map((ip) => ({
							ip,
							name: hostname || (config.endpointPodNames && targetRef?.name) || ip.replace(/[.:]/g, '-'),
							ports: ports.length > 0 ? ports : [{ name: '', protocol: '', port: -1 }],
						})),
			);
		});

	const slicesOf = (namespace: string, service: string): readonly Slice[] =>
		all<Slice>(api, 'endpointslices', { namespace }).filter(
			({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service,
		);

	/** findServices(): what a name stands for; undefined when there is no such name. */
	const services = (
		namespace: string,
		name: string,
		zone: string,
		endpoint: string,
		port: string,
		protocol: string,
	): readonly Found[] | undefined => {
		if (name === '') return [];
		const service = one<Service>(api, 'services', namespace, name);
		if (!service) return undefined;
		const { type, externalName, clusterIP, ports = [] } = service.spec;
		const key = `${name}.${namespace}.svc.${zone}`;
		const fits = (p: { readonly name?: string; readonly protocol?: string }): boolean =>
			(port === '' || same(port, p.name ?? '')) && (protocol === '' || same(protocol, p.protocol ?? 'TCP'));
		if (type === 'ExternalName') {
			if (endpoint !== '' || port !== '' || !externalName) return undefined;
			return parseIp(externalName) === undefined
				? [{ host: `${bare(externalName.toLowerCase())}.`, port: -1, key }]
				: undefined;
		}
		const headless = clusterIP === 'None' || !clusterIP;
		if (headless || endpoint !== '' || config.ignoreEmpty) {
			const addresses = addressesOf(slicesOf(namespace, name));
			if (!headless && endpoint === '') {
				if (addresses.length === 0) return undefined;
			} else {
				const found = addresses
					.filter((address) => endpoint === '' || same(endpoint, address.name))
					.flatMap((address) =>
						address.ports.filter(fits).map((p) => ({ host: address.ip, port: p.port, key: `${address.name}.${key}` })),
					);
				return found.length > 0 ? found : undefined;
			}
		}
		const found = ports.filter(fits).map((p) => ({ host: clusterIP!, port: p.port, key }));
		return found.length > 0 ? found : undefined;
	};

	/** findPods(): names made of addresses. */
	const pods = (namespace: string, name: string, zone: string): readonly Found[] | undefined => {
		if (config.pods === 'disabled') return undefined;
		if (name === '') return [];
		const ip = name.replaceAll('-', '.');
		if (parseIp(ip) === undefined) return undefined;
		const found = { host: ip, port: -1, key: `${name}.${namespace}.pod.${zone}` };
		if (config.pods === 'insecure') return [found];
		return all<Pod>(api, 'pods', { namespace }).some(({ status }) => status?.podIP === ip) ? [found] : undefined;
	};

	const ownService = (): Service | undefined => {
		const slice = all<Slice>(api, 'endpointslices').find((s) =>
			(s.endpoints ?? []).some(({ addresses }) => addresses.includes(host.ip())),
		);
		const name = slice?.metadata.labels?.['kubernetes.io/service-name'];
		return name === undefined ? undefined : one<Service>(api, 'services', slice!.metadata.namespace, name);
	};

	/** Records(), parseRequest(): a name of the zone; undefined when there is none. */
	const records = (name: string, zone: string): readonly Found[] | undefined => {
		const base = name === zone ? '' : name.slice(0, zone === '.' ? -1 : -(zone.length + 1));
		if (base === '' || base === 'svc' || base === 'pod') return [];
		const labels = base.split('.');
		const kind = labels.pop();
		if (kind !== 'svc' && kind !== 'pod') return undefined;
		const namespace = labels.pop() ?? '';
		const service = labels.pop() ?? '';
		if (labels.length > 2) return undefined;
		if (!exposed(namespace)) return undefined;
		if (kind === 'pod') return pods(namespace, service, zone);
		const [port = '', protocol = ''] = labels.length === 2 ? labels.map((label) => label.replace(/^_/, '')) : [];
		return services(namespace, service, zone, labels.length === 1 ? labels[0]! : '', port, protocol);
	};

	const record = (name: string, type: number, data: string, lives = ttl): DnsRecord => ({
		name: bare(name),
		type,
		ttl: lives,
		data,
	});

	/** A() and AAAA(): another name in the zone counts with what it has only, one elsewhere with what others know of it. */
	const addresses = (query: Query, name: string, zone: string, depth: number): readonly DnsRecord[] | undefined => {
		if (name === `ns.dns.${zone}`) {
			const ip = ownService()?.spec.clusterIP;
			return query.type === A && ip && parseIp(ip) !== undefined ? [record(name, A, ip)] : [];
		}
		const found = records(name, zone);
		if (!found) return undefined;
		const out: DnsRecord[] = [];
		const seen = new Set<string>();
		for (const { host: target } of found) {
			if (parseIp(target) !== undefined) {
				if (query.type === A && !seen.has(target)) out.push(record(name, A, target));
				seen.add(target);
			} else if (target.endsWith('.')) {
				if (target === name || depth > 7) continue;
				const own = record(name, CNAME, target);
				const inside = within(target, zone);
				const more = inside
					? (addresses(query, target, zone, depth + 1) ?? [])
					: host.lookup(query, target, query.type);
				if (!inside || more.length > 0) out.push(own, ...more);
			} else if (query.type === AAAA && !seen.has(target)) {
				out.push(record(name, AAAA, target));
				seen.add(target);
			}
		}
		return out;
	};

	/** SRV(): those of one priority share a hundred. */
	const srv = (name: string, found: readonly Found[]): { answers: DnsRecord[]; additional: DnsRecord[] } => {
		const real = found.filter(({ host: target }) => parseIp(target) !== undefined);
		const weight = Math.max(1, Math.floor((100 / (100 * real.length)) * 100));
		const answers = new Map<string, DnsRecord>();
		const additional = new Map<string, DnsRecord>();
		for (const { host: ip, port, key } of real) {
			if (port === -1) continue;
			answers.set(`${key}:${port}`, record(name, SRV, `0 ${weight} ${port} ${key}`));
			additional.set(`${key} ${ip}`, record(key, A, ip));
		}
		return { answers: [...answers.values()], additional: [...additional.values()] };
	};

	/** Reverse(): the service with this address, else the endpoints that have it. */
	const reverse = (name: string): readonly DnsRecord[] | undefined => {
		const ip: Ip | undefined = parseIp(
			name
				.replace(/\.in-addr\.arpa\.$/, '')
				.split('.')
				.reverse()
				.join('.'),
		);
		if (ip === undefined) return undefined;
		const text = formatIp(ip);
		const service = all<Service>(api, 'services').find(({ spec }) => spec.clusterIP === text);
		if (service) {
			const { name: own, namespace } = service.metadata;
			return [record(name, PTR, `${own}.${namespace}.svc.${primary}`)];
		}
		const names = all<Slice>(api, 'endpointslices').flatMap((slice) => {
			const of = slice.metadata.labels?.['kubernetes.io/service-name'];
			return addressesOf([slice])
				.filter((address) => address.ip === text)
				.map((address) => `${address.name}.${of}.${slice.metadata.namespace}.svc.${primary}`);
		});
		return names.length > 0 ? [...new Set(names)].map((target) => record(name, PTR, target)) : undefined;
	};

	const soa = (zone: string): DnsRecord =>
		record(zone, SOA, `ns.dns.${zone} hostmaster.${zone} ${host.serial()} 7200 1800 86400 ${ttl}`);

	return (query, next) => {
		const { name, type } = query;
		const zone = zoneOf(name, config.zones);
		if (zone === undefined) return next();
		if (type === AXFR || type === IXFR) return { code: REFUSED };
		const without = (code: number): Outcome => replyOf([], { code, authority: [soa(zone)] });
		let found: readonly DnsRecord[] | undefined;
		let additional: readonly DnsRecord[] = [];
		const forward = !/arpa\.$/.test(zone);
		if (!forward) found = type === PTR ? reverse(name) : reverse(name) && [];
		else if (type === A || type === AAAA) found = addresses(query, name, zone, 0);
		else if (type === SOA && name === zone) found = [soa(zone)];
		else if (type === NS && name === zone) {
			const own = ownService();
			if (!own) return replyOf([record(zone, NS, `ns.dns.${zone}`)]);
			const target = `${own.metadata.name}.${own.metadata.namespace}.svc.${zone}`;
			found = [record(zone, NS, target)];
			additional = [record(target, A, own.spec.clusterIP ?? '')];
		} else if (type === TXT && name === `dns-version.${zone}`) found = [record(name, TXT, '"1.1.0"', 28_800)];
		else {
			const there = records(name, zone);
			const alias = there?.find(({ host: target }) => parseIp(target) === undefined);
			if (there && type === SRV) ({ answers: found, additional } = srv(name, there));
			else if (there && type === CNAME) found = alias ? [record(name, CNAME, alias.host)] : [];
			else found = there && [];
		}
		if (found === undefined) {
			if (fallsThrough(config.fall, name)) return next();
			return host.synced() ? without(NXDOMAIN) : without(SERVFAIL);
		}
		return found.length > 0 ? replyOf(found, { additional }) : without(0);
	};
}
