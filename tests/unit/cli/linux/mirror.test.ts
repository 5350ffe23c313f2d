/** A static pod and the object that shows it: who deletes the one does nothing to the other. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('a static pod runs on in its sandbox while its mirror is deleted and comes back', async () => {
	const { run } = await terminal();
	await run(`docker exec -i basic-worker sh -c 'cat > /etc/kubernetes/manifests/web.yaml' <<'X'
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: main, image: nginx}]}
X
kubectl wait --for=condition=Ready pod/web-basic-worker --timeout=2m; sleep 60; kubectl wait --for=condition=Ready pod/web-basic-worker --timeout=2m`);
	const annotations = await run(`kubectl get pod web-basic-worker -o jsonpath='{.metadata.annotations}'`);
	expect(annotations).toMatch(
		/^\{"kubernetes.io\/config.hash":"([0-9a-f]{32})","kubernetes.io\/config.mirror":"\1","kubernetes.io\/config.seen":"2022-[^"]*Z","kubernetes.io\/config.source":"file"\}$/,
	);
	const ids = (): Promise<string> =>
		run('docker exec basic-worker crictl ps -q --name main; docker exec basic-worker crictl pods -q --name web');
	const before = await ids();
	expect(before).toMatch(/^[0-9a-f]{64}\n[0-9a-f]{64}\n$/);
	await run('kubectl delete pod web-basic-worker');
	expect(await run('kubectl get pod web-basic-worker -o name')).toContain('not found');
	expect(await ids()).toBe(before);
	await run('sleep 5');
	expect(await run('kubectl get pod web-basic-worker -o name')).toBe('pod/web-basic-worker\n');
	expect(await ids()).toBe(before);
});
