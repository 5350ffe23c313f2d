/** A command line of iptables: its command, chain, rule and options (iptables 1.8.7 iptables/xshared.c). */
import { parseIptablesSave, type Rule, type SaveError, type Table } from '../../../sim/linux/index.ts';
import type { Call } from '../../tool.ts';
import { isBuiltin, TRY, VERSION } from './table.ts';

export const COMMANDS: Readonly<Record<string, string>> = {
	'-A': 'append',
	'-C': 'check',
	'-D': 'delete',
	'-I': 'insert',
	'-R': 'replace',
	'-L': 'list',
	'-S': 'list-rules',
	'-F': 'flush',
	'-Z': 'zero',
	'-N': 'new-chain',
	'-X': 'delete-chain',
	'-P': 'policy',
	'-E': 'rename-chain',
};

export interface Line {
	command: string | undefined;
	readonly values: string[];
	table: string;
	verbose: boolean;
	numeric: boolean;
	numbers: boolean;
	exact: boolean;
	/** What is listed is then zeroed (`-L -Z`). */
	zeroes?: boolean;
	/** The rule's own words. */
	readonly rule: string[];
}

export const WRONG = (call: Call, text: string): number => {
	call.err(`iptables ${VERSION}: ${text}\n${TRY}`);
	return 2;
};

export const plain = (call: Call, text: string): number => {
	call.err(`iptables: ${text}\n`);
	return 1;
};

/** How many words a command takes that are not the rule's. */
const ROOM: Readonly<Record<string, number>> = {
	append: 1,
	check: 1,
	delete: 2,
	insert: 2,
	replace: 2,
	list: 2,
	'list-rules': 2,
	flush: 1,
	zero: 2,
	'new-chain': 1,
	'delete-chain': 1,
	policy: 2,
	'rename-chain': 2,
};

export function readLine(call: Call): Line | number {
	const line: Line = {
		command: undefined,
		values: [],
		table: 'filter',
		verbose: false,
		numeric: false,
		numbers: false,
		exact: false,
		rule: [],
	};
	const words = call.args.flatMap((w) => (/^-[LSFZvnx]{2,}$/.test(w) ? [...w.slice(1)].map((c) => `-${c}`) : [w]));
	for (let i = 0; i < words.length; i++) {
		const word = words[i]!;
		const long = word.startsWith('--') ? word.slice(2) : undefined;
		const command =
			(Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined) ??
			(long && Object.values(COMMANDS).find((c) => c === long));
		if (command) {
			const reads = ['list', 'list-rules'];
			const both = [line.command ?? '', command];
			const zeroes = both.includes('zero') && both.some((one) => reads.includes(one));
			if (line.command !== undefined && !zeroes)
				return WRONG(call, `Cannot use -${command[0]!.toUpperCase()} with -${line.command[0]!.toUpperCase()}`);
			if (zeroes) line.zeroes = true;
			if (line.command === undefined || command !== 'zero') line.command = command;
			for (let n = ROOM[command]!; n > 0 && i + 1 < words.length; n--) {
				const next = words[i + 1]!;
				if (next.startsWith('-') || next === '!') break;
				// The second word of -D, -I, -R and the like is a number.
				if (line.values.length === 1 && command !== 'policy' && command !== 'rename-chain' && !/^\d+$/.test(next))
					break;
				line.values.push(next);
				i++;
			}
			continue;
		}
		if (word === '-t' || word === '--table') {
			const name = words[++i];
			if (name === undefined) return WRONG(call, 'option "-t" requires an argument');
			line.table = name;
		} else if (word.startsWith('--table=')) line.table = word.slice(8);
		else if (word === '-v' || word === '--verbose') line.verbose = true;
		else if (word === '-n' || word === '--numeric') line.numeric = true;
		else if (word === '-x' || word === '--exact') line.exact = true;
		else if (word === '--line-numbers') line.numbers = true;
		else if (word === '-4' || word === '--ipv4') continue;
		else if (word === '-w' || word === '--wait' || word === '-W' || word === '--wait-interval') {
			if (/^\d+$/.test(words[i + 1] ?? '')) i++;
		} else if (word === '-V' || word === '--version') {
			call.out(`iptables ${VERSION}\n`);
			return 0;
		} else if (word === '-h' || word === '--help') {
			call.out(
				`iptables ${VERSION}\n\nUsage: iptables -[ACD] chain rule-specification [options]\n\tiptables -I chain [rulenum] rule-specification [options]\n\tiptables -R chain rulenum rule-specification [options]\n\tiptables -D chain rulenum [options]\n\tiptables -[LS] [chain [rulenum]] [options]\n\tiptables -[FZ] [chain] [options]\n\tiptables -[NX] chain\n\tiptables -E old-chain-name new-chain-name\n\tiptables -P chain target [options]\n\tiptables -h (print this help information)\n`,
			);
			const of = line.rule.findIndex((part) => /^(?:-[mjp]|--match|--jump|--proto(?:col)?)$/.test(part));
			if (of < 0) return 0;
			// iptables goes on with what the extension says of itself.
			call.err(`iptables: the simulator has no help of extensions: ${line.rule.slice(of, of + 2).join(' ')}\n`);
			return 1;
		} else line.rule.push(word);
	}
	return line;
}

/** Quotes a word as iptables-restore reads it. */
const quoted = (word: string): string => (/^[^\s"\\]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`);

/** The rule of a command line, read as a line of iptables-restore in the table as it is. */
export function ruleOf(
	table: Table,
	chain: string,
	words: readonly string[],
): { readonly rule: Rule } | { readonly error: SaveError } {
	const names = [...table.chains.keys()].filter((name) => !isBuiltin(table.name, name));
	const text = [
		`*${table.name}`,
		...names.map((name) => `:${name} - [0:0]`),
		`-A ${chain} ${words.map(quoted).join(' ')}`,
		'COMMIT',
		'',
	].join('\n');
	const parsed = parseIptablesSave(text);
	if (!parsed.ok) return { error: parsed.errors[0]! };
	return { rule: parsed.ruleset[table.name]!.chains.get(chain)!.rules.at(-1)! };
}
