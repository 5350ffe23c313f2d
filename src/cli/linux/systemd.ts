/** systemctl (systemd 248 src/systemctl): the two units kind's nodes live by. */
import type { Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { journalctl } from './journalctl.ts';
import { machineOf } from './node-machine.ts';
import { onLaptop } from './systemd-laptop.ts';
import { catUnit, listUnits, show } from './systemd-list.ts';
import { status } from './systemd-status.ts';
import { mainProcess, UNITS } from './systemd-units.ts';

/** Every verb of systemctl (src/systemctl/systemctl.c @ 248). */
const VERBS =
	'list-units list-unit-files list-sockets list-timers list-jobs list-machines list-dependencies clear-jobs cancel start stop condstop reload restart try-restart reload-or-restart reload-or-try-restart try-reload-or-restart force-reload condreload condrestart isolate kill clean freeze thaw is-active check is-failed show cat status help daemon-reload daemon-reexec log-level log-target service-log-level service-log-target service-watchdogs show-environment set-environment unset-environment import-environment halt poweroff reboot kexec soft-reboot suspend hibernate hybrid-sleep suspend-then-hibernate default rescue emergency exit reset-failed enable disable is-enabled reenable preset preset-all mask unmask link revert switch-root add-wants add-requires edit set-property get-default set-default is-system-running bind mount-image'.split(
		' ',
	);
const HAVE =
	'status, is-active, is-enabled, is-failed, cat, show, list-units, list-unit-files, start, stop, restart, daemon-reload';

/** src/systemctl/systemctl-util.c warn_unit_file_changed() @ 248. */
const CHANGED =
	"Warning: The unit file, source configuration file or drop-ins of kubelet.service changed on disk. Run 'systemctl daemon-reload' to reload units.\n";

/** Units a node has beside: systemd's own, and those of kind's image (images/base/files/etc/systemd @ v0.14.0, v0.29.0). */
const BESIDE =
	/^(?:systemd-.*|containerd-fuse-overlayfs|undo-mount-hacks|dbus|rpcbind|nfs-.*)$|\.(?:target|timer|socket|slice|mount|path|scope)$/;

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
		const beside =
			/^(?:status|is-|cat$|show$|start|stop|restart)/.test(verb) && units.find((name) => BESIDE.test(name));
		if (beside) {
			call.err(`systemctl: the simulator follows two units of a node, containerd and kubelet, not ${beside}\n`);
			return 1;
		}
		const isUnit = (name: string): boolean => Object.hasOwn(UNITS, name);
		const known = unit !== undefined && isUnit(unit);
		const stateOf = (name: string): string => {
			if (isUnit(name) && mainProcess(call, cluster, machine, name)) return 'active';
			return name === 'kubelet' && machine.kubeletFault !== undefined ? 'activating' : 'inactive';
		};
		/** All of them; the code of the last that has one. */
		const each = async (tell: (name: string, i: number) => Promise<number>): Promise<number> => {
			let code = 0;
			for (const [i, name] of units.entries()) code = (await tell(name, i)) || code;
			return code;
		};
		switch (verb) {
			case 'status':
				if (unit === undefined) {
					call.err('systemctl: the simulator knows the status of units only: systemctl status kubelet\n');
					return 1;
				}
				return each(async (name, i) => {
					if (i > 0) call.out('\n');
					if (!isUnit(name)) {
						call.err(`Unit ${name}.service could not be found.\n`);
						return 4;
					}
					if (name === 'kubelet' && cluster.unitsChanged(machine.name)) call.err(CHANGED);
					return status(call, cluster, machine, name);
				});
			case 'is-active':
			case 'is-failed': {
				// One in such a state is enough (src/systemctl/systemctl-is-active.c check_unit_generic() @ 248).
				const states = units.map(stateOf);
				call.out(states.map((state) => `${state}\n`).join(''));
				return verb === 'is-active' ? (states.includes('active') ? 0 : 3) : 1;
			}
			case 'is-enabled':
				return each(async (name) => {
					if (isUnit(name)) call.out('enabled\n');
					else call.err(`Failed to get unit file state for ${name}.service: No such file or directory\n`);
					return isUnit(name) ? 0 : 1;
				});
			case 'cat':
				return each(async (name, i) => {
					if (!isUnit(name)) {
						call.err(`No files found for ${name}.service.\n`);
						return 1;
					}
					if (i > 0) call.out('\n');
					await catUnit(call, name);
					return 0;
				});
			case 'start':
			case 'stop':
			case 'restart': {
				if (!known) {
					call.err(`Failed to ${verb} ${unit}.service: Unit ${unit}.service not found.\n`);
					return 5;
				}
				const other = units.find((name) => name !== 'kubelet');
				if (other !== undefined) {
					call.err(`systemctl: the simulator starts and stops the kubelet only, not ${other}\n`);
					return 1;
				}
				if (cluster.unitsChanged(machine.name)) call.err(CHANGED);
				if (verb !== 'start') cluster.setKubelet(machine.name, false);
				if (verb !== 'stop') cluster.setKubelet(machine.name, true);
				return 0;
			}
			case 'daemon-reload':
			case 'daemon-reexec':
			case 'reset-failed':
				if (verb !== 'reset-failed') cluster.reloadUnits(machine.name);
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
