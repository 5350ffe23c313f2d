/** Programs in /opt/cni/bin of a node: containerd runs them for each sandbox, and says which of them is missing. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

const BIN = '/opt/cni/bin';
const pinned = (name: string): string =>
	`kubectl run ${name} --image=nginx --overrides='{"spec":{"nodeName":"basic-worker","terminationGracePeriodSeconds":1}}'`;
const message = (name: string, reason: string): string =>
	`kubectl get events --field-selector involvedObject.name=${name},reason=${reason} -o jsonpath='{.items[-1:].message}'`;

test('without cilium-cni no pod begins on the node, and none that had begun ends', async () => {
	const t = await terminal('kind-basic', { patience: 3600e6 });
	await t.run(`${pinned('old')}; kubectl wait --for=condition=Ready pod/old`);
	await t.run(`docker exec basic-worker mv ${BIN}/cilium-cni /tmp/; ${pinned('new')}; sleep 20`);
	const words = `plugin type="cilium-cni" name="cilium" failed (add): failed to find plugin "cilium-cni" in path [${BIN}]`;
	expect(await t.run(message('new', 'FailedCreatePodSandBox'))).toMatch(
		/^Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "[0-9a-f]{64}": plugin/,
	);
	expect(await t.run(message('new', 'FailedCreatePodSandBox'))).toContain(words);
	expect(await t.run('kubectl get node basic-worker --no-headers')).toMatch(/^basic-worker +Ready/);
	await t.run('kubectl delete pod old --wait=false; sleep 20');
	expect(await t.run('kubectl get pod old --no-headers')).toMatch(/^old +0\/1 +Terminating/);
	const [, sandbox] = /sandbox \\"([0-9a-f]{64})\\"/.exec(await t.run(message('old', 'FailedKillPod')))!;
	expect(await t.run(message('old', 'FailedKillPod'))).toMatch(
		/^error killing pod: failed to "KillPodSandbox" for "[0-9a-f-]{36}" with KillPodSandboxError: "rpc error: code = Unknown desc = failed to destroy network for sandbox \\"/,
	);
	expect(await t.run('docker exec basic-worker crictl pods --no-trunc --name old -q')).toBe(`${sandbox}\n`);
	expect(
		await t.run('docker exec basic-worker journalctl -u kubelet --no-pager | grep -c CreatePodSandboxError'),
	).not.toBe('0\n');
	await t.run(`docker exec basic-worker mv /tmp/cilium-cni ${BIN}/; sleep 30`);
	expect(await t.run('kubectl get pods --no-headers new old')).toMatch(
		/^new +1\/1 +Running.*\nError from server \(NotFound\): pods "old" not found\n$/,
	);
});

test('an agent that starts puts its plugin there', async () => {
	const t = await terminal('kind-basic', { patience: 3600e6 });
	await t.run(`docker exec basic-worker rm ${BIN}/cilium-cni`);
	expect(await t.run(`docker exec basic-worker ls ${BIN}`)).not.toContain('cilium-cni');
	await t.run(
		'kubectl -n kube-system delete pods -l k8s-app=cilium --field-selector spec.nodeName=basic-worker; sleep 60',
	);
	expect(await t.run(`docker exec basic-worker ls ${BIN}`)).toContain('cilium-cni');
	await t.run(`${pinned('new')}; sleep 15`);
	expect(await t.run('kubectl get pod new --no-headers')).toMatch(/^new +1\/1 +Running/);
});

test('kindnet needs ptp, host-local and portmap, and every sandbox loopback', async () => {
	const t = await terminal('empty', { patience: 3600e6 });
	await t.run('kind create cluster');
	await t.run('kubectl wait --for=condition=Ready node --all');
	const node = 'kind-control-plane';
	for (const [i, [plugin, type]] of Object.entries([
		['ptp', 'ptp'],
		['host-local', 'ptp'],
		['portmap', 'portmap'],
		['loopback', 'loopback'],
	] as const)) {
		await t.run(`docker exec ${node} mv ${BIN}/${plugin} /root/; kubectl run p${i} --image=nginx; sleep 15`);
		expect(await t.run(message(`p${i}`, 'FailedCreatePodSandBox'))).toContain(
			`plugin type="${type}" failed (add): failed to find plugin "${plugin}" in path [${BIN}]`,
		);
		await t.run(`docker exec ${node} mv /root/${plugin} ${BIN}/`);
	}
	await t.run(`docker exec ${node} chmod -x ${BIN}/ptp; kubectl run q --image=nginx; sleep 15`);
	expect(await t.run(message('q', 'FailedCreatePodSandBox'))).toContain(
		`plugin type="ptp" failed (add): netplugin failed with no error message: fork/exec ${BIN}/ptp: permission denied`,
	);
	await t.run(`docker exec ${node} chmod +x ${BIN}/ptp; sleep 30`);
	expect(await t.run('kubectl get pods --no-headers | grep -vc " 1/1 *Running"')).toBe('0\n');
	await t.run(
		`docker exec ${node} sed -i s/ptp/bridged/ /etc/cni/net.d/10-kindnet.conflist; kubectl run r --image=nginx; sleep 15`,
	);
	expect(await t.run(message('r', 'FailedCreatePodSandBox'))).toContain(
		`plugin type="bridged" failed (add): failed to find plugin "bridged" in path [${BIN}]`,
	);
});
