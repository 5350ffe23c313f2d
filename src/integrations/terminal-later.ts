import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { MARK } from './terminal-graph.ts';

const SIM = fileURLToPath(new URL('../sim/', import.meta.url));
const STAND_IN = '?later';
const ALL = '?all';

const EGRESS = {
	'./egress-gateway.ts': [
		...['fromContainer', 'fromOverlay', 'reply', 'source', 'toNetdev'].map((name) => `egressGateway.programs.${name}`),
		'egressGateway.list',
		'egressGateway.sync',
	],
};

type Edges = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** What of the lab comes with its first packet, or when somebody looks at a ruleset. */
const PACKETS: Edges = {
	'cilium/agent.ts': { './iptables.ts': ['ciliumRules'], ...EGRESS },
	'cilium/attach.ts': {
		'./programs/index.ts': [
			'fromContainer',
			'fromHost',
			'fromNetdev',
			'fromOverlay',
			'toContainer',
			'toHost',
			'toNetdev',
			'toOverlay',
			'xdpEntry',
		],
	},
	'cilium/attach-sock.ts': { './programs/sock.ts': ['runSock'] },
	'cilium/maps/lb-plan.ts': { './lb-frontends.ts': ['frontendTable', 'slotsOf'] },
	'cilium/node-config.ts': EGRESS,
	'cilium/policy/policy.ts': { './check.ts': ['policyPrograms.egress', 'policyPrograms.ingress'] },
	'cilium/policy/sync.ts': { './resolve.ts': ['resolvePolicy'] },
	'cilium/settings-agent.ts': EGRESS,
	'lab/cluster/cluster.ts': { '../projection/dial.ts': ['dialFault', 'silence'] },
	'lab/projection/hand-rules.ts': { './hand-rules-merge.ts': ['mergeRules'] },
	'linux/listen.ts': { './cgroup.ts': ['runSockPrograms'] },
	'linux/tunnel.ts': { './tunnel-frames.ts': ['receiveTunnelled', 'sendTunnelled'] },
	'linux/xdp.ts': { './xdp-send.ts': ['sendXdp'] },
	'world/build.ts': { './rules-text.ts': ['parseRules'] },
	'world/mixed-cni.ts': { './kindnet-policy.ts': ['kindnetDenies'] },
	'world/rules.ts': { './node-rules.ts': ['kubeletRules', 'proxyRules'] },
};

/** What comes when somebody may start a server in a container, or ask one. */
const SERVERS: Edges = {
	'lab/containers/index.ts': {
		'../coredns/server.ts': ['corednsBanner', 'corednsFiles', 'corednsLameduck', 'corednsOf', 'startCoreDns'],
	},
	'lab/containers/programs.ts': {
		'./apps/index.ts': ['beginApp'],
		'./databases.ts': ['mysqlStarts', 'postgresStarts'],
	},
	'lab/containers/web.ts': {
		'./nginx/config.ts': ['configOf'],
		'./nginx/serve.ts': ['newStats', 'nginxAnswer'],
		'./nginx/stream.ts': ['streamAnswer'],
	},
};

/**
 * Who says when it is to come: a module below `src/sim` that has nothing to fetch elsewhere, its function to do so and
 * the one that says whether it was done. What comes: by module, what it asks for it, and the functions it uses of that.
 * `a.b` is a function in an object.
 */
const DOORS: readonly (readonly [module: string, load: string, has: string, edges: Edges])[] = [
	['lab/packets.ts', 'loadPackets', 'hasPackets', PACKETS],
	['lab/containers/servers.ts', 'loadServers', 'hasServers', SERVERS],
];

const beside = (module: string, source: string): string => new URL(source, `file:///${module}`).pathname.slice(1);

/** Every module that comes later, by its path below `src/sim`, with its door and what is asked of it. */
const REAL = new Map(
	DOORS.flatMap(([door, , , edges]) =>
		Object.entries(edges).flatMap(([importer, sources]) =>
			Object.entries(sources).map(([source, names]) => [beside(importer, source), { door, names }] as const),
		),
	),
);
const flat = (module: string, name: string): string => `${module}_${name}`.replace(/\W/g, '_');

/** An object, or a function, that does what the real one does when it is called. */
function standIn(module: string, names: readonly string[], path = ''): string {
	const [first = ''] = path.split('.');
	if (names.includes(path)) return `(...a) => real.${flat(module, first)}${path.slice(first.length)}(...a)`;
	const inner = [
		...new Set(names.filter((n) => n.startsWith(`${path}.`)).map((n) => n.split('.')[path.split('.').length]!)),
	];
	return `{ ${inner.map((key) => `${key}: ${standIn(module, names, `${path}.${key}`)}`).join(', ')} }`;
}

const tops = (names: readonly string[]): readonly string[] => [...new Set(names.map((name) => name.split('.')[0]!))];

/** Where modules are changed: the pages' terminal, or (a test of it) wherever they are loaded. */
export interface Where {
	readonly environment: string;
	/** What the ids of the terminal's modules end with. */
	readonly mark: string;
}

const IN_PAGES: Where = { environment: 'client', mark: MARK };

/**
 * Makes what opening a terminal fetches smaller by a sixth: the way of packets, the rules of a node and what is in the
 * agent's programs come when `loadPackets` asks for them, servers' configurations with `loadServers`. Until then whoever
 * calls them fails.
 */
export function terminalLater({ environment, mark }: Where = IN_PAGES): Plugin {
	return {
		name: 'packetwalk:terminal-later',
		enforce: 'pre',
		resolveId(source, importer) {
			if (this.environment.name !== environment || !importer) return;
			// What the modules below ask for is said in full.
			if (source.startsWith(SIM) && source.includes('?')) return source;
			if (!importer.startsWith(SIM) || !importer.endsWith(mark)) return;
			const at = importer.slice(SIM.length, importer.length - mark.length);
			if (!DOORS.some(([, , , edges]) => edges[at]?.[source])) return;
			return SIM + beside(at, source) + STAND_IN;
		},
		load(id) {
			if (!id.startsWith(SIM)) return;
			const [module = '', query] = id.slice(SIM.length).split(/(?=\?)/);
			const door = DOORS.find(([name]) => name === module);
			if (door && (query ?? '') === mark)
				return `export let real;
					export const ${door[1]} = async () => { real ??= await import(${JSON.stringify(SIM + module + ALL)}); };
					export const ${door[2]} = () => real !== undefined;`;
			if (door && query === ALL)
				return [...REAL]
					.filter(([, { door }]) => door === module)
					.map(([path, { names }]) => {
						const asked = tops(names).map((name) => `${name} as ${flat(path, name)}`);
						return `export { ${asked.join(', ')} } from ${JSON.stringify(SIM + path + mark)};`;
					})
					.join('\n');
			const real = REAL.get(module);
			if (!real || query !== STAND_IN) return;
			return `import { real } from ${JSON.stringify(SIM + real.door + mark)};\n${tops(real.names)
				.map((name) => `export const ${name} = ${standIn(module, real.names, name)};`)
				.join('\n')}`;
		},
	};
}
