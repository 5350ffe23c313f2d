import { describe, expect, it } from 'vitest';
import { printYaml } from '../../../../src/cli/kube/index.ts';
import { bench, deployment } from './bench.ts';

const web = (more = {}) => printYaml({ ...deployment('web', more) } as never);

describe('kubectl apply --server-side', () => {
	it('says what it did, and writes as kubectl', async () => {
		const b = bench();
		b.files.set('/home/learner/web.yaml', web());
		expect(await b.screen('kubectl apply --server-side -f web.yaml')).toBe('deployment.apps/web serverside-applied\n');
		expect(await b.screen('kubectl apply --server-side --dry-run=server -f web.yaml')).toBe(
			'deployment.apps/web serverside-applied (server dry run)\n',
		);
		expect(await b.screen(`kubectl get deploy web -o jsonpath='{.metadata.managedFields[*].manager}'`)).toBe('kubectl');
		expect((b.get('deploy', 'web')!.metadata as { annotations?: object }).annotations).toBeUndefined();
	});

	it('tells of a conflict, and of the ways out of it', async () => {
		const b = bench();
		b.files.set('/home/learner/web.yaml', web());
		await b.run('kubectl apply --server-side -f web.yaml');
		await b.run('kubectl scale deploy web --replicas=5');
		const { err, code } = await b.run('kubectl apply --server-side -f web.yaml');
		expect(code).toBe(1);
		expect(
			err,
		).toBe(`error: Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
`);
		expect(await b.screen('kubectl apply --server-side --force-conflicts -f web.yaml')).toBe(
			'deployment.apps/web serverside-applied\n',
		);
		expect(b.get('deploy', 'web')!.spec).toMatchObject({ replicas: 2 });
	});

	it('takes another name for who applies', async () => {
		const b = bench();
		b.files.set('/home/learner/web.yaml', web());
		await b.run('kubectl apply -f web.yaml');
		b.files.set('/home/learner/web.yaml', web({ replicas: 4 }));
		expect((await b.run('kubectl apply --server-side --field-manager=ci -f web.yaml')).err).toContain(
			'conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas\n',
		);
		// What kubectl itself applied before is no conflict for kubectl.
		expect(await b.screen('kubectl apply --server-side -f web.yaml')).toBe('deployment.apps/web serverside-applied\n');
	});

	it('shows who owns what only where somebody asks', async () => {
		const b = bench();
		for (const line of [
			'create deployment web --image=nginx',
			'label deploy web a=b',
			'annotate deploy web c=d',
			'set image deploy/web nginx=nginx:1.25',
		])
			await b.run(`kubectl ${line}`);
		expect(await b.screen('kubectl get deploy web -o yaml')).not.toContain('managedFields');
		const shown = await b.screen('kubectl get deploy web -o yaml --show-managed-fields');
		expect([...shown.matchAll(/manager: (\S+)/g)].map((m) => m[1])).toEqual([
			'kubectl-annotate',
			'kubectl-create',
			'kubectl-label',
			'kubectl-set',
		]);
		expect(shown).toMatch(/f:labels:\n {10}f:a: \{\}\n {4}manager: kubectl-label\n/);
		const json = JSON.parse((await b.run('kubectl get deploy -o json --show-managed-fields')).out);
		expect(json.items[0].metadata.managedFields).toHaveLength(4);
		expect((await b.run('kubectl get deploy -o json')).out).not.toContain('managedFields');
	});
});

describe('from kubectl apply to server-side apply', () => {
	const dropped = async (kind: string) => {
		const b = bench('v1.33.0', false, kind);
		b.files.set('/home/learner/web.yaml', web({ minReadySeconds: 5 }));
		await b.run('kubectl apply -f web.yaml');
		b.files.set('/home/learner/web.yaml', web());
		expect(await b.screen('kubectl apply --server-side -f web.yaml')).toBe('deployment.apps/web serverside-applied\n');
		const managers = await b.screen(
			`kubectl get deploy web -o jsonpath='{range .metadata.managedFields[*]}{.manager}:{.operation} {end}'`,
		);
		return { managers, left: (b.get('deploy', 'web')!.spec as { minReadySeconds?: number }).minReadySeconds };
	};

	it('leaves with an older kubectl what the file no longer has: its former manager still owns it', async () => {
		expect(await dropped('v0.17.0')).toEqual({
			managers: 'kubectl:Apply kubectl-client-side-apply:Update ',
			left: 5,
		});
	});

	it('hands over what was applied from 1.26 on, and what the file no longer has goes', async () => {
		expect(await dropped('v0.29.0')).toEqual({
			managers: 'kubectl:Apply kubectl-last-applied:Apply ',
			left: undefined,
		});
	});
});

describe('kubectl apply --prune', () => {
	const map = (name: string, app = '') =>
		`apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${app && `  labels: {app: ${app}}\n`}data: {a: "1"}\n`;

	it('deletes what was applied with the label and is in no file now', async () => {
		const b = bench();
		b.files.set('/home/learner/a.yaml', `${map('a', 'x')}---\n${map('b', 'x')}---\n${map('c')}`);
		await b.run('kubectl apply -f a.yaml');
		await b.run('kubectl create configmap made');
		await b.run('kubectl label configmap made app=x');
		b.files.set('/home/learner/a.yaml', map('a', 'x'));
		expect(await b.screen('kubectl apply --prune -l app=x -f a.yaml --dry-run=client')).toBe(
			'configmap/a configured (dry run)\nconfigmap/b pruned (dry run)\n',
		);
		expect(await b.screen('kubectl apply --prune -l app=x -f a.yaml')).toBe(
			'configmap/a unchanged\nconfigmap/b pruned\n',
		);
		expect(['a', 'b', 'c', 'made'].map((name) => b.get('cm', name) !== undefined)).toEqual([true, false, true, true]);
		expect(await b.screen('kubectl apply --prune --all -f a.yaml')).toBe('configmap/a unchanged\nconfigmap/c pruned\n');
	});

	it('owns nothing of metadata when nothing of it is declared', async () => {
		const b = bench();
		b.files.set('/home/learner/a.yaml', map('a'));
		await b.run('kubectl apply --server-side -f a.yaml');
		const owned = await b.screen("kubectl get cm a -o jsonpath='{.metadata.managedFields[0].fieldsV1}'");
		expect(owned).toContain('f:data');
		expect(owned).not.toContain('f:metadata');
	});

	it('prunes the kinds it is told to', async () => {
		const b = bench();
		b.files.set('/home/learner/a.yaml', `${map('a')}---\n${map('b')}---\n${web()}`);
		await b.run('kubectl apply -f a.yaml');
		b.files.set('/home/learner/a.yaml', map('a'));
		expect(await b.screen('kubectl apply --prune --all --prune-whitelist=apps/v1/Deployment -f a.yaml')).toBe(
			'configmap/a unchanged\ndeployment.apps/web pruned\n',
		);
		expect((await b.run('kubectl apply --prune --all --prune-whitelist=apps/Deployment -f a.yaml')).err).toBe(
			'error: invalid GroupVersionKind format: apps/Deployment, please follow <group/version/kind>\n',
		);
		expect((await b.run('kubectl apply --prune -f a.yaml')).err).toContain(
			'error: all resources selected for prune without explicitly passing --all.',
		);
	});
});
