/** What the programs at sockets tell of a service that is asked for: in Hubble, and with `monitor -v`. */
import { expect, test } from 'vitest';
import type { Terminal } from '../terminal.ts';
import { agentTool, recent } from './recent.ts';

const inAgent = (t: Terminal, command: string): Promise<string> =>
	t.run(`kubectl -n kube-system exec $A -c cilium-agent -- ${command}`);

async function asked(version: string, values?: string): Promise<Terminal> {
	const t = await recent(version, values);
	await t.run(`kubectl run c --image=nicolaka/netshoot -- sleep infinity; kubectl wait --for=condition=Ready pod/c
N=$(kubectl get pod c -o jsonpath={.spec.nodeName}); S=$(kubectl get svc web -o jsonpath={.spec.clusterIP})
A=$(kubectl -n kube-system get pods -l k8s-app=cilium --field-selector spec.nodeName=$N -o name)
kubectl exec c -- curl -s -o /dev/null $S; sleep 1`);
	return t;
}

test('a service is told before and after it is translated, by name, and on the way back', async () => {
	const t = await asked('1.18.3');
	const lines = (await inAgent(t, 'hubble observe --type trace-sock --protocol tcp')).trim().split('\n');
	const without = lines.map((line) =>
		line
			.replace(/^.*?: /, '')
			.replace(/web-[-0-9a-z]+/, 'POD')
			.replace(/ID:\d+/g, 'ID'),
	);
	expect(without).toEqual([
		'default/c (ID) <> default/web:80 (world) pre-xlate-fwd TRACED (TCP)',
		'default/c (ID) <> default/POD:80 (ID) post-xlate-fwd TRANSLATED (TCP)',
		'default/POD:80 (ID) <> default/c (ID) pre-xlate-rev TRACED (TCP)',
		'default/web:80 (world) <> default/c (ID) post-xlate-rev TRANSLATED (TCP)',
	]);
	expect(await inAgent(t, 'hubble observe --to-service web')).toContain('pre-xlate-fwd');
	expect(await inAgent(t, 'hubble observe --verdict TRANSLATED --last 1')).toContain('TRANSLATED');
	const [first] = (await inAgent(t, 'hubble observe --type trace-sock --protocol tcp -o json')).trim().split('\n');
	const { flow } = JSON.parse(first!);
	expect(flow).toMatchObject({
		verdict: 'TRACED',
		Type: 'SOCK',
		event_type: { type: 7, sub_type: 1 },
		destination_service: { name: 'web', namespace: 'default' },
		sock_xlate_point: 'SOCK_XLATE_POINT_PRE_DIRECTION_FWD',
	});
	expect(flow.l4).toEqual({ TCP: { destination_port: 80 } });
	// The container is the one that "cgroups list" has.
	expect(await agentTool(t, 'cgroups list', '$A')).toMatch(new RegExp(`^c +default +${flow.cgroup_id} `, 'm'));
}, 60_000);

test('the monitor prints it with -v alone', async () => {
	const t = await asked('1.18.3');
	const monitor = (flags: string): Promise<string> =>
		t.run(`kubectl -n kube-system exec $A -c cilium-agent -- timeout 3 cilium monitor ${flags} -t trace-sock & sleep 1
kubectl exec c -- curl -s -o /dev/null $S; sleep 4`);
	expect(await monitor('-v')).toMatch(
		/^CPU \d\d: \[pre-xlate-fwd\] cgroup_id: \d+ sock_cookie: [1-9]\d*, dst \[10\.96[.\d]+\]:80 tcp $/m,
	);
	expect(await monitor('')).not.toContain('xlate');
}, 60_000);

test('nothing is told before 1.13, nor where sockets are left alone, and no names from 1.17 to 1.18.0', async () => {
	const old = await asked('1.12.1', 'kubeProxyReplacement=strict');
	expect(await inAgent(old, 'hubble observe --last 50')).not.toContain('xlate');
	const hostOnly = await asked('1.18.3', 'kubeProxyReplacement=true --set socketLB.hostNamespaceOnly=true');
	expect(await inAgent(hostOnly, 'hubble observe --last 50')).not.toContain('xlate');
	const nameless = await asked('1.17.5');
	expect(await inAgent(nameless, 'hubble observe --type trace-sock --protocol tcp')).toMatch(
		/default\/c \(ID:\d+\) <> 10\.96[.\d]+:80 \(world\) pre-xlate-fwd TRACED/,
	);
}, 90_000);
