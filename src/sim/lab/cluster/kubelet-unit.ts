/** A node's kubelet as systemd has it: its unit and its files, whether it starts with them, and that it is tried again. */
import { peoplesContainers } from '../containers/later.ts';
import type { Kubelet } from '../kubelet/kubelet.ts';
import {
	type KubeletState,
	kubeletBegins,
	kubeletEnds,
	kubeletFaultOver,
	kubeletState,
	NO_KUBECONFIG,
	readKubeletFile,
} from '../kubelet/own-config.ts';
import { apiFault } from '../software/reach.ts';
import { SECOND } from '../time.ts';
import type { Cluster } from '../types.ts';
import type { ClusterContext } from './context.ts';
import type { Machine } from './machine.ts';

export interface KubeletUnits {
	/** Whether a kubelet that is started stays: it reads its files, if somebody changed them. */
	starts(machine: Machine): boolean;
	/** A kubelet that ends says no more of files that are no pods; one that starts finds them first of all. */
	lookAgain(machine: Machine): void;
	/** What `systemctl` and whoever writes files of a node call. */
	readonly ofNodes: Pick<
		Cluster,
		'setKubelet' | 'setKubeletFile' | 'nodeFileChanged' | 'reloadUnits' | 'unitsChanged' | 'setKubeletServer'
	>;
}

export function createKubeletUnits(context: ClusterContext, kubelets: ReadonlyMap<string, Kubelet>): KubeletUnits {
	const { machines, timeline, reachable } = context;
	const lookAgain = (machine: Machine): void => {
		const { manifestFaults: faults } = machine;
		const up = machine.running && machine.kubeletUp;
		for (const path of new Set(faults.map((fault) => fault.path))) {
			const last = faults.findLast((fault) => fault.path === path)!;
			if (!up && last.until === undefined) Object.assign(last, { until: timeline.now, waits: true });
			if (!up || !last.waits) continue;
			last.waits = false;
			const now = timeline.now;
			faults.push({ ...last, since: now, looks: now + 2 * SECOND, watched: false, until: undefined });
		}
	};
	/** What becomes of a kubelet's connection to an address of the API that is not this cluster's. */
	const asksInVain = (machine: Machine, server: string | undefined): KubeletState['astray'] => {
		const [, host = '', port = '443'] = /^https?:\/\/([^:/]+)(?::(\d+))?/.exec(server ?? '') ?? [];
		if (server === undefined || !reachable()) return undefined;
		const why = apiFault(context, machine, host, Number(port));
		return why && { server, why: why.error };
	};
	/** systemd starts a kubelet again that has ended, every second. */
	const triesAgain = (machine: Machine): void => {
		const state = kubeletState(machine);
		if (!state.fault) return;
		timeline.after(SECOND, () => {
			if (!state.fault || !starts(machine)) return;
			machine.kubeletUp = true;
			kubeletBegins(machine, timeline.now);
			kubelets.get(machine.name)?.restart();
			machine.changed();
		});
	};
	const starts = (machine: Machine): boolean => {
		const state = kubeletState(machine);
		const read = readKubeletFile(state.file);
		// What nobody fetched, nobody changed.
		const found = 'gone' in read ? undefined : peoplesContainers()?.kubeletStart(context, machine, state);
		const lacks = state.server === null && !('gone' in read) ? NO_KUBECONFIG : undefined;
		const fault = (found?.program ? found.fault : 'fault' in read ? read.fault : found?.fault) ?? lacks;
		if (state.fault && state.fault.text !== fault) kubeletFaultOver(machine, timeline.now);
		if (fault !== undefined) state.fault ??= { since: timeline.now, text: fault, program: found?.program };
		if (fault !== undefined || !('config' in read)) return false;
		state.unheeded = found?.unheeded;
		state.astray = asksInVain(machine, state.server ?? undefined);
		machine.astray = state.astray !== undefined;
		if (state.file) Object.assign(state, { config: read.config, since: timeline.now });
		return true;
	};
	return {
		starts,
		lookAgain,
		ofNodes: {
			setKubelet(node, up) {
				const machine = machines.get(node);
				if (!machine?.running) return;
				if (!up) kubeletFaultOver(machine, timeline.now);
				if (machine.kubeletUp === up) return;
				if (up && !starts(machine)) return;
				machine.kubeletUp = up;
				lookAgain(machine);
				if (up) {
					kubeletBegins(machine, timeline.now);
					kubelets.get(node)?.restart();
				} else {
					kubeletEnds(machine, timeline.now, false);
					machine.stoppedAt = timeline.now;
				}
				machine.changed();
			},
			setKubeletFile(node, file) {
				const machine = machines.get(node);
				if (!machine) return;
				kubeletState(machine).file = file;
				triesAgain(machine);
			},
			nodeFileChanged(node) {
				const machine = machines.get(node);
				if (machine) triesAgain(machine);
			},
			reloadUnits(node) {
				const machine = machines.get(node);
				if (!machine) return;
				kubeletState(machine).unit = peoplesContainers()?.kubeletUnit(context, machine);
				triesAgain(machine);
			},
			unitsChanged(node) {
				const machine = machines.get(node);
				const containers = peoplesContainers();
				return !!machine && !!containers?.unitChanged(context, machine, kubeletState(machine).unit);
			},
			setKubeletServer(node, server) {
				const machine = machines.get(node);
				if (!machine) return;
				kubeletState(machine).server = server;
				triesAgain(machine);
			},
		},
	};
}
