/** Policies that fit the schema and that Cilium refuses: the operator says so, and no agent enforces them. */
import { expect, test } from 'vitest';
import { importError, policyError } from '../../../../src/sim/lab/projection/policy-errors.ts';
import { agentTool, recent } from './recent.ts';

const pods = { endpointSelector: {} };

test.each([
	['two kinds of peers', { ...pods, ingress: [{ fromEndpoints: [{}], fromCIDR: ['10.0.0.0/8'] }] }, /^Combining From/],
	[
		'both selectors',
		{ ...pods, nodeSelector: {}, ingress: [{}] },
		/cannot have both EndpointSelector and NodeSelector/,
	],
	['no selector', { ingress: [{}] }, /must have one of EndpointSelector or NodeSelector/],
	['no direction', pods, /must have at least one of Ingress, IngressDeny, Egress, EgressDeny/],
	[
		'an exception outside',
		{ ...pods, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }] }] },
		/^allow CIDR prefix 10\.0\.0\.0\/8 does not contain exclude CIDR prefix 11\.0\.0\.0\/16$/,
	],
	['DNS coming in', { ...pods, ingress: [{ toPorts: [{ rules: { dns: [{}] } }] }] }, /DNS rules are not allowed/],
	[
		'HTTP on any protocol',
		{ ...pods, ingress: [{ toPorts: [{ ports: [{ port: '80' }], rules: { http: [{}] } }] }] },
		/can only apply to TCP \(not ANY\)/,
	],
	[
		'ICMP with ports',
		{ ...pods, egress: [{ icmps: [{}], toPorts: [{ ports: [{ port: '80' }] }] }] },
		/^The ICMPs block/,
	],
])('%s: not a policy', (_, spec, words) => {
	expect(policyError({ spec }, 18)).toMatch(words);
});

test('what agents take has no error; before 1.17 a policy may have no direction', () => {
	expect(policyError({ spec: pods }, 16)).toBeUndefined();
	const inside = [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }];
	const taken = { ...pods, ingress: [{}], egress: [{ toCIDRSet: inside }, { toEntities: ['world'] }] };
	expect(policyError({ spec: taken, specs: [taken] }, 19)).toBeUndefined();
});

test('services and ports go together from 1.17', () => {
	const spec = { ...pods, egress: [{ toServices: [{}], toPorts: [{ ports: [{ port: '80' }] }] }] };
	expect(policyError({ spec }, 16)).toBe('Combining ToServices and ToPorts is not supported yet');
	expect(policyError({ spec }, 17)).toBeUndefined();
});

const policy = (peers: string): string =>
	`apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p}\nspec:\n  endpointSelector: {matchLabels: {app: web}}\n  ingress:\n  - ${peers}\n`;

test('a refused policy is not valid, not imported and not enforced, until it is mended', async () => {
	const t = await recent('1.18.6');
	const put = async (peers: string): Promise<string> => {
		await t.file('p.yaml', policy(peers));
		return t.run('kubectl apply -f p.yaml; sleep 3; kubectl get cnp p --no-headers');
	};
	expect(await put('{fromEndpoints: [{}], fromCIDR: [10.0.0.0/8]}')).toMatch(/^p +\d+s +False$/m);
	expect(await t.run("kubectl get cnp p -o jsonpath='{.status.conditions[*].message}'")).toContain('not supported yet');
	expect(await agentTool(t, 'policy get')).not.toContain('CiliumNetworkPolicy');
	expect(await agentTool(t, 'endpoint list')).not.toContain('Enabled');
	expect(await t.run('kubectl -n kube-system logs ds/cilium -c cilium-agent --tail 3')).toMatch(
		/level=warn msg="Unable to add CiliumNetworkPolicy".*Combining From\w+ and From\w+ is not supported yet/,
	);
	expect(await put('{fromCIDR: [10.0.0.0/8]}')).toMatch(/^p +\d+s +True$/m);
	expect(await agentTool(t, 'policy get')).toContain('CiliumNetworkPolicy');
});

test('the operator says all that is wrong with several rules, the agents the first, in its place', () => {
	const wrong = [{ fromEndpoints: [{}], fromCIDR: ['10.0.0.0/8'] }];
	const combined = 'Combining FromEndpoints and FromCIDR is not supported yet';
	const policy = { spec: { ...pods, ingress: [{}] }, specs: [{ ...pods, ingress: wrong }, { ingress: [{}] }] };
	expect(policyError(policy, 18)).toBe(`${combined}\nrule must have one of EndpointSelector or NodeSelector`);
	expect(importError(policy, 18)).toBe(`Invalid CiliumNetworkPolicy specs: ${combined}`);
	const wide = { kind: 'CiliumClusterwideNetworkPolicy', spec: { nodeSelector: {}, ingress: wrong } };
	expect(importError(wide, 18)).toBe(`Invalid CiliumClusterwideNetworkPolicy spec: ${combined}`);
	const nodes = { spec: { nodeSelector: {}, ingress: [{}] } };
	expect(policyError(nodes, 18)).toBeUndefined();
	expect(importError(nodes, 18)).toBe('Invalid CiliumNetworkPolicy spec: rule cannot have NodeSelector');
});

test('agents keep what a policy was before it became one that they refuse, until they start anew', async () => {
	const t = await recent('1.18.6');
	const put = async (peers: string): Promise<void> => {
		await t.file('p.yaml', policy(peers));
		await t.run('kubectl apply -f p.yaml; sleep 3');
	};
	const revision = async (): Promise<string> => (await agentTool(t, 'policy get')).match(/Revision: \d+/)![0];
	await put('{fromCIDR: [10.0.0.0/8]}');
	const before = await revision();
	await put('{fromEndpoints: [{}], fromCIDR: [11.0.0.0/8]}');
	expect(await t.run('kubectl get cnp p --no-headers')).toContain('False');
	const kept = await agentTool(t, 'policy get');
	expect(kept).toContain('10.0.0.0/8');
	expect(kept).not.toContain('11.0.0.0/8');
	expect(await revision()).toBe(before);
	await t.run('kubectl -n kube-system rollout restart ds/cilium; sleep 120');
	expect(await agentTool(t, 'policy get')).not.toContain('0.0.0/8');
});
