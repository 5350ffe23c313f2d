/** What a kubelet's journal has of volumes that cannot be mounted: each by its plugin, and nothing of objects that nobody named. */
import { expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

it('tells of a path, of a secret, and of the wait for both', async () => {
	const { run } = await terminal();
	const pod = (name: string, volume: string): Promise<string> =>
		run(
			`kubectl run ${name} --image=busybox --overrides='{"spec":{"nodeName":"basic-worker","containers":[{"name":"c","image":"busybox","volumeMounts":[{"name":"v","mountPath":"/v"}]}],"volumes":[{"name":"v",${volume}}]}}'`,
		);
	await pod('path', '"hostPath":{"path":"/nodir","type":"Directory"}');
	await pod('keys', '"secret":{"secretName":"nosuch"}');
	await run('sleep 150');
	const uid = await run("kubectl get pod path -o jsonpath='{.metadata.uid}'");
	const journal = await run('docker exec basic-worker journalctl -u kubelet -o cat --no-pager');
	const plain = journal.replace(/^E\d{4} [\d:.]+ +\d+ /gm, '');
	expect(plain).toContain(
		`nestedpendingoperations.go:335] Operation for "{volumeName:kubernetes.io/host-path/${uid}-v podName:${uid} nodeName:}" failed. Error: MountVolume.SetUp failed for volume "v" (UniqueName: "kubernetes.io/host-path/${uid}-v") pod "path" (UID: "${uid}") : hostPath type check failed: /nodir is not a directory\n`,
	);
	expect(plain).toMatch(
		/^kubelet\.go:\d+\] "Unable to attach or mount volumes for pod; skipping pod" err="unmounted volumes=\[v\], unattached volumes=\[v kube-api-access-\w+\]: timed out waiting for the condition" pod="default\/path"$/m,
	);
	expect(plain).toContain(`secret.go:192] Couldn't get secret default/nosuch: secret "nosuch" not found\n`);
	expect(plain).not.toMatch(/configMap|volume ""|" not found : /);
});
