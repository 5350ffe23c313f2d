/** `kubectl run` with commands that end at once, and the words of its flags, as kubectl 1.27's dry runs have them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from './lab.ts';

let t: Terminal;
beforeAll(async () => {
	t = await terminal();
});

describe('a command that has ended before somebody could attach', () => {
	it('was never Running: what it wrote comes from its log', async () => {
		expect(await t.run('kubectl run x --image=busybox --attach --restart=Never -- echo hello')).toBe('hello\n');
		expect(await t.run('kubectl run y --image=busybox --attach --rm --restart=Never -- echo hello')).toMatch(
			/^hello\npod "y" deleted\n$/,
		);
		expect(await t.run('kubectl run z --image=busybox --attach -q --restart=Never -- sh -c "echo a; exit 3"')).toBe(
			'a\npod default/z terminated (Error)\n',
		);
		expect(t.code()).toBe(3);
	});

	it('is waited for until it succeeds where it is restarted on failures', async () => {
		expect(await t.run('kubectl run w --image=busybox --attach --restart=OnFailure -- echo hello')).toBe('hello\n');
		expect(
			await t.run('kubectl run v --image=busybox --attach --restart=OnFailure --pod-running-timeout=5s -- false'),
		).toBe('error: timed out waiting for the condition\n');
	});

	it('goes from creating to Completed', async () => {
		await t.run('kubectl run u --image=busybox --restart=Never -- true; sleep 20');
		expect(await t.run("kubectl get pod u -o jsonpath='{.status.phase}'")).toBe('Succeeded');
		expect(
			await t.run('kubectl get events --field-selector involvedObject.name=u -o custom-columns=R:.reason'),
		).toContain('Started');
	});
});

describe('flags', () => {
	const yaml = (flags: string): Promise<string> =>
		t.run(`kubectl run x --image=nginx ${flags} --dry-run=client -o yaml`);

	it('of labels are the service’s too, the default one is not', async () => {
		const service = async (flags: string): Promise<string> => (await yaml(flags)).split('---\n')[0]!;
		expect(await service('--expose --port=80 -l a=b')).toMatch(
			/kind: Service\nmetadata:\n {2}creationTimestamp: null\n {2}labels:\n {4}a: b\n {2}name: x\n/,
		);
		expect(await service('--expose --port=80')).toMatch(
			/kind: Service\nmetadata:\n {2}creationTimestamp: null\n {2}name: x\n/,
		);
	});

	it('of deletion are taken and do nothing', async () => {
		for (const flag of ['--grace-period=1', '--force', '--wait', '--timeout=3s', '-f foo', '-k foo', '-R'])
			expect(await t.run(`kubectl run x --image=nginx ${flag} --dry-run=client`)).toBe('pod/x created (dry run)\n');
		expect(await t.run('kubectl run x --image=nginx --cascade=foo --dry-run=client')).toBe(
			'error: invalid cascade value (foo). Must be "background", "foreground", or "orphan"\n',
		);
	});

	it.each([
		['--annotations=a=b --annotations=c', 'error: invalid annotations format: c\n'],
		[
			'--pod-running-timeout=0s',
			"error: --pod-running-timeout must be higher than zero\nSee 'kubectl run -h' for help and examples\n",
		],
		[
			'-t',
			"error: -i/--stdin is required for containers with -t/--tty=true\nSee 'kubectl run -h' for help and examples\n",
		],
		['--rm', "error: --rm should only be used for attached containers\nSee 'kubectl run -h' for help and examples\n"],
	])('%s', async (flags, told) => {
		expect(await yaml(flags)).toBe(told);
		expect(t.code()).toBe(1);
	});

	it('of overrides drop lists that are empty', async () => {
		expect(
			await yaml(
				`--override-type=strategic --overrides='{"apiVersion":"v1","spec":{"containers":[{"name":"x","env":[]}]}}'`,
			),
		).not.toContain('env');
	});
});

describe('a flag that came later', () => {
	it('is none of kubectl 1.24', async () => {
		expect(await t.run('kubectl apply -f x.yaml --prune --all --prune-allowlist=core/v1/ConfigMap')).toBe(
			"error: unknown flag: --prune-allowlist\nSee 'kubectl apply --help' for usage.\n",
		);
	});
});
