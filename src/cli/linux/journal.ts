/** The journal of a node: systemd, containerd and the kubelet, each line made of what happened in the lab and when. */
import type { Cluster, Lab, NodeMachine } from '../../sim/lab/index.ts';
import { bootOf, sandboxesOn } from './cri.ts';
import { imageOf } from './cri-inspect.ts';
import { type JournalLine, kubeletJournal } from './journal-kubelet.ts';
import { nodeProcessTable } from './processes.ts';
import { nanoTime } from './words.ts';

/** containerd's log (containerd 1.6 pkg/cri/server/{sandbox_run,image_pull,container_create,container_start}.go, instrumented_service.go). */
function containerdJournal(lab: Lab, cluster: Cluster, machine: NodeMachine, pid: number): readonly JournalLine[] {
	const out: JournalLine[] = [];
	const put = (at: number, level: 'info' | 'error', message: string, error?: string): void => {
		out.push({
			at,
			unit: 'containerd',
			identifier: 'containerd',
			pid,
			text: `time="${nanoTime(lab, at)}" level=${level} msg=${JSON.stringify(message)}${error === undefined ? '' : ` error=${JSON.stringify(error)}`}`,
		});
	};
	const metadata = (name: string, uid: string, namespace: string | undefined, attempt: number): string =>
		`&PodSandboxMetadata{Name:${name},Uid:${uid},Namespace:${namespace},Attempt:${attempt},}`;
	for (const entry of machine.journal) {
		const { at, reason, message, name, namespace, uid } = entry;
		const pulled = /^(?:Pulling image|Successfully pulled image) "([^"]*)"/.exec(message)?.[1];
		if (reason === 'Pulling' && pulled !== undefined) put(at, 'info', `PullImage ${JSON.stringify(pulled)}`);
		if (reason === 'Pulled' && pulled !== undefined)
			put(
				at,
				'info',
				`PullImage ${JSON.stringify(pulled)} returns image reference ${JSON.stringify(imageOf(machine, pulled)?.id ?? '')}`,
			);
		const failed = /^Failed to pull image "([^"]*)": rpc error: code = (\w+) desc = (.*)$/s.exec(message);
		if (reason === 'Failed' && failed)
			put(
				at,
				'error',
				`PullImage ${JSON.stringify(failed[1])} failed`,
				`rpc error: code = ${failed[2]} desc = ${failed[3]}`,
			);
		if (reason === 'FailedCreatePodSandBox') {
			const what = `RunPodSandbox for ${metadata(name, uid, namespace, 0)}`;
			put(at, 'error', `${what} failed, error`, /desc = (.*)$/s.exec(message)?.[1] ?? message);
		}
	}
	for (const sandbox of sandboxesOn(lab, cluster, machine)) {
		const what = `RunPodSandbox for ${metadata(sandbox.name, sandbox.uid, sandbox.namespace, sandbox.attempt)}`;
		put(sandbox.createdAt - 250_000, 'info', what);
		put(sandbox.createdAt - 400, 'info', `${what} returns sandbox id ${JSON.stringify(sandbox.id)}`);
		for (const { name, attempt, id, startedAt } of sandbox.containers) {
			const within = `CreateContainer within sandbox ${JSON.stringify(sandbox.id)} for`;
			put(startedAt - 60_000, 'info', `${within} container &ContainerMetadata{Name:${name},Attempt:${attempt},}`);
			put(
				startedAt - 41_000,
				'info',
				`${within} &ContainerMetadata{Name:${name},Attempt:${attempt},} returns container id ${JSON.stringify(id)}`,
			);
			put(startedAt - 40_000, 'info', `StartContainer for ${JSON.stringify(id)}`);
			put(startedAt - 300, 'info', `StartContainer for ${JSON.stringify(id)} returns successfully`);
		}
	}
	return out;
}

/** Whether a node's systemd is 250 or later: Debian 12's is 252. */
export function newSystemd(cluster: Cluster, name: string): boolean {
	const nodes = cluster.api.find?.('nodes');
	const node = nodes && cluster.api.get(nodes, undefined, name);
	const { nodeInfo } = (node as { status?: { nodeInfo?: { osImage?: string } } } | undefined)?.status ?? {};
	return /Debian GNU\/Linux 12/.test(nodeInfo?.osImage ?? '');
}

/** Everything, oldest first. A load balancer's container has no systemd. */
export function journalOf(lab: Lab, cluster: Cluster, machine: NodeMachine): readonly JournalLine[] {
	if (machine.role === 'external-load-balancer') return [];
	const boot = bootOf(lab, machine);
	const table = nodeProcessTable(lab, cluster, machine);
	const pid = (comm: string): number => table.find((p) => p.comm === comm && p.container === undefined)?.pid ?? 0;
	const unit = (at: number, of: JournalLine['unit'], text: string): JournalLine => ({
		at,
		unit: of,
		identifier: 'systemd',
		pid: 1,
		text,
	});
	// Since 250 it names the unit beside what describes it (StatusUnitFormat=combined).
	const title = (name: string, description: string): string =>
		newSystemd(cluster, machine.name) ? `${name}.service - ${description}` : description;
	const containerd = title('containerd', 'containerd container runtime');
	return [
		unit(boot + 880_000, 'containerd', `Starting ${containerd}...`),
		unit(boot + 960_000, 'containerd', `Started ${containerd}.`),
		unit(boot + 970_000, 'init', 'Reached target Multi-User System.'),
		...containerdJournal(lab, cluster, machine, pid('containerd')),
		...kubeletJournal(lab, cluster, machine, pid('kubelet'), title('kubelet', 'kubelet: The Kubernetes Node Agent')),
	]
		.filter((line) => line.at <= lab.now)
		.sort((a, b) => a.at - b.at);
}
