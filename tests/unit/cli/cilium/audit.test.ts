/** Policy audit mode, as the guide "Creating Policies from Verdicts" goes (Documentation/security/policy-creation.rst @ v1.16.0). */
import { expect, test } from 'vitest';
import { type HubbleDesk, hubbleDesk } from './hubble.ts';
import { agentTool, recent } from './recent.ts';

const DENY = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: deny}
spec:
  endpointSelector: {matchLabels: {app: web}}
  ingress: [{}]
`;

const ASK = 'kubectl exec c -- curl -s --connect-timeout 2 -o /dev/null -w "%{http_code}" $W';

/** A policy that lets nobody ask the server, with the server's endpoint as `$E` and its agent as `$S`. */
async function denied(): Promise<HubbleDesk & { server(words: string): Promise<string> }> {
	const desk = await hubbleDesk();
	await desk.run(`kubectl apply -f - <<END\n${DENY}END`);
	await desk.run('E=$(kubectl get cep -l app=web -o jsonpath={.items[0].status.id})');
	await desk.run('M=$(kubectl get pod -l app=web -o jsonpath={.items[0].spec.nodeName})');
	await desk.run('S=$(kubectl -n kube-system get pods -l k8s-app=cilium --field-selector spec.nodeName=$M -o name)');
	const server = (words: string): Promise<string> =>
		desk.run(`kubectl -n kube-system exec $S -c cilium-agent -- ${words}`);
	return { ...desk, server };
}

test('an endpoint in audit mode lets in what its policy denies, and tells it', async () => {
	const { run, server } = await denied();
	expect(await run(ASK)).toContain('exit code 28');
	expect(await server('cilium endpoint config $E PolicyAuditMode=Enabled')).toMatch(
		/^Endpoint \d+ configuration updated successfully$/m,
	);
	expect(await server("cilium endpoint get $E -o jsonpath='{[*].spec.options.PolicyAuditMode}'")).toBe('Enabled\n');
	expect(await server('cilium config get PolicyAuditMode')).toBe('Disabled\n');
	expect(await server('cilium endpoint list')).toMatch(/ Disabled \(Audit\) +Disabled .*k8s:app=web/);
	expect(await run(ASK)).toBe('200');
	expect(await server('hubble observe -t policy-verdict --last 1')).toMatch(
		/default\/c:\d+ \(ID:\d+\) -> default\/web-\S+:80 \(ID:\d+\) policy-verdict:none INGRESS AUDITED \(TCP Flags: SYN\)$/m,
	);
	const told = JSON.parse(await server('hubble observe -t policy-verdict --last 1 -o json'));
	expect(told.flow).toMatchObject({ verdict: 'AUDIT', is_reply: false, traffic_direction: 'INGRESS' });
	expect(told.flow).not.toHaveProperty('drop_reason');
	expect(await server('hubble observe --verdict AUDIT --last 9')).toContain('AUDITED');
	// An agent that starts again goes by its configuration.
	await run('kubectl -n kube-system delete $S; sleep 60');
	expect(await run(ASK)).toContain('exit code 28');
}, 60_000);

test('an agent is told to audit while it runs, all its endpoints at once, and cilium-config tells it for good', async () => {
	const { run, server } = await denied();
	expect(await server('cilium config PolicyAuditMode=Enabled')).toBe('');
	expect(await server('cilium config get PolicyAuditMode')).toBe('Enabled\n');
	expect(await run(ASK)).toBe('200');
	expect(await server('cilium config PolicyAuditMode=off PolicyEnforcement=never')).toBe('');
	expect(await server('cilium config')).toMatch(/^PolicyEnforcement +: never$/m);
	expect(await run(ASK)).toBe('200');
	expect(await server('cilium endpoint list')).not.toContain('Enabled');
	expect(await server('cilium config PolicyEnforcement=default')).toBe('');
	expect(await run(ASK)).toContain('exit code 28');
	await run(`kubectl -n kube-system patch cm cilium-config -p '{"data":{"policy-audit-mode":"true"}}'`);
	await run('kubectl -n kube-system rollout restart ds/cilium; kubectl -n kube-system rollout status ds/cilium');
	expect(await run('kubectl -n kube-system logs ds/cilium -c cilium-agent')).toContain(
		'level=warning msg="PolicyAuditMode is enabled. Network policy will not be enforced."',
	);
	expect(await run(ASK)).toBe('200');
}, 60_000);

test('the agent’s words about options it does not take', async () => {
	const t = await recent('1.18.3', 'policyAuditMode=true');
	expect(await agentTool(t, 'config get PolicyAuditMode')).toBe('Enabled\n');
	expect(await agentTool(t, 'config Nonsense=true')).toContain('unknown option "Nonsense"');
	expect(await agentTool(t, 'config PolicyAuditMode=perhaps')).toContain('invalid option value perhaps');
	expect(await agentTool(t, 'config PolicyEnforcement=perhaps')).toContain(
		'Unable to change agent configuration: [PATCH /config][400] patchConfigBadRequest "Invalid option for PolicyEnforcement perhaps"',
	);
	expect(await agentTool(t, 'config TraceNotification=false')).toContain('the simulator');
	expect(
		await t.run(
			'kubectl create -f https://raw.githubusercontent.com/cilium/cilium/1.18.3/examples/minikube/sw_deny_policy.yaml',
		),
	).toBe('ciliumnetworkpolicy.cilium.io/empire-default-deny created\n');
	// What it is already, it may be told.
	expect(await agentTool(t, 'config TraceNotification=true')).toBe('');
}, 60_000);
