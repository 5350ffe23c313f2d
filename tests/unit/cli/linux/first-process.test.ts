/**
 * What a shell becomes: by `exec`, and by what a `-c` script ends with. dash 0.5.12-2, bash 5.2 and busybox 1.35 were asked
 * (`ps -o args -p`); Debian's dash starts what bash and busybox become.
 */
import { describe, expect, it } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

const SLEEP = 'sleep 3600';

/** Starts a pod for each script, named by its place in the list, and answers the command line of its first process. */
async function firstOf(t: Terminal, image: string, shell: string, scripts: readonly string[]): Promise<string[]> {
	for (const [i, script] of scripts.entries()) {
		const command = JSON.stringify([shell, '-c', script]);
		const container = `{"name":"p","image":"${image}","command":${command}}`;
		await t.file(
			`p${i}.yaml`,
			`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p${i}"},"spec":{"containers":[${container}]}}`,
		);
		await t.run(`kubectl apply -f p${i}.yaml`);
	}
	await t.run('kubectl wait --for=condition=Ready pod --all');
	const shown: string[] = [];
	for (const i of scripts.keys())
		shown.push((await t.run(`kubectl exec p${i} -- cat /proc/1/cmdline | tr '\\0' ' '`)).trimEnd());
	return shown;
}

const same = (shell: string, script: string): string => `${shell} -c ${script}`.trimEnd();

describe('the first process of a container', { timeout: 60_000 }, () => {
	it("is what busybox's shell ends with, however that is wrapped", async () => {
		const scripts = [
			SLEEP,
			`echo a; true && ${SLEEP}`,
			`(${SLEEP})`,
			`if true; then { ${SLEEP}; }; fi`,
			`case a in a) ${SLEEP};; esac`,
		];
		expect(await firstOf(await terminal(), 'busybox', 'sh', scripts)).toEqual(scripts.map(() => SLEEP));
	});

	it("is busybox's shell where a line end, a trap, a redirection of a group, a loop or a function is in the way", async () => {
		const scripts = [
			`${SLEEP}\n`,
			`trap : TERM; ${SLEEP}`,
			`{ ${SLEEP}; } >/dev/null`,
			`while true; do ${SLEEP}; done`,
			`f() { ${SLEEP}; }; f`,
			`! ${SLEEP}`,
			`true | ${SLEEP}`,
		];
		expect(await firstOf(await terminal(), 'busybox', 'sh', scripts)).toEqual(scripts.map((one) => same('sh', one)));
	});

	it('is what bash ends with, alone or as the end of a list', async () => {
		const scripts = [
			SLEEP,
			`${SLEEP}\n`,
			`cd /; ${SLEEP}`,
			`true && ${SLEEP}`,
			`true; true\ntrue && ${SLEEP}`,
			`${SLEEP} # long`,
		];
		expect(await firstOf(await terminal(), 'ubuntu', 'bash', scripts)).toEqual(scripts.map(() => SLEEP));
	});

	it('is bash where more than a simple command ends it, or what is redirected', async () => {
		const scripts = [
			`${SLEEP} >/dev/null`,
			`(${SLEEP})`,
			`true; true && ${SLEEP}`,
			`true & ${SLEEP}`,
			`trap : EXIT; ${SLEEP}`,
			`${SLEEP}\n# end\n`,
		];
		expect(await firstOf(await terminal(), 'ubuntu', 'bash', scripts)).toEqual(scripts.map((one) => same('bash', one)));
	});

	it("is Debian's dash, which starts all that it is not told to become", async () => {
		const scripts = [SLEEP, `true; ${SLEEP}`, `exec ${SLEEP}`];
		expect(await firstOf(await terminal(), 'debian', 'sh', scripts)).toEqual([
			same('sh', SLEEP),
			same('sh', `true; ${SLEEP}`),
			SLEEP,
		]);
	});

	it('is what an old busybox starts beside its shell', async () => {
		expect(await firstOf(await terminal(), 'registry.k8s.io/busybox:1.27.2', '/bin/sh', [SLEEP])).toEqual([
			same('/bin/sh', SLEEP),
		]);
	});

	it('is what a script of a volume becomes, with its number', async () => {
		const t = await terminal();
		await t.file('run.sh', '#!/bin/sh\necho "I am $$"\nexec sleep 3600 "$@"\n');
		await t.run('kubectl create configmap s --from-file=run.sh');
		await t.file(
			'm.yaml',
			'{"apiVersion":"v1","kind":"Pod","metadata":{"name":"m"},"spec":{"volumes":[{"name":"s","configMap":{"name":"s","defaultMode":493}}],"containers":[{"name":"m","image":"busybox","command":["/s/run.sh"],"args":["5"],"volumeMounts":[{"name":"s","mountPath":"/s"}]}]}}',
		);
		await t.run('kubectl apply -f m.yaml; kubectl wait --for=condition=Ready pod/m');
		expect(await t.run('kubectl logs m')).toBe('I am 1\n');
		expect(await t.run('kubectl exec m -- ps')).toMatch(/^PID.*\n +1 root +0:00 sleep 3600 5\n +\d+ root +0:00 ps\n$/);
	});
});

describe('a shell that is run in a container', () => {
	it('becomes what it ends with: one process, of its number', async () => {
		const t = await terminal();
		await t.run('kubectl run idle --image=busybox -- sleep 1d; kubectl wait --for=condition=Ready pod/idle');
		const [own, ...rows] = (await t.run("kubectl exec idle -- sh -c 'echo $$; ps'")).trimEnd().split('\n');
		expect(rows.slice(1).map((row) => row.trim().replace(/ +root.*:00 /, ' '))).toEqual(['1 sleep 1d', `${own} ps`]);
		await t.run('kubectl exec idle -- sh -c "sleep 100" & sleep 1');
		expect(await t.run("kubectl exec idle -- pkill -f 'sleep 100'; wait")).toContain('exit code 143');
	});
});

it('a node and Docker show the same', async () => {
	const t = await terminal();
	await t.run(
		"kubectl run b --image=busybox --command -- sh -c 'sleep 3600'; kubectl wait --for=condition=Ready pod/b",
	);
	const node = (await t.run("kubectl get pod b -o jsonpath='{.spec.nodeName}'")).trim();
	expect(await t.run(`docker exec ${node} ps -eo args | grep 3600 | grep -v grep`)).toBe('sleep 3600\n');
	await t.run("docker run -d --name x busybox sh -c 'cd /; sleep 99'");
	expect(await t.run('docker top x')).toMatch(/ - +sleep 99\n$/);
});
