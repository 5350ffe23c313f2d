/** A cluster's own programs are in the images of its pods: they tell their version, and what they cannot is said. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

it('programs of the control plane tell their version, and etcd’s image has its own', async () => {
	const at = await terminal();
	const run = (name: string, words: string): Promise<string> =>
		at.run(`kubectl exec -n kube-system ${name}-basic-control-plane -- ${words}`);
	for (const name of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'])
		expect(await run(name, `${name} --version`)).toBe('Kubernetes v1.24.0\n');
	const proxy = (await at.run('kubectl get po -n kube-system -l k8s-app=kube-proxy -o name | head -1')).trim();
	expect(await at.run(`kubectl exec -n kube-system ${proxy} -- kube-proxy --version`)).toBe('Kubernetes v1.24.0\n');
	expect(await run('etcd', 'etcd --version')).toBe(
		'etcd: the program is here, but the simulator runs no second one and knows nothing more of it, only that it is version 3.5.3\ncommand terminated with exit code 1\n',
	);
	// The image of the API server has one program, and no shell.
	expect(await run('kube-apiserver', 'sh')).toContain('exec: "sh": executable file not found in $PATH');
	expect(await run('kube-apiserver', 'kube-scheduler')).toContain('executable file not found in $PATH');
});
