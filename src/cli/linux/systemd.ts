/** systemctl (systemd 248 src/systemctl): the two units kind's nodes live by. */
import { type Cluster, type NodeMachine, UNIT_FILES } from '../../sim/lab/index.ts';
import type { Call, Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { journalOf, newSystemd } from './journal.ts';
import { kubeletPid } from './journal-kubelet.ts';
import { journalctl } from './journalctl.ts';
import { machineOf } from './node-machine.ts';
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
		const run = name === 'kubelet' ? machine.kubeletRuns.findLast(({ to }) => to !== undefined) : undefined;
		// Of one that never ran there is nothing to tell: its condition is a file that kubeadm writes.
		const since =
			run?.to === undefined
				? ''
				: ` since ${moment(lab.epoch + run.to / 1e6)}; ${agoText((lab.now - run.to) / 1e6)} ago`;
		call.out(
			`${newSystemd(cluster, machine.name) ? '○' : '●'} ${name}.service - ${unit.description}\n${loaded}${drop}     Active: inactive (dead)${since}\n       Docs: ${unit.docs}\n`,
		);
		if (run) {
			const pid = kubeletPid(lab, machine, run);
			call.out(
				`    Process: ${pid} ExecStart=${EXEC_START} (code=exited, status=0/SUCCESS)\n   Main PID: ${pid} (code=exited, status=0/SUCCESS)\n`,
			);
		}
		lastLines(call, cluster, machine, name);
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
	lastLines(call, cluster, machine, name);
	return 0;
}

/** As the drop-in has it, variables and all. */
const EXEC_START =
	'/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_EXTRA_ARGS $KUBELET_KUBEADM_ARGS';

/** Seconds since 1970 as systemd writes them. */
const moment = (seconds: number): string => `${dayName(seconds)} ${isoDate(seconds)} ${clock(seconds)} UTC`;

/** The end of a unit's journal. */
function lastLines(call: Call, cluster: Cluster, machine: NodeMachine, name: string): void {
	const { lab } = call;
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
}

/** Of a unit that ends as often as it is started. */
function looping(call: Call, cluster: Cluster, machine: NodeMachine, head: string, docs: string): number {
	const lines = journalOf(call.lab, cluster, machine).filter((line) => line.unit === 'kubelet');
	const ended = lines.findLast((line) => /Main process exited/.test(line.text));
	const since = call.lab.epoch + (ended?.at ?? call.lab.now) / 1e6;
	const pid = lines.findLast((line) => line.identifier === 'kubelet')?.pid ?? 0;
	call.out(
		`${head}     Active: activating (auto-restart) (Result: exit-code) since ${dayName(since)} ${isoDate(since)} ${clock(since)} UTC; ${Math.floor(Math.max(0, call.lab.now / 1e3 - (ended?.at ?? 0) / 1e3))}ms ago\n       Docs: ${docs}\n    Process: ${pid} ExecStart=${EXEC_START} (code=exited, status=1/FAILURE)\n   Main PID: ${pid} (code=exited, status=1/FAILURE)\n`,
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

/** Every verb of systemctl (src/systemctl/systemctl.c @ 248). */
const VERBS =
	'list-units list-unit-files list-sockets list-timers list-jobs list-machines list-dependencies clear-jobs cancel start stop condstop reload restart try-restart reload-or-restart reload-or-try-restart try-reload-or-restart force-reload condreload condrestart isolate kill clean freeze thaw is-active check is-failed show cat status help daemon-reload daemon-reexec log-level log-target service-log-level service-log-target service-watchdogs show-environment set-environment unset-environment import-environment halt poweroff reboot kexec soft-reboot suspend hibernate hybrid-sleep suspend-then-hibernate default rescue emergency exit reset-failed enable disable is-enabled reenable preset preset-all mask unmask link revert switch-root add-wants add-requires edit set-property get-default set-default is-system-running bind mount-image'.split(
		' ',
	);
const HAVE =
	'status, is-active, is-enabled, is-failed, cat, show, list-units, list-unit-files, start, stop, restart, daemon-reload';

/** `list-units` and `list-unit-files` of the units that the lab follows (src/systemctl/systemctl-list-units.c). */
function listUnits(call: Call, verb: string, patterns: readonly string[], runs: (name: string) => boolean): number {
	const option = (name: string): string | undefined =>
		call.args.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
	const type =
		option('type') ?? (call.args.includes('-t') ? call.args[call.args.indexOf('-t') + 1] : undefined) ?? 'service';
	const failed = call.args.includes('--failed') || option('state') === 'failed';
	const names = Object.keys(UNITS)
		.filter(() => type === 'service' && !failed)
		.filter((name) => patterns.length === 0 || patterns.includes(name) || patterns.includes(`${name}*`));
	const bare = call.args.includes('--no-legend');
	if (verb === 'list-unit-files') {
		const rows = names.map((name) => [`${name}.service`, 'enabled', 'enabled']);
		const width = Math.max('UNIT FILE'.length, ...rows.map(([name]) => name!.length));
		const line = ([a, b, c]: readonly string[]): string => `${a!.padEnd(width)} ${b!.padEnd(7)} ${c}\n`;
		call.out(
			`${bare ? '' : line(['UNIT FILE', 'STATE', 'VENDOR PRESET'])}${rows.map(line).join('')}${bare ? '' : `\n${rows.length} unit files listed.\n`}`,
		);
	} else {
		const all = call.args.includes('--all') || call.args.includes('-a');
		const rows = names
			.filter((name) => all || runs(name))
			.map((name) => [
				`${name}.service`,
				'loaded',
				...(runs(name) ? ['active', 'running'] : ['inactive', 'dead']),
				UNITS[name]!.description,
			]);
		const head = ['UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION'];
		const shown = bare || rows.length === 0 ? rows : [head, ...rows];
		const width = (i: number): number => Math.max(...shown.map((r) => r[i]!.length));
		for (const r of shown)
			call.out(`  ${r.map((cell, i) => (i === r.length - 1 ? cell : cell.padEnd(width(i)))).join(' ')}\n`);
		if (rows.length > 0 && !bare)
			call.out(
				'\nLOAD   = Reflects whether the unit definition was properly loaded.\nACTIVE = The high-level unit activation state, i.e. generalization of SUB.\nSUB    = The low-level unit activation state, values depend on unit type.\n',
			);
		if (!bare)
			call.out(
				`${rows.length} loaded units listed.${all || failed ? '' : ' Pass --all to see loaded but inactive units, too.'}\n`,
			);
	}
	if (!failed)
		call.err('systemctl: the simulator follows two units of a node, containerd and kubelet; others are not listed\n');
	return 0;
}

/** `show`: properties that follow from the unit's file and its process. */
function show(call: Call, unit: string | undefined, main: Process | undefined): number {
	if (unit === undefined || !Object.hasOwn(UNITS, unit)) {
		call.err(`systemctl: the simulator shows properties of ${Object.keys(UNITS).join(' and ')} only\n`);
		return 1;
	}
	const { description, slice, docs } = UNITS[unit]!;
	const since = main && call.lab.epoch + main.startedAt / 1e6;
	const when = since === undefined ? '' : `${dayName(since)} ${isoDate(since)} ${clock(since)} UTC`;
	const all: Readonly<Record<string, string>> = {
		Type: unit === 'containerd' ? 'notify' : 'simple',
		Restart: 'always',
		MainPID: String(main?.pid ?? 0),
		ExecMainStartTimestamp: when,
		Slice: slice,
		ControlGroup: main ? `/${slice}/${unit}.service` : '',
		Id: `${unit}.service`,
		Names: `${unit}.service`,
		Documentation: docs,
		Description: description,
		LoadState: 'loaded',
		ActiveState: main ? 'active' : 'inactive',
		SubState: main ? 'running' : 'dead',
		FragmentPath: `/etc/systemd/system/${unit}.service`,
		UnitFileState: 'enabled',
		UnitFilePreset: 'enabled',
		ActiveEnterTimestamp: when,
	};
	const asked = call.args.flatMap((word, i) => {
		const value = /^(?:--property=|-p)(.+)$/.exec(word)?.[1];
		return (value ?? (word === '-p' || word === '--property' ? (call.args[i + 1] ?? '') : ''))
			.split(',')
			.filter(Boolean);
	});
	const unknown = asked.filter((name) => !Object.hasOwn(all, name));
	for (const [name, value] of Object.entries(all))
		if (asked.length === 0 || asked.includes(name))
			call.out(call.args.includes('--value') ? `${value}\n` : `${name}=${value}\n`);
	if (unknown.length > 0)
		call.err(
			`systemctl: the simulator does not know ${unknown.join(', ')} of a unit; it has ${Object.keys(all).join(', ')}\n`,
		);
	return unknown.length > 0 ? 1 : 0;
}

const systemctl: Tool = {
	name: 'systemctl',
	at: hasTool('systemctl'),
	async run(call) {
		const valued = /^(?:-p|-t|-n|-H|-M|--property|--type|--state|--lines)$/;
		const [verb = 'list-units', ...rest] = call.args.filter(
			(w, i) => !w.startsWith('-') && !valued.test(call.args[i - 1] ?? ''),
		);
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
			case 'daemon-reload':
			case 'daemon-reexec':
			case 'reset-failed':
				// Units are read anew whenever one is started.
				return 0;
			case 'list-units':
			case 'list-unit-files':
				return listUnits(call, verb, units, (name) => mainProcess(call, cluster, machine, name) !== undefined);
			case 'show':
				return show(call, unit, known ? mainProcess(call, cluster, machine, unit!) : undefined);
			case 'get-default':
				call.out('multi-user.target\n');
				return 0;
			default:
				call.err(
					VERBS.includes(verb)
						? `systemctl: the simulator does not do ${verb}: it has ${HAVE}\n`
						: `Unknown command verb ${verb}.\n`,
				);
				return 1;
		}
	},
};

export const systemdTools: readonly Tool[] = [systemctl, journalctl];
