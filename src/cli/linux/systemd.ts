/** systemd on a node: units and their journal. */
import type { Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { machineOf } from './node-machine.ts';
import { clock, dayName, getopt, getoptText, isoDate } from './words.ts';

// systemd

const UNITS: Readonly<Record<string, readonly [description: string, docs: string, dropIn?: string]>> = {
	kubelet: ['kubelet: The Kubernetes Node Agent', 'http://kubernetes.io/docs/', '10-kubeadm.conf'],
	containerd: ['containerd container runtime', 'https://containerd.io'],
};

export const systemctl: Tool = {
	name: 'systemctl',
	at: hasTool('systemctl'),
	async run(call) {
		const [verb = 'list-units', ...rest] = call.args.filter((w) => !w.startsWith('-'));
		const [unit] = rest.map((u) => u.replace(/\.service$/, ''));
		const machine = machineOf(call);
		const since = call.lab.epoch + (call.lab.docker.find(machine?.name ?? '')?.created ?? 0) / 1e6;
		const known =
			unit !== undefined &&
			Object.hasOwn(UNITS, unit) &&
			machine !== undefined &&
			machine.role !== 'external-load-balancer';
		const age = Math.max(0, call.lab.epoch + call.lab.now / 1e6 - since);
		const ago =
			age < 60
				? `${Math.floor(age)}s`
				: age < 3600
					? `${Math.floor(age / 60)}min ${Math.floor(age % 60)}s`
					: `${Math.floor(age / 3600)}h ${Math.floor((age % 3600) / 60)}min`;
		switch (verb) {
			case 'status': {
				if (unit === undefined) {
					call.err('systemctl: the simulator knows the status of units only: systemctl status kubelet\n');
					return 1;
				}
				if (!known) {
					call.err(`Unit ${unit}.service could not be found.\n`);
					return 4;
				}
				const [description, docs, dropIn] = UNITS[unit]!;
				const drop = dropIn ? `    Drop-In: /etc/systemd/system/kubelet.service.d\n             └─${dropIn}\n` : '';
				call.out(
					`● ${unit}.service - ${description}\n     Loaded: loaded (/etc/systemd/system/${unit}.service; enabled; vendor preset: enabled)\n${drop}     Active: active (running) since ${dayName(since)} ${isoDate(since)} ${clock(since)} UTC; ${ago} ago\n       Docs: ${docs}\n   Main PID: ${0} (${unit})\n`,
				);
				return 0;
			}
			case 'is-active':
				call.out(known ? 'active\n' : 'inactive\n');
				return known ? 0 : 3;
			case 'is-enabled':
				if (!known) call.err(`Failed to get unit file state for ${unit}.service: No such file or directory\n`);
				else call.out('enabled\n');
				return known ? 0 : 1;
			default:
				call.err(
					['start', 'stop', 'restart', 'daemon-reload', 'enable', 'disable', 'list-units', 'cat', 'show'].includes(verb)
						? `systemctl: the simulator does not ${verb} units\n`
						: `Unknown command verb ${verb}.\n`,
				);
				return 1;
		}
	},
};

export const journalctl: Tool = {
	name: 'journalctl',
	at: hasTool('journalctl'),
	async run(call) {
		const parsed = getopt(call.args, {
			short: 'u:fn:xerb:S:U:o:p:k',
			long: ['unit=>u', 'follow=>f', 'lines=>n', 'no-pager', 'since=>S', 'until=>U', 'reverse=>r'],
		});
		if ('fault' in parsed) {
			call.err(getoptText('journalctl', parsed.fault));
			return 1;
		}
		// The lab's kubelets tell what they do in events of their nodes and pods; they keep no journal.
		call.out('-- No entries --\n');
		return 0;
	},
};
