/** What containers write when they are given a shell script, and how they end. */
import { describe, expect, it } from 'vitest';
import { readScript } from '../../../../src/sim/lab/software/script.ts';
import { runScript, understood } from '../../../../src/sim/lab/software/script-run.ts';
import { clusterOf, config, create, get, MINUTE, newLab, pass, SECOND } from './helpers.ts';

/** What it writes, the sleeps it takes (twenty at most), and its end. */
function run(script: string, env: Readonly<Record<string, string>> = {}) {
	const steps = readScript(script);
	if (!steps || !understood(steps)) return undefined;
	let text = '';
	const sleeps: number[] = [];
	const doings = runScript(steps, {
		env: (name) => env[name],
		now: () => '2022-08-31T10:06:05Z',
		write: (more) => {
			text += more;
		},
	});
	for (let step = doings.next(); ; step = doings.next()) {
		if (step.done) return { text, sleeps, code: step.value };
		sleeps.push(step.value);
		if (sleeps.length === 20) return { text, sleeps, code: undefined };
	}
}

describe('a script of a container', () => {
	it('writes in the order of its commands, sleeps, and ends with the code it says', () => {
		expect(run('echo starting; sleep 2; echo "fatal: no $DB" >&2; exit 3', { DB: 'pg' })).toEqual({
			text: 'starting\nfatal: no pg\n',
			sleeps: [2],
			code: 3,
		});
	});

	it('goes on after success or failure as && and || say', () => {
		expect(run('true && echo a || echo b; false && echo c || echo d; false')).toMatchObject({
			text: 'a\nd\n',
			code: 1,
		});
	});

	it('counts in an endless loop', () => {
		const endless = run('i=0; while true; do echo "$i: $(date +%T)"; i=$((i+1)); sleep 1; done');
		expect(endless?.text.split('\n').slice(0, 3)).toEqual(['0: 10:06:05', '1: 10:06:05', '2: 10:06:05']);
		expect(endless?.code).toBeUndefined();
	});

	it('loops over words, and as long as a comparison holds', () => {
		expect(run("for n in $(seq 2) 'x y'; do printf '%s|' $n; done")?.text).toBe('1|2|x|y|');
		expect(run('n=3; while [ $n -gt 1 ]; do echo $n; n=$((n - 1)); done')?.text).toBe('3\n2\n');
		expect(run('if [ -z "$A" ]; then echo none; elif true; then echo two; else echo no; fi')?.text).toBe('none\n');
	});

	it('knows the day', () => {
		expect(run('date')?.text).toBe('Wed Aug 31 10:06:05 UTC 2022\n');
		expect(run('date +%s')?.text).toBe('1661940365\n');
	});

	it('is not understood where it runs, reads or writes what is not here', () => {
		for (const script of [
			'curl x',
			'echo a | cat',
			'echo a > /f',
			'ls *',
			'echo "a',
			'while true; do :; done',
			'f() { :; }',
		])
			expect(run(script), script).toBeUndefined();
	});
});

it('is what kubectl logs shows, of this run and of the one before', () => {
	const lab = newLab();
	const cluster = clusterOf(lab, config(['control-plane', 'worker']));
	pass(lab, MINUTE);
	const command = ['sh', '-c', 'echo starting; sleep 2; echo "fatal: no $WHO" >&2; exit 3'];
	create(cluster, [
		{
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: { name: 'boom' },
			spec: { containers: [{ name: 'main', image: 'busybox:1.36.1', command, env: [{ name: 'WHO', value: 'db' }] }] },
		},
	]);
	pass(lab, 30 * SECOND);
	const texts = (previous: boolean) => cluster.logs('default', 'boom', 'main', previous).map(({ text }) => text);
	expect(texts(true)).toEqual(['starting', 'fatal: no db']);
	const status = get(cluster, 'pods', 'default', 'boom')?.status as {
		containerStatuses: { restartCount: number; lastState: { terminated?: { exitCode: number } } }[];
	};
	expect(status.containerStatuses[0]!.restartCount).toBeGreaterThan(0);
	expect(status.containerStatuses[0]!.lastState.terminated?.exitCode).toBe(3);
});
