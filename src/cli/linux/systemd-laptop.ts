/** systemctl on the workstation: Docker's units. */
import type { Call } from '../tool.ts';
import type { Process } from './process-numbers.ts';
import { processesAt } from './processes.ts';
import { agoText, type Unit } from './systemd-units.ts';
import { clock, dayName, isoDate } from './words.ts';

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
export function onLaptop(call: Call, verb: string, units: readonly string[]): number {
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
