/**
 * Trees of commands as the Go tools have them: `kind create cluster`, `helm repo add`.
 *
 * Source: github.com/spf13/cobra command.go @ v1.8.0 (finding a command, its suggestions, the usage template).
 */
import type { Call } from '../tool.ts';
import { type Flag, type FlagValues, parseFlags } from './flags.ts';

/** One run of a command: the call, its flags, and the arguments left over. */
export interface Run {
	readonly call: Call;
	readonly flags: FlagValues;
	readonly args: readonly string[];
	/** How many arguments stood before `--`; -1 without it. */
	readonly dash: number;
	/** `kubectl get`, as usage messages name it. */
	readonly path: string;
	/** The command's help. */
	help(): string;
}

/** Words that may stand next, for the completion. */
export type Completer = (
	args: readonly string[],
	at: Pick<Call, 'lab' | 'place' | 'cluster' | 'env'>,
) => readonly string[];

export interface Command {
	readonly name: string;
	readonly aliases?: readonly string[];
	/** What follows the name in the usage line: `NAME [flags]`. */
	readonly use?: string;
	readonly short: string;
	readonly long?: string;
	readonly example?: string;
	readonly flags?: readonly Flag[];
	/** Also taken by all commands below. */
	readonly global?: readonly Flag[];
	readonly commands?: readonly Command[];
	/** Arguments after the first are not read as flags of this command: `docker exec`. */
	readonly stopAtArgument?: boolean;
	readonly hidden?: boolean;
	/** Exit code, or the text of an error. */
	run?(run: Run): Promise<number | string | undefined>;
	complete?: Completer;
}

/** How a tool words what every tool has to say. */
export interface Manner {
	/** `error: unknown command "x" for "kubectl"`, as one text with its line ends; written to stderr. */
	unknownCommand(path: string, word: string, suggestions: readonly string[]): string;
	flagError(path: string, message: string): string;
	/** An error that a command answered. */
	failure(message: string): string;
	readonly exitCode: number;
	/** What a command does that only has others below it: its help as output and 0 when absent. */
	alone?(path: string): { readonly code: number; readonly stderr: boolean };
	/** Words that name no command are an error at the root alone; below it the help comes, and no error (cobra's legacyArgs()). */
	readonly lenient?: boolean;
	/** What `help` says of words that name no command; the root's help where absent. */
	helpTopic?(words: readonly string[]): string;
	/** The help of a command, where it is not made from cobra's template. */
	help?(command: Command, path: string, globals: readonly Flag[]): string;
	/** Footer of the help; cobra's own when absent. */
	readonly footer?: (path: string) => string;
}

const HELP: Flag = { name: 'help', short: 'h', type: 'bool', usage: 'help for' };

interface Found {
	readonly command: Command;
	readonly path: string;
	readonly globals: readonly Flag[];
	readonly rest: readonly string[];
	/** The word no command has, when there are commands. */
	readonly unknown?: string;
}

/** Flags in front of a command's name belong to the commands above it. */
function find(root: Command, args: readonly string[]): Found {
	let command = root;
	let path = root.name;
	let globals: readonly Flag[] = root.global ?? [];
	const before: string[] = [];
	let i = 0;
	for (; i < args.length; i++) {
		const arg = args[i]!;
		if (arg === '--') break;
		if (arg.startsWith('-') && arg !== '-') {
			before.push(arg);
			if (takesNext(arg, [...globals, ...(command.flags ?? [])]) && i + 1 < args.length) before.push(args[++i]!);
			continue;
		}
		const next = command.commands?.find((c) => c.name === arg || c.aliases?.includes(arg));
		if (!next) break;
		command = next;
		path += ` ${next.name}`;
		globals = [...globals, ...(next.global ?? [])];
	}
	const rest = [...before, ...args.slice(i)];
	const word = args[i];
	const unknown = command.commands && !command.run && word !== undefined && !word.startsWith('-') ? word : undefined;
	return { command, path, globals, rest, ...(unknown === undefined ? {} : { unknown }) };
}

/** Whether the flag's value is the next argument. */
function takesNext(arg: string, flags: readonly Flag[]): boolean {
	if (arg.includes('=')) return false;
	const flag = arg.startsWith('--')
		? flags.find((f) => f.name === arg.slice(2))
		: arg.length === 2
			? flags.find((f) => f.short === arg[1])
			: undefined;
	return flag !== undefined && flag.type !== 'bool' && flag.type !== 'count' && flag.bare === undefined;
}

/** Levenshtein distance without case, as cobra suggests (at most 2). */
function distance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++)
			next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
		row = next;
	}
	return row[b.length]!;
}

const suggest = (command: Command, word: string): readonly string[] =>
	(command.commands ?? [])
		.filter((c) => !c.hidden)
		.filter(
			(c) =>
				distance(word.toLowerCase(), c.name.toLowerCase()) <= 2 || c.name.toLowerCase().startsWith(word.toLowerCase()),
		)
		.map((c) => c.name);

/** Runs a tool: finds the command, reads its flags, prints help or what went wrong. */
export async function runCommand(root: Command, manner: Manner, call: Call): Promise<number> {
	const { command, path, globals, rest, unknown } = find(root, call.args);
	const own = command.flags?.some(({ short }) => short === 'h') === true;
	const asksHelp = rest.some(
		(arg, i) => (arg === '--help' || (arg === '-h' && !own)) && !rest.slice(0, i).includes('--'),
	);
	if (unknown !== undefined && unknown !== 'help') {
		if (manner.lenient && command !== root) {
			call.out(help(command, path, globals, manner));
			return 0;
		}
		call.err(manner.unknownCommand(path, unknown, suggest(command, unknown)));
		return manner.exitCode;
	}
	if (unknown === 'help') {
		const target = find(
			root,
			call.args.filter((arg, i) => !(arg === 'help' && i === call.args.indexOf('help'))),
		);
		// `help` asks for a topic where no command has the word (cobra's InitDefaultHelpCmd()).
		if (target.unknown !== undefined && target.command === root && manner.helpTopic) {
			call.err(manner.helpTopic(target.rest));
			return 0;
		}
		call.out(help(target.command, target.path, target.globals, manner));
		return 0;
	}
	if (asksHelp && !(command.stopAtArgument && helpBelongsToArgument(rest))) {
		call.out(help(command, path, globals, manner));
		return 0;
	}
	// A command's own flag stands before one of the same name above it.
	const flags = [...globals, HELP, ...(command.flags ?? [])];
	const parsed = parseFlags(rest, flags, { interspersed: !command.stopAtArgument });
	if ('error' in parsed) {
		call.err(manner.flagError(path, parsed.error));
		return manner.exitCode;
	}
	for (const flag of flags)
		if (flag.deprecated && parsed.values.given(flag.name))
			call.err(`Flag --${flag.name} has been deprecated, ${flag.deprecated}\n`);
	if (!command.run) {
		// Words behind `--`.
		if (parsed.args.length > 0) {
			call.err(manner.unknownCommand(path, parsed.args.join(' '), []));
			return manner.exitCode;
		}
		const { code = 0, stderr = false } = manner.alone?.(path) ?? {};
		(stderr ? call.err : call.out)(help(command, path, globals, manner));
		return code;
	}
	const result = await command.run({
		call,
		flags: parsed.values,
		args: parsed.args,
		dash: parsed.dash,
		path,
		help: () => help(command, path, globals, manner),
	});
	if (typeof result !== 'string') return result ?? 0;
	call.err(manner.failure(result));
	return manner.exitCode;
}

/** In `docker exec box curl -h` the help is curl's. */
function helpBelongsToArgument(rest: readonly string[]): boolean {
	const first = rest.findIndex((arg) => !arg.startsWith('-'));
	const at = rest.findIndex((arg) => arg === '--help' || arg === '-h');
	return first >= 0 && first < at;
}

/** The usage template. */
export function help(command: Command, path: string, globals: readonly Flag[], manner: Manner): string {
	if (manner.help) return manner.help(command, path, globals);
	const lines: string[] = [(command.long ?? command.short).trimEnd(), '', 'Usage:'];
	const local = (command.flags ?? []).filter((flag) => !flag.hidden);
	if (command.run)
		lines.push(`  ${path}${command.use ? ` ${command.use}` : ''}${command.use?.includes('[flags]') ? '' : ' [flags]'}`);
	if (command.commands) lines.push(`  ${path} [command]`);
	if (command.aliases?.length) lines.push('', 'Aliases:', `  ${[command.name, ...command.aliases].join(', ')}`);
	if (command.example) lines.push('', 'Examples:', command.example.trimEnd());
	// EnableCommandSorting.
	const below = (command.commands ?? []).filter((c) => !c.hidden).sort((a, b) => (a.name < b.name ? -1 : 1));
	if (below.length > 0) {
		const width = Math.max(11, ...below.map((c) => c.name.length)) + 1;
		lines.push('', 'Available Commands:', ...below.map((c) => `  ${c.name.padEnd(width)}${c.short}`.trimEnd()));
	}
	lines.push('', 'Flags:', ...flagLines([...local, { ...HELP, usage: `help for ${command.name}` }]));
	const shared = globals.filter((flag) => !flag.hidden);
	if (shared.length > 0) lines.push('', 'Global Flags:', ...flagLines(shared));
	if (manner.footer) lines.push('', manner.footer(path));
	else if (below.length > 0) lines.push('', `Use "${path} [command] --help" for more information about a command.`);
	return `${lines.join('\n')}\n`;
}

const TYPES: Readonly<Record<Flag['type'], string>> = {
	bool: '',
	count: ' count',
	string: ' string',
	int: ' int',
	duration: ' duration',
	strings: ' strings',
	array: ' stringArray',
};

/** pflag's FlagUsages: names in one column, what they do in another, sorted by name. */
function flagLines(flags: readonly Flag[]): readonly string[] {
	const rows = [...flags]
		.sort((a, b) => (a.name < b.name ? -1 : 1))
		.map((flag) => {
			const names = flag.short ? `  -${flag.short}, --${flag.name}` : `      --${flag.name}`;
			const bare = flag.bare === undefined ? '' : `[="${flag.bare}"]`;
			const left = `${names}${TYPES[flag.type]}${bare}`;
			const value = flag.default;
			const plain = value === undefined || value === '' || value === 'false' || value === '0';
			const shown = plain ? '' : ` (default ${flag.type === 'string' ? JSON.stringify(value) : value})`;
			return [left, `${flag.usage}${shown}`] as const;
		});
	const width = Math.max(0, ...rows.map(([left]) => left.length)) + 3;
	return rows.map(([left, right]) => `${left.padEnd(width)}${right}`.trimEnd());
}

/** What may stand where the cursor is. */
export function completeCommand(
	root: Command,
	words: readonly string[],
	at: Pick<Call, 'lab' | 'place' | 'cluster' | 'env'>,
): readonly string[] {
	const begun = words.at(-1) ?? '';
	const { command, globals, rest } = find(root, words.slice(0, -1));
	const starts = (list: readonly string[]): readonly string[] => list.filter((word) => word.startsWith(begun));
	if (begun.startsWith('-'))
		return starts(
			[...(command.flags ?? []), ...globals]
				.filter((flag) => !flag.hidden)
				.map((flag) => `--${flag.name}`)
				.sort(),
		);
	const below = (command.commands ?? []).filter((c) => !c.hidden).map((c) => c.name);
	if (below.length > 0 && !rest.some((arg) => !arg.startsWith('-'))) return starts(below);
	return starts(command.complete?.(rest, at) ?? []);
}
