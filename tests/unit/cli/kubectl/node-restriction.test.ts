/** A kubelet's credentials in somebody's hands: NodeRestriction. */
import { beforeAll, expect, it } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let at: Terminal;
const kubelet = (line: string): Promise<string> =>
	at.run(`docker exec basic-worker kubectl --kubeconfig /etc/kubernetes/kubelet.conf ${line}`);
const no = (what: string, why: string): string => `Error from server (Forbidden): ${what} is forbidden: ${why}\n`;

beforeAll(async () => {
	at = await terminal();
});

it.each([
	[
		'label node basic-worker2 a=b',
		'nodes "basic-worker2"',
		'node "basic-worker" is not allowed to modify node "basic-worker2"',
	],
	[
		'label node basic-worker node-restriction.kubernetes.io/team=a',
		'nodes "basic-worker"',
		'is not allowed to modify labels: node-restriction.kubernetes.io/team',
	],
	[
		'label node basic-worker node-role.kubernetes.io/admin=',
		'nodes "basic-worker"',
		'is not allowed to modify labels: node-role.kubernetes.io/admin',
	],
	[
		'taint node basic-worker a=b:NoSchedule',
		'nodes "basic-worker"',
		'node "basic-worker" is not allowed to modify taints',
	],
	[
		'run x --image=nginx',
		'pods "x"',
		'pod does not have "kubernetes.io/config.mirror" annotation, node "basic-worker" can only create mirror pods',
	],
	[
		'-n kube-system delete pod etcd-basic-control-plane',
		'pods "etcd-basic-control-plane"',
		'node "basic-worker" can only delete pods with spec.nodeName set to itself',
	],
])('does not %s', async (line, what, why) => {
	expect(await kubelet(line)).toBe(no(what, why));
});

it('labels its node with what is nobody’s, and says where its node is', async () => {
	expect(await kubelet('label node basic-worker a=b')).toBe('node/basic-worker labeled\n');
	expect(await kubelet('label node basic-worker topology.kubernetes.io/zone=z')).toBe('node/basic-worker labeled\n');
});
