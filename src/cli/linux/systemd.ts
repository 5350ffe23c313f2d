/** systemctl (systemd 248 src/systemctl): the two units kind's nodes live by. */
import { type Cluster, type NodeMachine, UNIT_FILES } from '../../sim/lab/index.ts';
import type { Call, Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { journalOf } from './journal.ts';
import { journalctl } from './journalctl.ts';
import { machineOf } from './node-machine.ts';
import { kubeletArgv } from './node-processes.ts';
import type { Process } from './process-numbers.ts';
import { nodeProcessTable, processesAt } from './processes.ts';
import { clock, dayName, isoDate, monthOf } from './words.ts';

interface Unit {
	readonly description: string;
	readonly docs: string;
	readonly slice: string;
	readonly dropIns?: readonly string[];
}

const UNITS: Readonly<Record<string, Unit>> = {
	containerd: {
		description: 'containerd container runtime',
		docs: 'https://containerd.io',
		slice: 'system.slice',
	},
	kubelet: {
		description: 'kubelet: The Kubernetes Node Agent',
		docs: 'http://kubernetes.io/docs/',
		slice: 'kubelet.slice',
		dropIns: ['10-kubeadm.conf', '11-kind.conf'],
	},
};

const agoText = (seconds: number): string =>
	seconds < 60
		? `${Math.floor(seconds)}s`
		: seconds < 3600
			? `${Math.floor(seconds / 60)}min ${Math.floor(seconds % 60)}s`
			: seconds < 86_400
				? `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}min`
				: `${Math.floor(seconds / 86_400)} day ${Math.floor((seconds % 86_400) / 3600)}h`;

function status(call: Call, cluster: Cluster, machine: NodeMachine, name: string): number {
	const unit = UNITS[name]!;
	const { lab } = call;
	const process = mainProcess(call, cluster, machine, name);
	const drop = unit.dropIns
		? `    Drop-In: /etc/systemd/system/${name}.service.d\n             └─${unit.dropIns.join(', ')}\n`
		: '';
	const loaded = `     Loaded: loaded (/etc/systemd/system/${name}.service; enabled; vendor preset: enabled)\n`;
	if (!process && name === 'kubelet' && machine.kubeletFault)
		return looping(call, cluster, machine, `● ${name}.service - ${unit.description}\n${loaded}${drop}`, unit.docs);
	if (!process) {
		// Its condition is a file that kubeadm writes.
		call.out(
			`● ${name}.service - ${unit.description}\n${loaded}${drop}     Active: inactive (dead)\n       Docs: ${unit.docs}\n`,
		);
		return 3;
	}
	const since = lab.epoch + process.startedAt / 1e6;
	const age = Math.max(0, (lab.now - process.startedAt) / 1e6);
	const shims =
		name === 'containerd' ? nodeProcessTable(lab, cluster, machine).filter((p) => p.comm === 'containerd-shim') : [];
	const tree = [process, ...shims];
	call.out(
		`● ${name}.service - ${unit.description}\n${loaded}${drop}     Active: active (running) since ${dayName(since)} ${isoDate(since)} ${clock(since)} UTC; ${agoText(age)} ago\n       Docs: ${unit.docs}\n   Main PID: ${process.pid} (${name})\n     CGroup: /${unit.slice}/${name}.service\n${tree
			.map(
				(p, i) =>
					`             ${i === tree.length - 1 ? '└─' : '├─'}${String(p.pid).padStart(String(tree.at(-1)!.pid).length)} ${p.argv.join(' ')}\n`,
			)
			.join('')}`,
	);
	const lines = journalOf(lab, cluster, machine)
		.filter((line) => line.unit === name)
		.slice(-10);
	if (lines.length > 0) call.out('\n');
	for (const line of lines) {
		const at = lab.epoch + line.at / 1e6;
		call.out(
			`${monthOf(at)} ${isoDate(at).slice(8)} ${clock(at)} ${machine.name} ${line.identifier}[${line.pid}]: ${line.text}\n`,
		);
	}
	return 0;
}

/** Of a unit that ends as often as it is started. */
function looping(call: Call, cluster: Cluster, machine: NodeMachine, head: string, docs: string): number {
	const lines = journalOf(call.lab, cluster, machine).filter((line) => line.unit === 'kubelet');
	const ended = lines.findLast((line) => /Main process exited/.test(line.text));
	const since = call.lab.epoch + (ended?.at ?? call.lab.now) / 1e6;
	const pid = lines.findLast((line) => line.identifier === 'kubelet')?.pid ?? 0;
	const argv = kubeletArgv(cluster, machine).join(' ');
	call.out(
		`${head}     Active: activating (auto-restart) (Result: exit-code) since ${dayName(since)} ${isoDate(since)} ${clock(since)} UTC; ${Math.floor(Math.max(0, call.lab.now / 1e3 - (ended?.at ?? 0) / 1e3))}ms ago\n       Docs: ${docs}\n    Process: ${pid} ExecStart=${argv} (code=exited, status=1/FAILURE)\n   Main PID: ${pid} (code=exited, status=1/FAILURE)\n`,
	);
	return 3;
}

/** What its files say now, those somebody changed included; without the ones that are gone. */
async function catUnit(call: Call, unit: string): Promise<void> {
	const texts: string[] = [];
	for (const { path } of UNIT_FILES[unit as keyof typeof UNIT_FILES]) {
		const text = await call.files.read(path);
		if (text !== undefined) texts.push(`# ${path}\n${text}${text.endsWith('\n') ? '' : '\n'}`);
	}
	call.out(texts.join('\n'));
}

const mainProcess = (call: Call, cluster: Cluster, machine: NodeMachine, name: string): Process | undefined =>
	nodeProcessTable(call.lab, cluster, machine).find((p) => p.comm === name && p.container === undefined);

/** Units of the workstation that the lab knows: Docker's (docker-ce's deb/*.service). */
const ON_LAPTOP: Readonly<Record<string, Unit & { readonly program: string; readonly trigger?: string }>> = {
	docker: {
		description: 'Docker Application Container Engine',
		docs: 'https://docs.docker.com',
		slice: 'system.slice',
		program: 'dockerd',
		trigger: 'docker.socket',
	},
	containerd: {
		description: 'containerd container runtime',
		docs: 'https://containerd.io',
		slice: 'system.slice',
		program: 'containerd',
	},
};

/** systemctl of the workstation: it tells of Docker's units; nobody may stop what the lab stands on. */
function onLaptop(call: Call, verb: string, units: readonly string[]): number {
	const table = processesAt(call.lab, call.place);
	const main = (name: string): Process | undefined =>
		Object.hasOwn(ON_LAPTOP, name) ? table.find((p) => p.comm === ON_LAPTOP[name]!.program) : undefined;
	if (verb === 'is-active' || verb === 'is-failed' || verb === 'is-enabled') {
		for (const name of units) {
			if (verb !== 'is-enabled') call.out(main(name) ? 'active\n' : 'inactive\n');
			else if (main(name)) call.out('enabled\n');
			else call.err(`Failed to get unit file state for ${name}.service: No such file or directory\n`);
		}
		const all = units.every((name) => main(name));
		return verb === 'is-failed' ? 1 : all ? 0 : verb === 'is-active' ? 3 : 1;
	}
	if (verb !== 'status' || units.length === 0) {
		call.err(`systemctl: of this machine the simulator tells the status of docker and containerd only\n`);
		return 1;
	}
	let code = 0;
	for (const [i, name] of units.entries()) {
		if (i > 0) call.out('\n');
		const process = main(name);
		const unit = ON_LAPTOP[name];
		if (!process || !unit) {
			call.err(`Unit ${name}.service could not be found.\n`);
			code = 4;
			continue;
		}
		const since = call.lab.epoch + process.startedAt / 1e6;
		const below = table.filter((p) =>
			name === 'docker' ? p.ppid === process.pid : p.comm === 'containerd-shim' && p.ppid === 1,
		);
		const tree = [process, ...below];
		call.out(
			`● ${name}.service - ${unit.description}\n     Loaded: loaded (/lib/systemd/system/${name}.service; enabled; vendor preset: enabled)\n     Active: active (running) since ${dayName(since)} ${isoDate(since)} ${clock(since)} UTC; ${agoText((call.lab.now - process.startedAt) / 1e6)} ago\n${unit.trigger ? `TriggeredBy: ● ${unit.trigger}\n` : ''}       Docs: ${unit.docs}\n   Main PID: ${process.pid} (${process.comm})\n     CGroup: /${unit.slice}/${name}.service\n${tree
				.map(
					(p, at) =>
						`             ${at === tree.length - 1 ? '└─' : '├─'}${String(p.pid).padStart(String(tree.at(-1)!.pid).length)} ${p.argv.join(' ')}\n`,
				)
				.join('')}`,
		);
	}
	return code;
}

const systemctl: Tool = {
	name: 'systemctl',
	at: hasTool('systemctl'),
	async run(call) {
		const [verb = 'list-units', ...rest] = call.args.filter((w) => !w.startsWith('-'));
		const units = rest.map((u) => u.replace(/\.service$/, ''));
		if (call.place.kind === 'laptop') return onLaptop(call, verb, units);
		const [unit] = units;
		const cluster = call.cluster();
		const machine = machineOf(call);
		if (!cluster || !machine || machine.role === 'external-load-balancer') {
			call.err(
				"System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down\n",
			);
			return 1;
		}
		const known = unit !== undefined && Object.hasOwn(UNITS, unit);
		const active = known && mainProcess(call, cluster, machine, unit) !== undefined;
		const loops = unit === 'kubelet' && machine.kubeletFault !== undefined;
		switch (verb) {
			case 'status':
				if (unit === undefined) {
					call.err('systemctl: the simulator knows the status of units only: systemctl status kubelet\n');
					return 1;
				}
				if (!known) {
					call.err(`Unit ${unit}.service could not be found.\n`);
					return 4;
				}
				return status(call, cluster, machine, unit);
			case 'is-active':
				if (units.length > 1) {
					const states = units.map((name) =>
						Object.hasOwn(UNITS, name) && mainProcess(call, cluster, machine, name) ? 'active' : 'inactive',
					);
					call.out(states.map((state) => `${state}\n`).join(''));
					return states.includes('inactive') ? 3 : 0;
				}
				call.out(active ? 'active\n' : loops ? 'activating\n' : 'inactive\n');
				return active ? 0 : 3;
			case 'is-failed':
				call.out(active ? 'active\n' : loops ? 'activating\n' : 'inactive\n');
				return 1;
			case 'is-enabled':
				if (!known) call.err(`Failed to get unit file state for ${unit}.service: No such file or directory\n`);
				else call.out('enabled\n');
				return known ? 0 : 1;
			case 'cat':
				if (!known) {
					call.err(`No files found for ${unit}.service.\n`);
					return 1;
				}
				await catUnit(call, unit);
				return 0;
			case 'start':
			case 'stop':
			case 'restart':
				if (!known) {
					call.err(`Failed to ${verb} ${unit}.service: Unit ${unit}.service not found.\n`);
					return 5;
				}
				if (unit !== 'kubelet') {
					call.err(`systemctl: the simulator starts and stops the kubelet only, not ${unit}\n`);
					return 1;
				}
				if (verb !== 'start') cluster.setKubelet(machine.name, false);
				if (verb !== 'stop') cluster.setKubelet(machine.name, true);
				return 0;
			default:
				call.err(
					['reload', 'daemon-reload', 'enable', 'disable', 'list-units', 'show', 'list-unit-files', 'mask'].includes(
						verb,
					)
						? `systemctl: the simulator does not ${verb} units\n`
						: `Unknown command verb ${verb}.\n`,
				);
				return 1;
		}
	},
};

export const systemdTools: readonly Tool[] = [systemctl, journalctl];
