/** BPF programs of a machine: where they are attached, and the numbers the kernel gives them. */
import { type Device, hashText, type Namespace } from '../../sim/linux/index.ts';
import { nodesOf } from '../../sim/world/index.ts';
import { devicesIn } from './devices.ts';
import type { Space } from './space.ts';

export interface Attached {
	readonly id: number;
	/** Virtual microseconds. */
	readonly loadedAt: number;
	readonly type: 'sched_cls' | 'xdp' | 'cgroup_sock_addr' | 'cgroup_sock';
	/** As the simulator and Cilium's source name it: `from-container`, `cil_from_container`. */
	readonly program: string;
	/** As `tc` prints it: object and section to Cilium 1.12, function and device later. */
	readonly shown: string;
	/** 16 hex digits: a hash of the instructions, the same for the same program. */
	readonly tag: string;
	readonly ns: string;
	readonly device?: Device;
	readonly hook: 'ingress' | 'egress' | 'xdp' | string;
}

/** Object files by section (bpf/*.c @ v1.12). */
function objectOf(section: string, device: Device): string {
	if (section.includes('container')) return 'bpf_lxc.o';
	if (section.includes('overlay')) return 'bpf_overlay.o';
	if (section.includes('xdp')) return 'bpf_xdp.o';
	return device.name.startsWith('cilium_') ? 'bpf_host.o' : `bpf_netdev_${device.name}.o`;
}

const tagOf = (program: string): string =>
	hashText(11, program).toString(16).padStart(8, '0') + hashText(13, program).toString(16).padStart(8, '0');

/** When the agent of a node loaded what is at a device, or in the cgroup: virtual microseconds; 0 when nobody knows. */
function loadedAt(space: Space, ns: string, device: Device | undefined): number {
	const agent = space.lab
		.clusters()
		.flatMap((cluster) => cluster.agents())
		.find(({ node }) => ns === `node/${node}`);
	if (!agent) return 0;
	const pod = device?.peer?.ns;
	const endpoint = agent.endpoints.find((one) => pod === `pod/${one.namespace}/${one.pod}`);
	const log = endpoint?.log ?? [];
	const last = log.filter(({ message }) => message.startsWith('Successfully regenerated')).at(-1);
	return Math.max(agent.startedAt, log[0]?.at ?? 0, last?.at ?? 0);
}

/** Numbers as the kernel gives them: the later, the higher, and each once. */
function numbered(items: readonly { readonly key: string; readonly at: number }[], from: number): Map<string, number> {
	const out = new Map<string, number>();
	let last = 0;
	for (const { key, at } of [...items].sort((a, b) => a.at - b.at)) {
		last = Math.max(last + 1, from + Math.floor(at / 50_000));
		out.set(key, last);
	}
	return out;
}

/** Where a program hangs, in a namespace. */
interface Hooked {
	readonly key: string;
	readonly name: string;
	readonly hook: string;
	readonly device?: Device;
}

function hooked(ns: Namespace): readonly Hooked[] {
	const of = (name: string, hook: string, device?: Device): Hooked => ({
		key: `${ns.name} ${device?.name ?? 'cgroup'} ${hook}`,
		name,
		hook,
		...(device ? { device } : {}),
	});
	return [
		...ns.connectPrograms.map(({ name, hook }) => of(name, hook)),
		...devicesIn(ns).flatMap((device) => [
			...(device.xdp ? [of(device.xdp.name, 'xdp', device)] : []),
			...(device.tcIngress ? [of(device.tcIngress.name, 'ingress', device)] : []),
			...(device.tcEgress ? [of(device.tcEgress.name, 'egress', device)] : []),
		]),
	];
}

/** Numbers and times of all programs of the machine, by where they hang. */
function loads(space: Space): Map<string, { readonly id: number; readonly at: number }> {
	const items = nodeSpaces(space).flatMap((ns) =>
		hooked(ns).map(({ key, device }) => ({ key, at: loadedAt(space, ns.name, device) })),
	);
	const ids = numbered(items, 40);
	return new Map(items.map(({ key, at }) => [key, { id: ids.get(key)!, at }]));
}

/** Programs of one namespace: those of its devices, and on a node those of the cgroup. */
export function programsIn(space: Space, ns: Namespace): readonly Attached[] {
	const known = loads(space);
	return hooked(ns)
		.map(({ key, name, hook, device }): Attached => {
			const { id, at } = known.get(key) ?? { id: 40, at: 0 };
			const section = !name.startsWith('cil_');
			const bind = hook === 'post_bind4' || hook === 'sock_release';
			return {
				id,
				loadedAt: at,
				type: device ? (hook === 'xdp' ? 'xdp' : 'sched_cls') : bind ? 'cgroup_sock' : 'cgroup_sock_addr',
				program: name,
				shown: device ? (section ? `${objectOf(name, device)}:[${name}]` : `${name}-${device.name}`) : name,
				tag: tagOf(device ? `${name} ${/container/.test(name) ? device.name : ns.name}` : name),
				ns: ns.name,
				...(device ? { device } : {}),
				hook,
			};
		})
		.sort((a, b) => a.id - b.id);
}

/** Namespaces of the nodes: programs and maps are the kernel's, whichever container asks. */
export function nodeSpaces(space: Space): readonly Namespace[] {
	const world = space.cluster?.world();
	if (!world) return [space.ns()];
	return nodesOf(world).flatMap((node) => world.net.namespaces.get(`node/${node.metadata.name}`) ?? []);
}

/** Maps of an agent's start follow one another; an endpoint's policy gets its number when the endpoint is made. */
export function mapIds(space: Space): Map<string, number> {
	const spaces = nodeSpaces(space);
	const out = new Map<string, number>();
	const policies: { key: string; at: number }[] = [];
	for (const [i, ns] of spaces.entries()) {
		const agent = space.lab
			.clusters()
			.flatMap((cluster) => cluster.agents())
			.find(({ node }) => ns.name === `node/${node}`);
		let next = 20 + 40 * i;
		for (const name of ns.bpfMaps.keys()) {
			const key = `${ns.name} ${name}`;
			const id = Number(/^cilium_policy(?:_v2)?_(\d+)$/.exec(name)?.[1]);
			if (Number.isNaN(id)) out.set(key, next++);
			else policies.push({ key, at: agent?.endpoints.find((one) => one.id === id)?.log[0]?.at ?? 0 });
		}
	}
	for (const [key, id] of numbered(policies, 20 + 40 * spaces.length)) out.set(key, id);
	return out;
}

/** Name in the kernel: 15 characters (BPF_OBJ_NAME_LEN). Functions of Cilium to 1.12 are not named after their section. */
export function kernelName(program: string): string {
	const functions: Readonly<Record<string, string>> = {
		'from-container': 'handle_xgress',
		'to-container': 'handle_to_conta',
	};
	return (functions[program] ?? program.replaceAll('-', '_')).slice(0, 15);
}
