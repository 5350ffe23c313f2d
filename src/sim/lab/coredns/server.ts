/**
 * CoreDNS as a process: reads its Corefile, waits for the API, serves, and reads it again when it changed.
 *
 * Source: coredns coremain/run.go, core/dnsserver/{server,onstartup}.go, plugin/{reload,health,loop,kubernetes} @ v1.8.6,
 * v1.11.1; coredns/caddy caddy.go Restart() @ v1.1.1.
 */
import { hex, md5, sha512 } from '../../trace/index.ts';
import { utf8 } from '../../wire/index.ts';
import { contextOf } from '../containers/states.ts';
import type { CoreDnsRun } from '../software/coredns.ts';
import type { Listening } from '../software/program.ts';
import { podApiFault } from '../software/reach.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { Cluster, RunningContainer } from '../types.ts';
import { CorefileError, jsonOf, parseCorefile } from './caddyfile.ts';
import { configOf, directivesOf, minorOfRelease, type Server } from './config.ts';
import { findLoop } from './loop.ts';
import { metricsText } from './metrics.ts';
import { ownFiles } from './own-files.ts';
import { buildOf, confOf, KUBEADM_CONF, releaseOf } from './release.ts';
import { createServing, type Serving } from './serving.ts';
import { SETUPS } from './setup.ts';

export interface CoreDnsServer {
	/** Open now. */
	ports(): readonly Listening[];
	readonly answer: Serving['answer'];
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
/** How long it goes on answering after it was told to end, microseconds (plugin/health, lameduck). */
export const corednsLameduck = (run: CoreDnsRun): number => instanceOf(run).lameduck();
/** What it logs when it begins to serve. */
export const corednsBanner = (run: CoreDnsRun): readonly string[] => instanceOf(run).banner();

/** The server of a container; undefined of one that is no CoreDNS. */
export function corednsOf(cluster: Cluster, { node, id }: RunningContainer): CoreDnsServer | undefined {
	const run = contextOf(cluster)?.machines.get(node)?.coredns.get(id);
	return run && instanceOf(run);
}

function createInstance(run: CoreDnsRun): Instance {
	const { context } = run;
	const { cluster, machine, id } = context;
	const { timeline } = cluster;
	const release = releaseOf(run);
	const minor = minorOfRelease(release);
	const conf = confOf(run);
	const own = ownFiles(run);
	const serving = createServing(run, own);
	const { plugin } = serving;
	let hash = '';
	/** When reload looked first, and how often it does. */
	let looks: { readonly from: number; readonly every: number } | undefined;
	let due = false;
	/** Its log's first lines, of one that began before anybody could ask it. */
	let first: readonly string[] | undefined;
	const read = (text: string, quiet = false): readonly Server[] =>
		configOf(
			conf,
			withDefault(parseCorefile(conf, text, directivesOf(release), own.read)),
			SETUPS,
			directivesOf(release),
			{
				readFile: own.read,
				log: (line) => {
					if (!quiet) context.log(line);
				},
			},
		);

	/** Of an empty Corefile. */
	const withDefault = (blocks: ReturnType<typeof parseCorefile>): ReturnType<typeof parseCorefile> =>
		blocks.length > 0 ? blocks : parseCorefile('Corefile', '.:53 {\nwhoami\nlog\n}\n', undefined);

	const hashOf = (text: string): string => {
		const json = utf8(jsonOf(parseCorefile(conf, text, undefined, own.read)));
		return hex(minor >= 9 ? sha512(json) : md5(json));
	};
	const running = (): string =>
		`[INFO] plugin/reload: Running configuration ${minor >= 9 ? 'SHA512' : 'MD5'} = ${hash}`;

	const use = (text: string, next: readonly Server[]): void => {
		serving.use(next);
		hash = hashOf(text);
		const reload = plugin('reload');
		looks = reload && {
			from: timeline.now,
			every:
				reload.interval + timeline.random('coredns jitter', `${id} ${timeline.now}`, reload.jitter) - reload.jitter / 2,
		};
	};

	const banner = (): readonly string[] => {
		const [go, commit] = buildOf(release, run);
		return [
			...serving
				.servers()
				.flatMap(({ zones, port, secure }) => (secure ? [] : [...zones].sort().map((zone) => `${zone}:${port}`))),
			...(plugin('reload') ? [running()] : []),
			`CoreDNS-${release}`,
			`linux/amd64, ${go}, ${commit}`,
		];
	};

	const loop = (): void => findLoop(run, serving, own.ip());

	const open = (): void => {
		run.serving = true;
		for (const line of banner()) context.log(line);
		cluster.packetsChanged();
		context.after(context.between(20 * MILLISECOND, 80 * MILLISECOND, 'loop'), loop);
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
			const text = own.read(conf) ?? (conf === KUBEADM_CONF ? run.corefile : undefined);
			if (text === undefined) {
				context.log(`loading Caddyfile via flag: open ${conf}: no such file or directory`);
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
			const was = serving.servers();
			use(text, next);
			context.log(running());
			context.log('[INFO] Reloading complete');
			if (was.length > 0) {
				cluster.packetsChanged();
				// Whoever probes finds other ports open.
				context.unhealthy('');
				context.healthy();
			}
			context.after(context.between(20 * MILLISECOND, 80 * MILLISECOND, 'loop'), loop);
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
		const text = own.read(conf);
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
			const servers = serving.servers();
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
		answer: serving.answer,
		page(port, path) {
			if (page('health', port)) return path === '/health' ? { status: 200, body: 'OK' } : undefined;
			if (page('ready', port)) {
				if (path !== '/ready') return undefined;
				return run.synced ? { status: 200, body: 'OK' } : { status: 503, body: 'kubernetes' };
			}
			if (page('prometheus', port) && path.replace(/\?.*$/, '') === '/metrics')
				return { status: 200, body: metricsText(release, buildOf(release, run), serving.servers(), serving.counts) };
			return undefined;
		},
	};
}
