/** What the server lists below its kinds (pkg/registry @ v1.24.0). */
import { expect, it } from 'vitest';
import { desk } from './kubectl/desk.ts';
import { terminal } from './terminal.ts';

it('discovery lists subresources', async () => {
	const at = await terminal();
	const names = async (path: string) =>
		(await at.run(`kubectl get --raw ${path} | jq -r '.resources[].name'`))
			.split('\n')
			.filter((name) => name.includes('/'));
	expect(await names('/apis/apps/v1')).toEqual([
		'daemonsets/status',
		'deployments/scale',
		'deployments/status',
		'replicasets/scale',
		'replicasets/status',
		'statefulsets/scale',
		'statefulsets/status',
	]);
	const core = await names('/api/v1');
	expect(core.filter((name) => name.startsWith('pods/'))).toEqual(
		'attach binding ephemeralcontainers eviction exec log portforward proxy status'
			.split(' ')
			.map((name) => `pods/${name}`),
	);
	expect(core.filter((name) => !/^pods|status$/.test(name))).toEqual([
		'namespaces/finalize',
		'nodes/proxy',
		'replicationcontrollers/scale',
		'serviceaccounts/token',
		'services/proxy',
	]);
	const eviction = await at.run(`kubectl get --raw /api/v1 | jq -c '.resources[]|select(.name=="pods/eviction")'`);
	expect(JSON.parse(eviction)).toEqual({
		name: 'pods/eviction',
		singularName: '',
		namespaced: true,
		group: 'policy',
		version: 'v1',
		kind: 'Eviction',
		verbs: ['create'],
	});
});

it('pods of servers that would resize them in place stay as they are, and the server says so', async () => {
	const at = await terminal('empty');
	const ask = async (image: string): Promise<{ readonly code: number; readonly message: string }> => {
		await at.run(`kind create cluster --name ${image.replaceAll('.', '-')} --image kindest/node:${image}`);
		await at.run('kubectl run p --image nginx; kubectl proxy --port 8001 &\nsleep 1');
		const said = await at.run(
			"curl -s -X PATCH -H 'Content-Type: application/merge-patch+json' -d '{}' localhost:8001/api/v1/namespaces/default/pods/p/resize",
		);
		await at.run('kill %1; sleep 1');
		return JSON.parse(said);
	};
	expect(await ask('v1.33.1')).toMatchObject({ code: 501, message: 'the simulator resizes no pods in place' });
	expect(await ask('v1.32.0')).toMatchObject({ code: 404 });
});

it('nor does kubectl resize them, which since 1.32 leaves it to the server what there is', async () => {
	const patch = 'patch pod p --subresource=resize -p {}';
	expect((await desk('v1.33.1', 'v0.29.0').run(patch)).err).toBe('error: the simulator resizes no pods in place\n');
	expect((await desk().run(patch)).err).toBe(
		'error: invalid subresource value: "resize". Must be one of [status scale]\n',
	);
});
