/** sed as the machine's own: lines of `sed-lines.txt`, and scripts that chance put together. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HAS_GNU, inBash, inShell } from './real.ts';

const LINES = readFileSync(new URL('sed-lines.txt', import.meta.url), 'utf8')
	.split('\n')
	.filter((line) => line !== '');

const HAS_SED = HAS_GNU && /GNU sed\) 4\.9/.test(spawnSync('sed', ['--version'], { encoding: 'utf8' }).stdout ?? '');

/** What bash says on its own account is told without the line of its script. */
const said = (text: string): string => text.replace(/bash: line \d+: /g, 'bash: ');

/** Park and Miller's. */
function chance(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state * 16_807) % 2_147_483_647;
		return state % below;
	};
}

/** A script of so many commands. */
function script(seed: number, count: number): string {
	const draw = chance(seed);
	for (let i = 0; i < 5; i++) draw(2);
	const one = <T>(list: readonly T[]): T => list[draw(list.length)]!;
	const atom = (): string =>
		one([
			'a',
			'b',
			'l',
			'o',
			'.',
			' ',
			'[a-m]',
			'[^ab]',
			'\\w',
			'\\(a\\)',
			'\\(l\\|p.\\)',
			'\\(b*\\)',
			'\\<',
			'\\b',
			'e',
		]);
	const pattern = (): string => {
		let text = one(['', '', '', '^']);
		for (let i = 0; i <= draw(3); i++) text += atom() + one(['', '', '', '*', '\\+', '\\?', '\\{1,2\\}']);
		return text + one(['', '', '', '$']);
	};
	const address = (): string =>
		one([
			'',
			'',
			'2',
			'$',
			`/${pattern()}/`,
			'2,4',
			`/${pattern()}/,$`,
			`2,/${pattern()}/`,
			'1~2',
			'2,+1',
			'2,~3',
			`0,/${pattern()}/`,
		]) + one(['', '', '', '!']);
	const command = (): string =>
		one([
			() =>
				`s/${pattern()}/${one(['x', '[&]', '', '\\n', '\\u&', '\\U&\\E.', '<&&>'])}/${one(['', 'g', '2', 'p', '2g', 'I'])}`,
			() => one(['p', 'd', 'D', 'G', 'H', 'h', 'g', 'x', 'n', 'N', 'P', '=', 'l', 'z', 'q', 'Q3', 'F']),
			() => `y/${one(['ab', 'lo', 'a '])}/${one(['xy', '12'])}/`,
			() => `${one(['i', 'a', 'c'])} text`,
		])();
	return Array.from({ length: count }, () => address() + command()).join('\n');
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

describe.skipIf(!HAS_SED)('sed writes the same, says the same and ends with the same code', () => {
	it.each(LINES)('%s', async (line) => {
		const real = inBash(line);
		expect(await inShell(line)).toEqual({ out: real.out, err: said(real.err) });
	});

	it.each([1, 2, 3, 4, 5, 6])('for scripts that chance put together (%i)', async (first) => {
		const scripts = Array.from({ length: 25 }, (_, i) => script(first * 1000 + i * 7 + 1, 1 + (i % 4)));
		const line = scripts.map((text) => `timeout 2 sed ${quoted(text)} f g; echo "- $?"`).join('\n');
		const [real, ours] = [inBash(line), await inShell(line.replaceAll('timeout 2 ', ''))];
		const answers = (text: string): string[] => text.split(/^- /m);
		const expected = answers(real.out);
		for (const [i, answer] of answers(ours.out).entries()) expect(answer, scripts[i]).toBe(expected[i]);
		expect(ours.err).toBe(said(real.err));
	});
});

describe('a script of sed that never ends', () => {
	it.each([
		["echo a | sed ':a;ba'", 'the loop does not end'],
		["echo a | sed ':a;s/.*/&&/;ta'", 'the output is too large'],
		["echo a | sed -E ':a;s/(a|aa)+$/&a/;ta'", 'the loop does not end'],
		["sed -E 's/(a*)*(a*)*\\1\\2c/x/' <<< aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 'the pattern takes too long'],
	])('is ended, and the page breathes meanwhile: %s', async (line, what) => {
		let held = 0;
		let last = process.cpuUsage().user;
		const look = (): void => {
			const { user } = process.cpuUsage();
			held = Math.max(held, user - last);
			last = user;
		};
		const looks = setInterval(look, 5);
		const { out, err } = await inShell(line);
		clearInterval(looks);
		look();
		expect(err).toBe(`bash: stopped: ${what}\n`);
		expect(out).toBe(' code 4\n');
		expect(held).toBeLessThan(2e6);
	});
});
