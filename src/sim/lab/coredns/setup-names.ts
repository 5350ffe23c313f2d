/** Names changed, made up, completed or listed: setup.go of rewrite, template, autopath and hosts below plugin/ @ v1.8.6, v1.11.1. */
import { type Fall, fqdn, type Rewrite, type Setup, type Template } from './config.ts';
import { notHeeded } from './passed-over.ts';
import { duration, fallOf, fault, once, origins, regex } from './setup-words.ts';

function answersOf(match: string, args: readonly string[]): Pick<Rewrite, 'auto' | 'answers'> {
	const answers: { of: 'name' | 'value'; from: RegExp; to: string }[] = [];
	let auto = false;
	if (args.length === 1) throw fault(`invalid arguments for ${match} rule`);
	let last = '';
	for (let i = 0; i < args.length; ) {
		if (last === '' && args[i] !== 'answer')
			throw fault(`exceeded the number of arguments for a non-answer rule argument for ${match} rule`);
		if (args[i] === 'answer') i++;
		if (args[i] === undefined) throw fault(`type missing for answer rule for ${match} rule`);
		last = args[i++]!;
		if (last === 'auto') auto = true;
		else if (last === 'name' || last === 'value') {
			const [from, to] = [args[i], args[i + 1]];
			if (from === undefined || to === undefined)
				throw fault(`${last} answer rule for ${match} rule: 2 arguments required`);
			answers.push({ of: last, from: regex(from), to: fqdn(to) });
			i += 2;
		} else throw fault(`invalid type ${JSON.stringify(last)} for answer rule for ${match} rule`);
	}
	return { auto, answers };
}

/** newRule() of plugin/rewrite. */
function ruleOf(args: readonly string[]): Rewrite {
	if (args.length === 0) throw fault('no rule type specified for rewrite');
	const named = args[0] === 'continue' || args[0] === 'stop';
	const mode = args[0] === 'continue' ? 'continue' : 'stop';
	const [what, ...rest] = named ? args.slice(1) : args;
	if (named && rest.length === 0) throw fault(`a rule type must be specified after ${mode}`);
	const plain = { mode, match: '', from: '', to: '', auto: false, answers: [] } as const;
	if (what === 'type' && rest.length === 2) return { ...plain, what: 'type', from: rest[0]!, to: rest[1]! };
	if (what === 'ttl') {
		// `ttl [exact|prefix|suffix|substring|regex] STRING TTL` or a range of them.
		if (rest.length < 2) throw fault('too few arguments for a ttl rule');
		const [match, from, range] = rest.length === 2 ? ['exact', rest[0]!, rest[1]!] : [rest[0]!, rest[1]!, rest[2]!];
		if (!['exact', 'prefix', 'suffix', 'substring', 'regex'].includes(match))
			throw fault('ttl rule supports only exact, prefix, suffix, substring, and regex name matching');
		const [, least, dash, most] = /^(\d*)(-?)(\d*)$/.exec(range) ?? [];
		if (least === undefined || (least === '' && most === '') || Number(most || least) > 2147483647)
			throw fault(`invalid TTL '${range}' for ttl rule`);
		const low = Number(least || 0);
		const high = dash === '' ? low : most === '' ? 2147483647 : Number(most);
		if (high < low) throw fault(`invalid TTL '${range}' for ttl rule`);
		const dotted = match === 'exact' || match === 'suffix';
		return {
			...plain,
			what,
			match,
			from: match === 'regex' ? from : dotted ? fqdn(from) : from.toLowerCase(),
			ttl: [low, high],
		};
	}
	if (what === 'class' || what === 'edns0' || what === 'cname' || what === 'rcode' || what === 'type')
		return { ...plain, what: 'other' };
	const args2 = what === 'name' ? rest : args.slice(named ? 1 : 0);
	if (what !== 'name' && /^(?:answer|response)$/.test(what ?? ''))
		throw fault(`response rewrites must begin with a name rule`);
	if (what !== 'name') throw fault(`invalid rule type ${JSON.stringify(what)}`);
	if (args2.length < 2) throw fault('too few arguments for a name rule');
	const [match, from, to] =
		args2.length === 2 ? ['exact', args2[0]!, args2[1]!] : [args2[0]!.toLowerCase(), args2[1]!, args2[2]!];
	if (!['exact', 'prefix', 'suffix', 'substring', 'regex'].includes(match))
		throw fault(
			`name rule supports only exact, prefix, suffix, substring, and regex name matching, received: ${match}`,
		);
	if (match === 'regex') {
		const groups = new RegExp(`${regex(from).source}|`).exec('')!.length - 1;
		const used = [...Array(101).keys()].filter((i) => to.includes(`{${i}}`)).length;
		if (used > groups)
			throw fault(
				`the rewrite regex pattern (${to}) uses more subexpressions than its corresponding matching regex pattern (${from})`,
			);
	}
	const dotted = match === 'exact' || match === 'suffix' || match === 'regex';
	const given = answersOf(match, args2.slice(3));
	return {
		what: 'name',
		mode,
		match,
		from: match === 'regex' ? from : dotted ? fqdn(from) : from.toLowerCase(),
		to: dotted ? fqdn(to) : to.toLowerCase(),
		...given,
		auto: given.auto || match === 'exact',
	};
}

export const rewrite: Setup = (c, _keys, around) => {
	const rules: Rewrite[] = [];
	while (c.next()) {
		const args = [...c.remainingArgs()];
		if (args.length < 2) while (c.nextBlock()) args.push(c.val());
		const rule = ruleOf(args);
		if (rule.what === 'other') around.log(notHeeded('rewrite', args.join(' ')));
		rules.push(rule);
	}
	return [{ kind: 'rewrite', rules }];
};

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
const KINDS = 'A AAAA ANY CNAME HINFO MX NS PTR SOA SRV TXT CAA HTTPS SVCB DS DNSKEY NAPTR'.split(' ');

export const template: Setup = (c, keys) => {
	const templates: Template[] = [];
	while (c.next()) {
		if (!c.nextArg()) throw c.argErr();
		if (!['IN', 'ANY', 'CH', 'HS'].includes(c.val())) throw c.err(`invalid query class ${c.val()}`);
		if (!c.nextArg()) throw c.argErr();
		const type = c.val();
		if (!KINDS.includes(type)) throw c.err(`invalid RR class ${type}`);
		const zones = origins(c.remainingArgs(), keys);
		const parts = { answer: [] as string[], additional: [] as string[], authority: [] as string[] };
		const match: RegExp[] = [];
		let rcode = 0;
		let fall: Fall;
		while (c.nextBlock()) {
			const what = c.val();
			const words = c.remainingArgs();
			if (what === 'match') {
				if (words.length === 0) throw c.argErr();
				match.push(...words.map(regex));
			} else if (what === 'answer' || what === 'additional' || what === 'authority') {
				if (words.length === 0) throw c.argErr();
				parts[what].push(...words);
			} else if (what === 'rcode') {
				rcode = RCODES.indexOf(words[0] ?? '');
				if (words[0] === undefined) throw c.argErr();
				if (rcode < 0) throw c.err(`unknown rcode ${words[0]}`);
			} else if (what === 'fallthrough') fall = fallOf(words);
			else if (what !== 'upstream' && what !== 'ederror') throw c.argErr();
		}
		templates.push({ type, zones, match: match.length > 0 ? match : [/.*/], ...parts, rcode, fall });
	}
	return [{ kind: 'template', templates }];
};

export const autopath: Setup = (c, keys, around) => {
	let zones: readonly string[] = [];
	let search: readonly string[] | '@kubernetes' = [];
	while (c.next()) {
		const args = c.remainingArgs();
		const from = args.at(-1);
		if (from === undefined) throw fault('no resolv-conf specified');
		zones = origins(args.slice(0, -1), keys);
		if (from.startsWith('@')) search = from === '@kubernetes' ? '@kubernetes' : [];
		else {
			const text = around.readFile(from);
			if (text === undefined)
				throw fault(`failed to parse ${JSON.stringify(from)}: open ${from}: no such file or directory`);
			search = [...(/^search (.*)$/m.exec(text)?.[1] ?? '').split(' ').filter(Boolean).map(fqdn), ''];
		}
	}
	return [{ kind: 'autopath', zones, search }];
};

export const hosts: Setup = (c, keys, around) => {
	let file = '/etc/hosts';
	let zones: readonly string[] = [];
	let [ttl, reverse] = [3600, true];
	let fall: Fall;
	const lines: string[] = [];
	once(c, () => {
		const args = c.remainingArgs();
		if (args[0] !== undefined) {
			file = args[0];
			if (around.readFile(file) === undefined) around.log(`[WARNING] plugin/hosts: File does not exist: ${file}`);
		}
		zones = origins(args.slice(1), keys);
		while (c.nextBlock()) {
			const what = c.val();
			const words = c.remainingArgs();
			if (what === 'fallthrough') fall = fallOf(words);
			else if (what === 'no_reverse') reverse = false;
			else if (what === 'ttl') {
				if (words[0] === undefined) throw c.err('ttl needs a time in second');
				if (!/^-?\d+$/.test(words[0])) throw c.err('ttl needs a number of second');
				ttl = Number(words[0]);
				if (ttl <= 0 || ttl > 65535) throw c.err('ttl provided is invalid');
			} else if (what === 'reload') {
				if (words.length !== 1) throw c.err('reload needs a duration (zero seconds to disable)');
				try {
					duration(words[0]!);
				} catch {
					throw c.err(`invalid duration for reload '${words[0]}'`);
				}
			} else if (fall === undefined) lines.push([what, ...words].join(' '));
			else throw c.err(`unknown property '${what}'`);
		}
	});
	return [{ kind: 'hosts', file, zones, lines, ttl, reverse, fall }];
};
