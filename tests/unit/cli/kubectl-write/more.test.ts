import { describe, expect, it } from 'vitest';
import { bench, deployment } from './bench.ts';

describe('kubectl set subject', () => {
	it('adds who is not bound yet', async () => {
		const b = bench();
		await b.run('kubectl create rolebinding rb --role=r --user=jane');
		expect(
			await b.screen('kubectl set subject rolebinding rb --user=jane --user=bob --group=dev --serviceaccount=:sa'),
		).toBe('rolebinding.rbac.authorization.k8s.io/rb subjects updated\n');
		expect(b.get('rolebinding', 'rb')!.subjects).toEqual([
			{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' },
			{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'bob' },
			{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'dev' },
			{ kind: 'ServiceAccount', name: 'sa', namespace: 'default' },
		]);
		expect(await b.screen('kubectl set subject rolebinding rb --user=bob')).toBe('');
	});

	it('says what it cannot do', async () => {
		const b = bench();
		await b.run('kubectl create clusterrolebinding crb --clusterrole=r --user=jane');
		b.api.create(deployment('web'));
		for (const [line, said] of [
			['clusterrolebinding crb', 'error: you must specify at least one value of user, group or serviceaccount\n'],
			['clusterrolebinding crb --serviceaccount=sa', 'error: serviceaccount must be <namespace>:<name>\n'],
			[
				'clusterrolebinding crb --serviceaccount=:sa',
				'error: serviceaccount must be <namespace>:<name>, namespace must be specified\n',
			],
			[
				'deploy web --user=jane',
				'error: deployments/web setting subjects is only supported for RoleBinding/ClusterRoleBinding\n',
			],
		])
			expect((await b.run(`kubectl set subject ${line}`)).err).toBe(said);
	});
});

describe('--local', () => {
	const manifest = JSON.stringify(deployment('web'));

	it('changes what comes in, and asks no server', async () => {
		const b = bench();
		const image = await b.run('kubectl set image --local -f - nginx=nginx:1.25 -o yaml', manifest);
		expect(image.out).toContain('image: nginx:1.25');
		const patched = await b.run(
			`kubectl patch --local -f - --type=json -p '[{"op":"replace","path":"/spec/replicas","value":7}]' -o jsonpath={.spec.replicas}`,
			manifest,
		);
		expect(patched.out).toBe('7');
		expect((await b.run('kubectl label --local -f - a=b -o jsonpath={.metadata.labels}', manifest)).out).toBe(
			'{"a":"b"}',
		);
		expect((await b.run('kubectl label --local -f - a=b', manifest)).out).toBe('deployment.apps/web labeled\n');
		expect(b.get('deploy', 'web')).toBeUndefined();
		expect((await b.run('kubectl set image --local deploy/web nginx=x')).err).toMatch(
			/^error: you must specify resources by --filename when --local is set\.\n/,
		);
	});
});

describe('--record', () => {
	it('is an old flag, and keeps the command line for the history', async () => {
		const b = bench();
		b.api.create(deployment('web'));
		const { out, err } = await b.run('kubectl set image deploy/web nginx=nginx:1.24 --record');
		expect(err).toBe('Flag --record has been deprecated, --record will be removed in the future\n');
		expect(out).toBe('deployment.apps/web image updated\n');
		const cause = () => (b.get('deploy', 'web')!.metadata as { annotations: Record<string, string> }).annotations;
		expect(cause()['kubernetes.io/change-cause']).toBe('kubectl set image deploy/web nginx=nginx:1.24 --record=true');
		await b.run('kubectl scale deploy web --replicas=4 --record=true');
		expect(cause()['kubernetes.io/change-cause']).toBe('kubectl scale deploy web --replicas=4 --record=true');
		expect(b.get('deploy', 'web')!.spec).toMatchObject({ replicas: 4 });
	});
});

describe('subresources', () => {
	it('shows the scale of a deployment, and its status with the whole of it', async () => {
		const b = bench();
		b.api.create(deployment('web'));
		expect(await b.screen('kubectl get deploy web --subresource=scale')).toMatch(
			/^NAME +DESIRED +AVAILABLE +AGE\nweb +2 +0 +/,
		);
		expect(await b.screen('kubectl get deploy web --subresource=scale -o jsonpath={.kind}/{.status.selector}')).toBe(
			'Scale/app=web',
		);
		expect(await b.screen('kubectl get deploy web --subresource=status -o jsonpath={.kind}')).toBe('Deployment');
		expect((await b.run('kubectl get deploy web --subresource=foo')).err).toBe(
			'error: invalid subresource value: "foo". Must be one of [status scale]\n',
		);
		await b.run('kubectl create cm a');
		expect((await b.run('kubectl get cm a --subresource=scale')).err).toBe(
			'Error from server (NotFound): the server could not find the requested resource\n',
		);
		expect((await b.run('kubectl patch cm a --subresource=status -p {}')).err).toBe(
			'Error from server (NotFound): the server could not find the requested resource\n',
		);
	});
});

describe('a patch that cannot be done', () => {
	const line = `kubectl patch deploy web --type=json -p '[{"op":"remove","path":"/spec/foo"}]'`;

	it('is told without a kind, and since 1.26 in the words of the server', async () => {
		for (const [kind, said] of [
			['v0.14.0', ''],
			['v0.29.0', ': the server rejected our request due to an error in our request'],
		] as const) {
			const b = bench('v1.24.0', false, kind);
			b.api.create(deployment('web'));
			expect((await b.run(line)).err).toBe(`The request is invalid${said}\n`);
		}
	});
});

describe('words of kubectl alone', () => {
	it('has `error: ` in front of a single one', async () => {
		const b = bench();
		b.api.create(deployment('web'));
		for (const [line, said] of [
			['set image deploy web', 'error: at least one image update is required\n'],
			['run x --image=a --overrides={', 'error: Invalid JSON Patch\n'],
			['create role r --verb=get --resource=nopes', `the server doesn't have a resource type "nopes"\n`],
			[
				'create role r --verb=get --resource=pods.foo',
				`the server doesn't have a resource type "pods" in group "foo"\n`,
			],
		] as const)
			expect((await b.run(`kubectl ${line}`)).err).toBe(said);
	});

	it('prints a token alone, or the request in a format', async () => {
		const b = bench();
		await b.run('kubectl create serviceaccount sa');
		expect((await b.run('kubectl create token sa')).out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
		expect((await b.run('kubectl create token sa --duration=10m --audience=x -o yaml')).out).toMatch(
			/^apiVersion: authentication\.k8s\.io\/v1\nkind: TokenRequest\n[\s\S]*audiences:\n {2}- x\n {2}boundObjectRef: null\n {2}expirationSeconds: 600\n/,
		);
	});
});

describe('kubectl wait --for=create', () => {
	it('came with 1.31', async () => {
		expect((await bench().run('kubectl wait --for=create cm/a')).err).toBe('error: unrecognized condition: "create"\n');
		const b = bench('v1.33.0', false, 'v0.29.0');
		expect((await b.run('kubectl wait --for=create cm/a --timeout=1s')).err).toBe(
			'error: timed out waiting for the condition\n',
		);
		await b.run('kubectl create cm a');
		expect(await b.screen('kubectl wait --for=create cm/a')).toBe('configmap/a condition met\n');
	});
});

describe('words that newer releases of kubectl have for the same', () => {
	const screen = async (kind: string, line: string) => {
		const b = bench('v1.33.0', false, kind);
		await b.run('kubectl create cm a --from-literal=k=v');
		return b.screen(`kubectl ${line}`);
	};

	it('names the namespace of what was deleted from 1.34 on', async () => {
		expect(await screen('v0.29.0', 'delete cm a')).toBe('configmap "a" deleted\n');
		expect(await screen('v0.30.0', 'delete cm a')).toBe('configmap "a" deleted from default namespace\n');
		expect(await screen('v0.30.0', 'delete node worker')).toBe('node "worker" deleted\n');
	});

	it('prints no time that is none from 1.34 on', async () => {
		for (const line of [
			'create deployment d --image=a:1 -o yaml --dry-run=client',
			'create cronjob d --image=a:1 --schedule="* * * * *" -o json --dry-run=client',
			'run d --image=a:1 -o yaml --dry-run=client',
		]) {
			expect(await screen('v0.29.0', line)).toMatch(/creationTimestamp"?: null/);
			const said = await screen('v0.30.0', line);
			expect(said).toMatch(/name"?: "?d\b/);
			expect(said).not.toContain('creationTimestamp');
		}
	});

	it('warns with a capital letter from 1.25 on', async () => {
		expect(await screen('v0.14.0', 'delete cm a --force')).toMatch(/^warning: Immediate deletion /);
		expect(await screen('v0.17.0', 'delete cm a --force')).toMatch(/^Warning: Immediate deletion /);
	});

	it('waits for any value of a path from 1.28 on, and for paths that are not there yet from 1.26 on', async () => {
		expect(await screen('v0.20.0', `wait --for=jsonpath='{.data.k}' cm/a`)).toBe(
			"error: jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3\n",
		);
		expect(await screen('v0.22.0', `wait --for=jsonpath='{.data.k}' cm/a`)).toBe('configmap/a condition met\n');
		expect(await screen('v0.17.0', `wait --for=jsonpath='{.data.x}'=1 cm/a`)).toBe('error: x is not found\n');
		expect(await screen('v0.18.0', `wait --for=jsonpath='{.data.x}'=1 cm/a`)).toBe(
			'error: timed out waiting for the condition on configmaps/a\n',
		);
	});
});
