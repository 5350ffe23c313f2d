/** What a control plane that joined another has of its own (kubernetes cmd/kubeadm/app/phases/etcd/local.go @ v1.24.0). */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

it('has an etcd that joins the members before it, and says nothing of flags nobody wrote', async () => {
	const { run, file } = await terminal('empty');
	const plane = '{role: control-plane}';
	await file('ha.yaml', `kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [${plane}, ${plane}, ${plane}]\n`);
	await run('kind create cluster -q --name h --config ha.yaml\nsleep 30');
	const members = async (node: string): Promise<string> =>
		(await run(`docker exec ${node} grep -o 'initial-cluster.*' /etc/kubernetes/manifests/etcd.yaml`)).replace(
			/172\.18\.0\.\d+/g,
			'IP',
		);
	const [first, second, third] = ['', '2', '3'].map((n) => `h-control-plane${n}=https://IP:2380`);
	expect(await members('h-control-plane')).toBe(`initial-cluster=${first}\n`);
	expect(await members('h-control-plane2')).toMatch(/\ninitial-cluster-state=existing\n$/);
	const lists = [await members('h-control-plane2'), await members('h-control-plane3')];
	expect(lists.map((text) => text.split('\n')[0]!.split(',').length).sort()).toEqual([2, 3]);
	expect(lists.sort((a, b) => b.length - a.length)[0]).toContain(first);
	for (const member of [second, third]) expect(lists[0]).toContain(member);
	expect(await run('kubectl get events -A')).not.toContain('NotInLab');
	expect(await run('docker exec h-control-plane3 sh -c "echo [1,2] | jq -c .[1]"')).toBe('2\n');
});
