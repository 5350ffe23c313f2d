import { describe, expect, it } from 'vitest';
import { cells, create, echo, events, get, list, MINUTE, pass, pod, remove, SECOND, settled } from './helpers.ts';

describe('a pod', () => {
	it('that ends again and again waits longer each time', () => {
		const { lab, cluster } = settled();
		create(cluster, [pod('crash', { command: ['sh', '-c', 'sleep 1; exit 3'] })]);
		const starts: number[] = [];
		cluster.api.watch(({ object }) => {
			if (object.kind !== 'Pod' || object.metadata.name !== 'crash') return;
			const [state] = (object.status?.containerStatuses ?? []) as unknown as {
				state: { running?: object };
				restartCount: number;
			}[];
			if (state?.state.running && starts[state.restartCount] === undefined) starts[state.restartCount] = lab.now;
		});
		pass(lab, 5 * MINUTE);
		const pauses = starts.slice(1).map((at, i) => Math.round((at - starts[i]!) / SECOND));
		// The first restart comes at once; then 10, 20, 40, 80 seconds from the end of a run, when the kubelet looks again.
		expect(pauses[0]).toBeLessThan(5);
		for (const [i, least] of [10, 20, 40, 80].entries()) {
			expect(pauses[i + 1]).toBeGreaterThanOrEqual(least);
			expect(pauses[i + 1]).toBeLessThan(least + 17);
		}
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['CrashLoopBackOff']);
		const [status] = get(cluster, 'pods', 'default', 'crash')!.status!.containerStatuses as unknown as {
			lastState: { terminated: { exitCode: number; reason: string } };
			state: { waiting: { message: string } };
		}[];
		expect(status!.lastState.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
		expect(status!.state.waiting.message).toMatch(
			/^back-off 2m40s restarting failed container=main pod=crash_default\(/,
		);
	});

	it('that is deleted is seen without its containers before it is gone', () => {
		const { lab, cluster } = settled();
		create(cluster, [pod('idle', { command: ['sleep', 'infinity'] })]);
		pass(lab, 20 * SECOND);
		const seen: string[] = [];
		cluster.api.watch(({ type, object }) => {
			if (object.kind !== 'Pod' || object.metadata.name !== 'idle') return;
			const [container] = object.status!.containerStatuses as unknown as { ready: boolean; state: object }[];
			seen.push(`${type} ${Object.keys(container!.state)[0]} ${container!.ready ? 1 : 0}/1`);
		});
		remove(cluster, 'pods', 'default', 'idle');
		pass(lab, MINUTE);
		expect(seen).toEqual(['MODIFIED running 1/1', 'MODIFIED terminated 0/1', 'DELETED terminated 0/1']);
	});

	it.each([
		['Never', 0, 'Completed'],
		['Never', 1, 'Error'],
		['OnFailure', 0, 'Completed'],
	])('with restartPolicy %s and exit code %i shows %s', (restartPolicy, code, status) => {
		const { lab, cluster } = settled();
		create(cluster, [pod('once', { command: ['sh', '-c', `exit ${code}`] }, { restartPolicy })]);
		pass(lab, 30 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Ready', 'Status', 'Restarts')).toEqual([`0/1 ${status} 0`]);
	});

	it('waits for the ConfigMap of a volume', () => {
		const { lab, cluster } = settled();
		const volumes = [{ name: 'files', configMap: { name: 'later' } }];
		create(cluster, [pod('mounts', { command: ['sleep', 'infinity'] }, { volumes })]);
		pass(lab, 20 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['ContainerCreating']);
		expect(events(cluster, 'default', /^mounts$/)).toContain(
			'Warning FailedMount: MountVolume.SetUp failed for volume "files" : configmap "later" not found',
		);
		create(cluster, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'later' }, data: {} }]);
		pass(lab, 45 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Running']);
	});

	it('that no node takes stays Pending until one does', () => {
		const { lab, cluster } = settled();
		create(cluster, [pod('picky', { command: ['sleep', 'infinity'] }, { nodeSelector: { disk: 'fast' } })]);
		pass(lab, 5 * SECOND);
		expect(events(cluster, 'default', /^picky$/)).toEqual([
			"Warning FailedScheduling: 0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {node-role.kubernetes.io/master: }. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
		]);
		const { error } = cluster.api.patch(
			cluster.api.find('nodes')!,
			undefined,
			'basic-worker',
			'application/merge-patch+json',
			{
				metadata: { labels: { disk: 'fast' } },
			},
		);
		expect(error).toBeUndefined();
		pass(lab, 10 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Status', 'Node')).toEqual(['Running basic-worker']);
		expect(events(cluster, 'default', /^picky$/)).toContain(
			'Normal Scheduled: Successfully assigned default/picky to basic-worker',
		);
	});

	it('runs its init containers one after the other, and stops at one that fails', () => {
		const { lab, cluster } = settled();
		const initContainers = [
			{ name: 'first', image: 'busybox:1.36.1', command: ['sh', '-c', 'sleep 4'] },
			{ name: 'second', image: 'busybox:1.36.1', command: ['false'] },
		];
		create(cluster, [pod('init', { command: ['sleep', 'infinity'] }, { initContainers })]);
		pass(lab, 5 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Init:0/2']);
		pass(lab, 25 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Init:CrashLoopBackOff']);
	});

	it('of a DaemonSet comes back on its node, with another name', () => {
		const { lab, cluster } = settled();
		const of = (node: string): string =>
			list(cluster, 'pods', 'kube-system').find(
				(p) => p.metadata.name.startsWith('kube-proxy-') && p.spec!.nodeName === node,
			)!.metadata.name;
		const before = of('basic-worker');
		remove(cluster, 'pods', 'kube-system', before);
		pass(lab, 10 * SECOND);
		expect(of('basic-worker')).not.toBe(before);
		expect(cells(cluster, 'daemonsets', 'kube-system', 'Name', 'Ready')).toContain('kube-proxy 2');
	});
});

describe('a node', () => {
	it('that is cordoned takes no more pods', () => {
		const { lab, cluster } = settled();
		const cordon = (unschedulable: boolean | null) =>
			cluster.api.patch(cluster.api.find('nodes')!, undefined, 'basic-worker', 'application/merge-patch+json', {
				spec: { unschedulable },
			});
		cordon(true);
		pass(lab, 2 * SECOND);
		create(cluster, echo(1));
		pass(lab, 2 * SECOND);
		expect(cells(cluster, 'nodes', undefined, 'Status')).toEqual(['Ready', 'Ready,SchedulingDisabled']);
		expect(get(cluster, 'nodes', undefined, 'basic-worker')!.spec!.taints).toMatchObject([
			{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
		]);
		expect(events(cluster, 'default', /^echo-.*-/).at(-1)).toContain(
			'0/2 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/master: }, 1 node(s) were unschedulable.',
		);
		cordon(null);
		pass(lab, 20 * SECOND);
		expect(get(cluster, 'nodes', undefined, 'basic-worker')!.spec!.taints).toBeUndefined();
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Running']);
	});

	it('that is deleted takes its pods with it after a while', () => {
		const { lab, cluster } = settled();
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		remove(cluster, 'nodes', undefined, 'basic-worker');
		pass(lab, 30 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Node')).toEqual(['basic-worker']);
		pass(lab, 40 * SECOND);
		expect(list(cluster, 'pods').filter((p) => p.spec!.nodeName === 'basic-worker')).toEqual([]);
		// The node comes back when its kubelet does.
		lab.docker.stop('basic-worker');
		lab.docker.start('basic-worker');
		pass(lab, MINUTE);
		expect(cells(cluster, 'nodes', undefined, 'Name', 'Status')).toEqual([
			'basic-control-plane Ready',
			'basic-worker Ready',
		]);
		expect(cells(cluster, 'pods', 'default', 'Status', 'Node')).toEqual(['Running basic-worker']);
	});

	it('shows its static pods again when somebody deletes them', () => {
		const { lab, cluster } = settled();
		remove(cluster, 'pods', 'kube-system', 'kube-scheduler-basic-control-plane');
		pass(lab, 20 * SECOND);
		expect(get(cluster, 'pods', 'kube-system', 'kube-scheduler-basic-control-plane')!.status!.phase).toBe('Running');
	});
});
