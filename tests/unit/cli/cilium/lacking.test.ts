import { expect, test } from 'vitest';
import { lackingOf } from '../../../../src/sim/lab/index.ts';
import { terminal } from '../terminal.ts';

test('helm says what of the values the lab lacks, and nothing of those no chart has', async () => {
	const t = await terminal('kind-basic');
	await t.run('helm repo add cilium https://helm.cilium.io/');
	const said = await t.run(
		'helm template cilium cilium/cilium --version 1.18.3 --set encryption.enabled=true,encryption.type=wireguard --set gatewayAPI.enabled=true --set priorityClassName=x --set gatewayApi.enabled=true --set ipv4.enabled=true > /dev/null',
	);
	expect(said.split('\n').filter(Boolean)).toEqual([
		'the simulator encrypts nothing (enable-wireguard=true); the agents will not start',
		'the simulator has no Envoy: listeners of it answer nobody (enable-envoy-config=true)',
		'the simulator has no Envoy: Gateways are stored, and serve nothing (enable-gateway-api=true)',
		'the simulator’s chart does not look at priorityClassName=x',
	]);
});

test('an agent that is to encrypt does not start, one that is to limit bandwidth says that it does not', async () => {
	const t = await terminal('kind-basic');
	const agents = 'kubectl -n kube-system get pods -l k8s-app=cilium --no-headers';
	const change = async (key: string): Promise<void> => {
		await t.run(`kubectl -n kube-system patch cm cilium-config -p '{"data":{"${key}":"true"}}'`);
		await t.run('kubectl -n kube-system delete pod -l k8s-app=cilium; sleep 60');
	};
	await change('enable-bandwidth-manager');
	expect(await t.run(agents)).toMatch(/^(?:\S+ +1\/1 +Running.*\n){4}$/);
	expect(await t.run('kubectl -n kube-system logs ds/cilium -c cilium-agent')).toContain(
		'level=warning msg="the simulator limits no bandwidth (enable-bandwidth-manager=true)" subsys=daemon',
	);
	await change('enable-wireguard');
	expect(await t.run(agents)).not.toContain('1/1');
	expect(await t.run('kubectl -n kube-system logs ds/cilium -c cilium-agent')).toContain(
		'level=fatal msg="the simulator encrypts nothing (enable-wireguard=true)"',
	);
}, 60_000);

test('no default of any version asks for what the lab lacks', async () => {
	const t = await terminal('kind-basic');
	await t.run('helm repo add cilium https://helm.cilium.io/');
	for (const version of ['1.12.1', '1.13.4', '1.14.14', '1.15.19', '1.16.11', '1.17.5', '1.18.11', '1.19.5'])
		expect(await t.run(`helm template cilium cilium/cilium --version ${version} > /dev/null`)).toBe('');
	expect(lackingOf({})).toEqual([]);
});

test('who writes a policy with rules of layer 7 or for nodes is told what of it does nothing', async () => {
	const t = await terminal('kind-basic');
	await t.file(
		'p.yaml',
		`apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: l7}
spec:
  endpointSelector: {}
  ingress:
  - toPorts:
    - ports: [{port: "8080", protocol: TCP}]
      rules: {http: [{method: GET}]}
  egress:
  - toFQDNs: [{matchName: example.com}]
---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {name: host}
spec: {nodeSelector: {}, ingress: [{fromEntities: [cluster]}]}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: l4}
spec: {endpointSelector: {}, ingress: [{fromEntities: [cluster]}]}
`,
	);
	expect(await t.run('kubectl apply -f p.yaml')).toBe(
		`Warning: the simulator has no L7 proxy: all of the port is allowed, whatever rules.http says
Warning: the simulator learns no addresses from DNS answers: toFQDNs selects nobody
ciliumnetworkpolicy.cilium.io/l7 created
Warning: the simulator has no host firewall: rules with a nodeSelector are stored and do nothing
ciliumclusterwidenetworkpolicy.cilium.io/host created
ciliumnetworkpolicy.cilium.io/l4 created
`,
	);
});

test('a CiliumNodeConfig changes what the agents of its nodes read, and a node’s annotations that', async () => {
	const t = await terminal('empty');
	await t.file(
		'kind.yaml',
		'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [{role: control-plane}, {role: worker}]\nnetworking: {disableDefaultCNI: true}\n',
	);
	await t.file(
		'config.yaml',
		`apiVersion: cilium.io/v2
kind: CiliumNodeConfig
metadata: {name: one, namespace: kube-system}
spec:
  nodeSelector: {matchLabels: {kubernetes.io/hostname: kind-worker}}
  defaults: {debug: "true", bpf-lb-map-max: "70000"}
`,
	);
	await t.run('kind create cluster --config kind.yaml --image kindest/node:v1.33.1');
	await t.run('helm install cilium cilium --repo https://helm.cilium.io --version 1.18.3 -n kube-system');
	await t.run('sleep 90; kubectl apply -f config.yaml');
	await t.run('kubectl annotate node kind-worker config.cilium.io/bpf-lb-map-max=80000');
	await t.run('kubectl -n kube-system delete pod -l k8s-app=cilium; sleep 60');
	const read = async (node: string): Promise<string> => {
		const pod = await t.run(
			`kubectl -n kube-system get pod -l k8s-app=cilium --field-selector spec.nodeName=${node} -o name`,
		);
		const exec = `kubectl -n kube-system exec ${pod.trim()} -c cilium-agent -- cilium config get`;
		return (await t.run(`${exec} LBMapEntries`)) + (await t.run(`${exec} Debug`));
	};
	expect(await read('kind-worker')).toBe('80000\ntrue\n');
	expect(await read('kind-control-plane')).toBe('65536\nfalse\n');
}, 60_000);

test('commands of helm and hubble that nothing stands for say so, and are not unknown', async () => {
	const t = await terminal('kind-basic');
	expect(await t.run('helm plugin list')).toContain('the simulator’s helm takes no plugins');
	expect(await t.run('hubble watch peers')).toContain('the simulator');
	expect(await t.run('hubble config view')).toContain('the simulator');
	expect(await t.run('helm nosuch')).toContain('unknown command "nosuch"');
});
