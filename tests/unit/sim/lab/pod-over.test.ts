/** What is left of a pod that is over, and what is not set in one. */
import { expect, it } from 'vitest';
import { create, get, installCilium, list, NATIVE, pass, SECOND, settled } from './helpers.ts';

it('a pod that completed keeps its address in its status, and is no endpoint any more', () => {
	const { lab, cluster } = settled();
	installCilium(cluster, NATIVE);
	pass(lab, 90 * SECOND);
	create(cluster, [
		{
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: { name: 'once', namespace: 'default' },
			spec: {
				restartPolicy: 'Never',
				containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', 'sleep 20'] }],
			},
		},
	]);
	pass(lab, 15 * SECOND);
	expect(get(cluster, 'ciliumendpoints', 'default', 'once')).toBeDefined();
	pass(lab, 20 * SECOND);
	const pod = get(cluster, 'pods', 'default', 'once')!;
	expect(pod.status).toMatchObject({ phase: 'Succeeded', podIP: expect.any(String) });
	expect(list(cluster, 'ciliumendpoints', 'default')).toEqual([]);
});

it('a pod whose node is the empty text is scheduled as any other', () => {
	const { lab, cluster } = settled();
	create(cluster, [
		{
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: { name: 'any', namespace: 'default' },
			spec: { nodeName: '', dnsPolicy: '' as never, containers: [{ name: 'c', image: 'nginx' }] },
		},
	]);
	pass(lab, 20 * SECOND);
	expect(get(cluster, 'pods', 'default', 'any')).toMatchObject({
		spec: { nodeName: expect.stringMatching(/./), dnsPolicy: 'ClusterFirst' },
		status: { phase: 'Running' },
	});
});
