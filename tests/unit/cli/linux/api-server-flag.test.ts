import { expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

it('An API server with a flag it does not know ends, and containerd shows it and what it said', async () => {
	const at = await terminal();
	const plane = (line: string): Promise<string> => at.run(`docker exec basic-control-plane sh -c '${line}'`);
	const file = '/etc/kubernetes/manifests/kube-apiserver.yaml';
	await plane(`cp ${file} /tmp/; sed -i s/--allow-privileged=/--allow-privilegedd=/ ${file}`);
	await at.run('sleep 20');
	expect(await at.run('kubectl get nodes')).toBe(
		'The connection to the server 0.0.0.0:6443 was refused - did you specify the right host or port?\n',
	);
	expect(await plane('crictl ps -a --name kube-apiserver')).toMatch(/ Exited +kube-apiserver +[1-9] /);
	expect(await plane('crictl logs $(crictl ps -a --name kube-apiserver -q | head -1)')).toBe(
		'Error: unknown flag: --allow-privilegedd\n',
	);
	await plane(`cp /tmp/kube-apiserver.yaml ${file}`);
	await at.run('sleep 40');
	expect(await at.run('kubectl get nodes --no-headers | wc -l')).toBe('4\n');
	// Flags it has and kubeadm does not write are no matter.
	await plane(`sed -i "s/- --allow-privileged=true/- --allow-privileged=true\\n    - --v=4/" ${file}`);
	await at.run('sleep 40');
	expect(await at.run('kubectl get nodes --no-headers | wc -l')).toBe('4\n');
	expect(
		await at.run(
			"kubectl -n kube-system get pod kube-apiserver-basic-control-plane -o jsonpath='{.spec.containers[0].command[3]}'",
		),
	).toBe('--v=4');
});
