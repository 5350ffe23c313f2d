import { describe, expect, it } from 'vitest';
import {
	type Command,
	completeCommand,
	type Flag,
	type Manner,
	parseDuration,
	parseFlags,
	runCommand,
} from '../../../src/cli/cobra/index.ts';
import type { Call } from '../../../src/cli/index.ts';

const FLAGS: readonly Flag[] = [
	{ name: 'output', short: 'o', type: 'string', usage: 'format' },
	{ name: 'namespace', short: 'n', type: 'string', usage: 'namespace' },
	{ name: 'all', short: 'A', type: 'bool', usage: 'all' },
	{ name: 'interactive', short: 'i', type: 'bool', usage: 'stdin' },
	{ name: 'tty', short: 't', type: 'bool', usage: 'terminal' },
	{ name: 'replicas', type: 'int', default: '1', usage: 'how many' },
	{ name: 'timeout', type: 'duration', usage: 'how long' },
	{ name: 'set', type: 'array', usage: 'values' },
	{ name: 'label', short: 'l', type: 'strings', usage: 'labels' },
	{ name: 'dry-run', type: 'string', bare: 'unchanged', default: 'none', usage: 'try' },
	{ name: 'v', short: 'v', type: 'count', usage: 'verbosity' },
];

const parse = (...args: string[]) => {
	const parsed = parseFlags(args, FLAGS);
	if ('error' in parsed) return parsed.error;
	return parsed;
};
const ok = (...args: string[]) => {
	const parsed = parse(...args);
	if (typeof parsed === 'string') throw new Error(parsed);
	return parsed;
};

describe('flags', () => {
	it.each([
		[['-owide'], 'output', 'wide'],
		[['-o', 'wide'], 'output', 'wide'],
		[['-o=wide'], 'output', 'wide'],
		[['--output=wide'], 'output', 'wide'],
		[['--output', 'wide'], 'output', 'wide'],
		[['-nkube-system'], 'namespace', 'kube-system'],
		[['-Aowide'], 'output', 'wide'],
		[['--dry-run'], 'dry-run', 'unchanged'],
		[['--dry-run=client'], 'dry-run', 'client'],
		[[], 'dry-run', 'none'],
	])('%j gives %s %s', (args, name, value) => {
		expect(ok(...args).values.text(name)).toBe(value);
	});

	it('leave arguments, in order, and what follows -- alone', () => {
		const parsed = ok('exec', '-it', 'pod', '-nx', '--', 'ls', '-l');
		expect(parsed.args).toEqual(['exec', 'pod', 'ls', '-l']);
		expect(parsed.dash).toBe(2);
		expect(parsed.values.on('interactive') && parsed.values.on('tty')).toBe(true);
	});

	it('may be given several times', () => {
		expect(ok('--set', 'a=1,b=2', '--set=c=3').values.list('set')).toEqual(['a=1,b=2', 'c=3']);
		expect(ok('-l', 'a,b', '-l', 'c').values.list('label')).toEqual(['a', 'b', 'c']);
		expect(ok('-vv').values.count('v')).toBe(2);
	});

	it.each([
		[['--nope'], 'unknown flag: --nope'],
		[['-Az'], "unknown shorthand flag: 'z' in -z"],
		[['--output'], 'flag needs an argument: --output'],
		[['-o'], "flag needs an argument: 'o' in -o"],
		[['--replicas=x'], 'invalid argument "x" for "--replicas" flag: strconv.ParseInt: parsing "x": invalid syntax'],
		[
			['--all=maybe'],
			'invalid argument "maybe" for "-A, --all" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
		],
		[['--timeout=5'], 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"'],
	])('%j: %s', (args, text) => {
		expect(parse(...args)).toBe(text);
	});

	it.each([
		['1h30m', 5.4e9],
		['90s', 9e7],
		['500ms', 5e5],
		['0', 0],
		['x', undefined],
		['5', undefined],
	])('the duration %s is %s microseconds', (text, value) => {
		expect(parseDuration(text)).toBe(value);
	});
});

const ROOT: Command = {
	name: 'tool',
	short: 'A tool',
	global: [{ name: 'namespace', short: 'n', type: 'string', usage: 'namespace' }],
	commands: [
		{
			name: 'create',
			short: 'Creates',
			commands: [
				{
					name: 'cluster',
					use: 'cluster',
					short: 'Creates a cluster',
					flags: [{ name: 'name', type: 'string', default: 'kind', usage: 'its name' }],
					run: async ({ call, flags, args }) => {
						call.out(`${flags.text('namespace')}/${flags.text('name')} ${args.join(' ')}\n`);
						return 0;
					},
				},
			],
		},
		{ name: 'fail', short: 'Fails', run: async () => 'it failed' },
	],
};
const MANNER: Manner = {
	exitCode: 1,
	unknownCommand: (path, word, near) =>
		`unknown command "${word}" for "${path}"${near.length ? `; ${near.join()}?` : ''}\n`,
	flagError: (path, message) => `${path}: ${message}\n`,
	failure: (message) => `Error: ${message}\n`,
};

const run = async (...args: string[]) => {
	let out = '';
	let err = '';
	const call = { args, out: (t: string) => (out += t), err: (t: string) => (err += t) } as unknown as Call;
	const code = await runCommand(ROOT, MANNER, call);
	return { code, out, err };
};

describe('commands', () => {
	it('are found below each other, with flags anywhere', async () => {
		expect((await run('-n', 'x', 'create', 'cluster', '--name=y', 'z')).out).toBe('x/y z\n');
	});

	it.each([
		[['creat'], 'unknown command "creat" for "tool"; create?\n'],
		[['create', 'pod'], 'unknown command "pod" for "tool create"\n'],
		[['create', 'cluster', '--x'], 'tool create cluster: unknown flag: --x\n'],
		[['fail'], 'Error: it failed\n'],
	])('%j fails', async (args, text) => {
		expect(await run(...args)).toEqual({ code: 1, out: '', err: text });
	});

	it('explain themselves', async () => {
		expect((await run('create', '-h')).out).toMatch(
			/^Creates\n\nUsage:\n {2}tool create \[command\]\n\nAvailable Commands:\n {2}cluster/,
		);
		expect((await run('create', 'cluster', '--help')).out).toContain('--name string   its name (default "kind")');
		expect((await run('help', 'create')).out).toMatch(/^Creates\n/);
	});

	it('are completed', () => {
		const at = {} as never;
		expect(completeCommand(ROOT, ['c'], at)).toEqual(['create']);
		expect(completeCommand(ROOT, ['create', ''], at)).toEqual(['cluster']);
		expect(completeCommand(ROOT, ['create', 'cluster', '--n'], at)).toEqual(['--name', '--namespace']);
	});
});
