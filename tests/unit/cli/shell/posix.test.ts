/** `sh` is dash on this workstation as on the lab's: both fail where bash would not. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { screen } from '../fake-lab.ts';

const LINES = [
	'nosuch',
	'cd /nope',
	'a=(1 2); echo ${a[1]}',
	'set -u; echo $x',
	'echo ${n:?msg}',
	'readonly r=1; r=2; echo n',
	'[[ a == a ]] && echo y; echo $?',
	'cat <(echo hi)',
	'echo {1..3} {a,b}x',
	'x=abc; echo ${x/b/X}',
	'x=abc; echo ${x:1:1}',
	'echo ${x^^}',
	'source /etc/hostname',
	'for ((i=0;i<2;i++)); do echo $i; done',
	'declare x=1',
	'let x=1',
	'cat <<< hi',
	'test a == a && echo y',
	'[ a = a ] && echo y',
	'f() { local x=1 y=2; echo $x$y; }; f',
	'echo $UID-$BASH_VERSION-$RANDOM-$SECONDS',
	'mapfile x',
	'local x',
	'echo $((1/0))',
	'for i in 1 2; do echo $i; done; case a in a) echo y;; esac; x=$(echo hi); echo "$x" `echo b`',
	'echo a >/nope/x',
	'cat </nope',
	'. /nope',
	'printf "%s\\n" a; echo "a\\tb"',
	')',
];

const HAS_DASH = spawnSync('dash', ['-c', ':']).status === 0;

describe.skipIf(!HAS_DASH)('sh on the workstation is dash', () => {
	it.each(LINES)('%s', async (line) => {
		const real = spawnSync('dash', ['-c', line], { encoding: 'utf8', cwd: '/' });
		const s = screen({ tty: false });
		await s.session.run(`sh -c '${line}'`);
		const of = (stream: string): string =>
			s.writes
				.filter((w) => w.stream === stream)
				.map((w) => w.text)
				.join('');
		expect({ out: of('out'), err: of('err') }).toEqual({
			out: real.stdout,
			err: real.stderr.replace(/^dash:/gm, 'sh:'),
		});
	});
});
