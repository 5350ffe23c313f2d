/** /etc/cni/net.d of a node: containerd looks at it, and so do agents from 1.14 on. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

const FOLDER = '/etc/cni/net.d';
const status = 'kubectl get node basic-worker --no-headers | awk "{ print \\$2 }"';

test('a node without a configuration that containerd can read has no network until it has one', async () => {
	const lab = await terminal('kind-basic', { patience: 3600e6 });
	const after = (deed: string): Promise<string> => lab.run(`docker exec basic-worker ${deed}; sleep 15; ${status}`);
	expect(await after(`mv ${FOLDER}/05-cilium.conf /tmp/`)).toBe('NotReady\n');
	expect(await lab.run(`docker exec basic-worker ls ${FOLDER}`)).toBe('');
	await lab.run(
		`kubectl run late --image=nginx --overrides='{"spec":{"nodeName":"basic-worker","tolerations":[{"operator":"Exists"}]}}'; sleep 10`,
	);
	expect(await lab.run('kubectl describe pod late')).toContain('cni plugin not initialized');
	expect(await after(`mv /tmp/05-cilium.conf ${FOLDER}/`)).toBe('Ready\n');
	expect(await lab.run('kubectl get pod late --no-headers')).toMatch(/^late +1\/1 +Running/);
	expect(await after(`sh -c 'echo no > ${FOLDER}/00-mine.conflist'`)).toBe('NotReady\n');
	expect(await after(`rm ${FOLDER}/00-mine.conflist`)).toBe('Ready\n');
	// 1.12 writes it when its agent starts.
	await lab.run(`docker exec basic-worker rm ${FOLDER}/05-cilium.conf`);
	await lab.run('kubectl -n kube-system delete pods -l k8s-app=cilium; sleep 60');
	expect(await lab.run(`docker exec basic-worker ls ${FOLDER}`)).toBe('05-cilium.conf\n');
});

test('an agent of 1.16 puts right what others do there', async () => {
	const lab = await terminal('kind-nocni', { patience: 3600e6 });
	await lab.run(
		'helm repo add cilium https://helm.cilium.io; helm install cilium cilium/cilium --version 1.16.3 -n kube-system',
	);
	await lab.run('cilium status --wait');
	await lab.run(`docker exec basic-worker rm ${FOLDER}/05-cilium.conflist`);
	await lab.run(`docker exec basic-worker sh -c 'echo {} > ${FOLDER}/00-mine.conf'; sleep 2`);
	expect(await lab.run(`docker exec basic-worker ls ${FOLDER}`)).toBe('00-mine.conf.cilium_bak\n05-cilium.conflist\n');
	expect(await lab.run(status)).toBe('Ready\n');
});
