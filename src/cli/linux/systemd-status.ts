/** `systemctl status` on a node (systemd 248 src/systemctl/systemctl-show.c). */
import { type Cluster, kubeletStartLine, type NodeMachine } from '../../sim/lab/index.ts';
import type { Call } from '../tool.ts';
import { journalOf, newSystemd } from './journal.ts';
import { kubeletPid } from './journal-kubelet.ts';
import { nodeProcessTable } from './processes.ts';
import { agoText, filesOfUnit, mainProcess, minorIn, moment, UNITS } from './systemd-units.ts';
import { clock, dayName, isoDate, monthOf } from './words.ts';

export function status(call: Call, cluster: Cluster, machine: NodeMachine, name: string): number {
	const unit = UNITS[name]!;
	const { lab } = call;
	const process = mainProcess(call, cluster, machine, name);
	const dropIns = filesOfUnit(call, name).slice(1);
	const drop =
		dropIns.length > 0
			? `    Drop-In: /etc/systemd/system/${name}.service.d\n             └─${dropIns.map(({ path }) => path.replace(/^.*\//, '')).join(', ')}\n`
			: '';
	// Debian 12, which nodes are from 1.29, has systemd 252: a preset is nobody's vendor's there.
	const preset = minorIn(cluster) >= 29 ? 'preset' : 'vendor preset';
	const loaded = `     Loaded: loaded (/etc/systemd/system/${name}.service; enabled; ${preset}: enabled)\n`;
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
				`    Process: ${pid} ExecStart=${machine.kubeletLine ?? kubeletStartLine(minorIn(cluster))} (code=exited, status=0/SUCCESS)\n   Main PID: ${pid} (code=exited, status=0/SUCCESS)\n`,
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
	const pid = lines.findLast((line) => line.pid !== 1)?.pid ?? 0;
	const how = machine.kubeletFault?.program === undefined ? '1/FAILURE' : '203/EXEC';
	call.out(
		`${head}     Active: activating (auto-restart) (Result: exit-code) since ${dayName(since)} ${isoDate(since)} ${clock(since)} UTC; ${Math.floor(Math.max(0, call.lab.now / 1e3 - (ended?.at ?? 0) / 1e3))}ms ago\n       Docs: ${docs}\n    Process: ${pid} ExecStart=${machine.kubeletLine ?? kubeletStartLine(minorIn(cluster))} (code=exited, status=${how})\n   Main PID: ${pid} (code=exited, status=${how})\n`,
	);
	return 3;
}
