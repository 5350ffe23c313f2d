/** Volumes that nobody in the lab can mount, and runtimes that containerd lacks: kubernetes.io, concepts/storage/volumes. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

const pod = (name: string, spec: object): string =>
	JSON.stringify({
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name },
		spec: { containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'v', mountPath: '/v' }] }], ...spec },
	});
const withVolume = (name: string, source: object): string => pod(name, { volumes: [{ name: 'v', ...source }] });

test('a pod waits for a volume that cannot be mounted, and is told why', async () => {
	const { run } = await terminal();
	const apply = (object: string): Promise<string> => run(`echo '${object}' | kubectl apply -f -`);
	await apply(withVolume('csi', { csi: { driver: 'inline.example.com' } }));
	await apply(withVolume('nfs', { nfs: { server: 'nfs.example.com', path: '/x' } }));
	await apply(withVolume('scsi', { iscsi: { targetPortal: '10.0.0.1', iqn: 'iqn.2001-04.com.example:a', lun: 0 } }));
	await apply(
		'{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"share"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany"],"storageClassName":"nfs","nfs":{"server":"172.18.0.1","path":"/"}}}',
	);
	await apply(
		'{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"share"},"spec":{"accessModes":["ReadWriteMany"],"storageClassName":"nfs","resources":{"requests":{"storage":"1Gi"}}}}',
	);
	await apply(withVolume('pv', { persistentVolumeClaim: { claimName: 'share' } }));
	await run('sleep 5');
	expect(await run('kubectl get pods csi nfs scsi pv --no-headers')).not.toContain('Running');
	const words = (name: string): Promise<string> => run(`kubectl describe pod ${name}`);
	expect(await words('csi')).toContain(
		'MountVolume.NewMounter initialization failed for volume "v" : volume mode "Ephemeral" not supported by driver inline.example.com (no CSIDriver object)',
	);
	expect(await words('nfs')).toContain(
		'Output: mount.nfs: Failed to resolve server nfs.example.com: Name or service not known',
	);
	expect(await words('scsi')).toContain('failed for volume "v" : this lab does not simulate iscsi volumes');
	expect(await words('pv')).toContain('failed for volume "share" : this lab does not simulate nfs volumes');
});

test('a runtime that containerd is not configured with makes no sandbox', async () => {
	const { run } = await terminal();
	for (const handler of ['runsc', 'runc'])
		await run(
			`echo '{"apiVersion":"node.k8s.io/v1","kind":"RuntimeClass","metadata":{"name":"${handler}"},"handler":"${handler}"}' | kubectl apply -f -`,
		);
	for (const name of ['runsc', 'runc'])
		await run(`kubectl run ${name} --image=nginx --overrides='{"spec":{"runtimeClassName":"${name}"}}'`);
	await run('sleep 15');
	expect(await run("kubectl get pods runsc runc -o jsonpath='{.items[*].status.phase}'")).toBe('Pending Running');
	expect(await run('kubectl describe pod runsc')).toContain(
		'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "runsc" is configured',
	);
});
