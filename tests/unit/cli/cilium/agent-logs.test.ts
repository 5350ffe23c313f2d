import { expect, test } from 'vitest';
import type { Terminal } from '../terminal.ts';
import { recent } from './recent.ts';

const POLICY = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: p}
spec:
  endpointSelector: {matchLabels: {app: web}}
  ingress: [{fromEntities: [cluster]}]
`;

interface Facts {
	readonly pod: string;
	readonly ip: string;
	readonly node: string;
	readonly id: string;
	readonly identity: string;
	readonly sandbox: string;
}

/** One of the web server's pods, as kubectl, its CiliumEndpoint and crictl have it. */
async function factsOf(t: Terminal): Promise<Facts> {
	const read = async (what: string): Promise<string> => (await t.run(what)).trim();
	const pod = await read("kubectl get pods -l app=web -o jsonpath='{.items[0].metadata.name}'");
	const of = (path: string): Promise<string> => read(`kubectl get pod ${pod} -o jsonpath='{${path}}'`);
	const node = await of('.spec.nodeName');
	return {
		pod,
		node,
		ip: await of('.status.podIP'),
		id: await read(`kubectl get cep ${pod} -o jsonpath='{.status.id}'`),
		identity: await read(`kubectl get cep ${pod} -o jsonpath='{.status.identity.id}'`),
		sandbox: await read(`docker exec ${node} crictl pods --name ${pod} -q --no-trunc`),
	};
}

const logOf = async (t: Terminal, node: string): Promise<readonly string[]> =>
	(
		await t.run(
			`kubectl -n kube-system logs -c cilium-agent $(kubectl -n kube-system get pod -l k8s-app=cilium -o name --field-selector spec.nodeName=${node})`,
		)
	).split('\n');

test('an agent of 1.14 logs each endpoint and policy in the words of logrus', async () => {
	const t = await recent('1.14.9');
	const { pod, node, ip, id, identity, sandbox } = await factsOf(t);
	await t.file('p.yaml', POLICY);
	await t.run('kubectl apply -f p.yaml; sleep 1; kubectl delete -f p.yaml');
	await t.run(`kubectl delete pod ${pod}; sleep 5`);
	const log = await logOf(t, node);
	const own = `containerID=${sandbox.slice(0, 10)} datapathPolicyRevision=0 desiredPolicyRevision`;
	const tail = `ipv4=${ip} ipv6= k8sPodName=default/${pod}`;
	expect(log.find((line) => line.includes('Create endpoint request') && line.includes(pod))).toMatch(
		new RegExp(
			`^level=info msg="Create endpoint request" addressing="&\\{${ip} [0-9a-f-]{36} default   \\}" containerID=${sandbox} datapathConfiguration="&\\{false false false false false <nil>\\}" interface=lxc[0-9a-f]{12} k8sPodName=default/${pod} labels="\\[\\]" subsys=daemon sync-build=true$`,
		),
	);
	expect(log).toContain(`level=info msg="New endpoint" ${own}=0 endpointID=${id} ${tail} subsys=endpoint`);
	expect(log).toContain(
		`level=info msg="Rewrote endpoint BPF program" ${own}=1 endpointID=${id} identity=${identity} ${tail} subsys=endpoint`,
	);
	expect(log).toContain(
		'level=info msg="Imported CiliumNetworkPolicy" ciliumNetworkPolicyName=p k8sApiVersion= k8sNamespace=default subsys=k8s-watcher',
	);
	expect(log).toContain(`level=info msg="Delete endpoint request" containerID=${sandbox.slice(0, 10)} subsys=daemon`);
	expect(log.filter((line) => line.includes('"Removed endpoint"') && line.includes(`endpointID=${id} `))).toHaveLength(
		1,
	);
}, 60_000);

test('an agent of 1.18 logs them in the words of slog, and which identities a policy is about', async () => {
	const t = await recent('1.18.3');
	const { pod, node, id, identity } = await factsOf(t);
	await t.file('p.yaml', POLICY);
	await t.run('kubectl apply -f p.yaml; sleep 1; kubectl delete -f p.yaml; sleep 1');
	await t.run('kubectl -n kube-system rollout restart ds/cilium; sleep 60');
	const log = await logOf(t, node);
	// It finds the endpoint again.
	const reloaded = log.filter((line) => line.includes('msg="Reloaded endpoint BPF program"'));
	expect(reloaded.find((line) => line.includes(`endpointID=${id} `))).toContain(
		`endpointID=${id} ciliumEndpointName=default/${pod} k8sPodName=default/${pod}`,
	);
	expect(log.some((line) => line.includes('Create endpoint request'))).toBe(false);
	await t.run('kubectl apply -f p.yaml; sleep 1');
	const told = await logOf(t, node);
	const policies = told.filter((line) => /CiliumNetworkPolicy|policy updates|repository/.test(line));
	expect(policies.map((line) => line.replace(/^time=\S+ /, ''))).toEqual([
		'level=info msg="Imported CiliumNetworkPolicy" module=agent.controlplane.policy-k8s-watcher ciliumNetworkPolicyName=p k8sApiVersion="" k8sNamespace=default',
		'level=info msg="Processing policy updates" module=agent.controlplane.policy count=1',
		`level=info msg="Upserted policy to repository" module=agent.controlplane.policy resource=cnp/default/p policyRevision=2 deletedRules=0 identity=[${identity}]`,
	]);
}, 60_000);

test('hubble-relay tells of each node it connects to', async () => {
	const t = await recent('1.16.5', 'kubeProxyReplacement=true,hubble.relay.enabled=true');
	const log = await t.run('kubectl -n kube-system logs deploy/hubble-relay');
	const address = (await t.run("kubectl get node t-worker2 -o jsonpath='{.status.addresses[0].address}'")).trim();
	expect(log).toContain('msg="Starting gRPC health server..." addr=":4222" subsys=hubble-relay');
	expect(log).toContain(`msg=Connected address="${address}:4244" hubble-tls=true peer=t-worker2 subsys=hubble-relay`);
	expect(log.match(/msg=Connected/g)).toHaveLength(3);
	expect(await t.run('kubectl -n kube-system logs ds/cilium-envoy')).toContain('the simulator has no Envoy');
}, 60_000);
