/**
 * Lines of the kubelet's journal, made of what it told: klog's format, messages and places in the source as of v1.24.0
 * (places of other versions where they are known: other lines have those of v1.24.0).
 *
 * A kubelet logs at level 0, as kubeadm starts it: failing probes (`V(1)`), events and pod starts (`V(2)`, `V(3)`) are not
 * in it; `kubectl get events` has them. Left out: the dump of the container in `kuberuntime_manager.go`, and volumes that were
 * mounted.
 */
import type { Cluster, JournalEntry, Lab, NodeMachine } from '../../sim/lab/index.ts';
import { silenceComplaints } from './journal-silence.ts';
import { unmounted } from './journal-volumes.ts';
import { FIRST, TICK } from './process-numbers.ts';
import { clock } from './words.ts';

export interface JournalLine {
	/** Virtual microseconds. */
	readonly at: number;
	readonly unit: 'kubelet' | 'containerd' | 'init';
	/** SYSLOG_IDENTIFIER. */
	readonly identifier: string;
	readonly pid: number;
	readonly text: string;
}

/** Lines of files by minor version, as logs of that version have them. */
const PLACES: Readonly<Record<string, Readonly<Record<number, number>>>> = {
	'kubelet.go': { 24: 2349, 28: 2855, 30: 2900, 33: 3117 },
	'pod_workers.go': { 24: 951 },
};

function place(file: string, minor: number): number {
	const known = PLACES[file]!;
	const versions = Object.keys(known).map(Number);
	return known[versions.filter((v) => v <= minor).at(-1) ?? versions[0]!]!;
}

const quoted = (text: string): string => JSON.stringify(text);

const NETWORK =
	'NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

/** How often an unready network is complained of (pkg/kubelet/kubelet.go updateRuntimeUp, every five seconds). */
const RUNTIME_CHECK = 5e6;

export interface Said {
	readonly level: 'I' | 'E';
	readonly where: string;
	readonly text: string;
}

const about = ({ name, namespace, uid }: JournalEntry): string =>
	` pod=${quoted(`${namespace}/${name}`)} podUID=${uid}`;

const containerOf = ({ fieldPath }: JournalEntry): string => /\{(.*)\}/.exec(fieldPath ?? '')?.[1] ?? '';

/** What one happening leaves in the log. */
function said(entry: JournalEntry, minor: number): readonly Said[] {
	const { reason, message, name, namespace, uid } = entry;
	const syncing = (err: string): Said => ({
		level: 'E',
		where: `pod_workers.go:${place('pod_workers.go', minor)}`,
		text: `"Error syncing pod, skipping" err=${quoted(err)}${about(entry)}`,
	});
	const starting = (what: string, why: string): Said =>
		syncing(`failed to "StartContainer" for "${containerOf(entry)}" with ${what}: ${quoted(why)}`);
	switch (reason) {
		case 'NetworkNotReady':
			return [syncing(message)];
		case 'FailedMount':
			return unmounted(entry, syncing);
		case 'FailedCreatePodSandBox': {
			const err = message.replace(/^Failed to create pod sandbox: /, '');
			const pod = ` pod=${quoted(`${namespace}/${name}`)}`;
			return [
				{
					level: 'E',
					where: 'remote_runtime.go:212',
					text: `"RunPodSandbox from runtime service failed" err=${quoted(err)}`,
				},
				{
					level: 'E',
					where: 'kuberuntime_sandbox.go:70',
					text: `"Failed to create sandbox for pod" err=${quoted(err)}${pod}`,
				},
				{
					level: 'E',
					where: 'kuberuntime_manager.go:815',
					text: `"CreatePodSandbox for pod failed" err=${quoted(err)}${pod}`,
				},
				syncing(
					`failed to "CreatePodSandbox" for "${name}_${namespace}(${uid})" with CreatePodSandboxError: ${quoted(`Failed to create sandbox for pod "${name}_${namespace}(${uid})": ${err}`)}`,
				),
			];
		}
		case 'Failed': {
			const [, image, err] = /^Failed to pull image "([^"]*)": (.*)$/s.exec(message) ?? [];
			if (image === undefined || err === undefined) return [];
			return [
				{
					level: 'E',
					where: 'remote_image.go:216',
					text: `"PullImage from image service failed" err=${quoted(err)} image=${quoted(image)}`,
				},
				{
					level: 'E',
					where: 'kuberuntime_image.go:51',
					text: `"Failed to pull image" err=${quoted(err)} image=${quoted(image)}`,
				},
				starting('ErrImagePull', err),
			];
		}
		case 'ErrImageNeverPull':
		case 'CreateContainerConfigError':
			return [starting(reason, message)];
		case 'BackOff':
			if (message.startsWith('Back-off pulling image')) return [starting('ImagePullBackOff', message)];
			return [starting('CrashLoopBackOff', entry.logged ?? message)];
		default:
			return [];
	}
}

/** The number that a process of a node has by when it began (process-numbers.ts). */
const numberAt = (lab: Lab, machine: NodeMachine, from: number, boot: number | undefined): number =>
	FIRST + Math.max(0, Math.floor((from - (boot ?? firstBoot(lab, machine))) / TICK));

const firstBoot = (lab: Lab, { container, name }: NodeMachine): number =>
	(lab.docker.find(container) ?? lab.docker.find(name))?.created ?? 0;

type KubeletRun = NodeMachine['kubeletRuns'][number];

/** The main process of a unit's life: what it was, whether it still runs or not. */
export const kubeletPid = (lab: Lab, machine: NodeMachine, { from, boot }: KubeletRun): number =>
	numberAt(lab, machine, from, boot);

/**
 * All of a node's kubelet, by time: each line is of the process that ran then. `pid` is that of the one which runs now,
 * and `title` what systemd calls the unit.
 */
export function kubeletJournal(
	lab: Lab,
	cluster: Cluster,
	machine: NodeMachine,
	pid: number | undefined,
	title: string,
): readonly JournalLine[] {
	const { journal } = machine;
	const runs = machine.kubeletRuns.filter(({ from }) => from <= lab.now);
	const [first] = runs;
	if (!first) return [];
	const pids = new Map(
		runs.map((run) => [run, run.to === undefined && pid ? pid : kubeletPid(lab, machine, run)] as const),
	);
	/** Whose line that is: what ran then, or before. */
	const runAt = (at: number): KubeletRun => runs.findLast(({ from }) => from <= at) ?? first;
	const ranAt = (at: number): boolean => {
		const { to } = runAt(at);
		return to === undefined || at < to;
	};
	const minor = Number(/^v?1\.(\d+)/.exec(cluster.api.version)?.[1] ?? 24);
	const out: JournalLine[] = [];
	const put = (at: number, { level, where, text }: Said): void => {
		const micros = lab.epoch * 1e6 + at;
		const d = new Date(Math.floor(micros / 1000));
		const pid = pids.get(runAt(at))!;
		const two = (n: number): string => String(n).padStart(2, '0');
		const stamp = `${level}${two(d.getUTCMonth() + 1)}${two(d.getUTCDate())} ${clock(micros / 1e6)}.${String(Math.floor(micros % 1e6)).padStart(6, '0')}`;
		out.push({
			at,
			unit: 'kubelet',
			identifier: 'kubelet',
			pid,
			text: `${stamp} ${String(pid).padStart(7)} ${where}] ${text}`,
		});
	};
	const node = quoted(machine.name);
	const systemd = (at: number, text: string): void => {
		out.push({ at, unit: 'kubelet', identifier: 'systemd', pid: 1, text });
	};
	for (const { from: start, to, halted, astray, unheeded } of runs) {
		systemd(start, `Started ${title}.`);
		if (to !== undefined && !halted) {
			systemd(to - 9000, `Stopping ${title}...`);
			put(to - 8600, {
				level: 'I',
				where: 'dynamic_cafile_content.go:170',
				text: '"Shutting down controller" name="client-ca-bundle::/etc/kubernetes/pki/ca.crt"',
			});
			systemd(to - 700, 'kubelet.service: Deactivated successfully.');
			systemd(to - 400, `Stopped ${title}.`);
		}
		put(start, {
			level: 'I',
			where: 'server.go:399',
			text: `"Kubelet version" kubeletVersion=${quoted(cluster.api.version)}`,
		});
		if (unheeded !== undefined)
			out.push({
				at: start + 900,
				unit: 'kubelet',
				identifier: 'kubelet',
				pid: pids.get(runAt(start))!,
				text: unheeded,
			});
		put(start + 2100, {
			level: 'I',
			where: 'kubelet_node_status.go:70',
			text: `"Attempting to register node" node=${node}`,
		});
		if (astray) {
			const err = `Post "${astray.server}/api/v1/nodes": ${astray.why}`;
			put(start + 9400, {
				level: 'E',
				where: 'kubelet_node_status.go:92',
				text: `"Unable to register node with API server" err=${quoted(err)} node=${node}`,
			});
			continue;
		}
		if (start > first.from)
			put(start + 9300, {
				level: 'I',
				where: 'kubelet_node_status.go:108',
				text: `"Node was previously registered" node=${node}`,
			});
		put(start + 9400, {
			level: 'I',
			where: 'kubelet_node_status.go:73',
			text: `"Successfully registered node" node=${node}`,
		});
		put(start + 11_200, { level: 'I', where: 'apiserver.go:52', text: '"Watching apiserver"' });
	}
	// From the start until the network is there, and whenever it is gone.
	let down: number | undefined = first.from;
	const complain = (until: number): void => {
		if (down === undefined) return;
		for (let at = down + 18_000; at < until; at += RUNTIME_CHECK)
			if (ranAt(at))
				put(at, {
					level: 'E',
					where: `kubelet.go:${place('kubelet.go', minor)}`,
					text: `"Container runtime network not ready" networkReady=${quoted(NETWORK)}`,
				});
		down = undefined;
	};
	const seen = new Set<string>();
	for (const entry of journal) {
		if (entry.kind === 'Node') {
			if (entry.reason === 'NodeReady') complain(entry.at);
			if (entry.reason === 'NodeNotReady') down = entry.at;
			continue;
		}
		if (!seen.has(entry.uid)) {
			seen.add(entry.uid);
			put(entry.at - 1800, { level: 'I', where: 'topology_manager.go:200', text: '"Topology Admit Handler"' });
		}
		for (const [i, line] of said(entry, minor).entries()) put(entry.at + i * 40, line);
	}
	complain(lab.now);
	for (const run of runs)
		for (const { at, where, text } of silenceComplaints(lab, cluster, machine, run))
			put(at, { level: 'E', where, text });
	for (const { path, words, since, watched, looks, until = lab.now } of machine.manifestFaults) {
		const told = `can't process config file ${quoted(path)}: ${words}`;
		if (watched)
			put(since + 900, {
				level: 'E',
				where: 'file.go:108',
				text: `"Unable to process watch event" err=${quoted(told)}`,
			});
		const said = `"Could not process manifest file" err=${quoted(words)} path=${quoted(path)}`;
		for (let at = looks; at <= until; at += MANIFEST_CHECK) put(at, { level: 'E', where: 'file.go:187', text: said });
	}
	for (const fault of machine.kubeletFaults) out.push(...crashes(lab, machine, fault, fault.until, minor));
	if (machine.kubeletFault) out.push(...crashes(lab, machine, machine.kubeletFault, lab.now, minor));
	return out.sort((a, b) => a.at - b.at);
}

/** `fileCheckFrequency`. */
const MANIFEST_CHECK = 20e6;

const CRASH = 1_250_000;

/** A kubelet that cannot read its file: it says so, ends, and is started again a second later. */
function crashes(
	lab: Lab,
	machine: NodeMachine,
	fault: NonNullable<NodeMachine['kubeletFault']>,
	until: number,
	minor: number,
): readonly JournalLine[] {
	const out: JournalLine[] = [];
	const path = /kubelet config file "([^"]+)"/.exec(fault.text)?.[1] ?? '/var/lib/kubelet/config.yaml';
	const err = fault.text.startsWith('error failed')
		? `failed to load Kubelet config file ${path}, ${fault.text}`
		: fault.text;
	const first = Math.max(0, Math.floor((until - fault.since) / CRASH) - 400);
	const boot = machine.kubeletRuns.findLast(({ from }) => from <= fault.since)?.boot;
	for (let n = first; fault.since + n * CRASH <= until; n++) {
		const at = fault.since + n * CRASH;
		const own = numberAt(lab, machine, at, boot);
		const d = new Date(Math.floor((lab.epoch * 1e6 + at) / 1000));
		const stamp = `${String(d.getUTCMonth() + 1).padStart(2, '0')}${String(d.getUTCDate()).padStart(2, '0')} ${clock(lab.epoch + at / 1e6)}.${String(Math.floor(at % 1e6)).padStart(6, '0')}`;
		const said = !fault.text.startsWith('error failed')
			? `run.go:74] "command failed" err=${quoted(err)}`
			: minor < 25
				? `server.go:205] "Failed to load kubelet config file" err=${quoted(err)} path=${quoted(path)}`
				: `run.go:74] "command failed" err=${quoted(`failed to load kubelet config file, path: ${path}, error: ${err}`)}`;
		const systemd = (after: number, text: string): JournalLine => ({
			at: at + after,
			unit: 'kubelet',
			identifier: 'systemd',
			pid: 1,
			text,
		});
		if (n > 0) out.push(systemd(-4000, `kubelet.service: Scheduled restart job, restart counter is at ${n}.`));
		if (fault.program !== undefined) {
			const its = (text: string): JournalLine => ({ ...systemd(0, `kubelet.service: ${text}`), pid: own });
			out.push(
				its(`Failed to locate executable ${fault.program}: ${fault.text}`),
				its(`Failed at step EXEC spawning ${fault.program}: ${fault.text}`),
				systemd(900, 'kubelet.service: Main process exited, code=exited, status=203/EXEC'),
				systemd(1000, "kubelet.service: Failed with result 'exit-code'."),
			);
			continue;
		}
		out.push(
			{ at, unit: 'kubelet', identifier: 'kubelet', pid: own, text: `E${stamp} ${String(own).padStart(7)} ${said}` },
			systemd(9000, 'kubelet.service: Main process exited, code=exited, status=1/FAILURE'),
			systemd(9100, "kubelet.service: Failed with result 'exit-code'."),
		);
	}
	return out;
}
