/** The servers of a configuration that is in force: their chains of plugins, and questions that go through them. */

import { all, type Pod } from '../cluster/kinds.ts';
import type { CoreDnsRun } from '../software/coredns.ts';
import { SECOND } from '../time.ts';
import { any, errors, type Handler, loadbalance, log, type Surroundings, whoami } from './chain.ts';
import { cache } from './chain-cache.ts';
import { forward } from './chain-forward.ts';
import { autopath, hosts, rewrite, template } from './chain-names.ts';
import { fqdn, type Plugin, type Server, zoneOf } from './config.ts';
import { createKubernetes } from './kubernetes.ts';
import { monitored } from './metrics.ts';
import type { OwnFiles } from './own-files.ts';
import {
	type Asker,
	type DnsNetwork,
	type DnsQuestion,
	type DnsReply,
	type Outcome,
	type Query,
	REFUSED,
	SERVFAIL,
} from './question.ts';

/** What is no link of the chain of plugins: with nothing else, a zone is refused. */
const NO_HANDLERS: ReadonlySet<Plugin['kind']> = new Set(['ready', 'health', 'lameduck', 'reload']);

/** How often a question may come back to servers that ask each other. */
const DEEPEST = 6;
let depth = 0;

/** A question as it goes through a chain. */
export function queryOf(question: DnsQuestion, asker: Asker, network: DnsNetwork): Query {
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
}

export interface Serving {
	readonly around: Surroundings;
	/** Of the configuration in force. */
	servers(): readonly Server[];
	/** What /metrics counts. */
	readonly counts: ReadonlyMap<string, number>;
	/** Puts a configuration in force. */
	use(servers: readonly Server[]): void;
	/** The first of a kind in the configuration. */
	plugin<K extends Plugin['kind']>(kind: K): Extract<Plugin, { kind: K }> | undefined;
	/** What becomes of a question that came to a port; nothing of one nobody answers. */
	answer(
		question: DnsQuestion,
		port: number,
		asker: Asker,
		network: DnsNetwork,
	): { readonly reply: DnsReply; readonly took: number } | undefined;
}

export function createServing(run: CoreDnsRun, files: OwnFiles): Serving {
	const { context } = run;
	const { cluster, id } = context;
	const { timeline } = cluster;
	let servers: readonly Server[] = [];
	let chains = new Map<Server, (query: Query) => Outcome>();
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
		readFile: files.read,
		after: (delay, act) => context.after(delay, act),
		say: (line) => context.log(line),
		count,
		searchOf(ip, zones) {
			const kube = plugin('kubernetes');
			const found =
				kube?.pods === 'verified' && all<Pod>(cluster.api, 'pods').find(({ status }) => status?.podIP === ip);
			const zone = kube?.zones.find((z) => zones.includes(z) || zones.includes('.')) ?? kube?.zones[0];
			if (!found || zone === undefined) return undefined;
			const own = (/^search (.*)$/m.exec(files.resolver())?.[1] ?? '').split(' ').filter(Boolean).map(fqdn);
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
					ip: () => files.ip() ?? '',
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

	return {
		around,
		servers: () => servers,
		counts,
		plugin,
		use(next) {
			servers = next;
			chains = new Map(servers.map((server) => [server, chainOf(server)]));
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
	};
}
