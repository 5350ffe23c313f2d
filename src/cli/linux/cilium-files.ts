/**
 * Files of Cilium's agent: its configuration as a directory, what it keeps at run time, and the sources in its image, of
 * which the lab has the names alone.
 *
 * Source: cilium images/cilium/Dockerfile, bpf/ (names), pkg/option/config.go, pkg/defaults/defaults.go @ v1.12.1,
 * v1.14.4, v1.16.15, v1.18.3; install/kubernetes/cilium/templates/cilium-agent/daemonset.yaml.
 */
import { type CiliumAgentState, checksHealth, type Lab } from '../../sim/lab/index.ts';
import type { MadeFile } from '../shell/index.ts';
import type { Place } from '../tool.ts';

type Files = Record<string, MadeFile>;

const minorOf = (version: string): number => Number(version.split('.')[1]);

const RUN = '/var/run/cilium';

/** What the agent keeps on its node. */
function runFiles(agent: CiliumAgentState): Files {
	const { state, config, endpoints, hostEndpoint, healthEndpoint } = agent;
	const out: Files = {};
	const made = (path: string, text: () => string): void => {
		out[`${RUN}/${path}`] = text;
	};
	made('cilium.pid', () => '1\n');
	const there = state === 'ready';
	if (there) for (const name of ['cilium.sock', 'health.sock', 'monitor1_2.sock', 'xds.sock']) made(name, () => '');
	if (there && config['enable-hubble'] === 'true')
		made((config['hubble-socket-path'] ?? '').replace(`${RUN}/`, '') || 'hubble.sock', () => '');
	const health = checksHealth(agent) ? [healthEndpoint] : [];
	if (health.length > 0) made('state/health-endpoint.pid', () => '560\n');
	const header = (): string => '/* the simulator compiles no programs, and has no headers of them */\n';
	made('state/globals/node_config.h', header);
	for (const id of [...endpoints.map((e) => e.id), hostEndpoint, ...health]) made(`state/${id}/ep_config.h`, header);
	return out;
}

/** Of the image: programs in C that the agent compiles. */
function sources(minor: number, release: string): Files {
	const programs = ['alignchecker', 'host', 'lxc', 'overlay', 'sock', 'xdp'].concat(
		minor <= 18 ? ['network'] : [],
		minor >= 16 ? ['wireguard'] : [],
	);
	const names = [
		...programs.map((name) => `bpf_${name}.c`).filter((name) => minor <= 15 || name !== 'bpf_network.c'),
		...(minor <= 14 ? ['init.sh'] : []),
		...['ep_config.h', 'filter_config.h', 'netdev_config.h', 'node_config.h', 'Makefile', 'Makefile.bpf'],
	];
	const where = `https://github.com/cilium/cilium/tree/v${release}/bpf/`;
	return Object.fromEntries(
		names.map((name) => [
			`/var/lib/cilium/bpf/${name}`,
			() => `/* the simulator does not carry Cilium's sources: ${where}${name} */\n`,
		]),
	);
}

export function ciliumFiles(place: Place, lab: Lab): Files {
	if (place.kind !== 'pod' && place.kind !== 'node') return {};
	const agents = lab.cluster(place.cluster)?.agents() ?? [];
	const agent = agents.find((a) => (place.kind === 'node' ? a.node === place.node : a.pod === place.pod));
	if (!agent) return {};
	if (place.kind === 'node') return runFiles(agent);
	const minor = minorOf(agent.version);
	// To 1.12 it is a volume; then the first container of the pod writes it.
	const config =
		minor <= 12
			? []
			: Object.entries(agent.config).map(([key, value]) => [`/tmp/cilium/config-map/${key}`, () => value] as const);
	return { ...runFiles(agent), ...sources(minor, agent.release), ...Object.fromEntries(config) };
}
