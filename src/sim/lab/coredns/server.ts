/**
 * CoreDNS as a process: reads its Corefile, waits for the API, serves, and reads it again when it changed.
 *
 * Source: coredns coremain/run.go, core/dnsserver/{server,onstartup}.go, plugin/{reload,health,loop,kubernetes} @ v1.8.6,
 * v1.11.1; coredns/caddy caddy.go Restart() @ v1.1.1.
 */
import { hex, md5, sha512 } from '../../trace/index.ts';
import { formatIp, utf8 } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, one, type Pod } from '../cluster/kinds.ts';
import { containerState, contextOf, mountOf, mountsOfSpec } from '../containers/states.ts';
import { createDisk } from '../disk/disk.ts';
import type { CoreDnsRun } from '../software/coredns.ts';
import type { Listening } from '../software/program.ts';
import { podApiFault } from '../software/reach.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { Cluster, RunningContainer } from '../types.ts';
import { CorefileError, jsonOf, parseCorefile } from './caddyfile.ts';
import {
	any,
	autopath,
	cache,
	errors,
	forward,
	type Handler,
	hosts,
	loadbalance,
	log,
	rewrite,
	type Surroundings,
	template,
	whoami,
} from './chain.ts';
import { configOf, directivesOf, fqdn, minorOfRelease, type Plugin, type Server, within, zoneOf } from './config.ts';
import { createKubernetes } from './kubernetes.ts';
import { metricsText, monitored } from './metrics.ts';
import {
	type Asker,
	bare,
	type DnsNetwork,
	type DnsQuestion,
	type DnsReply,
	HINFO,
	type Outcome,
	type Query,
	REFUSED,
	SERVFAIL,
} from './question.ts';
import { SETUPS } from './setup.ts';

/** Go's version and the commit of each release's image (`/coredns -version`). */
const BUILDS: Readonly<Record<string, readonly [go: string, commit: string]>> = {
	'1.8.0': ['go1.15.3', '054c9ae'],
	'1.8.4': ['go1.16.4', '053c4d5'],
	'1.8.6': ['go1.17.1', '13a9191'],
	'1.9.3': ['go1.18.2', '45b0a11'],
	'1.10.1': ['go1.20', '055b2c3'],
	'1.11.1': ['go1.20.7', 'ae2bbc2'],
	'1.11.3': ['go1.21.11', 'a7ed346'],
	'1.12.0': ['go1.23.3', '51e11f1'],
	'1.12.1': ['go1.24.1', '707c7c1'],
};

/** Release of a container's image, and where it finds its Corefile. */
const releaseOf = ({ context }: CoreDnsRun): string =>
	/:v?(\d+\.\d+\.\d+)/.exec(context.container.image)?.[1] ?? context.cluster.image.coredns.replace(/^v/, '');

const confOf = ({ context: { argv } }: CoreDnsRun): string => {
	const at = argv.indexOf('-conf');
	return at >= 0 ? (argv[at + 1] ?? 'Corefile') : 'Corefile';
};

export interface CoreDnsServer {
	/** Open now. */
	ports(): readonly Listening[];
	/** What becomes of a question that came to a port; nothing of one nobody answers. */
	answer(
		question: DnsQuestion,
		port: number,
		asker: Asker,
		network: DnsNetwork,
	): { readonly reply: DnsReply; readonly took: number } | undefined;
	/** GET of `/health`, `/ready` or `/metrics`. */
	page(port: number, path: string): { readonly status: number; readonly body: string } | undefined;
}

interface Instance extends CoreDnsServer {
	begin(): void;
	files(): void;
	lameduck(): number;
	banner(): readonly string[];
}

const instances = new WeakMap<CoreDnsRun, Instance>();

const instanceOf = (run: CoreDnsRun): Instance => {
	let known = instances.get(run);
	if (!known) {
		known = createInstance(run);
		instances.set(run, known);
	}
	return known;
};

/** A container's program begins. */
export const startCoreDns = (run: CoreDnsRun): void => instanceOf(run).begin();
export const corednsFiles = (run: CoreDnsRun): void => instanceOf(run).files();
export const corednsLameduck = (run: CoreDnsRun): number => instanceOf(run).lameduck();
export const corednsBanner = (run: CoreDnsRun): readonly string[] => instanceOf(run).banner();

/** The server of a container; undefined of one that is no CoreDNS. */
export function corednsOf(cluster: Cluster, { node, id }: RunningContainer): CoreDnsServer | undefined {
	const run = contextOf(cluster)?.machines.get(node)?.coredns.get(id);
	return run && instanceOf(run);
}

/** Name servers of a pod by its policy: what its /etc/resolv.conf begins with. */
function resolvConf(cluster: ClusterContext, pod: Pod): string {
	const {
		dnsPolicy = 'ClusterFirst',
		hostNetwork,
		dnsConfig,
	} = pod.spec as {
		readonly dnsPolicy?: string;
		readonly hostNetwork?: boolean;
		readonly dnsConfig?: { readonly nameservers?: readonly string[]; readonly searches?: readonly string[] };
	};
	const gateway = cluster.docker.networks().find((n) => n.name === 'kind')?.gateway ?? 0xac120001;
	const ofNode = dnsPolicy === 'Default' || (dnsPolicy === 'ClusterFirst' && hostNetwork === true);
	const { namespace } = pod.metadata;
	const servers =
		dnsPolicy === 'None' ? [] : [ofNode ? formatIp(gateway) : formatIp(cluster.config.serviceSubnet.address + 10)];
	const search =
		dnsPolicy === 'None'
			? []
			: ofNode
				? ['localdomain']
				: [`${namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local', 'localdomain'];
	const searches = [...search, ...(dnsConfig?.searches ?? [])];
	return `search ${searches.join(' ')}\n${[...servers, ...(dnsConfig?.nameservers ?? [])].map((ip) => `nameserver ${ip}\n`).join('')}`;
}

/** What is no link of the chain of plugins: with nothing else, a zone is refused. */
const NO_HANDLERS: ReadonlySet<Plugin['kind']> = new Set(['ready', 'health', 'lameduck', 'reload']);

/** How often a question may come back to servers that ask each other. */
const DEEPEST = 6;
let depth = 0;

function createInstance(run: CoreDnsRun): Instance {
	const { context } = run;
	const { cluster, machine, pod, container, id } = context;
	const { timeline } = cluster;
	const release = releaseOf(run);
	const minor = minorOfRelease(release);
	const conf = confOf(run);
	const podNow = (): Pod | undefined => one<Pod>(cluster.api, 'pods', pod.metadata.namespace, pod.metadata.name);

	const readFile = (path: string): string | undefined => {
		if (path === '/etc/resolv.conf') return resolvConf(cluster, pod);
		if (path === '/etc/hosts') return `127.0.0.1\tlocalhost\n${podNow()?.status?.podIP ?? ''}\t${pod.metadata.name}\n`;
		const mount = mountsOfSpec(container).find(({ mountPath }) => path.startsWith(`${mountPath}/`));
		if (!mount) return containerState(cluster, machine, pod, container, id).disk.read(path);
		const root = mountOf(cluster, machine, pod, mount, {})?.node;
		if (root?.kind === 'directory')
			return createDisk({ root, now: () => timeline.now }).read(path.slice(mount.mountPath.length));
		return path === conf ? run.corefile : undefined;
	};

	let servers: readonly Server[] = [];
	let chains = new Map<Server, (query: Query) => Outcome>();
	let hash = '';
	/** When reload looked first, and how often it does. */
	let looks: { readonly from: number; readonly every: number } | undefined;
	let due = false;
	/** Its log's first lines, of one that began before anybody could ask it. */
	let first: readonly string[] | undefined;
	let modified = Math.floor(timeline.epoch + timeline.now / SECOND);
	context.watch(({ object }) => {
		if (/^(?:Service|EndpointSlice|Endpoints|Namespace)$/.test(String(object.kind)))
			modified = Math.floor(timeline.epoch + timeline.now / SECOND);
	});

	const counts = new Map<string, number>();
	const count = (name: string, labels: string): void => {
		const key = `${name} ${labels}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
	};

	const around: Surroundings = {
		log: (query, line) => context.logAt(query.network.now + query.spent(), line),
		random: (purpose, key, bound) => timeline.random(`coredns ${purpose}`, `${id} ${key}`, bound),
		readFile,
		after: (delay, act) => context.after(delay, act),
		say: (line) => context.log(line),
		count,
		searchOf(ip, zones) {
			const kube = plugin('kubernetes');
			const found =
				kube?.pods === 'verified' && all<Pod>(cluster.api, 'pods').find(({ status }) => status?.podIP === ip);
			const zone = kube?.zones.find((z) => zones.includes(z) || zones.includes('.')) ?? kube?.zones[0];
			if (!found || zone === undefined) return undefined;
			const own = (/^search (.*)$/m.exec(resolvConf(cluster, pod))?.[1] ?? '').split(' ').filter(Boolean).map(fqdn);
			return [`${found.metadata.namespace}.svc.${zone}`, `svc.${zone}`, zone, ...own, ''];
		},
	};

	const plugin = <K extends Plugin['kind']>(kind: K): Extract<Plugin, { kind: K }> | undefined =>
		servers.flatMap(({ plugins }) => plugins).find((p): p is Extract<Plugin, { kind: K }> => p.kind === kind);

	const handlerOf = (config: Plugin): Handler | undefined => {
		switch (config.kind) {
			case 'log':
				return log(config.rules, around);
			case 'errors':
				return errors(config.patterns, around);
			case 'cache':
				return cache(config, around);
			case 'loadbalance':
				return loadbalance(around);
			case 'rewrite':
				return rewrite(config.rules);
			case 'template':
				return template(config.templates);
			case 'autopath':
				return autopath(config.zones, config.search, around);
			case 'hosts':
				return hosts(config, around);
			case 'forward':
				return forward(config, around);
			case 'made':
				return config.make(around);
			case 'whoami':
				return whoami;
			case 'any':
				return any;
			case 'kubernetes': {
				const answer = createKubernetes(config, {
					cluster,
					ip: () => podNow()?.status?.podIP ?? '',
					synced: () => run.synced,
					serial: () => modified,
					lookup: (query, name, type) => {
						const { reply } = serve({ ...query, name: fqdn(name), type }, 53);
						// A name elsewhere is told of, whatever became of asking for it.
						return reply?.answers ?? [];
					},
				});
				return (query, next) => answer(query, () => next(query));
			}
			default:
				return undefined;
		}
	};

	/** Nobody is left to ask: `plugin/errors` has a name for it, and the answer is SERVFAIL (plugin.NextOrFailure). */
	const chainOf = ({ plugins }: Server): ((query: Query) => Outcome) => {
		let chain: (query: Query) => Outcome = () => ({ code: SERVFAIL, error: 'plugin/chain: no next plugin found' });
		for (const config of [...plugins].reverse()) {
			const handler = handlerOf(config);
			const next = chain;
			if (handler) chain = (query) => handler(query, next);
		}
		return chain;
	};

	const serve = (query: Query, port: number): Outcome => {
		const here = servers.filter((server) => server.port === port && !server.secure);
		const zone = zoneOf(
			query.name,
			here.flatMap(({ zones }) => zones),
		);
		const server = here.find(({ zones }) => zone !== undefined && zones.includes(zone));
		if (!server?.plugins.some(({ kind }) => !NO_HANDLERS.has(kind))) return { code: REFUSED };
		return chains.get(server)!(query);
	};

	/** What plugin/metrics counts of an answer. */
	const tell = (query: Query, port: number, code: number): void => {
		const { asker, type } = query;
		const zones = servers.filter((server) => server.port === port).flatMap((server) => server.zones);
		const own = `server="dns://:${port}",zone="${zoneOf(query.name, zones) ?? 'dropped'}"`;
		count('requests', `family="1",proto="${asker.tcp ? 'tcp' : 'udp'}",${own},type="${monitored(type)}"`);
		count('responses', `plugin="",rcode="${code}",${own}`);
	};

	const read = (text: string, quiet = false): readonly Server[] =>
		configOf(
			conf,
			withDefault(parseCorefile(conf, text, directivesOf(release), readFile)),
			SETUPS,
			directivesOf(release),
			{
				readFile,
				log: (line) => {
					if (!quiet) context.log(line);
				},
			},
		);

	/** Of an empty Corefile. */
	const withDefault = (blocks: ReturnType<typeof parseCorefile>): ReturnType<typeof parseCorefile> =>
		blocks.length > 0 ? blocks : parseCorefile('Corefile', '.:53 {\nwhoami\nlog\n}\n', undefined);

	const hashOf = (text: string): string => {
		const json = utf8(jsonOf(parseCorefile(conf, text, undefined, readFile)));
		return hex(minor >= 9 ? sha512(json) : md5(json));
	};
	const running = (): string =>
		`[INFO] plugin/reload: Running configuration ${minor >= 9 ? 'SHA512' : 'MD5'} = ${hash}`;

	const use = (text: string, next: readonly Server[]): void => {
		servers = next;
		chains = new Map(servers.map((server) => [server, chainOf(server)]));
		hash = hashOf(text);
		const reload = plugin('reload');
		looks = reload && {
			from: timeline.now,
			every:
				reload.interval + timeline.random('coredns jitter', `${id} ${timeline.now}`, reload.jitter) - reload.jitter / 2,
		};
	};

	const banner = (): readonly string[] => {
		const [go, commit] = BUILDS[release] ?? ['go1.17.1', timeline.hex(7, 'commit', release)];
		return [
			...servers.flatMap(({ zones, port, secure }) =>
				secure ? [] : [...zones].sort().map((zone) => `${zone}:${port}`),
			),
			...(plugin('reload') ? [running()] : []),
			`CoreDNS-${release}`,
			`linux/amd64, ${go}, ${commit}`,
		];
	};

	/** plugin/loop: asks itself something nobody knows, and sees whether that comes back. */
	const findLoop = (): void => {
		for (const { zones, port, plugins } of servers) {
			if (!plugins.some(({ kind }) => kind === 'loop')) continue;
			const [zone = '.'] = zones;
			const label = (n: number): string =>
				`${timeline.random('loop', `${id} ${timeline.now} ${n}`, 9_000_000_000)}${timeline.random('loop', `${id} ${timeline.now} ${n} b`, 900_000_000)}`;
			const name = fqdn(`${label(1)}.${label(2)}.${bare(zone)}`);
			const to = plugins.find((p) => p.kind === 'forward' && within(name, p.from));
			const from = 32_768 + timeline.random('loop port', `${id} ${timeline.now}`, 28_000);
			if (to?.kind === 'forward' && to.to.some((t) => t.port === port && comesBack(t.host))) {
				context.log(
					`[FATAL] plugin/loop: Loop (127.0.0.1:${from} -> :${port}) detected for zone ${JSON.stringify(zone)}, see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO ${name}"`,
				);
				context.exit(1);
				return;
			}
			// Who logs has the question in the log too.
			const logs = plugins.find((p) => p.kind === 'log');
			if (logs?.kind === 'log') {
				const outcome: Outcome = {
					code: 3,
					reply: { code: 3, flags: 0x80, answers: [], authority: [], additional: [] },
				};
				const question: DnsQuestion = { id: from % 65_536, name: bare(name), type: HINFO, flags: 0x100 };
				const size = 12 + name.length + 1 + 4;
				const network: DnsNetwork = { now: timeline.now, ask: () => ({ took: 0 }), sizeOf: () => size };
				const asker: Asker = { ip: '127.0.0.1', port: from, tcp: false, size, local: '127.0.0.1' };
				log(logs.rules, around)(queryOf(question, asker, network), () => outcome);
			}
		}
	};

	const comesBack = (host: string): boolean => {
		const own = podNow()?.status?.podIP;
		if (/^127\./.test(host) || host === own || host === '0.0.0.0') return true;
		// Of a service whose endpoints are such servers.
		return all<Pod & { readonly spec: { readonly clusterIP?: string; readonly selector?: object } }>(
			cluster.api,
			'services',
		).some(({ spec, metadata }) => spec.clusterIP === host && metadata.name === 'kube-dns');
	};

	const queryOf = (question: DnsQuestion, asker: Asker, network: DnsNetwork): Query => {
		let spent = 0;
		return {
			question,
			name: fqdn(question.name),
			type: question.type,
			asker,
			network,
			spend(took) {
				spent += took;
			},
			spent: () => spent,
		};
	};

	const open = (): void => {
		run.serving = true;
		for (const line of banner()) context.log(line);
		cluster.packetsChanged();
		context.after(context.between(20 * MILLISECOND, 80 * MILLISECOND, 'loop'), findLoop);
	};

	/** As long as the kubernetes plugin has not read the API: five seconds nothing is served, then SERVFAIL. */
	const wait = (waited: number): void => {
		if (!plugin('kubernetes') || !podApiFault(cluster, machine)) {
			run.synced = true;
			if (!run.serving) open();
			context.healthy();
			return;
		}
		if (waited % SECOND === 0 && waited < 5 * SECOND && plugin('ready') && waited > 0 && minor < 9)
			context.log('[INFO] plugin/ready: Still waiting on: "kubernetes"');
		if (minor >= 9 && waited > 0 && waited < 5 * SECOND)
			context.log('[INFO] plugin/kubernetes: waiting for Kubernetes API before starting server');
		if (waited === 5 * SECOND) {
			context.log('[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API');
			open();
		}
		if (waited > 5 * SECOND) context.log('[INFO] plugin/ready: Still waiting on: "kubernetes"');
		context.unhealthy('HTTP probe failed with statuscode: 503');
		const step = waited < 5 * SECOND ? 500 * MILLISECOND : 10 * SECOND;
		context.after(step, () => wait(waited + step));
	};

	const begin = (): void => {
		context.after(context.between(200 * MILLISECOND, 800 * MILLISECOND, 'start'), () => {
			const text = readFile(conf) ?? run.corefile;
			if (text === undefined) {
				context.log(`open ${conf}: no such file or directory`);
				context.exit(1);
				return;
			}
			try {
				use(text, read(text));
			} catch (fault) {
				if (!(fault instanceof CorefileError)) throw fault;
				context.log(fault.message);
				context.exit(1);
				return;
			}
			wait(0);
		});
	};

	const restart = (text: string): void => {
		try {
			const next = read(text);
			const was = servers;
			use(text, next);
			context.log(running());
			context.log('[INFO] Reloading complete');
			if (was.length > 0) {
				cluster.packetsChanged();
				// Whoever probes finds other ports open.
				context.unhealthy('');
				context.healthy();
			}
			context.after(context.between(20 * MILLISECOND, 80 * MILLISECOND, 'loop'), findLoop);
		} catch (fault) {
			if (!(fault instanceof CorefileError)) throw fault;
			context.log(`[ERROR] Restart failed: ${fault.message}`);
			context.log(
				`[ERROR] plugin/reload: Corefile changed but reload failed: starting with listener file descriptors: ${fault.message}`,
			);
		}
	};

	/** reload's tick: what is not even words is said each time, what is wrong once. */
	const look = (): void => {
		due = false;
		const text = readFile(conf);
		if (text === undefined) return;
		let next: string;
		try {
			next = hashOf(text);
		} catch (fault) {
			if (!(fault instanceof CorefileError)) throw fault;
			context.log(`[WARNING] plugin/reload: Corefile parse failed: ${fault.message}`);
			files();
			return;
		}
		if (next === hash) return;
		hash = next;
		context.log('[INFO] Reloading');
		const before = minor <= 8 ? lameduck() : 0;
		if (before > 0) context.log(`[INFO] plugin/health: Going into lameduck mode for ${before / SECOND}s`);
		context.after(before + 50 * MILLISECOND, () => restart(text));
	};

	const files = (): void => {
		if (!looks || due) return;
		due = true;
		const { from, every } = looks;
		const passed = Math.floor((timeline.now - from) / every) + 1;
		context.after(Math.max(1, Math.round(from + passed * every) - timeline.now), look);
	};

	const lameduck = (): number => plugin('lameduck')?.wait ?? 0;

	// One that began before anybody could ask it.
	if (run.serving || run.synced || (run.corefile !== undefined && timeline.now > run.startedAt)) {
		try {
			use(run.corefile ?? '', read(run.corefile ?? '', true));
			if (looks) looks = { ...looks, from: run.startedAt };
			first = banner();
		} catch (fault) {
			if (!(fault instanceof CorefileError)) throw fault;
		}
	}

	const page = (kind: 'health' | 'ready' | 'prometheus', port: number): boolean => plugin(kind)?.port === port;

	return {
		begin,
		files,
		lameduck,
		banner: () => first ?? banner(),
		ports() {
			if (servers.length === 0) return [];
			const out: Listening[] = [];
			for (const kind of ['health', 'ready', 'prometheus'] as const) {
				const found = plugin(kind);
				if (found && !/^(?:localhost|127\.)/.test(found.ip)) out.push({ port: found.port, protocol: 'TCP' });
			}
			if (run.serving)
				for (const port of new Set(servers.filter((s) => !s.secure).map((s) => s.port)))
					out.push({ port, protocol: 'UDP', speaks: 'dns' }, { port, protocol: 'TCP', speaks: 'dns' });
			return out;
		},
		answer(question, port, asker, network) {
			if (!run.serving || depth >= DEEPEST) return undefined;
			const query = queryOf(question, asker, network);
			depth++;
			try {
				const { code, reply, dropped } = serve(query, port);
				tell(query, port, reply?.code ?? code);
				if (dropped) return undefined;
				return {
					reply: reply ?? { code, flags: 0, answers: [], authority: [], additional: [] },
					took: query.spent(),
				};
			} finally {
				depth--;
			}
		},
		page(port, path) {
			if (page('health', port)) return path === '/health' ? { status: 200, body: 'OK' } : undefined;
			if (page('ready', port)) {
				if (path !== '/ready') return undefined;
				return run.synced ? { status: 200, body: 'OK' } : { status: 503, body: 'kubernetes' };
			}
			if (page('prometheus', port) && path.replace(/\?.*$/, '') === '/metrics')
				return { status: 200, body: metricsText(release, BUILDS[release] ?? ['go1.17.1', ''], servers, counts) };
			return undefined;
		},
	};
}
