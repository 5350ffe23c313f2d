import { expect, test } from 'vitest';
import { agentTool, recent } from './recent.ts';

const POOL = `apiVersion: cilium.io/v2alpha1
kind: CiliumLoadBalancerIPPool
metadata: {name: pool}
spec: {blocks: [{cidr: 172.18.0.240/28}]}
`;

test('annotations of a service choose its type of frontend, its nodes and what source ranges mean', async () => {
	const t = await recent('1.18.3');
	await t.file('pool.yaml', POOL);
	await t.run(
		'kubectl apply -f pool.yaml; kubectl expose deployment web --name lb --port=80 --type LoadBalancer; sleep 3',
	);
	const frontends = async (of: RegExp): Promise<string[]> =>
		(await agentTool(t, 'service list')).split('\n').filter((line) => /^\d/.test(line) && of.test(line));
	const balancer = await t.run(`kubectl get svc lb -o jsonpath='{.spec.clusterIP}'`);
	expect(await frontends(/LoadBalancer|NodePort/)).toHaveLength(3);
	await t.run('kubectl annotate svc lb service.cilium.io/type=LoadBalancer; sleep 1');
	expect(await frontends(/LoadBalancer/)).toHaveLength(1);
	expect(await frontends(/NodePort/)).toEqual([]);
	expect(await frontends(new RegExp(balancer.replaceAll('.', '\\.')))).toEqual([]);

	const address = await t.run(`kubectl get svc web -o jsonpath='{.spec.clusterIP}'`);
	const web = () => frontends(new RegExp(address.replaceAll('.', '\\.')));
	const [before] = await web();
	await t.run('kubectl annotate svc web service.cilium.io/node=edge; sleep 1');
	expect(await web()).toEqual([]);
	await t.run('kubectl label node --all service.cilium.io/node=edge; sleep 1');
	expect(await web()).toEqual([before]);
	await t.run(
		`kubectl annotate svc web service.cilium.io/node-selector='service.cilium.io/node notin (edge)'; sleep 1`,
	);
	expect(await web()).toEqual([]);

	await t.run(`kubectl patch svc lb -p '{"spec":{"loadBalancerSourceRanges":["172.18.0.0/24"]}}'; sleep 1`);
	expect(await agentTool(t, 'bpf lb list')).toContain('[LoadBalancer, check source-range]');
	await t.run('kubectl annotate svc lb service.cilium.io/src-ranges-policy=deny; sleep 1');
	expect(await agentTool(t, 'bpf lb list')).toContain('[LoadBalancer, check source-range, deny]');
}, 60_000);

test('services with one sharing key share an address, unless their ports meet', async () => {
	const t = await recent('1.18.3');
	await t.file('pool.yaml', POOL);
	await t.run('kubectl apply -f pool.yaml');
	for (const [name, port] of [
		['a', 80],
		['b', 81],
		['c', 80],
	])
		await t.run(`kubectl create service loadbalancer ${name} --tcp=${port}:80 --dry-run=client -o yaml > ${name}.yaml
kubectl annotate --local -f ${name}.yaml lbipam.cilium.io/sharing-key=k -o yaml | kubectl apply -f -
sleep 2`);
	const ip = (name: string): Promise<string> =>
		t.run(`kubectl get svc ${name} -o jsonpath='{.status.loadBalancer.ingress[0].ip}'`);
	expect(await ip('b')).toBe(await ip('a'));
	expect(await ip('c')).not.toBe(await ip('a'));
	await t.run(`kubectl annotate svc c lbipam.cilium.io/ips=${await ip('a')}; sleep 2`);
	expect(
		await t.run(`kubectl get svc c -o jsonpath='{.status.conditions[0].reason}: {.status.conditions[0].message}'`),
	).toBe(
		`already_allocated_incompatible_service: The IP '${await ip('a')}' is already allocated to an incompatible service. Reason: same port and protocol`,
	);
}, 60_000);

test('annotations that the simulator lacks are told to whoever writes them', async () => {
	const t = await recent('1.16.5');
	expect(await t.run('kubectl annotate svc web service.cilium.io/affinity=local io.cilium/global-service=true')).toBe(
		`Warning: the simulator is one cluster of no mesh: service.cilium.io/affinity does nothing
Warning: the simulator is one cluster of no mesh: io.cilium/global-service does nothing
service/web annotated
`,
	);
	expect(await t.run('kubectl annotate svc web a=b')).toBe('service/web annotated\n');
	expect(
		await t.run(
			`kubectl patch deploy web -p '{"spec":{"template":{"metadata":{"annotations":{"kubernetes.io/egress-bandwidth":"1M"}}}}}'`,
		),
	).toBe(
		'Warning: the simulator limits no bandwidth: kubernetes.io/egress-bandwidth does nothing\ndeployment.apps/web patched\n',
	);
	// The annotations that choose frontends are of 1.17.
	await t.run('kubectl annotate svc web service.cilium.io/node=edge; sleep 1');
	expect(await agentTool(t, 'service list')).toContain(
		await t.run(`kubectl get svc web -o jsonpath='{.spec.clusterIP}'`),
	);
}, 60_000);
