/** `cilium status`, while an agent's node is switched off. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('an agent whose node is away is asked in vain, in the words of who dials it', async () => {
	const lab = await terminal('kind-ebpf', { patience: 3600e6 });
	await lab.run('docker stop basic-worker; sleep 60');
	expect(await lab.run('cilium status')).toContain(
		'unable to retrieve cilium status: error dialing backend: dial tcp 172.18.0.3:10250: connect: no route to host\n',
	);
});
