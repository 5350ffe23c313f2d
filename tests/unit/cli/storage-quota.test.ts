/** Quotas of storage, by class too: kubernetes.io, concepts/policy/resource-quotas. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

const claim = (name: string): string =>
	`echo '{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"${name}"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}' | kubectl apply -f -`;

test('what claims of a class ask for counts against the quota of that class', async () => {
	const { run } = await terminal();
	await run(
		'kubectl create quota room --hard=standard.storageclass.storage.k8s.io/requests.storage=1Gi,standard.storageclass.storage.k8s.io/persistentvolumeclaims=5',
	);
	expect(await run(claim('one'))).toBe('persistentvolumeclaim/one created\n');
	expect(await run(claim('two'))).toContain(
		'exceeded quota: room, requested: standard.storageclass.storage.k8s.io/requests.storage=1Gi, used: standard.storageclass.storage.k8s.io/requests.storage=1Gi, limited: standard.storageclass.storage.k8s.io/requests.storage=1Gi',
	);
	expect(await run('sleep 3; kubectl describe quota room')).toMatch(
		/standard\.storageclass\.storage\.k8s\.io\/persistentvolumeclaims +1 +5\n/,
	);
});
