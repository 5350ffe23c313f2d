/** Programs that belong to the shell: what has to do with the lab's time, with jobs, and with shells inside shells. */
import type { Place, Tool } from '../../tool.ts';
import { runTool } from '../call.ts';
import type { CoreProgram } from '../coreutils/desk.ts';
import type { ProgramCall } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import type { PlaceFacts } from '../places.ts';
import type { Shell } from '../shell.ts';
import { fg, jobs, kill, wait } from './job-control.ts';
import { CHOOSE, CHOSEN, DECLARED, FLAGS, JOINED, MENU, RANDOM, WORDS } from './names.ts';
import { bash, timeout, watch } from './nested.ts';
import { clear, id, sleep, whoami, yes } from './small.ts';
import { env, less, more, nice, printenv, stdbuf } from './wrappers.ts';

export interface OwnProgram {
	readonly name: string;
	/** Whether it reads a pipe line by line; all of it at once when absent. */
	readonly reads?: 'itself';
	/** Whether it is there in a place; everywhere when absent. */
	readonly only?: (place: Place, facts: PlaceFacts) => boolean;
	run(call: ProgramCall, shell: Shell): Promise<Result>;
}

export const isThere = ({ only }: OwnProgram, place: Place, facts: PlaceFacts): boolean => only?.(place, facts) ?? true;

const draw: OwnProgram = {
	name: RANDOM,
	async run(_call, shell) {
		return { stdout: `${shell.draws?.next() ?? shell.core.draw()}\n`, stderr: '', exitCode: 0 };
	},
};

const joined: OwnProgram = {
	name: JOINED,
	async run({ args: [name = ''], state }) {
		const values = [...(state.arrays?.get(name)?.elements.values() ?? [])];
		const text =
			values.length > 0 ? values.join((state.env.get('IFS') ?? ' ').slice(0, 1)) : (state.env.get(name) ?? '');
		return { stdout: `${text}\n`, stderr: '', exitCode: 0, stdoutKind: 'text' };
	},
};

const flags: OwnProgram = {
	name: FLAGS,
	run: async ({ state }, shell) => ({ stdout: `${shell.flags(state)}\n`, stderr: '', exitCode: 0 }),
};

const declared: OwnProgram = {
	name: DECLARED,
	async run({ args: [name = '', operator], state }) {
		const { declaration } = await import('../builtins/declared.ts');
		const text = declaration(state, name);
		const pairs = text === undefined ? '' : (/=\((.*)\)$/s.exec(text)?.[1] ?? `0 ${text.replace(/^[^=]*=/, '')}`);
		const whole = text === undefined ? '' : `declare ${text}`;
		const bare = pairs.replace(/\[("(?:[^"\\]|\\.)*"|[^\]]*)\]=/g, '$1 ');
		return { stdout: `${operator === 'A' ? whole : bare}\n`, stderr: '', exitCode: 0, stdoutKind: 'text' };
	},
};

const words: OwnProgram = {
	name: WORDS,
	run: async ({ args }) => ({ stdout: args.map((word) => `${word}\0`).join(''), stderr: '', exitCode: 0 }),
};

/** A program that is fetched when it is first run. */
const later = (
	name: string,
	fetch: () => Promise<OwnProgram['run']>,
	about: Pick<OwnProgram, 'only' | 'reads'> = {},
): OwnProgram => ({ name, ...about, run: async (call, shell) => (await fetch())(call, shell) });

/** Where it is one of the commands that come with the place. */
const listed =
	(name: string): NonNullable<OwnProgram['only']> =>
	(_, { commands }) =>
		commands === undefined || commands.includes(name);

const grep = (name: string): OwnProgram =>
	later(name, async () => (await import('../grep/index.ts')).grep, {
		reads: 'itself',
		only: listed(name),
	});

/** Those of coreutils that are our own; just-bash's take few of GNU's options. */
const CORE: readonly (readonly [string, () => Promise<CoreProgram>, Pick<OwnProgram, 'reads'>?])[] = [
	['chgrp', async () => (await import('../coreutils/owner.ts')).chown],
	['chown', async () => (await import('../coreutils/owner.ts')).chown],
	['cksum', async () => (await import('../coreutils/sums.ts')).cksum],
	['cmp', async () => (await import('../coreutils/octets.ts')).cmp],
	['cut', async () => (await import('../coreutils/cut.ts')).cut],
	['dd', async () => (await import('../coreutils/dd.ts')).dd],
	['expr', async () => (await import('../coreutils/expr.ts')).expr],
	['envsubst', async () => (await import('../coreutils/envsubst.ts')).envsubst],
	['factor', async () => (await import('../coreutils/factor.ts')).factor],
	['find', async () => (await import('../coreutils/find.ts')).find],
	['gunzip', async () => (await import('../coreutils/archive.ts')).gzip],
	['gzip', async () => (await import('../coreutils/archive.ts')).gzip],
	['jq', async () => (await import('../jq/index.ts')).jq],
	['head', async () => (await import('../coreutils/ends.ts')).head],
	['ls', async () => (await import('../coreutils/ls.ts')).ls],
	['hexdump', async () => (await import('../coreutils/octets.ts')).hexdump],
	['mktemp', async () => (await import('../coreutils/paths.ts')).mktemp],
	['readlink', async () => (await import('../coreutils/paths.ts')).readlink],
	['realpath', async () => (await import('../coreutils/paths.ts')).realpath],
	['seq', async () => (await import('../texts/seq.ts')).seq],
	['od', async () => (await import('../texts/od.ts')).od],
	['md5sum', async () => (await import('../texts/digests.ts')).digests],
	['sha1sum', async () => (await import('../texts/digests.ts')).digests],
	['sha256sum', async () => (await import('../texts/digests.ts')).digests],
	['sha384sum', async () => (await import('../texts/digests.ts')).digests],
	['sha512sum', async () => (await import('../texts/digests.ts')).digests],
	['strings', async () => (await import('../texts/strings.ts')).strings],
	['shuf', async () => (await import('../coreutils/octets.ts')).shuf],
	['sort', async () => (await import('../coreutils/sort.ts')).sort],
	['stat', async () => (await import('../coreutils/stat.ts')).stat],
	['tail', async () => (await import('../coreutils/ends.ts')).tail],
	['tar', async () => (await import('../coreutils/archive.ts')).tar],
	['tr', async () => (await import('../coreutils/tr.ts')).tr],
	['truncate', async () => (await import('../coreutils/paths.ts')).truncate],
	['uniq', async () => (await import('../coreutils/uniq.ts')).uniq],
	['wc', async () => (await import('../coreutils/wc.ts')).wc, { reads: 'itself' }],
	['xargs', async () => (await import('./xargs.ts')).xargs],
	['chmod', async () => (await import('../filing/modes.ts')).chmod],
	['cp', async () => (await import('../filing/copy.ts')).cp, { reads: 'itself' }],
	['du', async () => (await import('../filing/usage.ts')).du],
	['ln', async () => (await import('../filing/make.ts')).ln, { reads: 'itself' }],
	['mkdir', async () => (await import('../filing/make.ts')).mkdir],
	['mv', async () => (await import('../filing/copy.ts')).mv, { reads: 'itself' }],
	['rm', async () => (await import('../filing/remove.ts')).rm, { reads: 'itself' }],
	['rmdir', async () => (await import('../filing/remove.ts')).rmdir],
	['touch', async () => (await import('../filing/make.ts')).touch],
	['base64', async () => (await import('../texts/base.ts')).base, { reads: 'itself' }],
	['basename', async () => (await import('../texts/names.ts')).basename],
	['cat', async () => (await import('../texts/cat.ts')).cat, { reads: 'itself' }],
	['column', async () => (await import('../texts/column.ts')).column, { reads: 'itself' }],
	['comm', async () => (await import('../texts/comm.ts')).comm, { reads: 'itself' }],
	['dirname', async () => (await import('../texts/names.ts')).dirname],
	['expand', async () => (await import('../texts/columns.ts')).expand, { reads: 'itself' }],
	['fold', async () => (await import('../texts/columns.ts')).fold, { reads: 'itself' }],
	['join', async () => (await import('../texts/join.ts')).join, { reads: 'itself' }],
	['nl', async () => (await import('../texts/nl.ts')).nl, { reads: 'itself' }],
	['paste', async () => (await import('../texts/paste.ts')).paste, { reads: 'itself' }],
	['rev', async () => (await import('../texts/reverse.ts')).rev, { reads: 'itself' }],
	['split', async () => (await import('../texts/split.ts')).split, { reads: 'itself' }],
	['tac', async () => (await import('../texts/reverse.ts')).tac, { reads: 'itself' }],
	['tee', async () => (await import('../texts/cat.ts')).tee, { reads: 'itself' }],
	['unexpand', async () => (await import('../texts/columns.ts')).unexpand, { reads: 'itself' }],
	['xxd', async () => (await import('../texts/xxd.ts')).xxd],
	['zcat', async () => (await import('../coreutils/archive.ts')).gzip],
];

/** Programs that are where they are installed. */
const INSTALLED: readonly (readonly [string, () => Promise<CoreProgram>, Pick<OwnProgram, 'reads'>?])[] = [
	['install', async () => (await import('../filing/copy.ts')).install],
	['link', async () => (await import('../filing/make.ts')).link],
	['unlink', async () => (await import('../filing/remove.ts')).unlink],
	['base32', async () => (await import('../texts/base.ts')).base, { reads: 'itself' }],
	['csplit', async () => (await import('../texts/csplit.ts')).csplit, { reads: 'itself' }],
	['fmt', async () => (await import('../texts/fmt.ts')).fmt, { reads: 'itself' }],
	['sum', async () => (await import('../texts/digests.ts')).sum],
	['tsort', async () => (await import('../texts/tsort.ts')).tsort, { reads: 'itself' }],
	['logname', async () => (await import('../coreutils/machine.ts')).logname],
	['lsb_release', async () => (await import('../coreutils/machine.ts')).lsbRelease],
	['numfmt', async () => (await import('../coreutils/numfmt.ts')).numfmt],
	['stty', async () => (await import('../coreutils/machine.ts')).stty],
	['date', async () => (await import('../date/index.ts')).date],
	['diff', async () => (await import('../diff/index.ts')).diff],
	['sdiff', async () => (await import('../diff/index.ts')).diff],
	['tput', async () => (await import('../coreutils/machine.ts')).tput],
];

const PROCESSES = ['bg', 'disown', 'nohup', 'setsid', 'times', 'ulimit', 'umask'] as const;

/** A tool of the contract as one of the shell's own programs. */
function own(tool: Tool): OwnProgram {
	return {
		name: tool.name,
		run: (call, shell) => runTool(tool, call, shell.callHost()),
	};
}

let known: ReadonlyMap<string, OwnProgram> | undefined;

/** By name. Made when first asked for: some of them need the shell, which needs them. */
export function programs(): ReadonlyMap<string, OwnProgram> {
	known ??= new Map(all().map((program) => [program.name, program]));
	return known;
}

const all = (): OwnProgram[] => [
	bash('bash'),
	bash('sh'),
	draw,
	joined,
	flags,
	declared,
	words,
	fg,
	jobs,
	kill,
	timeout,
	wait,
	watch,
	later('yq', async () => (await import('./yq.ts')).yq.run, { only: ({ kind }) => kind === 'laptop' }),
	...['awk', 'mawk'].map((name) => later(name, async () => (await import('../awk/index.ts')).awk, { reads: 'itself' })),
	later('sed', async () => (await import('../sed/index.ts')).sed, { reads: 'itself', only: listed('sed') }),
	...CORE.map(([name, fetch, about]) =>
		later(name, async () => (await import('../coreutils/desk.ts')).coreutil(await fetch()), {
			...about,
			only: listed(name),
		}),
	),
	...INSTALLED.map(([name, fetch, about]) =>
		later(name, async () => (await import('../coreutils/desk.ts')).coreutil(await fetch()), about),
	),
	later('groups', async () => (await import('../coreutils/machine.ts')).groups),
	later('busybox', async () => (await import('../coreutils/machine.ts')).busybox, {
		only: (_, { sh }) => sh === 'ash',
	}),
	later('alias', async () => (await import('./alias.ts')).alias),
	later('unalias', async () => (await import('./alias.ts')).unalias),
	...PROCESSES.map((name) => later(name, async () => (await import('./process-builtins.ts'))[name])),
	later(MENU, async () => (await import('./select.ts')).menu),
	later(CHOOSE, async () => (await import('./select.ts')).choose),
	later(CHOSEN, async () => (await import('./select.ts')).chosen),
	later('caller', async () => (await import('./shell-state.ts')).caller),
	later('printf', async () => (await import('./printf-builtin.ts')).printf),
	later('trap', async () => (await import('./trap.ts')).trap.run),
	env,
	printenv,
	less,
	more,
	nice,
	stdbuf,
	later('sudo', async () => (await import('./sudo.ts')).sudo, {
		reads: 'itself',
		only: ({ kind }) => kind === 'laptop',
	}),
	later('su', async () => (await import('./sudo.ts')).su, { reads: 'itself' }),
	...['grep', 'egrep', 'fgrep'].map(grep),
	id,
	whoami,
	...[clear, sleep, yes].map(own),
];
