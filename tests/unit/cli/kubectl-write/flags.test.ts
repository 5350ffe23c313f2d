/** Flags of kubectl that change what comes out, and errors that are told once for each object. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let t: Terminal;
beforeAll(async () => {
	t = await terminal();
});

describe('flags of kubectl', () => {
	test('what is missing on several nodes is said of each', async () => {
		expect(await t.run('kubectl taint nodes --all k-')).toBe('taint "k" not found\n'.repeat(4));
		expect(await t.run('kubectl taint nodes basic-worker k-')).toBe('error: taint "k" not found\n');
	});

	test('two objects for a namespace that is not there are two errors', async () => {
		const one = (name: string): string =>
			`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}","namespace":"kz"}}`;
		await t.file('two.json', `${one('a')}\n${one('b')}\n`);
		expect(await t.run('kubectl apply -f two.json')).toBe(
			'Error from server (NotFound): error when creating "two.json": namespaces "kz" not found\n'.repeat(2),
		);
	});

	test('overrides are applied as their type says', async () => {
		const shown = await t.run(
			`kubectl run p --image=nginx --override-type=strategic --overrides='{"spec":{"containers":[{"name":"p","tty":true}]}}' --dry-run=client -o jsonpath='{.spec.containers[0].image} {.spec.containers[0].tty}'`,
		);
		expect(shown).toBe('nginx true');
		expect(await t.run("kubectl run p --image=nginx --override-type=odd --overrides='{}'")).toContain(
			'invalid override type',
		);
	});

	test('--server-print=false leaves names and ages', async () => {
		const shown = await t.run('kubectl get nodes --server-print=false');
		expect(shown.split('\n')[0]!.trimEnd()).toBe('NAME                  AGE');
	});

	test('flow schemas stand in the order they are tried in', async () => {
		const shown = await t.run('kubectl get flowschemas --no-headers');
		expect(shown.split('\n').map((line) => line.split(' ')[0])).toEqual([
			'exempt',
			'probes',
			'system-leader-election',
			'endpoint-controller',
			'workload-leader-election',
			'system-node-high',
			'system-nodes',
			'kube-controller-manager',
			'kube-scheduler',
			'kube-system-service-accounts',
			'service-accounts',
			'global-default',
			'catch-all',
			'',
		]);
	});

	test('a range nobody ends goes on with the list behind it, as in kubectl', async () => {
		expect(await t.run(`kubectl get nodes -o jsonpath='{range .items[*]}{.metadata.name}{"\\n"}'`)).toBe(
			'basic-control-plane\nbasic-worker\nbasic-worker2\nbasic-worker3\n\n',
		);
	});

	test('a time that cannot be read is told in the words of Go', async () => {
		expect(await t.run('kubectl logs -n kube-system ds/cilium --since-time=2022-08-31')).toBe(
			'error: parsing time "2022-08-31" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"\n',
		);
	});

	test('a token may be bound to a pod', async () => {
		const pod = (await t.run("kubectl get pods -o jsonpath='{.items[0].metadata.name}'")).trim();
		const claims = await t.run(
			`kubectl create token default --bound-object-kind=Pod --bound-object-name=${pod} | cut -d. -f2 | tr -- '-_' '+/' | base64 -d 2>/dev/null | grep -o '"pod":{"name":"[^"]*"'`,
		);
		expect(claims.trim()).toBe(`"pod":{"name":"${pod}"`);
	});
});
