/** ctr (containerd v1.6 cmd/ctr/commands/{containers,tasks,images,namespaces}): containerd without CRI. Kubernetes' own are in `k8s.io`. */
import { tabulate } from '../text/index.ts';
import type { Tool } from '../tool.ts';
import { isReady, sandboxesOn } from './cri.ts';
import { imageOf, pauseOf } from './cri-inspect.ts';
import { hasTool } from './images.ts';
import { machineOf } from './node-machine.ts';
import { nodeProcessTable } from './processes.ts';
import { decimals } from './words.ts';

const WIDE = { minWidth: 4, tabWidth: 8, padding: 4 };

/** `30.5 MiB` (containerd's progress.Bytes). */
const mebi = (octets: number): string => {
	let value = octets;
	for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
		if (value < 1024) return `${decimals(value, 1)} ${unit}`;
		value /= 1024;
	}
	return `${octets} B`;
};

export const ctr: Tool = {
	name: 'ctr',
	at: hasTool('ctr'),
	async run(call) {
		const words = [...call.args];
		let namespace = 'default';
		while (words[0]?.startsWith('-')) {
			const [flag, given] = words.shift()!.split('=', 2) as [string, string | undefined];
			if (flag === '-n' || flag === '--namespace') namespace = given ?? words.shift() ?? '';
			else if (flag === '-a' || flag === '--address') given ?? words.shift();
		}
		const [noun = 'help', verb = 'ls', ...rest] = words;
		const quiet = rest.includes('-q') || rest.includes('--quiet');
		const cluster = call.cluster();
		const machine = machineOf(call);
		if (!cluster || !machine) {
			call.err(
				'ctr: failed to dial "/run/containerd/containerd.sock": context deadline exceeded: connection error: desc = "transport: error while dialing: dial unix:///run/containerd/containerd.sock: timeout"\n',
			);
			return 1;
		}
		const known = namespace === 'k8s.io';
		const sandboxes = known ? sandboxesOn(call.lab, cluster, machine) : [];
		const containers = [
			...sandboxes.map((s) => ({
				id: s.id,
				image: pauseOf(machine)?.name ?? '',
				runs: isReady(s),
			})),
			...sandboxes
				.flatMap((s) => s.containers)
				.map((c) => ({
					id: c.id,
					image: imageOf(machine, c.image)?.name ?? c.image,
					runs: !c.ended,
				})),
		].sort((a, b) => (a.id < b.id ? -1 : 1));
		const list = verb === 'ls' || verb === 'list';
		const table = (head: string, lines: readonly string[], options = WIDE): void =>
			call.out(tabulate([head, ...lines].map((line) => `${line}\n`).join(''), options));
		if (list && ['containers', 'container', 'c'].includes(noun)) {
			if (quiet) for (const c of containers) call.out(`${c.id}\n`);
			else
				table(
					'CONTAINER\tIMAGE\tRUNTIME\t',
					containers.map((c) => `${c.id}\t${c.image}\tio.containerd.runc.v2\t`),
				);
			return 0;
		}
		if (list && ['tasks', 'task', 't'].includes(noun)) {
			const pids = new Map(
				nodeProcessTable(call.lab, cluster, machine)
					.map((p) => [p.container, p.pid] as const)
					.reverse(),
			);
			const tasks = containers.filter((c) => c.runs);
			if (quiet) for (const c of tasks) call.out(`${c.id}\n`);
			else
				table(
					'TASK\tPID\tSTATUS\t',
					tasks.map((c) => `${c.id}\t${pids.get(c.id) ?? 0}\tRUNNING\t`),
				);
			return 0;
		}
		if (list && ['images', 'image', 'i'].includes(noun)) {
			const images = known ? [...machine.images].sort((a, b) => (a.name < b.name ? -1 : 1)) : [];
			if (quiet) for (const i of images) call.out(`${i.name}\n`);
			else
				table(
					'REF\tTYPE\tDIGEST\tSIZE\tPLATFORMS\tLABELS\t',
					images.map(
						(i) =>
							`${i.name}\tapplication/vnd.docker.distribution.manifest.list.v2+json\t${i.digest}\t${mebi(i.size)}\tlinux/amd64\tio.cri-containerd.image=managed\t`,
					),
					{ minWidth: 1, tabWidth: 8, padding: 1 },
				);
			return 0;
		}
		if (list && ['namespaces', 'namespace', 'ns'].includes(noun)) {
			call.out(quiet ? 'k8s.io\n' : 'NAME   LABELS \nk8s.io        \n');
			return 0;
		}
		if (noun === 'version') {
			call.err('ctr: the simulator has no "ctr version": crictl version\n');
			return 1;
		}
		call.err(
			noun === 'help' || noun === '-h'
				? 'NAME:\n   ctr - containerd CLI\n\nUSAGE:\n   ctr [global options] command [command options] [arguments...]\n'
				: `ctr: the simulator has no "ctr ${noun} ${verb}"\n`,
		);
		return noun === 'help' ? 0 : 1;
	},
};
