/** Every tool of the terminal, and what the tools know of its places. */
import { type Lab, loadContainers, loadContainersToLookAt, loadPackets } from '../sim/lab/index.ts';
import { tools as chroot } from './chroot/index.ts';
import { later } from './later.ts';
import { containerSurroundings } from './linux/container-surroundings.ts';
import { loadDockerRules } from './linux/docker-rules-later.ts';
import { hardwareSurroundings, hardwareTools } from './linux/hardware-later.ts';
import { UNMODELLED } from './linux/image-packages.ts';
import { hasTool } from './linux/images.ts';
import { loadPrograms, programSurroundings } from './linux/installed-later.ts';
import { linuxSurroundings } from './linux/surroundings.ts';
import { agentMinorAt, agentVersionAt, kubectlAt } from './places.ts';
import type { Surroundings } from './shell/index.ts';
import type { Place, Tool } from './tool.ts';

/** Tools by which people bring containers, or look into them. */
const withContainers =
	<T>(load: () => Promise<T>): (() => Promise<T>) =>
	async () => {
		await Promise.all([loadContainers(), loadPrograms()]);
		return load();
	};

const onLaptop = (place: Place): boolean => place.kind === 'laptop';

const DOCKER = later({ name: 'docker', at: onLaptop }, async () => {
	await loadContainersToLookAt();
	return import('./docker/index.ts');
});
/** What of docker starts no container and asks none. */
const LOOKS =
	/^(?:(?:container|image|network|volume) )?(?:ls|list|ps|images|inspect|version|info|history|port|top)(?: |$)/;

const docker: Tool = {
	...DOCKER,
	async run(call) {
		const words = call.args.join(' ');
		if (!LOOKS.test(words)) await loadContainers();
		// Which programs there are is asked before one is looked for.
		if (/^(?:container )?exec /.test(words)) await loadPrograms();
		return DOCKER.run(call);
	},
};

/** `cilium` of the learner's machine is cilium-cli; in an agent's pod it is the agent's own tool. */
const ciliumTools = (): readonly Tool[] => {
	const inAgent: Tool['at'] = (place, lab) => agentVersionAt(place, lab) !== undefined;
	const agent = () => import('./cilium/agent/index.ts');
	const cli = later({ name: 'cilium', at: onLaptop }, () => import('./cilium/index.ts'));
	const own = later({ name: 'cilium', at: inAgent }, agent);
	return [
		{
			name: 'cilium',
			at: (place, lab) => onLaptop(place) || inAgent(place, lab),
			run: (call) => (onLaptop(call.place) ? cli : own).run(call),
			complete: (words, at) => (onLaptop(at.place) ? cli : own).complete?.(words, at) ?? [],
		},
		later({ name: 'cilium-dbg', at: (place, lab) => agentMinorAt(place, lab) >= 15 }, agent),
		later({ name: 'cilium-health', at: inAgent }, agent),
		later({ name: 'hubble', at: (place, lab) => onLaptop(place) || inAgent(place, lab) }, agent),
	];
};

/** Names of the Linux tools, each with its others. A test compares them with the tools themselves. */
const LINUX =
	'ip ifconfig route arp netstat bridge ss tc sysctl iptables/ip6tables iptables-save/ip6tables-save iptables-restore conntrack bpftool curl wget ping traceroute tracepath mtr dig nslookup host nc/netcat tcpdump nsenter hostname uname lsmod systemctl journalctl crictl ctr arping ps pgrep pkill killall stress perl pidof lsns ethtool lsof telnet ipset nstat apt-get/apt nginx httpd python3/python getent kube-apiserver kube-controller-manager kube-scheduler kube-proxy etcd etcdutl';

const linuxTools = (): readonly Tool[] =>
	[...LINUX.split(' '), ...UNMODELLED].map((names) => {
		const [name, ...aliases] = names.split('/');
		const about = { name: name!, at: hasTool(name!), ...(aliases.length > 0 ? { aliases } : {}) };
		return later(
			about,
			withContainers(async () => {
				await loadDockerRules();
				return import('./linux/index.ts');
			}),
		);
	});

/** Tools that bring nodes and take them away; what they run there are other tools. */
const SENDS_NOTHING: ReadonlySet<string> = new Set(['docker', 'kind']);

/**
 * Where there is a cluster, any tool may send something in it, or change what its nodes send. Agents look at their maps
 * again when a node comes or goes.
 */
const withPackets = (tool: Tool): Tool => {
	const sends = !SENDS_NOTHING.has(tool.name);
	const fetched = async (lab: Lab): Promise<Tool> => {
		if (lab.clusters().some((cluster) => sends || cluster.agents().length > 0)) await loadPackets();
		return tool;
	};
	return {
		...tool,
		run: async (call) => (await fetched(call.lab)).run(call),
		complete: async (words, at) => (await fetched(at.lab)).complete?.(words, at) ?? [],
	};
};

const ALL: readonly Tool[] = [
	...chroot,
	...ciliumTools(),
	docker,
	...['nano', 'vi', 'vim', 'edit'].map((name) => later({ name, at: hasTool(name) }, () => import('./editor/index.ts'))),
	later(
		{ name: 'helm', at: onLaptop },
		withContainers(() => import('./helm/index.ts')),
	),
	...['kubeadm', 'kubelet'].map((name) => later({ name, at: hasTool(name) }, () => import('./kubeadm/index.ts'))),
	later({ name: 'etcdctl', at: hasTool('etcdctl') }, () => import('./etcdctl/index.ts')),
	later({ name: 'openssl', at: hasTool('openssl') }, () => import('./openssl/index.ts')),
	later({ name: 'kind', at: onLaptop }, () => import('./kind/index.ts')),
	later(
		{ name: 'kubectl', aliases: ['k'], at: kubectlAt },
		withContainers(() => import('./kubectl/index.ts')),
	),
	...linuxTools(),
	...hardwareTools(),
];

export const tools: readonly Tool[] = ALL.map(withPackets);

export const surroundings: readonly Surroundings[] = [
	linuxSurroundings,
	containerSurroundings,
	hardwareSurroundings,
	programSurroundings,
];
