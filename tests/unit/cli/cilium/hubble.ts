/** A server, a client with its shell, and the agent of the client's node to ask for their flows. */
import { terminal } from '../terminal.ts';

export interface HubbleDesk {
	/** Types a line on the laptop. */
	run(line: string): Promise<string>;
	/** `hubble` in the agent of the client's node. */
	hubble(words: string): Promise<string>;
	/** Flows of `hubble observe -o json`. */
	// biome-ignore lint/suspicious/noExplicitAny: a flow as JSON, of which each test reads its part.
	flows(words?: string): Promise<any[]>;
}

/** `$W` is the server's address, `$N` the client's node, `$A` its agent. */
export async function hubbleDesk(): Promise<HubbleDesk> {
	const t = await terminal('kind-cilium');
	await t.run('kubectl create deploy web --image=nginx; kubectl rollout status deploy web');
	await t.run('kubectl run c --image=nicolaka/netshoot -- sleep infinity; kubectl wait --for=condition=Ready pod/c');
	await t.run('W=$(kubectl get pod -l app=web -o jsonpath={.items[0].status.podIP})');
	await t.run('N=$(kubectl get pod c -o jsonpath={.spec.nodeName})');
	await t.run('A=$(kubectl -n kube-system get pods -l k8s-app=cilium --field-selector spec.nodeName=$N -o name)');
	const hubble = (words: string): Promise<string> =>
		t.run(`kubectl -n kube-system exec $A -c cilium-agent -- hubble ${words}`);
	return {
		run: t.run,
		hubble,
		flows: async (words = '') =>
			(await hubble(`observe -o json ${words}`))
				.trim()
				.split('\n')
				.filter((line) => line !== '')
				.map((line) => JSON.parse(line).flow),
	};
}
