/**
 * `iptables`, `iptables-save` and `iptables-restore` 1.8.7 (nf_tables) (iptables/xtables.c, xtables-save.c, xtables-restore.c, nft.c):
 * rules are read and written by the simulator's own parser and printer, checked against the tool itself in tests/kernel.
 */
import { type Chain, printProbability, printRule, type Table } from '../../../sim/linux/index.ts';
import type { Call, Tool } from '../../tool.ts';
import { hasTool } from '../images.ts';
import { type Space, withSpace } from '../space.ts';
import { ruleCount, zeroRules } from '../traffic.ts';
import { whole } from '../words.ts';
import { badValue, detail } from './faults.ts';
import { countText, heading, ruleLine } from './list.ts';
import { COMMANDS, type Line, plain, readLine, ruleOf, WRONG } from './read-line.ts';
import { restore, save } from './save.ts';
import { chainsOf, isBuiltin, isTable, notRoot, references, store, TABLES, TRY, tableOf, VERSION } from './table.ts';

export { saveText } from './save.ts';

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
	const barred = notRoot(call);
	if (barred !== undefined) return barred;
	const [chain, second] = values;
	const withChain = (changed: Chain): void =>
		store(space, { ...table, chains: new Map([...table.chains, [changed.name, changed]]) });
	const found = chain === undefined ? undefined : table.chains.get(chain);
	const NONE = 'No chain/target/match by that name.';
	const zero = (): void => {
		for (const begins of chain === undefined ? [''] : [`-A ${chain} `, `:${chain}`]) zeroRules(space, name, begins);
		// iptables/nft.c, nft_chain_zero_counters()
		const chains = chain === undefined ? chainsOf(table).map((one) => one.name) : [chain];
		if (line.verbose) for (const one of chains) call.out(`Zeroing chain \`${one}'\n`);
	};
	switch (command) {
		case 'list': {
			if (chain !== undefined && !found) return plain(call, NONE);
			list(call, space, table, chain, second, line);
			if (line.zeroes) zero();
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
			if (line.zeroes) zero();
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
			zero();
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
		if (at < 1) return WRONG(call, `Invalid rule number \`${second}'`);
		if (at > found.rules.length) return plain(call, 'Index of deletion too big.');
		withChain({ ...found, rules: found.rules.filter((_, i) => i !== at - 1) });
		return 0;
	}
	const read = ruleOf(
		found ? table : { ...table, chains: new Map([...table.chains, [chain, { name: chain, rules: [] }]]) },
		chain,
		numbered(line.rule),
	);
	if ('error' in read) {
		const { code, text } = read.error;
		if (code === 'save.unknown-option' && !text.startsWith('-')) {
			if ((command === 'insert' || command === 'replace') && second === undefined && line.rule[0] === text)
				return WRONG(call, `Invalid rule number \`${text}'`);
			if (line.rule.includes('--tcp-flags')) return WRONG(call, '--tcp-flags requires two args.');
			call.err(`Bad argument \`${text}'\n${TRY}`);
			return 2;
		}
		const misplaced = line.rule.find(
			(word) =>
				(word === '-i' && /^(?:OUTPUT|POSTROUTING)$/.test(chain)) ||
				(word === '-o' && /^(?:INPUT|PREROUTING)$/.test(chain)),
		);
		if (code === 'save.wrong-place' && misplaced !== undefined)
			return WRONG(call, `Can't use ${misplaced} with ${chain}\n`);
		const reset = code === 'save.needs-protocol' && line.rule.at(-1) === 'tcp-reset';
		if (code === 'save.wrong-place' || reset) {
			call.err(
				`iptables ${VERSION}:  RULE_${command === 'insert' ? 'INSERT' : 'APPEND'} failed (Invalid argument): rule in chain ${chain}\n`,
			);
			return 4;
		}
		if (code === 'save.loop') return plain(call, 'Too many levels of symbolic links.');
		return WRONG(call, badValue(code, text, line.rule) ?? detail(code, text));
	}
	if (!found) return plain(call, NONE);
	const { rule } = read;
	const unset = rule.matches.find((m) => m.kind === 'set' && !space.ns().ipsets.has(m.name));
	if (unset?.kind === 'set') return WRONG(call, `Set ${unset.name} doesn't exist.\n`);
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
			if (at < 1) return WRONG(call, `Invalid rule number \`${second}'`);
			if (at > found.rules.length) return plain(call, 'Index of replacement too big.');
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
				ruleLine(
					rule,
					i + 1,
					ruleCount(space, table.name, printRule(chain.name, rule)),
					line,
					printProbability,
					line.numeric ? undefined : services?.serviceName,
				),
			);
		}
	}
}

let services: typeof import('../services.ts') | undefined;

/** Whether ports may be named: rules are shown or written with their names. */
const mayName = (args: readonly string[]): boolean =>
	!args.some((word) => /^-\w*[nS]\w*$|^--(?:numeric|list-rules)$/.test(word));

const PORTS = /^--(?:[ds]ports?|(?:destination|source)-ports?)$/;

/** Words of a rule with the numbers of ports in the place of their names (libxtables, xtables_service_to_port()). */
function numbered(words: readonly string[]): readonly string[] {
	const at = words.findIndex((word) => word === '-p' || word === '--protocol' || word === '--proto');
	const protocol = at < 0 ? '' : (words[at + 1] ?? '');
	const port = (name: string): string => String(services?.servicePort(name, protocol) ?? name);
	return words.map((word, i) => (i > 0 && PORTS.test(words[i - 1]!) ? word.replace(/[^:,]+/g, port) : word));
}

const iptables: Tool = {
	name: 'iptables',
	aliases: ['ip6tables'],
	at: hasTool('iptables'),
	async run(call) {
		if (mayName(call.args)) services ??= await import('../services.ts');
		return withSpace(call, (space) => {
			if (call.name === 'ip6tables') {
				call.err('ip6tables: the simulator has no rules for IPv6\n');
				return 1;
			}
			return run(call, space);
		});
	},
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
