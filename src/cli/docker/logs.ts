/**
 * docker logs: what a container's first process wrote. Of a node that is kind's entrypoint and systemd as it starts
 * (kind images/base/files/usr/local/bin/entrypoint @ v0.14.0, systemd 248): the lines whose content the lab knows, of the
 * last start. Of the other units systemd starts nothing is known here.
 */
import { minorOf } from '../../sim/kube/index.ts';
import { type Container, contextOf, type Lab, type NodeMachine } from '../../sim/lab/index.ts';
import { formatIp, type Ip } from '../../sim/wire/index.ts';
import type { Command } from '../cobra/index.ts';
import { nanoTime } from '../linux/index.ts';
import { momentOf } from './events.ts';
import { processOf } from './processes.ts';
import { daemon, none, running, usage } from './words.ts';

interface Line {
	/** Virtual microseconds. */
	readonly at: number;
	readonly text: string;
}

/**
 * What the entrypoint finds of its address, and of the one it had before; where they differ, images since kind v0.15 make
 * the API server another certificate. Lower case since v0.20.
 */
function addressLines(lab: Lab, name: string, ip: Ip | undefined): readonly string[] {
	const cluster = lab.clusters().find((c) => c.nodes().some((n) => n.name === name));
	const machine = cluster && contextOf(cluster)?.machines.get(name);
	if (ip === undefined) return [];
	const minor = minorOf(machine?.image.kubernetes ?? '1.24.0');
	const word = minor >= 27 ? 'detected' : 'Detected';
	const before = machine?.addresses.at(-2);
	const moved = before !== undefined && before !== ip;
	return [
		`${word} IPv4 address: ${formatIp(ip)}`,
		...(before === undefined ? [] : [`${word} old IPv4 address: ${formatIp(before)}`]),
		...(moved && minor >= 25 && machine?.role === 'control-plane'
			? ['clearing and regenerating the certificate for serving the Kubernetes API']
			: []),
	];
}

function nodeLines(lab: Lab, container: Container, machine: NodeMachine | undefined): readonly Line[] {
	const boot = container.started ?? container.created;
	if (machine?.role === 'external-load-balancer' || /haproxy/.test(container.image)) return [];
	const again =
		boot !== container.created && container.started !== undefined && container.started - container.created > 1e6;
	const cluster = lab.clusters().find((c) => c.nodes().some((n) => n.name === container.name));
	const nodes = cluster?.api.find('nodes');
	const node = nodes && cluster!.api.get(nodes, undefined, container.name);
	const minor = minorOf((cluster && contextOf(cluster)?.machines.get(container.name)?.image.kubernetes) ?? '1.24.0');
	const { nodeInfo } = (node as { status?: { nodeInfo?: { osImage?: string } } } | undefined)?.status ?? {};
	const ip = machine?.ip ?? container.ip;
	const texts: readonly (readonly [after: number, text: string])[] = [
		[20_000, 'INFO: ensuring we can execute mount/umount even with userns-remap'],
		[60_000, 'INFO: remounting /sys read-only'],
		[90_000, 'INFO: making mounts shared'],
		[120_000, 'INFO: detected cgroup v2'],
		[150_000, 'INFO: clearing and regenerating /etc/machine-id'],
		[160_000, 'Initializing machine ID from random generator.'],
		[170_000, 'INFO: faking /sys/class/dmi/id/product_name to be "kind"'],
		[180_000, 'INFO: faking /sys/class/dmi/id/product_uuid to be random'],
		[190_000, 'INFO: faking /sys/devices/virtual/dmi/id/product_uuid as well'],
		[250_000, 'INFO: setting iptables to detected mode: nft'],
		...addressLines(lab, container.name, ip).map((line) => [300_000, `INFO: ${line}`] as const),
		...(minor >= 27 ? ([[310_000, 'INFO: starting init']] as const) : []),
		[380_000, 'Detected virtualization docker.'],
		[380_000, 'Detected architecture x86-64.'],
		...(again ? [] : ([[390_000, 'Detected first boot.']] as const)),
		[400_000, ''],
		...(nodeInfo?.osImage === undefined
			? []
			: ([
					[400_000, `Welcome to ${nodeInfo.osImage}!`],
					[400_000, ''],
				] as const)),
		[410_000, `Set hostname to <${container.name}>.`],
		[780_000, '[  OK  ] Started Journal Service.'],
		[880_000, '         Starting containerd container runtime...'],
		[960_000, '[  OK  ] Started containerd container runtime.'],
		[970_000, '[  OK  ] Reached target Multi-User System.'],
	];
	return texts.map(([after, text]) => ({ at: boot + after, text })).filter((line) => line.at <= lab.now);
}

const linesOf = (lab: Lab, container: Container): readonly Line[] => {
	if (!Object.hasOwn(container.labels, 'io.x-k8s.kind.cluster')) return processOf(lab, container)?.log ?? [];
	const machine = lab
		.clusters()
		.flatMap((c) => c.nodes())
		.find((n) => n.name === container.name);
	return nodeLines(lab, container, machine);
};

export const logs: Command = {
	name: 'logs',
	use: '[OPTIONS] CONTAINER',
	short: 'Fetch the logs of a container',
	flags: [
		{ name: 'follow', short: 'f', type: 'bool', usage: 'Follow log output' },
		{
			name: 'tail',
			short: 'n',
			type: 'string',
			default: 'all',
			usage: 'Number of lines to show from the end of the logs',
		},
		{ name: 'since', type: 'string', usage: 'Show logs since timestamp or relative' },
		{ name: 'until', type: 'string', usage: 'Show logs before a timestamp or relative' },
		{ name: 'details', type: 'bool', usage: 'Show extra details provided to logs' },
		{ name: 'timestamps', short: 't', type: 'bool', usage: 'Show timestamps' },
	],
	complete: (_, at) => running(at),
	run: async ({ call, args, flags }) => {
		const [name] = args;
		if (name === undefined || args.length > 1)
			return usage('docker logs', 'requires exactly 1 argument.', 'docker logs [OPTIONS] CONTAINER');
		const container = call.lab.docker.find(name);
		if (!container) return none(name);
		const tail = flags.text('tail');
		const count = tail === 'all' ? Number.POSITIVE_INFINITY : Number(tail);
		if (!(count >= 0)) return daemon(`invalid value for "tail": ${tail}`);
		const print = (lines: readonly Line[]): void => {
			for (const { at, text } of lines)
				call.out(`${flags.on('timestamps') ? `${nanoTime(call.lab, at)} ` : ''}${text}\n`);
		};
		const bound = (name: string): number | undefined => momentOf(call.lab, flags.text(name));
		for (const name of ['since', 'until'])
			if (flags.given(name) && bound(name) === undefined)
				return daemon(`invalid value for "${name}": failed to parse value as time or duration: "${flags.text(name)}"`);
		const since = flags.given('since') ? bound('since')! : Number.NEGATIVE_INFINITY;
		const until = flags.given('until') ? bound('until')! : Number.POSITIVE_INFINITY;
		const before = linesOf(call.lab, container);
		const now = before.filter(({ at }) => at >= since && at <= until);
		print(count === Number.POSITIVE_INFINITY ? now : count === 0 ? [] : now.slice(-count));
		if (!flags.on('follow')) return 0;
		let seen = call.lab.now;
		let shown = before.length;
		for (;;) {
			const there = call.lab.docker.find(container.id);
			if (there?.state !== 'running') return 0;
			const process = processOf(call.lab, there);
			if (process) {
				const more = (): readonly Line[] => process.log.slice(shown);
				await call.until(
					() => more().length > 0 || call.lab.docker.find(container.id)?.state !== 'running',
					Number.MAX_SAFE_INTEGER,
				);
				const fresh = more();
				shown += fresh.length;
				print(fresh);
				continue;
			}
			await call.until(() => call.lab.docker.find(container.id) !== there, 3600e6);
			const later = call.lab.docker.find(container.id);
			if (later) print(linesOf(call.lab, later).filter((line) => line.at > seen));
			seen = call.lab.now;
		}
	},
};
