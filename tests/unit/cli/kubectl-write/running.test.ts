import { beforeEach, describe, expect, it } from 'vitest';
import { type Terminal, terminal, WEB } from './lab.ts';

let t: Terminal;
beforeEach(async () => {
	t = await terminal();
	await t.file('web.yaml', WEB);
});

describe('kubectl rollout', () => {
	it('tells a rollout as it goes on, up to its end', async () => {
		await t.run('kubectl apply -f web.yaml');
		const told = (await t.run('kubectl rollout status deploy/web')).split('\n');
		expect(told).toContain('Waiting for deployment "web" rollout to finish: 0 of 3 updated replicas are available...');
		expect(told.at(-2)).toBe('deployment "web" successfully rolled out');
		expect(await t.run('kubectl rollout status deploy web --watch=false')).toBe(
			'deployment "web" successfully rolled out\n',
		);
	});

	it('restarts, keeps a history and goes back', async () => {
		await t.run('kubectl apply -f web.yaml && kubectl rollout status deploy/web');
		expect(await t.run('kubectl rollout restart deploy/web')).toBe('deployment.apps/web restarted\n');
		await t.run('kubectl rollout status deploy/web');
		await t.run('kubectl annotate deploy web kubernetes.io/change-cause=restarted');
		await t.run('kubectl set image deploy/web nginx=nginx:1.25 && kubectl rollout status deploy/web');
		expect(await t.run('kubectl rollout history deploy/web')).toMatch(
			/^deployment\.apps\/web \nREVISION {2}CHANGE-CAUSE\n1 {9}<none>\n2 {9}\S+\n3 {9}restarted\n\n$/,
		);
		expect(await t.run('kubectl rollout history deploy/web --revision=3')).toContain(
			'deployment.apps/web with revision #3\nPod Template:\n  Labels:\tapp=web\n',
		);
		expect(await t.run('kubectl rollout undo deploy/web --to-revision=1')).toBe('deployment.apps/web rolled back\n');
		expect(await t.run("kubectl get deploy web -o jsonpath='{.spec.template.spec.containers[0].image}'")).toBe('nginx');
		expect(await t.run('kubectl rollout undo deploy/web --to-revision=99')).toBe(
			'error: unable to find specified revision 99 in history\n',
		);
	});

	it('pauses and resumes', async () => {
		await t.run('kubectl apply -f web.yaml && kubectl rollout status deploy/web');
		expect(await t.run('kubectl rollout pause deploy/web')).toBe('deployment.apps/web paused\n');
		expect(await t.run('kubectl rollout pause deploy/web')).toBe('error: deployments.apps "web" is already paused\n');
		expect(await t.run('kubectl rollout restart deploy/web')).toBe(
			'error: deployments.apps "web" can\'t restart paused deployment (run rollout resume first)\n',
		);
		expect(await t.run('kubectl rollout resume deploy/web')).toBe('deployment.apps/web resumed\n');
		expect(await t.run('kubectl rollout restart svc/web')).toBe('error: services "web" restarting is not supported\n');
	});

	it('restarts the agents of Cilium, node by node', async () => {
		expect(await t.run('kubectl rollout restart daemonset cilium -n kube-system')).toBe(
			'daemonset.apps/cilium restarted\n',
		);
		const told = await t.run('kubectl -n kube-system rollout status ds/cilium');
		expect(told).toContain(
			'Waiting for daemon set "cilium" rollout to finish: 1 out of 4 new pods have been updated...\n',
		);
		expect(told).toMatch(/\ndaemon set "cilium" successfully rolled out\n$/);
	});

	it('gives up when the time is over', async () => {
		await t.run('kubectl apply -f web.yaml');
		expect(await t.run('kubectl rollout status deploy/web --timeout=100ms')).toMatch(
			/\nerror: timed out waiting for the condition\n$/,
		);
	});
});

describe('kubectl exec', () => {
	it('runs a command in a pod of whatever has pods', async () => {
		await t.run('kubectl apply -f web.yaml && kubectl rollout status deploy/web');
		expect(await t.run('kubectl exec deploy/web -c nginx -- hostname')).toMatch(/^web-[a-z0-9]+-[a-z0-9]{5}\n$/);
		expect(await t.run('kubectl exec svc/web -- echo hi')).toBe(
			'Defaulted container "nginx" out of: nginx, side\nhi\n',
		);
		expect(await t.run('kubectl -n kube-system exec ds/cilium -- echo hi')).toMatch(
			/^Defaulted container "cilium-agent" out of: cilium-agent, mount-cgroup \(init\), .*\nhi\n$/,
		);
	});

	it('ends with the code of what ran', async () => {
		await t.run('kubectl apply -f web.yaml && kubectl rollout status deploy/web');
		expect(await t.run("kubectl exec deploy/web -c side -- sh -c 'exit 3'")).toBe(
			'command terminated with exit code 3\n',
		);
		expect(t.code()).toBe(3);
	});

	it('says in the words of those at fault what is not there', async () => {
		await t.run('kubectl apply -f web.yaml && kubectl rollout status deploy/web');
		const said = async (line: string) => t.run(`kubectl exec ${line}`);
		expect(await said('none -- ls')).toBe('Error from server (NotFound): pods "none" not found\n');
		expect(await said('deploy/web -c odd -- ls')).toMatch(
			/^Error from server \(BadRequest\): container odd is not valid for pod web-/,
		);
		expect(await said('deploy/web -c nginx -- frobnicate')).toMatch(
			/^error: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "frobnicate": executable file not found in \$PATH: unknown\n$/,
		);
		expect(await said('deploy/web -c nginx -- /no/such')).toContain(
			'exec: "/no/such": stat /no/such: no such file or directory: unknown',
		);
		expect(await said('deploy/web')).toBe('error: you must specify at least one command for the container\n');
		expect(await said('-- ls')).toBe('error: pod, type/name or --filename must be specified\n');
		expect(await said('deploy/web -c nginx echo old')).toBe(
			'kubectl exec [POD] [COMMAND] is DEPRECATED and will be removed in a future version. Use kubectl exec [POD] -- [COMMAND] instead.\nold\n',
		);
		expect(await said('node/basic-worker -- ls')).toContain(
			'error: cannot attach to *v1.Node: selector for *v1.Node not implemented',
		);
	});

	it('opens a shell that is left with exit', async () => {
		await t.run('kubectl apply -f web.yaml && kubectl rollout status deploy/web');
		expect(await t.run('kubectl exec -it deploy/web -c nginx -- bash')).toBe('');
		expect(t.session.prompt).toMatch(/^root@web-.*:\/# $/);
		expect(await t.run('exit 4')).toBe('exit\ncommand terminated with exit code 4\n');
		expect(t.session.place).toEqual({ kind: 'laptop' });
	});

	it('finds no shell in images that have none', async () => {
		expect(await t.run('kubectl -n kube-system exec deploy/coredns -- sh')).toContain(
			'exec: "sh": executable file not found in $PATH: unknown\n',
		);
		expect(t.code()).toBe(1);
	});

	it('reads a script from standard input', async () => {
		await t.run('kubectl apply -f web.yaml && kubectl rollout status deploy/web');
		expect(await t.run('echo "echo one; echo two" | kubectl exec -i deploy/web -c side -- sh')).toBe('one\ntwo\n');
	});

	it('cannot reach the container of a node that is off', async () => {
		await t.run('kubectl apply -f web.yaml && kubectl rollout status deploy/web');
		const node = (await t.run("kubectl get pods -l app=web -o jsonpath='{.items[0].spec.nodeName}'")).trim();
		const pod = (await t.run("kubectl get pods -l app=web -o jsonpath='{.items[0].metadata.name}'")).trim();
		await t.run(`docker stop ${node}`);
		expect(await t.run(`kubectl exec ${pod} -c side -- ls`)).toMatch(
			/^Error from server: error dialing backend: dial tcp 172\.18\.0\.\d:10250: connect: no route to host\n$/,
		);
	});
});

describe('kubectl delete and wait', () => {
	it('waits for a pod to be gone, unless told not to', async () => {
		await t.run('kubectl apply -f web.yaml && kubectl rollout status deploy/web');
		expect(await t.seconds('kubectl delete pod -l app=web --wait=false')).toBeLessThan(1);
		expect(await t.run('kubectl wait --for=delete pod -l app=web --timeout=1s')).toMatch(
			/timed out waiting for the condition on pods\/web-/,
		);
		await t.run('kubectl rollout status deploy/web');
		// The side container sleeps on when it is told to end.
		expect(await t.seconds('kubectl delete pod -l app=web')).toBeGreaterThan(29);
	});

	it('waits for conditions and for fields', async () => {
		await t.run('kubectl apply -f web.yaml');
		expect(await t.run('kubectl wait --for=condition=Available deploy/web --timeout=60s')).toBe(
			'deployment.apps/web condition met\n',
		);
		expect(await t.run("kubectl wait --for=jsonpath='{.status.readyReplicas}'=3 deploy/web")).toBe(
			'deployment.apps/web condition met\n',
		);
		expect(await t.run('kubectl wait --for=condition=Odd deploy/web --timeout=2s')).toBe(
			'error: timed out waiting for the condition on deployments/web\n',
		);
		expect(await t.run('kubectl wait --for=nothing deploy/web')).toBe('error: unrecognized condition: "nothing"\n');
		expect(await t.run('kubectl wait --for=condition=Ready pod/none')).toBe(
			'Error from server (NotFound): pods "none" not found\n',
		);
		expect(await t.run('kubectl wait --for=delete pod/none')).toBe('');
	});

	it('leaves what belongs to a workload behind when asked to', async () => {
		await t.run('kubectl apply -f web.yaml && kubectl rollout status deploy/web');
		await t.run('kubectl delete deploy web --cascade=orphan');
		expect(await t.run('kubectl get rs -o name')).toContain('replicaset.apps/web-');
	});
});

describe('kubectl drain', () => {
	it('stops at pods of DaemonSets, then moves what can be moved', async () => {
		await t.run('kubectl apply -f web.yaml && kubectl rollout status deploy/web');
		const refused = await t.run('kubectl drain basic-worker');
		expect(refused).toMatch(
			/^node\/basic-worker cordoned\nerror: unable to drain node "basic-worker" due to error:cannot delete DaemonSet-managed Pods \(use --ignore-daemonsets to ignore\): kube-system\/cilium-\w+, kube-system\/kube-proxy-\w+, continuing command\.\.\.\nThere are pending nodes to be drained:\n basic-worker\ncannot delete DaemonSet-managed Pods/,
		);
		const told = await t.run('kubectl drain basic-worker --ignore-daemonsets --delete-emptydir-data');
		expect(told).toMatch(/^node\/basic-worker already cordoned\nWARNING: ignoring DaemonSet-managed Pods: /);
		expect(told).toMatch(/\nnode\/basic-worker drained\n$/);
		const evicting = told.match(/^evicting pod \S+$/gm) ?? [];
		const evicted = told.match(/^pod\/\S+ evicted$/gm) ?? [];
		expect(evicting.length).toBeGreaterThan(0);
		expect(evicted).toHaveLength(evicting.length);
		expect(await t.run('kubectl get pods -l app=web -o wide')).not.toContain(' basic-worker ');
	});

	it('tries again what a budget forbids, until the time is over', async () => {
		await t.run('kubectl apply -f web.yaml && kubectl rollout status deploy/web');
		await t.run('kubectl create pdb p --selector=app=web --min-available=3');
		await t.run('sleep 5');
		const told = await t.run(
			'kubectl drain basic-worker --ignore-daemonsets --delete-emptydir-data --pod-selector=app=web --timeout=12s',
		);
		expect(told).toContain(
			"(will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.\n",
		);
		expect(told.match(/^evicting pod default\/web-/gm)).toHaveLength(3);
		expect(told).toContain('global timeout reached: 12s');
	});
});

describe('pods to look around from', () => {
	it('runs one, types into it, and takes it away', async () => {
		expect(await t.run('kubectl run tmp --rm -it --image=busybox --restart=Never -- sh')).toBe(
			"If you don't see a command prompt, try pressing enter.\n",
		);
		expect(await t.run('hostname')).toBe('tmp\n');
		expect(await t.run('exit')).toBe('exit\npod "tmp" deleted\n');
	});

	it('shows what a command in such a pod writes', async () => {
		expect(await t.run('kubectl run one --rm -i --quiet --image=busybox --restart=Never -- echo hello')).toBe(
			'hello\n',
		);
		expect(await t.run("kubectl run two -i -q --image=busybox --restart=Never -- sh -c 'exit 5'")).toContain(
			'pod default/two terminated (Error)\n',
		);
		expect(t.code()).toBe(5);
		expect(await t.run("kubectl get pod two -o jsonpath='{.status.phase}'")).toBe('Failed');
	});

	it('steps from a pod for debugging into its node', async () => {
		expect(await t.run('kubectl debug node/basic-worker -it --image=busybox')).toMatch(
			/^Creating debugging pod node-debugger-basic-worker-[a-z0-9]{5} with container debugger on node basic-worker\.\nIf you don't see/,
		);
		expect(t.session.place.kind).toBe('pod');
		await t.run('chroot /host');
		expect(t.session.place).toMatchObject({ kind: 'node', node: 'basic-worker' });
		await t.run('exit');
		await t.run('exit');
		await t.run('sleep 3');
		expect(await t.run('kubectl get pods')).toMatch(/node-debugger-basic-worker-\w+ +0\/1 +Completed/);
	});

	it('opens a shell on a node by the plugin', async () => {
		expect(await t.run('kubectl node-shell basic-worker2')).toMatch(/^spawning "nsenter-\w{6}" on "basic-worker2"\n/);
		expect(t.session.prompt).toBe('root@basic-worker2:/# ');
		expect(await t.run('exit')).toMatch(/^exit\npod "nsenter-\w{6}" deleted\n$/);
	});

	it('copies files in and out', async () => {
		await t.run('kubectl run box --image=nginx && kubectl wait --for=condition=Ready pod/box --timeout=60s');
		await t.file('note.txt', 'words\n');
		expect(await t.run('kubectl cp note.txt box:/tmp/note.txt')).toBe('');
		expect(await t.run('kubectl exec box -- cat /tmp/note.txt')).toBe('words\n');
		expect(await t.run('kubectl cp box:/tmp/note.txt back.txt && cat back.txt')).toBe(
			"tar: Removing leading `/' from member names\nwords\n",
		);
		await t.run('kubectl run busy --image=busybox -- sleep 999 && kubectl wait --for=condition=Ready pod/busy');
		expect(await t.run('kubectl cp busy:/etc/hostname back.txt && cat back.txt')).toBe(
			"tar: removing leading '/' from member names\nbusy\n",
		);
		expect(await t.run('kubectl cp busy:etc/nope back.txt')).toBe(
			'tar: etc/nope: No such file or directory\ntar: error exit delayed from previous errors\ncommand terminated with exit code 1\n',
		);
		expect(await t.run('kubectl cp none.txt box:/tmp')).toBe("error: none.txt doesn't exist in local filesystem\n");
	});
});

describe('kubectl edit', () => {
	it('sends what a command changed in the file', async () => {
		await t.run('kubectl apply -f web.yaml');
		expect(await t.run("KUBE_EDITOR='sed -i s/ClusterIP/NodePort/' kubectl edit svc web")).toBe('service/web edited\n');
		expect(await t.run("kubectl get svc web -o jsonpath='{.spec.type}'")).toBe('NodePort');
		expect(await t.run("KUBE_EDITOR='true' kubectl edit svc web")).toBe('Edit cancelled, no changes made.\n');
	});

	it('keeps a copy of what the server finds invalid', async () => {
		await t.run('kubectl apply -f web.yaml');
		expect(await t.run("KUBE_EDITOR='sed -i s/port:.80/port:\\ 99999/' kubectl edit svc web")).toMatch(
			/^error: services "web" is invalid\nA copy of your changes has been stored to "(\/tmp\/kubectl-edit-\d+\.yaml)"\nerror: Edit cancelled, no valid changes were saved\.\n$/,
		);
	});

	it.each([
		['a script of the working directory', 'EDITOR=./ed', 'service/web edited\n'],
		['a script of the PATH', 'PATH=$PATH:$PWD EDITOR=ed', 'service/web edited\n'],
		['a line with quotes, by a shell', `KUBE_EDITOR="sed -i 's/: ClusterIP/: NodePort/'"`, 'service/web edited\n'],
		[
			'nothing else than how it is written',
			`KUBE_EDITOR="sed -i 's/: ClusterIP/:   ClusterIP/'"`,
			'Edit cancelled, no changes made.\n',
		],
		[
			'no script, which says nobody that reads it',
			'EDITOR=./plain',
			'error: there was a problem with the editor "./plain"\n',
		],
		['no file', 'EDITOR=./none', 'error: there was a problem with the editor "./none"\n'],
		['no command', 'EDITOR="emacs -nw"', 'error: unable to launch the editor "emacs -nw"\n'],
		['a command that fails', 'EDITOR=false', 'error: there was a problem with the editor "false"\n'],
	])('takes %s', async (_, editor, said) => {
		await t.run('kubectl apply -f web.yaml');
		await t.run(`printf '#!/bin/sh\nsed -i s/ClusterIP$/NodePort/ "$1"\n' > ed; echo true > plain; chmod +x ed plain`);
		expect(await t.run(`${editor} kubectl edit svc web`)).toBe(said);
		expect(await t.run("kubectl get svc web -o jsonpath='{.spec.type}'")).toBe(
			said.includes('edited') ? 'NodePort' : 'ClusterIP',
		);
	});

	it('gives JSON without comments', async () => {
		await t.run('kubectl apply -f web.yaml');
		expect(await t.run('EDITOR=cat kubectl edit svc web -o json')).toMatch(/^\{\n/);
	});

	it('says what to use where there is no editor', async () => {
		await t.run('kubectl apply -f web.yaml');
		const said = await t.run('kubectl edit svc web');
		expect(said).toContain('KUBE_EDITOR');
		expect(said).toContain('kubectl patch');
	});
});
