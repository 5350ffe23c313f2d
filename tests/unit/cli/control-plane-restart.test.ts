import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

it('controllers and the scheduler of a control plane that was switched off and on go on', async () => {
	const at = await terminal();
	await at.run('docker restart basic-control-plane; sleep 60');
	await at.run('kubectl create deployment later --image=nginx; sleep 30');
	expect(await at.run('kubectl get deploy later --no-headers')).toMatch(/^later +1\/1 /);
	expect(await at.run('kubectl -n kube-system logs kube-controller-manager-basic-control-plane')).toContain(
		'successfully acquired lease kube-system/kube-controller-manager',
	);
});
