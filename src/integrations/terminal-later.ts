import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { MARK } from './terminal-graph.ts';

const SIM = fileURLToPath(new URL('../sim/', import.meta.url));
/** The module that says when they are to come: `src/sim/lab/packets.ts`, which has nothing to fetch elsewhere. */
const DOOR = `${SIM}lab/packets.ts${MARK}`;
const STAND_IN = '?later';
const ALL = `${SIM}lab/packets.ts?all`;

const EGRESS = {
	'./egress-gateway.ts': [
		...['fromContainer', 'fromOverlay', 'reply', 'source', 'toNetdev'].map((name) => `egressGateway.programs.${name}`),
		'egressGateway.list',
		'egressGateway.sync',
	],
};

/**
 * What of the lab comes with its first packet, or when somebody looks at a ruleset: by module, what it asks for it, and
 * the functions it uses of that. `a.b` is a function in an object.
 */
const LATER: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
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
	'world/rules.ts': { './node-rules.ts': ['kubeletRules', 'proxyRules'] },
};

/** Every module that comes later, by its path below `src/sim`, with what is asked of it. */
const REAL = new Map(
	Object.entries(LATER).flatMap(([importer, sources]) =>
		Object.entries(sources).map(([source, names]) => [new URL(source, `file:///${importer}`).pathname.slice(1), names]),
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

/**
 * Makes what opening a terminal fetches smaller by a sixth: the way of packets, the rules of a node and what is in the
 * agent's programs come when `loadPackets` asks for them. Until then whoever calls them fails.
 */
export function terminalLater(): Plugin {
	return {
		name: 'packetwalk:terminal-later',
		enforce: 'pre',
		resolveId(source, importer) {
			if (this.environment.name !== 'client' || !importer) return;
			// What the modules below ask for is said in full.
			if (source.startsWith(SIM) && source.includes('?')) return source;
			if (!importer.startsWith(SIM) || !importer.endsWith(MARK)) return;
			const at = importer.slice(SIM.length, -MARK.length);
			if (!LATER[at]?.[source]) return;
			return SIM + new URL(source, `file:///${at}`).pathname.slice(1) + STAND_IN;
		},
		load(id) {
			if (id === DOOR)
				return `export let real; export const loadPackets = async () => { real ??= await import(${JSON.stringify(ALL)}); };`;
			if (id === ALL)
				return [...REAL]
					.map(
						([module, names]) =>
							`export { ${tops(names)
								.map((name) => `${name} as ${flat(module, name)}`)
								.join(', ')} } from ${JSON.stringify(SIM + module + MARK)};`,
					)
					.join('\n');
			if (!id.startsWith(SIM) || !id.endsWith(STAND_IN)) return;
			const module = id.slice(SIM.length, -STAND_IN.length);
			const names = REAL.get(module)!;
			return `import { real } from ${JSON.stringify(DOOR)};\n${tops(names)
				.map((name) => `export const ${name} = ${standIn(module, names, name)};`)
				.join('\n')}`;
		},
	};
}
