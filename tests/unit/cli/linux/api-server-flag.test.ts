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

it('Flags of the control plane that make no difference here are told of where one looks', async () => {
	const at = await terminal();
	const plane = (line: string): Promise<string> => at.run(`docker exec basic-control-plane sh -c '${line}'`);
	const told = (name: string): Promise<string> =>
		at.run(
			`kubectl -n kube-system get events --field-selector reason=NotInLab,involvedObject.name=${name}-basic-control-plane -o jsonpath='{.items[*].message}'`,
		);
	const folder = '/etc/kubernetes/manifests';
	const names = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
	for (const name of names) expect(await told(name)).toBe('');
	await plane(
		`sed -i "s/Node,RBAC/AlwaysAllow/; s/- --client-ca-file/- --anonymous-auth=false\\n    - --client-ca-file/; /bootstrap-token-auth/d" ${folder}/kube-apiserver.yaml`,
	);
	await at.run('sleep 40');
	const sentence =
		'The kube-apiserver of this lab acts as kubeadm starts it: --authorization-mode=AlwaysAllow, --anonymous-auth=false, the lack of --enable-bootstrap-token-auth make no difference here';
	expect(await told('kube-apiserver')).toBe(sentence);
	expect(await at.run('kubectl -n kube-system logs kube-apiserver-basic-control-plane')).toContain(`${sentence}\n`);
	await plane(
		`sed -i "s/bootstrapsigner,tokencleaner/-deployment/" ${folder}/kube-controller-manager.yaml; sed -i "s/leader-elect=true/leader-elect=true\\n    - --v=5/" ${folder}/kube-scheduler.yaml`,
	);
	await at.run('sleep 40');
	expect(await told('kube-controller-manager')).toMatch(/: --controllers=\*,-deployment makes no difference here$/);
	expect(await told('kube-scheduler')).toBe('');
});

it('an image of another version is pulled, and said to bring no other version here; one that nobody made is not there', async () => {
	const at = await terminal();
	const folder = '/etc/kubernetes/manifests';
	await at.run(
		`docker exec basic-control-plane sed -i "s/kube-scheduler:v1.24.*/kube-scheduler:v1.24.17/" ${folder}/kube-scheduler.yaml; sleep 40`,
	);
	expect(
		await at.run(
			`kubectl -n kube-system get events --field-selector reason=NotInLab -o jsonpath='{.items[*].message}'`,
		),
	).toMatch(/^The kube-scheduler of this lab is v1\.24\.\d+ as kind made it, also with an image of v1\.24\.17$/);
	for (const image of [
		'coredns/coredns:v9.9.9',
		'pause:77',
		'etcd:3.9.0-0',
		'kube-proxy:v1.24.99',
		'kube-proxy:v9.9.9',
	])
		await at.run(`kubectl run ${image.replace(/\W/g, '-')} --image=registry.k8s.io/${image}`);
	await at.run('sleep 15');
	expect(
		await at.run(`kubectl get pods --no-headers -o custom-columns=R:.status.containerStatuses[0].state.waiting.reason`),
	).toMatch(/^(?:(?:ErrImagePull|ImagePullBackOff)\n|<none>\n(?!.*<none>)){6}$/s);
	for (const image of ['coredns/coredns:v1.11.1', 'pause:3.9', 'etcd:3.5.9-0', 'kube-proxy:v1.27.3'])
		expect(await at.run(`docker pull registry.k8s.io/${image} -q`)).toBe(`registry.k8s.io/${image}\n`);
});
