/** What runs the cluster is found by its command like anything else. */
import { expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

it('a scheduler or a kube-proxy by a name that is not in its image does not start, and pods wait for a scheduler', async () => {
	const at = await terminal();
	const manifest = '/etc/kubernetes/manifests/kube-scheduler.yaml';
	await at.run(
		`docker exec basic-control-plane sed -i 's/- kube-scheduler$/- kube-schedulerrr/' ${manifest}; sleep 40`,
	);
	const pod = 'kubectl -n kube-system get pod kube-scheduler-basic-control-plane';
	expect(await at.run(`${pod} --no-headers`)).toMatch(/ 0\/1 +(?:CrashLoopBackOff|RunContainerError|StartError) /);
	expect(await at.run(`${pod} -o jsonpath='{.status.containerStatuses[0]}'`)).toContain(
		'exec: \\"kube-schedulerrr\\": executable file not found in $PATH',
	);
	await at.run('kubectl run later --image=nginx; sleep 10');
	expect(await at.run('kubectl get pod later --no-headers')).toMatch(/ Pending /);
	await at.run(
		`docker exec basic-control-plane sed -i 's/- kube-schedulerrr$/- kube-scheduler/' ${manifest}; sleep 60`,
	);
	expect(await at.run(`${pod} --no-headers`)).toMatch(/ 1\/1 +Running /);
	expect(await at.run('kubectl get pod later --no-headers')).toMatch(/ Running /);
	await at.run(
		`kubectl -n kube-system patch ds kube-proxy --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/command/0","value":"/usr/local/bin/kube-proxyy"}]'; sleep 30`,
	);
	expect(await at.run('kubectl -n kube-system get pods -l k8s-app=kube-proxy -o json')).toContain(
		'exec: \\"/usr/local/bin/kube-proxyy\\": stat /usr/local/bin/kube-proxyy: no such file or directory',
	);
});

it('a controller manager by a path that is not in its image does not start, and runs by the one that is', async () => {
	const at = await terminal();
	const manifest = '/etc/kubernetes/manifests/kube-controller-manager.yaml';
	const status = `kubectl -n kube-system get pod kube-controller-manager-basic-control-plane -o jsonpath='{.status.containerStatuses[0]}'`;
	const named = (from: string, to: string) =>
		at.run(`docker exec basic-control-plane sed -i 's#- ${from}$#- ${to}#' ${manifest}; sleep 60`);
	await named('kube-controller-manager', '/kube-controller-manager');
	expect(await at.run(status)).toContain(
		'exec: \\"/kube-controller-manager\\": stat /kube-controller-manager: no such file or directory',
	);
	await named('/kube-controller-manager', '/usr/local/bin/kube-controller-manager');
	expect(await at.run(status)).toContain('"ready":true');
});
