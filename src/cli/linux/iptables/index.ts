/**
 * `iptables`, `iptables-save` and `iptables-restore` 1.8.7 (nf_tables) (iptables/xtables.c, xtables-save.c, xtables-restore.c, nft.c):
 * rules are read and written by the simulator's own parser and printer, checked against the tool itself in tests/kernel.
 */
import {
	type Chain,
	parseIptablesSave,
	printProbability,
	printRule,
	type Rule,
	type SaveError,
	type Table,
} from '../../../sim/linux/index.ts';
import type { Call, Tool } from '../../tool.ts';
import { hasTool } from '../images.ts';
import { type Space, withSpace } from '../space.ts';
import { ruleCount, zeroRules } from '../traffic.ts';
import { whole } from '../words.ts';
import { countText, heading, ruleLine } from './list.ts';

import { detail, restore, save } from './save.ts';
import { chainsOf, isBuiltin, isTable, references, store, TABLES, TRY, tableOf, VERSION } from './table.ts';

export { saveText } from './save.ts';

const COMMANDS: Readonly<Record<string, string>> = {
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

interface Line {
	command: string | undefined;
	readonly values: string[];
	table: string;
	verbose: boolean;
	numeric: boolean;
	numbers: boolean;
	exact: boolean;
	/** The rule's own words. */
	readonly rule: string[];
}

const WRONG = (call: Call, text: string): number => {
	call.err(`iptables ${VERSION}: ${text}\n${TRY}`);
	return 2;
};

const plain = (call: Call, text: string): number => {
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

function readLine(call: Call): Line | number {
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
			if (line.command !== undefined && !(line.command === 'list' && command === 'zero'))
				return WRONG(call, `Cannot use -${command[0]!.toUpperCase()} with -${line.command[0]!.toUpperCase()}`);
			line.command = command;
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
			return 0;
		} else line.rule.push(word);
	}
	return line;
}

/** Quotes a word as iptables-restore reads it. */
const quoted = (word: string): string => (/^[^\s"\\]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`);

/** The rule of a command line, read as a line of iptables-restore in the table as it is. */
function ruleOf(
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

function run(call: Call, space: Space): number {
	const line = readLine(call);
	if (typeof line === 'number') return line;
	const { command, values, table: name } = line;
	if (command === undefined) {
		const [word] = line.rule;
		return WRONG(call, word?.startsWith('-') ? `unknown option "${word}"` : 'no command specified');
	}
	if (!isTable(name)) {
		call.err(
			`iptables ${VERSION}: table '${name}' does not exist\nPerhaps iptables or your kernel needs to be upgraded.\n`,
		);
		return 3;
	}
	const table = tableOf(space, name);
	const [chain, second] = values;
	const withChain = (changed: Chain): void =>
		store(space, { ...table, chains: new Map([...table.chains, [changed.name, changed]]) });
	const found = chain === undefined ? undefined : table.chains.get(chain);
	const NONE = 'No chain/target/match by that name.';
	switch (command) {
		case 'list': {
			if (chain !== undefined && !found) return plain(call, NONE);
			list(call, space, table, chain, second, line);
			return 0;
		}
		case 'list-rules': {
			if (chain !== undefined && !found) return plain(call, NONE);
			const shown = chainsOf(table).filter((c) => chain === undefined || c.name === chain);
			const count = (text: string): string => {
				const { packets, bytes } = ruleCount(space, name, text);
				return line.verbose ? ` -c ${packets} ${bytes}` : '';
			};
			if (second === undefined)
				for (const c of shown)
					call.out(
						isBuiltin(name, c.name) ? `-P ${c.name} ${c.policy ?? 'ACCEPT'}${count(`:${c.name}`)}\n` : `-N ${c.name}\n`,
					);
			for (const c of shown)
				for (const [i, rule] of c.rules.entries()) {
					if (second !== undefined && Number(second) !== i + 1) continue;
					const text = printRule(c.name, rule);
					call.out(
						`${line.verbose ? text.replace(/( -[jg] .*)?$/, (jump) => (jump === '' && text.endsWith(' ') ? '' : `${count(text)}${jump}`)) : text}\n`,
					);
				}
			return 0;
		}
		case 'new-chain': {
			if (chain === undefined) return WRONG(call, 'option "-N" requires an argument');
			if (found || isBuiltin(name, chain)) return plain(call, 'Chain already exists.');
			if (chain.length > 28) return WRONG(call, `chain name \`${chain}' too long (must be under 29 chars)`);
			if (['ACCEPT', 'DROP', 'RETURN', 'QUEUE'].includes(chain))
				return WRONG(call, `chain name may not clash with target name`);
			withChain({ name: chain, rules: [] });
			return 0;
		}
		case 'flush': {
			if (chain !== undefined && !found) return plain(call, NONE);
			store(space, {
				...table,
				chains: new Map(
					[...table.chains].map(([key, c]) => [key, chain === undefined || key === chain ? { ...c, rules: [] } : c]),
				),
			});
			return 0;
		}
		case 'zero':
			if (chain !== undefined && !found) return plain(call, NONE);
			for (const begins of chain === undefined ? [''] : [`-A ${chain} `, `:${chain}`]) zeroRules(space, name, begins);
			return 0;
		case 'delete-chain': {
			const busy = (c: string): number => {
				call.err(`iptables ${VERSION}:  CHAIN_DEL failed (Device or resource busy): chain ${c}\n`);
				return 4;
			};
			if (chain === undefined) {
				const user = [...table.chains.keys()].filter((c) => !isBuiltin(name, c));
				const left = user.find((c) => references(table, c) > 0 || table.chains.get(c)!.rules.length > 0);
				if (left !== undefined) return busy(left);
				store(space, { ...table, chains: new Map([...table.chains].filter(([key]) => isBuiltin(name, key))) });
				return 0;
			}
			if (!found) return plain(call, NONE);
			if (isBuiltin(name, chain) || found.rules.length > 0 || references(table, chain) > 0) return busy(chain);
			store(space, { ...table, chains: new Map([...table.chains].filter(([key]) => key !== chain)) });
			return 0;
		}
		case 'policy': {
			if (chain === undefined || second === undefined) return WRONG(call, '-P requires a chain and a policy');
			if (!isBuiltin(name, chain)) return plain(call, 'Bad built-in chain name.');
			if (second !== 'ACCEPT' && second !== 'DROP')
				return plain(call, "Bad policy name. Run `dmesg' for more information.");
			withChain({ ...found!, policy: second });
			return 0;
		}
		case 'rename-chain': {
			if (chain === undefined || second === undefined)
				return WRONG(call, '-E requires old-chain-name and new-chain-name');
			if (!found || isBuiltin(name, chain)) return plain(call, NONE);
			if (table.chains.has(second)) return plain(call, 'File exists.');
			const chains = [...table.chains.values()].map(
				(c): Chain => ({
					...c,
					name: c.name === chain ? second : c.name,
					rules: c.rules.map((r) =>
						(r.target.kind === 'jump' || r.target.kind === 'goto') && r.target.chain === chain
							? { ...r, target: { ...r.target, chain: second } }
							: r,
					),
				}),
			);
			store(space, { ...table, chains: new Map(chains.map((c) => [c.name, c])) });
			return 0;
		}
	}
	// Commands with a rule.
	const letter = Object.entries(COMMANDS).find(([, c]) => c === command)![0];
	if (chain === undefined) return WRONG(call, `option "${letter}" requires an argument`);
	if (command === 'delete' && second !== undefined && line.rule.length === 0) {
		if (!found) return plain(call, NONE);
		const at = Number(second);
		if (at < 1 || at > found.rules.length) return plain(call, 'Index of deletion too big.');
		withChain({ ...found, rules: found.rules.filter((_, i) => i !== at - 1) });
		return 0;
	}
	const read = ruleOf(
		found ? table : { ...table, chains: new Map([...table.chains, [chain, { name: chain, rules: [] }]]) },
		chain,
		line.rule,
	);
	if ('error' in read) {
		const { code, text } = read.error;
		if (code === 'save.wrong-place') {
			call.err(
				`iptables ${VERSION}:  RULE_${command === 'insert' ? 'INSERT' : 'APPEND'} failed (Invalid argument): rule in chain ${chain}\n`,
			);
			return 4;
		}
		if (code === 'save.loop') return plain(call, 'Too many levels of symbolic links.');
		return WRONG(call, detail(code, text));
	}
	if (!found) return plain(call, NONE);
	const { rule } = read;
	const same = found.rules.findIndex(
		(r) => JSON.stringify(r) === JSON.stringify(rule) || printRule(chain, r) === printRule(chain, rule),
	);
	switch (command) {
		case 'append':
			withChain({ ...found, rules: [...found.rules, rule] });
			break;
		case 'insert': {
			const at = second === undefined ? 1 : (whole(second, 1, 0x7fffffff) ?? 0);
			if (at === 0) return WRONG(call, `Invalid rule number \`${second}'`);
			if (at > found.rules.length + 1) return plain(call, 'Index of insertion too big.');
			withChain({ ...found, rules: [...found.rules.slice(0, at - 1), rule, ...found.rules.slice(at - 1)] });
			break;
		}
		case 'replace': {
			const at = Number(second ?? 0);
			if (second === undefined) return WRONG(call, '-R requires a rule number');
			if (at < 1 || at > found.rules.length) return plain(call, 'Index of replacement too big.');
			withChain({ ...found, rules: found.rules.map((r, i) => (i === at - 1 ? rule : r)) });
			break;
		}
		case 'check':
		case 'delete':
			if (same < 0) return plain(call, 'Bad rule (does a matching rule exist in that chain?).');
			if (command === 'delete') withChain({ ...found, rules: found.rules.filter((_, i) => i !== same) });
			break;
	}
	return 0;
}

function list(
	call: Call,
	space: Space,
	table: Table,
	only: string | undefined,
	number: string | undefined,
	line: Line,
): void {
	let first = true;
	for (const chain of chainsOf(table)) {
		if (only !== undefined && chain.name !== only) continue;
		if (number === undefined) {
			if (!first) call.out('\n');
			first = false;
			const { packets, bytes } = ruleCount(space, table.name, `:${chain.name}`);
			const counts = line.verbose
				? ` ${countText(packets, line.exact)} packets, ${countText(bytes, line.exact)} bytes`
				: '';
			call.out(
				isBuiltin(table.name, chain.name)
					? `Chain ${chain.name} (policy ${chain.policy ?? 'ACCEPT'}${counts})\n`
					: `Chain ${chain.name} (${references(table, chain.name)} references)\n`,
			);
			call.out(heading(line));
		}
		for (const [i, rule] of chain.rules.entries()) {
			if (number !== undefined && Number(number) !== i + 1) continue;
			call.out(
				ruleLine(rule, i + 1, ruleCount(space, table.name, printRule(chain.name, rule)), line, printProbability),
			);
		}
	}
}

const iptables: Tool = {
	name: 'iptables',
	aliases: ['ip6tables'],
	at: hasTool('iptables'),
	run: (call) =>
		withSpace(call, (space) => {
			if (call.name === 'ip6tables') {
				call.err('ip6tables: the simulator has no rules for IPv6\n');
				return 1;
			}
			return run(call, space);
		}),
	complete: (words) => {
		const begun = words.at(-1) ?? '';
		return [
			'-t',
			'-L',
			'-S',
			'-A',
			'-I',
			'-D',
			'-n',
			'-v',
			'--line-numbers',
			...(words.at(-2) === '-t' ? TABLES : []),
		].filter((w) => w.startsWith(begun));
	},
};

export const iptablesTools: readonly Tool[] = [iptables, save, restore];
