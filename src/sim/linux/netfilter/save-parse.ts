/** `iptables-save` text to rules. */
import { BUILTIN_CHAINS, emptyTable } from './patch.ts';
import { buildIpPart, buildMatches, buildTarget, type Given, type Named } from './save-build.ts';
import { checkChainName, checkRule, type HookWish, hooksOf } from './save-check.ts';
import { type SaveError, type SaveErrorCode, SaveFault, type Token, tokenize } from './save-error.ts';
import { IP_OPTIONS, MATCH_OPTIONS, type OptionShape, TARGET_OPTIONS } from './save-options.ts';
import { PROTOCOL_MODULE } from './save-print.ts';
import type { BuiltinChain, Chain, Match, Rule, Ruleset, Table, TableName, Target } from './types.ts';

export type ParsedSave =
	| { readonly ok: true; readonly ruleset: Ruleset }
	| { readonly ok: false; readonly errors: readonly SaveError[] };

interface Draft {
	readonly name: TableName;
	readonly chains: Map<string, { policy?: 'ACCEPT' | 'DROP'; rules: Rule[] }>;
	/** Where each chain was jumped to first, to complain about those that are not there. */
	readonly jumps: Map<string, { line: number; token: Token }>;
	/** What a rule minds of the hooks from which its chain is reached. */
	readonly wishes: (HookWish & { readonly chain: string; readonly line: number })[];
	line: number;
}

/**
 * Reads what `iptables-save` prints or `iptables-restore` takes: `*table`, `:CHAIN POLICY [0:0]`, `-A` (also `-I`,
 * `-N`) and `COMMIT`; blank lines, `#` comments and counters are skipped. Options may have their long names; what
 * 1.8 prints reads back to the same rules.
 * Errors carry line and column, and there is one for each line that has any.
 */
export function parseIptablesSave(text: string): ParsedSave {
	const errors: SaveError[] = [];
	const tables = new Map<TableName, Table>();
	let draft: Draft | undefined;
	/** In a table that is not one: its lines are not judged. */
	let skipping = false;
	const complain = (code: SaveErrorCode, line: number, { text: word, column }: Token) =>
		errors.push({ code, line, column, text: word });

	text.split('\n').forEach((raw, index) => {
		const line = index + 1;
		const trimmed = raw.trim();
		if (trimmed === '' || trimmed.startsWith('#')) return;
		try {
			const words = tokenize(raw);
			const first = words[0]!;
			if (skipping) {
				skipping = first.text !== 'COMMIT';
			} else if (first.text.startsWith('*')) {
				if (draft) complain('save.no-commit', line, first);
				draft = begin(first, line);
			} else if (!draft) {
				throw new SaveFault('save.outside-table', first);
			} else if (first.text === 'COMMIT') {
				for (const { code, at, token } of check(draft)) complain(code, at, token);
				tables.set(draft.name, finish(draft));
				draft = undefined;
			} else if (first.text.startsWith(':')) {
				declare(draft, words);
			} else {
				addRule(draft, words, line);
			}
		} catch (fault) {
			if (!(fault instanceof SaveFault)) throw fault;
			if (fault.code === 'save.unknown-table') skipping = true;
			complain(fault.code, line, fault.token);
		}
	});
	if (draft) {
		const { name, line } = draft as Draft;
		complain('save.no-commit', line, { text: `*${name}`, column: 1, quoted: false });
	}
	if (errors.length > 0) return { ok: false, errors };
	return { ok: true, ruleset: Object.fromEntries(tables) };
}

function begin(word: Token, line: number): Draft {
	const name = word.text.slice(1) as TableName;
	if (!(name in BUILTIN_CHAINS)) throw new SaveFault('save.unknown-table', word);
	const chains: Draft['chains'] = new Map();
	for (const chain of BUILTIN_CHAINS[name]) chains.set(chain, { policy: 'ACCEPT', rules: [] });
	return { name, chains, jumps: new Map(), wishes: [], line };
}

function finish({ name, chains }: Draft): Table {
	const built = [...chains].map(([chain, { policy, rules }]): [string, Chain] => [
		chain,
		{ name: chain, ...(policy ? { policy } : {}), rules },
	]);
	return { ...emptyTable(name), chains: new Map(built) };
}

/** `:KUBE-SVC-X - [0:0]` */
function declare(draft: Draft, words: readonly Token[]): void {
	const [first, policy] = words as [Token, Token?];
	const name = first.text.slice(1);
	if (name === '' || !policy) throw new SaveFault('save.syntax', first);
	const builtin = BUILTIN_CHAINS[draft.name].includes(name as BuiltinChain);
	if (builtin) {
		if (policy.text !== 'ACCEPT' && policy.text !== 'DROP') throw new SaveFault('save.bad-policy', policy);
		draft.chains.get(name)!.policy = policy.text;
	} else {
		if (policy.text !== '-') throw new SaveFault('save.bad-policy', policy);
		checkChainName(name, first, (known) => TARGET_OPTIONS.has(known));
		draft.chains.set(name, { rules: [] });
	}
}

function addRule(draft: Draft, words: readonly Token[], line: number): void {
	let at = 0;
	// Counters before the command, as `iptables-save -c` prints them.
	if (/^\[\d+:\d+\]$/.test(words[0]!.text)) at++;
	const command = words[at++];
	const name = words[at++];
	if (!command || !['-A', '-I', '-N', '--append', '--insert', '--new-chain'].includes(command.text)) {
		throw new SaveFault('save.syntax', command ?? words[0]!);
	}
	if (!name) throw new SaveFault('save.missing', command);
	if (command.text === '-N' || command.text === '--new-chain') {
		checkChainName(name.text, name, (known) => TARGET_OPTIONS.has(known));
		draft.chains.set(name.text, { rules: [] });
		return;
	}
	const chain = draft.chains.get(name.text);
	if (!chain) throw new SaveFault('save.unknown-chain', name);
	if (command.text === '-A' || command.text === '--append') {
		chain.rules.push(parseRule(draft, name.text, words.slice(at), line));
		return;
	}
	const given = words[at];
	const position = /^\d+$/.test(given?.text ?? '') ? Number(words[at++]!.text) : 1;
	if (position < 1 || position > chain.rules.length + 1) throw new SaveFault('save.bad-value', given!);
	chain.rules.splice(position - 1, 0, parseRule(draft, name.text, words.slice(at), line));
}

function parseRule(draft: Draft, chain: string, words: readonly Token[], line: number): Rule {
	const ipPart: Match[] = [];
	const modules: Named[] = [];
	let target: Named | undefined;
	let branch: Target | undefined;
	let protocolModule: string | undefined;
	/** Options of the IP part that were given, by name. */
	const seen = new Map<string, Token>();
	let i = 0;

	/** Takes the option at `i` with its values. */
	const take = (shape: OptionShape, invert: Token | undefined): Given => {
		const option = words[i]!;
		if (invert && !shape.invertible) throw new SaveFault('save.bad-invert', invert);
		const values = words.slice(i + 1, i + 1 + shape.values);
		if (values.length < shape.values) throw new SaveFault('save.missing', option);
		i += 1 + shape.values;
		return { option: { ...option, text: shape.name }, values, invert: invert !== undefined };
	};

	while (i < words.length) {
		let invert: Token | undefined;
		if (words[i]!.text === '!' && !words[i]!.quoted) invert = words[i++];
		const word = words[i];
		if (!word) throw new SaveFault('save.syntax', invert!);
		if ((word.text === '-c' || word.text === '--set-counters') && !invert && words.length > i + 2) {
			i += 3;
			continue;
		}
		const ip = IP_OPTIONS.get(word.text);
		if (ip) {
			if (seen.has(ip.name)) throw new SaveFault('save.twice', word);
			const given = take(ip, invert);
			seen.set(ip.name, word);
			const match = buildIpPart(ip.name, given);
			if (!match) continue;
			ipPart.push(match);
			if (match.kind === 'protocol' && !match.invert) protocolModule = PROTOCOL_MODULE.get(match.protocol);
			continue;
		}
		const value = words[i + 1];
		if (['-m', '--match', '-j', '--jump', '-g', '--goto'].includes(word.text)) {
			if (invert) throw new SaveFault('save.bad-invert', invert);
			if (!value) throw new SaveFault('save.missing', word);
			i += 2;
			const jump = word.text !== '-m' && word.text !== '--match';
			if (jump && (target || branch)) throw new SaveFault('save.twice', word);
			if (!jump) {
				if (!MATCH_OPTIONS.has(value.text)) throw new SaveFault('save.unknown-match', value);
				modules.push({ name: value, given: new Map() });
			} else if (TARGET_OPTIONS.has(value.text) && word.text !== '-g' && word.text !== '--goto') {
				target = { name: value, given: new Map() };
			} else {
				if (/^[A-Z]+$/.test(value.text) && UNMODELLED.has(value.text))
					throw new SaveFault('save.unknown-target', value);
				branch = { kind: word.text === '-j' || word.text === '--jump' ? 'jump' : 'goto', chain: value.text };
				if (!draft.jumps.has(value.text)) draft.jumps.set(value.text, { line, token: value });
			}
			continue;
		}
		const targetShape = target && TARGET_OPTIONS.get(target.name.text)!.get(word.text);
		if (target && targetShape) {
			if (target.given.has(targetShape.name)) throw new SaveFault('save.twice', word);
			target.given.set(targetShape.name, take(targetShape, invert));
			continue;
		}
		// The newest module that knows the option; else the one the protocol brings.
		let module = modules.filter(({ name }) => MATCH_OPTIONS.get(name.text)!.has(word.text)).at(-1);
		if (!module && protocolModule && MATCH_OPTIONS.get(protocolModule)!.has(word.text)) {
			module = { name: { ...word, text: protocolModule }, given: new Map() };
			modules.push(module);
		}
		const shape = module && MATCH_OPTIONS.get(module.name.text)!.get(word.text);
		if (!module || !shape) throw new SaveFault('save.unknown-option', word);
		if (module.given.has(shape.name)) throw new SaveFault('save.twice', word);
		module.given.set(shape.name, take(shape, invert));
	}
	const rule: Rule = {
		matches: [...sortIpPart(ipPart), ...modules.flatMap(buildMatches)],
		target: branch ?? (target ? buildTarget(target) : { kind: 'none' }),
	};
	const devices = { '-i': seen.get('-i'), '-o': seen.get('-o') };
	for (const wish of checkRule(draft.name, chain, rule.matches, modules, target, rule.target, devices))
		draft.wishes.push({ ...wish, chain, line });
	return rule;
}

/** Targets of iptables that there is no engine for: naming one is no jump to a missing chain. */
const UNMODELLED: ReadonlySet<string> = new Set(
	'AUDIT CHECKSUM CLASSIFY CLUSTERIP CONNSECMARK DSCP ECN HL HMARK IDLETIMER LED LOG NETMAP NFLOG NFQUEUE RATEEST SECMARK SET SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TRACE TTL'.split(
		' ',
	),
);

const IP_ORDER: readonly Match['kind'][] = ['source', 'destination', 'in', 'out', 'protocol'];
const sortIpPart = (matches: Match[]) => matches.sort((a, b) => IP_ORDER.indexOf(a.kind) - IP_ORDER.indexOf(b.kind));

/**
 * What only the whole table shows: jumps to chains that are not there, jumps in a circle, and rules reached from a
 * hook where they cannot be.
 */
function check(draft: Draft): { code: SaveErrorCode; at: number; token: Token }[] {
	const problems: { code: SaveErrorCode; at: number; token: Token }[] = [];
	for (const [name, { line, token }] of draft.jumps) {
		const known = draft.chains.has(name) && !BUILTIN_CHAINS[draft.name].includes(name as BuiltinChain);
		if (!known) problems.push({ code: 'save.unknown-chain', at: line, token });
	}
	const state = new Map<string, 'open' | 'done'>();
	const visit = (name: string): string | undefined => {
		if (state.get(name) === 'done') return undefined;
		if (state.get(name) === 'open') return name;
		state.set(name, 'open');
		for (const { target } of draft.chains.get(name)?.rules ?? []) {
			const circle = target.kind === 'jump' || target.kind === 'goto' ? visit(target.chain) : undefined;
			if (circle) return circle;
		}
		state.set(name, 'done');
		return undefined;
	};
	for (const name of draft.chains.keys()) {
		const circle = visit(name);
		if (!circle) continue;
		const { line, token } = draft.jumps.get(circle)!;
		problems.push({ code: 'save.loop', at: line, token });
		break;
	}
	if (draft.wishes.length > 0 && problems.length === 0) {
		const leadsTo = (name: string): string[] =>
			(draft.chains.get(name)?.rules ?? []).flatMap(({ target }) =>
				target.kind === 'jump' || target.kind === 'goto' ? [target.chain] : [],
			);
		const hooks = hooksOf({ table: draft.name, leadsTo });
		for (const { token, hooks: fit, chain, line } of draft.wishes)
			if ([...(hooks.get(chain) ?? [])].some((hook) => !fit.includes(hook)))
				problems.push({ code: 'save.wrong-place', at: line, token });
	}
	return problems;
}
