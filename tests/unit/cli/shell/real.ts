/** The same line in this machine's bash and in the terminal's shell, over the same files. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { screen } from '../fake-lab.ts';

export const FILES: Readonly<Record<string, string>> = {
	f: 'alpha one\nBeta two\ngamma three\nalpha.beta 10.0.0.1\n\nalphabet soup\nfoo bar baz\n',
	g: 'alpha\nbeta\n',
	pats: 'beta\nsoup\n',
	n: '10 b\n9 a\n2 c\n2 c\n',
	empty: '',
	't.csv': 'a,b,c\n1,2,3\n4,5,6\n',
	h: '1K\n5M\n2G\n3\n',
	v: 'v1.10\nv1.9\nv1.2\n',
	j1: 'a 1\nb 2\nc 3\n',
	j2: 'a x\nc y\nd z\n',
};

export interface Answer {
	readonly out: string;
	readonly err: string;
}

const withCode = (line: string): string => `${line}\necho " code $?"`;

/** Whether this machine has the programs that are compared with, as the GNU project wrote them. */
export const HAS_GNU =
	/GNU grep/.test(spawnSync('grep', ['--version'], { encoding: 'utf8' }).stdout ?? '') &&
	/GNU coreutils/.test(spawnSync('sort', ['--version'], { encoding: 'utf8' }).stdout ?? '') &&
	/version 5\.[1-9]/.test(spawnSync('bash', ['--version'], { encoding: 'utf8' }).stdout ?? '');

export function inBash(line: string, more: Readonly<Record<string, string>> = {}): Answer {
	const cwd = mkdtempSync(join(tmpdir(), 'packetwalk-'));
	try {
		for (const [name, text] of Object.entries({ ...FILES, ...more })) writeFileSync(join(cwd, name), text);
		const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', withCode(line)], {
			cwd,
			encoding: 'utf8',
			env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', HOME: cwd },
		});
		return { out: stdout, err: stderr };
	} finally {
		rmSync(cwd, { recursive: true });
	}
}

export async function inShell(line: string, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
	const s = screen({ tty: false });
	for (const [name, text] of Object.entries({ ...FILES, ...more }))
		await s.session.writeFile({ kind: 'laptop' }, `/home/learner/${name}`, text);
	await s.session.run(withCode(line));
	const of = (stream: string): string =>
		s.writes
			.filter((w) => w.stream === stream)
			.map((w) => w.text)
			.join('');
	return { out: of('out'), err: of('err') };
}
