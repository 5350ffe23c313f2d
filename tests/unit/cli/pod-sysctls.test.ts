/** kubernetes.io, tasks/administer-cluster/sysctl-cluster: which kernel parameters a pod may ask for. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('a kubelet takes safe sysctls, and rejects a pod that asks for another', async () => {
	const { run } = await terminal();
	const pod = (name: string, sysctl: string, spec = ''): Promise<string> =>
		run(
			`kubectl run ${name} --image=busybox --overrides='{"spec":{${spec}"securityContext":{"sysctls":[{"name":"${sysctl}","value":"1"}]}}}' -- sleep 1d`,
		);
	await pod('safe', 'kernel.shm_rmid_forced');
	await pod('unsafe', 'net.core.somaxconn');
	await run('sleep 6');
	expect(await run('kubectl get pod safe unsafe --no-headers')).toMatch(
		/^safe +1\/1 +Running +0 .*\nunsafe +0\/1 +SysctlForbidden +0 .*\n$/,
	);
	expect(await run("kubectl get pod unsafe -o jsonpath='{.status.phase}: {.status.message}'")).toBe(
		'Failed: Pod forbidden sysctl: "net.core.somaxconn" not allowlisted',
	);
	expect(await run('kubectl get events --field-selector reason=SysctlForbidden --no-headers')).toMatch(
		/ Warning +SysctlForbidden +pod\/unsafe +forbidden sysctl: "net.core.somaxconn" not allowlisted\n$/,
	);
	expect(await run('kubectl delete pod unsafe')).toBe('pod "unsafe" deleted\n');
});
