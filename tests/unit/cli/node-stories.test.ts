/** What kubelets and the controllers of nodes tell while somebody cordons, stops, deletes and breaks things. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

const EVENTS =
	'kubectl get events --field-selector involvedObject.name=basic-worker3 -o jsonpath=\'{range .items[*]}{.reason} {.count}{"\\n"}{end}\'';

it('says that a node is not to be scheduled to, and that it is again, each within ten seconds', async () => {
	const { run } = await terminal();
	await run('kubectl cordon basic-worker3\nsleep 11');
	expect(await run(EVENTS)).toMatch(/NodeNotSchedulable 1\n$/);
	await run('kubectl uncordon basic-worker3\nsleep 11');
	expect(await run(EVENTS)).toMatch(/NodeNotSchedulable 1\nNodeSchedulable 1\n$/);
});

it('tells a kubelet that starts again everything anew, and a node that is deleted twice', async () => {
	const { run } = await terminal();
	await run('kubectl run web --image=nginx --overrides=\'{"spec":{"nodeName":"basic-worker3"}}\'\nsleep 15');
	await run('docker stop basic-worker3\nsleep 45\ndocker start basic-worker3\nsleep 20');
	const told = (await run(EVENTS)).trim().split('\n');
	expect(told.filter((line) => line === 'Starting 1')).toHaveLength(2);
	expect(told).toContain('NodeHasSufficientMemory 2');
	expect(told.filter((line) => line === 'NodeReady 1')).toHaveLength(2);
	const pod = await run('kubectl describe pod web');
	expect(pod).toMatch(/SandboxChanged .* Pod sandbox changed, it will be killed and re-created\./);
	expect(pod).toMatch(/TaintManagerEviction .* Cancelling deletion of Pod default\/web/);
	await run(
		'docker stop basic-worker3\nkubectl delete node basic-worker3\nsleep 60\ndocker start basic-worker3\nsleep 20',
	);
	const again = (await run(EVENTS)).trim().split('\n');
	expect(again).toContain('RemovingNode 1');
	expect(again.filter((line) => line === 'RegisteredNode 1')).toHaveLength(2);
	expect(again.filter((line) => line === 'NodeReady 1')).toHaveLength(3);
});

it('logs what is wrong with a static pod at once and every twenty seconds, and ends what ran by the file before', async () => {
	const { run } = await terminal();
	const write = (text: string): string =>
		`docker exec basic-worker sh -c 'printf "${text}" > /etc/kubernetes/manifests/st.yaml'`;
	const lines = async (): Promise<readonly string[]> =>
		(
			await run(
				'docker exec basic-worker journalctl -u kubelet --no-pager | grep -a file.go | sed "s/.*file.go/file.go/"',
			)
		)
			.trim()
			.split('\n');
	const head = 'apiVersion: v1\\nkind: Pod\\nmetadata: {name: st}\\nspec:\\n  containers:\\n';
	await run(`${write(`${head}  - {name: web, image: nginx}\\n`)}\nsleep 15`);
	expect(await run('kubectl get pod st-basic-worker')).toContain('1/1     Running');
	await run(`${write(`${head}  - {name: web, image: [nginx}\\n`)}\nsleep 1`);
	const words = `/etc/kubernetes/manifests/st.yaml: couldn't parse as pod(yaml: line 5: did not find expected ',' or ']'), please check config file`;
	expect(await lines()).toEqual([
		`file.go:108] "Unable to process watch event" err="can't process config file \\"/etc/kubernetes/manifests/st.yaml\\": ${words}"`,
	]);
	await run('sleep 40');
	const twice = await lines();
	expect(twice).toHaveLength(3);
	expect(twice[2]).toBe(
		`file.go:187] "Could not process manifest file" err="${words}" path="/etc/kubernetes/manifests/st.yaml"`,
	);
	expect(await run('kubectl get pod st-basic-worker')).toContain('NotFound');
	await run(`${write(`${head}  - {nam: web}\\n`)}\nsleep 1`);
	expect((await lines()).at(-1)).toContain(
		'invalid pod: [spec.containers[0].name: Required value spec.containers[0].image: Required value]',
	);
	await run(`${write('kind: Pod\\n')}\nsleep 1`);
	expect((await lines()).at(-1)).toContain(
		`couldn't parse as pod(Object 'apiVersion' is missing in '{\\"kind\\":\\"Pod\\"}')`,
	);
	const before = (await lines()).length;
	await run('docker exec basic-worker rm /etc/kubernetes/manifests/st.yaml\nsleep 60');
	expect(await lines()).toHaveLength(before);
});

it('writes conditions as their version has them', async () => {
	const { run } = await terminal('empty');
	await run(
		'kind create cluster --image kindest/node:v1.33.1\nsleep 10\nkubectl create job j --image=busybox -- true\nsleep 12',
	);
	expect(
		await run(
			'kubectl get pods -o jsonpath=\'{.items[0].status.conditions[*].type}{"|"}{.items[0].status.conditions[*].status}\'',
		),
	).toBe('PodReadyToStartContainers Initialized Ready ContainersReady PodScheduled|False True False False True');
	expect(await run("kubectl get pods -A -o jsonpath='{.items[0].status.conditions[0]}'")).toMatch(
		/^\{"lastProbeTime":null,/,
	);
	expect(await run('kubectl get events -n kube-system')).toMatch(/Scaled up replica set coredns-\w+ from 0 to 2\n/);
	const old = await terminal();
	await old.run('kubectl create quota long --hard=pods=9 --scopes=NotTerminating,NotBestEffort');
	expect(await old.run('kubectl describe quota long')).toMatch(
		/\nScopes: +NotBestEffort, NotTerminating\n \* Matches all pods that have at least one .*\n \* Matches all pods that do not have an active deadline\. .*\nResource /,
	);
	const status = await old.run('kubectl get pods -o yaml');
	expect(status).toContain('lastProbeTime: null');
	expect(status).not.toContain('PodReadyToStartContainers');
});

it('marks pods that have to go for others from 1.26', async () => {
	const { run } = await terminal('empty');
	await run(
		'kind create cluster --image kindest/node:v1.33.1\nsleep 10\nkubectl create deploy web --image=nginx\nsleep 12',
	);
	const marked = 'kubectl get pods -o jsonpath=\'{.items[*].status.conditions[?(@.type=="DisruptionTarget")].reason}\'';
	await run('kubectl drain kind-control-plane --ignore-daemonsets &');
	expect(await run(marked)).toMatch(/\nEvictionByEvictionAPI$/);
});

// pkg/kubelet/kubelet.go SyncPod() @ v1.24.0: no mirror where the node is gone; what runs goes on.
it('static pods of a node that was deleted run on and are shown no more until its kubelet starts again', async () => {
	const { run } = await terminal();
	await run('kubectl delete node basic-control-plane; sleep 120');
	expect(await run('kubectl -n kube-system get pods -o name | grep basic-control-plane')).toBe('');
	const etcd = "docker exec basic-control-plane crictl ps --name etcd -o json | jq -r '.containers[].state'";
	expect(await run(etcd)).toBe('CONTAINER_RUNNING\n');
	await run('docker exec basic-control-plane systemctl restart kubelet; sleep 90');
	expect(await run('kubectl -n kube-system get pod etcd-basic-control-plane --no-headers')).toMatch(
		/^etcd-basic-control-plane +1\/1 +Running +0 .* 1?\d{1,2}s\n$/,
	);
	const uids = `kubectl get node basic-control-plane -o jsonpath='{.metadata.uid}'; echo; kubectl -n kube-system get pod etcd-basic-control-plane -o jsonpath='{.metadata.ownerReferences[0].uid}'`;
	const [node, owner] = (await run(uids)).split('\n');
	expect(owner).toBe(node);
});

it('logs that its Node is gone, five times every ten seconds, until its kubelet starts again', async () => {
	const { run } = await terminal();
	await run('kubectl delete node basic-worker3\nsleep 25');
	const said = async (): Promise<readonly string[]> =>
		(await run('docker exec basic-worker3 journalctl -u kubelet -o cat --no-pager'))
			.split('\n')
			.filter((line) => /node status/.test(line));
	const lines = await said();
	expect([12, 18]).toContain(lines.length);
	expect(lines[0]).toMatch(
		/^E0831 \S+ +\d+ kubelet_node_status\.go:460\] "Error updating node status, will retry" err="error getting node \\"basic-worker3\\": nodes \\"basic-worker3\\" not found"$/,
	);
	expect(lines[5]).toContain('"Unable to update node status" err="update node status exceeds retry count"');
	await run('docker exec basic-worker3 systemctl restart kubelet\nsleep 10');
	const before = (await said()).length;
	await run('sleep 30');
	expect(await said()).toHaveLength(before);
});
