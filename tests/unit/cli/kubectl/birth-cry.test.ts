/** kube-proxy tells that it began, by an event about its node of the newer kind. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('every kube-proxy says that it starts, once for each process', async () => {
	const { run } = await terminal();
	const events = (): Promise<string> =>
		run('kubectl get events --field-selector reason=Starting --no-headers | grep -v kubelet');
	expect((await events()).trimEnd().split('\n')).toHaveLength(4);
	expect(await events()).toMatch(/^\S+ +Normal +Starting +node\/basic-control-plane +\n/);
	expect(await run('kubectl describe node basic-worker')).toMatch(/\n {2}Normal +Starting +\S+ +kube-proxy +\n/);
	const [event] = JSON.parse(
		await run('kubectl get events --field-selector reason=Starting,involvedObject.name=basic-worker -o json'),
	).items.filter((one: { reportingComponent: string }) => one.reportingComponent === 'kube-proxy');
	expect(event).toMatchObject({
		action: 'StartKubeProxy',
		firstTimestamp: null,
		lastTimestamp: null,
		reportingInstance: 'kube-proxy-basic-worker',
		involvedObject: { kind: 'Node', name: 'basic-worker', uid: 'basic-worker' },
		source: {},
	});
	expect(event.eventTime).toMatch(/^2022-08-31T10:00:\d\d\.\d{6}Z$/);
	await run('kubectl -n kube-system rollout restart daemonset kube-proxy; sleep 60');
	expect((await events()).trimEnd().split('\n')).toHaveLength(8);
});
