/** BPF programs of a machine: where they are attached, and the numbers the kernel gives them. */
import { type Device, hashText, type Namespace } from '../../sim/linux/index.ts';
import { nodesOf } from '../../sim/world/index.ts';
import { devicesIn } from './devices.ts';
import type { Space } from './space.ts';

export interface Attached {
	readonly id: number;
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

const idOf = (space: Space, ns: string, what: string): number =>
	100 + space.lab.random('bpf-id', `${ns} ${what}`, 32_000);

/** Programs of one namespace: those of its devices, and on a node those of the cgroup. */
export function programsIn(space: Space, ns: Namespace): readonly Attached[] {
	const out: Attached[] = [];
	for (const device of devicesIn(ns))
		for (const [program, hook] of [
			[device.xdp, 'xdp'],
			[device.tcIngress, 'ingress'],
			[device.tcEgress, 'egress'],
		] as const) {
			if (!program) continue;
			const { name } = program;
			const section = !name.startsWith('cil_');
			out.push({
				id: idOf(space, ns.name, `${device.name} ${hook}`),
				type: hook === 'xdp' ? 'xdp' : 'sched_cls',
				program: name,
				shown: section ? `${objectOf(name, device)}:[${name}]` : `${name}-${device.name}`,
				tag: tagOf(`${name} ${/container/.test(name) ? device.name : ns.name}`),
				ns: ns.name,
				device,
				hook,
			});
		}
	for (const { name, hook } of ns.connectPrograms)
		out.push({
			id: idOf(space, ns.name, `cgroup ${hook}`),
			type: hook === 'post_bind4' || hook === 'sock_release' ? 'cgroup_sock' : 'cgroup_sock_addr',
			program: name,
			shown: name,
			tag: tagOf(name),
			ns: ns.name,
			hook,
		});
	return out.sort((a, b) => a.id - b.id);
}

/** Namespaces of the nodes: programs and maps are the kernel's, whichever container asks. */
export function nodeSpaces(space: Space): readonly Namespace[] {
	const world = space.cluster?.world();
	if (!world) return [space.ns()];
	return nodesOf(world).flatMap((node) => world.net.namespaces.get(`node/${node.metadata.name}`) ?? []);
}

export const mapId = (space: Space, ns: string, name: string): number =>
	20 + space.lab.random('bpf-map', `${ns} ${name}`, 32_000);

/** Name in the kernel: 15 characters (BPF_OBJ_NAME_LEN). Functions of Cilium to 1.12 are not named after their section. */
export function kernelName(program: string): string {
	const functions: Readonly<Record<string, string>> = {
		'from-container': 'handle_xgress',
		'to-container': 'handle_to_conta',
	};
	return (functions[program] ?? program.replaceAll('-', '_')).slice(0, 15);
}
