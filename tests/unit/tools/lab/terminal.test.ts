import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';

interface Done {
	readonly code: number;
	readonly out: string;
	readonly err: string;
}

const lab = (args: readonly string[], stdin = ''): Promise<Done> =>
	new Promise((resolve) => {
		const child = execFile(process.execPath, ['tools/lab/main.ts', ...args], (error, out, err) => {
			resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
		});
		child.stdin!.end(stdin);
	});

describe('the lab’s terminal on a command line', () => {
	it('runs a line: octets to their streams, and its exit code', async () => {
		const { code, out, err } = await lab(['--scenario', 'empty', '-c', 'echo a; nothere; ls; exit 7']);
		expect([code, err]).toEqual([7, 'bash: nothere: command not found\n']);
		expect(out).toContain('a\nclean-kind.sh\nkind-config.yaml\n');
	});

	it('begins where the preset is', async () => {
		const { code, out, err } = await lab(['-c', 'kind get clusters && docker ps -q | wc -l']);
		expect([code, err, out.replace(/ /g, '')]).toEqual([0, '', 'basic\n4\n']);
	});

	it('reads a script, in the shell that it is in', async () => {
		const script =
			'for i in 1 2; do\n  echo $i\ndone\ndocker exec -it basic-worker bash\nhostname\nexit\nhostname\nfalse';
		expect(await lab([], script)).toEqual({ code: 1, out: '1\n2\nbasic-worker\nlaptop\n', err: '' });
	});

	it('names the presets there are', async () => {
		const { code, err } = await lab(['--scenario', 'no-such', '-c', 'ls']);
		expect(code).toBe(2);
		expect(err).toMatch(/^lab: unknown preset "no-such"; the terminal has empty, .*kind-basic.* \(--scenario\)\n$/);
	});
});
