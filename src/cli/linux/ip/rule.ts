/** `ip rule`: iproute2 ip/iprule.c @ v6.1.0, net/core/fib_rules.c. */
import { addRule, DEFAULT_RULES, deviceByName, type PolicyRule } from '../../../sim/linux/index.ts';
import { formatIp, formatPrefix, type Prefix, parsePrefix } from '../../../sim/wire/index.ts';
import { whole } from '../words.ts';
import { ruleText } from './busybox.ts';
import { fault, type IpOptions, type IpRun, invalid, matches, printJson, type Words } from './context.ts';
import { PROTOCOLS, protocolName, readTable, tableName } from './route-read.ts';

const side = (prefix: Prefix | undefined): string =>
	!prefix ? 'all' : prefix.length === 32 ? formatIp(prefix.address) : formatPrefix(prefix);

const jsonSide = (key: 'src' | 'dst', prefix: Prefix): Record<string, unknown> => ({
	[key]: formatIp(prefix.address),
	...(prefix.length === 32 ? {} : { [`${key}len`]: prefix.length }),
});

/** The kernel's own rules are its; others say who made them, or nothing. */
const madeBy = (rule: PolicyRule): string =>
	rule.protocol ??
	(DEFAULT_RULES.some(({ priority, table }) => rule.priority === priority && rule.table === table)
		? 'kernel'
		: 'unspec');

const saysWho = (rule: PolicyRule, { details }: IpOptions): boolean =>
	details || !['kernel', 'unspec'].includes(madeBy(rule));

function line(rule: PolicyRule, options: IpOptions): string {
	let out = `${rule.priority}:\tfrom ${side(rule.from)}`;
	if (rule.to) out += ` to ${side(rule.to)}`;
	if (rule.fwmark) {
		out += ` fwmark 0x${rule.fwmark.value.toString(16)}`;
		if (rule.fwmark.mask >>> 0 !== 0xffffffff) out += `/0x${(rule.fwmark.mask >>> 0).toString(16)}`;
	}
	if (rule.iif) out += ` iif ${rule.iif}`;
	out += ` lookup ${tableName(rule.table, options.numeric)}`;
	return saysWho(rule, options) ? `${out} proto ${protocolName(madeBy(rule), options.numeric)}` : out;
}

const json = (rule: PolicyRule, options: IpOptions): unknown => ({
	priority: rule.priority,
	...(rule.from ? jsonSide('src', rule.from) : { src: 'all' }),
	...(rule.to ? jsonSide('dst', rule.to) : {}),
	...(rule.fwmark ? { fwmark: `0x${rule.fwmark.value.toString(16)}` } : {}),
	...(rule.fwmark && rule.fwmark.mask >>> 0 !== 0xffffffff
		? { fwmask: `0x${(rule.fwmark.mask >>> 0).toString(16)}` }
		: {}),
	...(rule.iif ? { iif: rule.iif } : {}),
	table: tableName(rule.table, options.numeric),
	...(saysWho(rule, options) ? { protocol: protocolName(madeBy(rule), options.numeric) } : {}),
});

interface Wanted {
	priority?: number;
	from?: Prefix;
	to?: Prefix;
	fwmark?: { value: number; mask: number };
	iif?: string;
	table?: number;
	protocol?: string;
}

function read(words: Words): Wanted {
	const out: Wanted = {};
	const prefix = (text: string): Prefix | undefined =>
		text === 'all' || text === 'any' || text === 'default'
			? undefined
			: (parsePrefix(text) ?? fault(`Error: any valid prefix is expected rather than "${text}".`));
	while (!words.done) {
		const word = words.take();
		switch (word) {
			case 'from': {
				const found = prefix(words.take());
				if (found) out.from = found;
				break;
			}
			case 'to': {
				const found = prefix(words.take());
				if (found) out.to = found;
				break;
			}
			case 'pref':
			case 'preference':
			case 'priority':
			case 'prio':
			case 'order': {
				const text = words.take();
				out.priority = whole(text, 0, 0xffffffff) ?? invalid('preference value is invalid\n', text);
				break;
			}
			case 'fwmark': {
				const text = words.take();
				const [value, mask] = text.split('/');
				const number = whole(value, 0, 0xffffffff) ?? invalid('fwmark value is invalid\n', text);
				out.fwmark = {
					value: number,
					mask:
						mask === undefined
							? 0xffffffff
							: (whole(mask, 0, 0xffffffff) ?? invalid('fwmask value is invalid\n', text)),
				};
				break;
			}
			case 'iif':
			case 'dev':
				out.iif = words.take();
				break;
			case 'table':
			case 'lookup':
				out.table = readTable(words.take());
				break;
			case 'proto':
			case 'protocol': {
				const text = words.take();
				const known = Object.entries(PROTOCOLS).find(([name, number]) => text === name || text === String(number));
				const number = known ? undefined : whole(text, 0, 255);
				if (!known && number === undefined) invalid('"protocol" value is invalid\n', text);
				out.protocol = known?.[0] ?? text;
				break;
			}
			case 'not':
			case 'prohibit':
			case 'unreachable':
			case 'blackhole':
			case 'goto':
			case 'suppress_prefixlength':
			case 'oif':
			case 'ipproto':
			case 'sport':
			case 'dport':
			case 'uidrange':
			case 'tos':
				fault(`ip: the simulator has no rules by "${word}"`, 2);
				break;
			default:
				invalid('Failed to parse rule type', word);
		}
	}
	return out;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether a rule is the one that `ip rule del` describes. */
const fits = (rule: PolicyRule, wanted: Wanted): boolean =>
	(wanted.priority === undefined || rule.priority === wanted.priority) &&
	(wanted.table === undefined || rule.table === wanted.table) &&
	(wanted.from === undefined || same(rule.from, wanted.from)) &&
	(wanted.to === undefined || same(rule.to, wanted.to)) &&
	(wanted.iif === undefined || rule.iif === wanted.iif) &&
	(wanted.protocol === undefined || madeBy(rule) === wanted.protocol) &&
	(wanted.fwmark === undefined ||
		(rule.fwmark?.value === wanted.fwmark.value && rule.fwmark.mask === wanted.fwmark.mask));

export function rule(run: IpRun, words: Words): number {
	const { call, space, options } = run;
	const word = words.peek();
	const command =
		word === undefined ? 'show' : matches(word, 'add', 'delete', 'list', 'show', 'lst', 'flush', 'help', 'save');
	if (command === undefined) return fault(`Command "${word}" is unknown, try "ip rule help".`, 255);
	if (word !== undefined) words.take();
	switch (command) {
		case 'show':
		case 'list':
		case 'lst': {
			const wanted = words.done ? {} : read(words);
			// IPv6 has the kernel's two (net/ipv6/fib6_rules.c).
			const all = options.family === 6 ? DEFAULT_RULES.slice(0, 2) : space.ns().rules;
			const rows = all.filter((r) => fits(r, wanted));
			if (options.json)
				printJson(
					run,
					rows.map((row) => json(row, options)),
				);
			else
				for (const row of rows)
					call.out(`${options.busybox ? ruleText(row, tableName(row.table)) : line(row, options)}\n`);
			return 0;
		}
		case 'help':
			return fault(
				'Usage: ip rule { add | del } SELECTOR ACTION\n       ip rule { flush | save | restore }\n       ip rule [ list [ SELECTOR ]]\nSELECTOR := [ not ] [ from PREFIX ] [ to PREFIX ] [ tos TOS ]\n            [ fwmark FWMARK[/MASK] ]\n            [ iif STRING ] [ oif STRING ] [ pref NUMBER ] [ l3mdev ]',
				255,
			);
		case 'save':
			return fault('ip: the simulator does not save rules', 2);
		case 'flush':
			space.change((net, name) => {
				const ns = net.namespaces.get(name)!;
				ns.rules = ns.rules.filter((r) => r.priority === 0);
			});
			return 0;
	}
	if (words.done) return fault(`"ip rule ${command === 'add' ? 'add' : 'del'}" requires arguments.`);
	const wanted = read(words);
	const { rules } = space.ns();
	if (command === 'delete') {
		const at = rules.findIndex((r) => fits(r, wanted));
		if (at < 0) return fault('RTNETLINK answers: No such file or directory', 2);
		space.change((net, name) => {
			const ns = net.namespaces.get(name)!;
			ns.rules = ns.rules.filter((_, i) => i !== at);
		});
		return 0;
	}
	// fib_default_rule_pref(): one before the second rule.
	const second = rules[1] ?? DEFAULT_RULES[1]!;
	const priority = wanted.priority ?? (second.priority > 0 ? second.priority - 1 : 0);
	const made: PolicyRule = {
		priority,
		...(wanted.from ? { from: wanted.from } : {}),
		...(wanted.to ? { to: wanted.to } : {}),
		...(wanted.fwmark ? { fwmark: wanted.fwmark } : {}),
		...(wanted.iif ? { iif: wanted.iif } : {}),
		table: wanted.table ?? 254,
		...(wanted.protocol ? { protocol: wanted.protocol } : {}),
	};
	if (rules.some((r) => same({ ...r }, made))) return fault('RTNETLINK answers: File exists', 2);
	if (wanted.iif && !deviceByName(space.ns(), wanted.iif) && wanted.iif.length > 15)
		return fault('Error: argument is wrong: "iif" not a valid ifname', 255);
	space.change((net, name) => addRule(net, name, made));
	return 0;
}
