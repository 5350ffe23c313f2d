/**
 * What a kubelet says while nobody answers for the API, or it asks where nobody is, or its Node was deleted: its lease,
 * which it tries more and more rarely, and the status of its node, five times every ten seconds. An API server whose etcd is away answers, too; the node it has in its cache, and
 * a kubelet whose node is as it was writes its status every five minutes only.
 *
 * Source: component-helpers apimachinery/lease/controller.go, kubernetes pkg/kubelet/kubelet_node_status.go @ v1.24.0.
 */
import type { Cluster, Lab, NodeMachine } from '../../sim/lab/index.ts';
import { formatIp } from '../../sim/wire/index.ts';

export interface Complaint {
	readonly at: number;
	readonly where: string;
	readonly text: string;
}

const SECOND = 1e6;
const INTERVAL = 10 * SECOND;
const TRIES = 5;
/** The pause after a lease that could not be had: doubled each time, up to this. */
const LONGEST = 7 * SECOND;

const words = (pause: number): string => (pause < SECOND ? `${pause / 1000}ms` : `${pause / SECOND}s`);

/** Of one life of the kubelet, from its start to its end. */
export function silenceComplaints(
	lab: Lab,
	cluster: Cluster,
	machine: NodeMachine,
	{ from: began, to: ended = lab.now, astray }: NodeMachine['kubeletRuns'][number],
): readonly Complaint[] {
	const out: Complaint[] = [];
	const planes = cluster.nodes().filter(({ role }) => role === 'control-plane');
	const alone = planes.length === 1 ? planes[0] : undefined;
	const server = astray?.server ?? `https://${alone?.name ?? `${cluster.name}-external-load-balancer`}:6443`;
	const why =
		astray?.why ??
		(alone?.ip === undefined ? 'EOF' : `dial tcp ${formatIp(alone.ip)}:6443: connect: connection refused`);
	const lease = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${machine.name}?timeout=10s`;
	const node = `/api/v1/nodes/${machine.name}`;
	for (const silence of astray ? [{ from: began, to: ended, faults: [] }] : cluster.silences()) {
		const answer = (at: number): string | undefined => silence.faults.findLast(({ from }) => from <= at)?.message;
		const fault = (at: number, verb: string, path: string): string =>
			answer(at) ?? `${verb} "${server}${path}": ${why}`;
		const from = Math.max(silence.from, began);
		const until = Math.min(silence.to ?? lab.now, ended);
		const next = (what: string): number =>
			from + lab.random('kubelet journal', `${what} ${machine.name} ${from}`, INTERVAL);
		let at = next('lease');
		for (let i = 0; i < TRIES && at < until; i++, at += 700)
			out.push({ at, where: 'controller.go:187', text: `failed to update lease, error: ${fault(at, 'Put', lease)}` });
		if (at < until)
			out.push({
				at,
				where: 'controller.go:114',
				text: `failed to update lease using latest lease, fallback to ensure lease, err: failed ${TRIES} attempts to update lease`,
			});
		for (let pause = SECOND / 5; at < until; at += pause, pause = Math.min(2 * pause, LONGEST))
			out.push({
				at: at + 600,
				where: 'controller.go:144',
				text: `failed to ensure lease exists, will retry in ${words(pause)}, error: ${fault(at, 'Get', lease)}`,
			});
		for (let round = next('status'); round < until; round += INTERVAL) {
			if (answer(round) !== undefined) continue;
			for (let i = 0; i < TRIES; i++) {
				const asked = fault(round, 'Get', `${node}${i === 0 ? '?resourceVersion=0&' : '?'}timeout=10s`);
				const err = `error getting node "${machine.name}": ${asked}`;
				out.push({
					at: round + i * 450,
					where: 'kubelet_node_status.go:460',
					text: `"Error updating node status, will retry" err=${JSON.stringify(err)}`,
				});
			}
			out.push({
				at: round + TRIES * 450,
				where: 'kubelet_node_status.go:447',
				text: '"Unable to update node status" err="update node status exceeds retry count"',
			});
		}
	}
	// A Node that was deleted is not made anew until its kubelet starts again.
	for (const absence of machine.absences) {
		const until = Math.min(absence.to ?? lab.now, ended);
		const from = Math.max(absence.from, began);
		const phase = lab.random('kubelet journal', `absent ${machine.name} ${from}`, INTERVAL);
		for (let round = from + phase; round < until; round += INTERVAL) {
			const nobody = cluster.silences().some((s) => s.from <= round && round < (s.to ?? lab.now));
			if (astray || nobody) continue;
			const err = `error getting node "${machine.name}": nodes "${machine.name}" not found`;
			for (let i = 0; i < TRIES; i++)
				out.push({
					at: round + i * 2300,
					where: 'kubelet_node_status.go:460',
					text: `"Error updating node status, will retry" err=${JSON.stringify(err)}`,
				});
			out.push({
				at: round + TRIES * 2300,
				where: 'kubelet_node_status.go:447',
				text: '"Unable to update node status" err="update node status exceeds retry count"',
			});
		}
	}
	return out;
}
