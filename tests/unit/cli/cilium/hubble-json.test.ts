/** Flows as JSON: a denied packet has its reason in the verdict and in the drop. */
import { expect, it } from 'vitest';
import { bytesOf, furnish, type Octets, Session, surroundings, tools } from '../../../../src/cli/index.ts';
import { labPreset } from '../../../../src/sim/lab/index.ts';

it('gives the reason of a drop also with the verdict that denies', async () => {
	let out = '';
	const write = (octets: Octets, stream: 'out' | 'err'): void => {
		if (stream === 'out') out += new TextDecoder().decode(bytesOf(octets));
	};
	const session = new Session({ lab: labPreset('kind-cilium')!, tools, surroundings, write, tty: false, quiet: true });
	await furnish(session, {});
	const policy =
		'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny}\nspec: {podSelector: {}, policyTypes: [Egress]}\n';
	for (const line of [
		'kubectl run c --image=nicolaka/netshoot -- sleep infinity; kubectl wait --for=condition=Ready pod/c --timeout=60s',
		`printf '${policy.replaceAll('\n', '\\n')}' | kubectl apply -f -; sleep 5`,
		'kubectl exec c -- dig +time=1 +tries=1 web',
		'N=$(kubectl get pod c -o jsonpath={.spec.nodeName})',
		'A=$(kubectl -n kube-system get pods -l k8s-app=cilium --field-selector spec.nodeName=$N -o name)',
	])
		await session.submit(line);
	out = '';
	await session.submit(
		'kubectl -n kube-system exec $A -c cilium-agent -- hubble observe --verdict DROPPED --last 2 -o json',
	);
	const flows = out
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line).flow);
	expect(flows.map((f) => [f.event_type.type, f.drop_reason, f.drop_reason_desc])).toEqual([
		[5, 133, 'POLICY_DENIED'],
		[1, 133, 'POLICY_DENIED'],
	]);
});
