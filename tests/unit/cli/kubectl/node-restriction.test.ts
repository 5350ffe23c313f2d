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

/** NodeAuthorizer, whose reason comes at the refusal's end. */
it.each([
	['get secrets', 'list resource "secrets"', 'in the namespace "default": No Object name found'],
	['get secrets -A', 'list resource "secrets"', 'at the cluster scope: can only read namespaced object of this type'],
	[
		'get pv',
		'list resource "persistentvolumes"',
		'at the cluster scope: can only get individual resources of this type',
	],
	[
		'get leases -n kube-node-lease',
		'list resource "leases"',
		'in the namespace "kube-node-lease": can only get, create, update, patch, or delete a node lease',
	],
	['get deploy', 'list resource "deployments"', 'in the namespace "default"'],
])('says why it does not %s', async (line, verb, why) => {
	const [what] = /(?<=")[a-z]+(?=")/.exec(verb)!;
	const group = { leases: 'coordination.k8s.io', deployments: 'apps' }[what] ?? '';
	expect(await kubelet(line)).toBe(
		no(
			group === '' ? what : `${what}.${group}`,
			`User "system:node:basic-worker" cannot ${verb} in API group "${group}" ${why}`,
		),
	);
});

it('reads what its pods need, and no other', async () => {
	expect(await kubelet('-n kube-system get cm coredns')).toContain(
		`no relationship found between node 'basic-worker' and this object`,
	);
	expect(await kubelet('-n kube-system get cm kube-proxy -o name')).toBe('configmap/kube-proxy\n');
	expect(await kubelet('-n kube-node-lease get lease basic-worker -o name')).toBe(
		'lease.coordination.k8s.io/basic-worker\n',
	);
	expect(await kubelet('-n kube-node-lease get lease basic-worker2 -o name')).toContain(
		': can only access node lease with the same name as the requesting node',
	);
});

it('is not told all it may', async () => {
	expect(await kubelet('auth can-i --list')).toContain(
		'warning: the list may be incomplete: node authorizer does not support user rule resolution\n',
	);
});
