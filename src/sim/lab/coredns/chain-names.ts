/** Plugins that make names and records: ServeDNS() of plugin/{rewrite,template,autopath,hosts} @ v1.8.6, v1.11.1. */
import { parseIp } from '../../wire/index.ts';
import type { Handler, Surroundings } from './chain.ts';
import { fallsThrough, fqdn, type Hosts, type Rewrite, type Template, within, zoneOf } from './config.ts';
import {
	A,
	AA,
	AAAA,
	bare,
	CNAME,
	type DnsRecord,
	NXDOMAIN,
	type Outcome,
	PTR,
	type Query,
	replyOf,
	SERVFAIL,
	typeOfText,
	typeText,
} from './question.ts';

/** The name a rule makes of another; undefined when it does not match. */
function rewritten({ match, from, to }: Rewrite, name: string): string | undefined {
	switch (match) {
		case 'exact':
			return name === from ? to : undefined;
		case 'prefix':
			return name.startsWith(from) ? `${to}${name.slice(from.length)}` : undefined;
		case 'suffix':
			return name.endsWith(from) ? `${name.slice(0, name.length - from.length)}${to}` : undefined;
		case 'substring':
			return name.includes(from) ? name.replaceAll(from, to) : undefined;
		default: {
			const groups = new RegExp(from.replace(/^\(\?i\)/, '').replace(/\(\?P</g, '(?<')).exec(name);
			return groups ? to.replace(/\{(\d+)\}/g, (whole, i: string) => groups[Number(i)] ?? whole) : undefined;
		}
	}
}

export const rewrite =
	(rules: readonly Rewrite[]): Handler =>
	(query, next) => {
		let now = query;
		const back: ((record: DnsRecord) => DnsRecord)[] = [];
		for (const rule of rules) {
			if (rule.what === 'ttl' && rewritten({ ...rule, to: '' }, now.name) !== undefined) {
				const [least, most] = rule.ttl!;
				back.push((record) => ({ ...record, ttl: Math.min(Math.max(record.ttl, least), most) }));
			} else if (rule.what === 'type' && rule.from === typeText(now.type)) now = { ...now, type: typeOfText(rule.to) };
			else if (rule.what === 'name') {
				const to = rewritten(rule, now.name);
				if (to === undefined) continue;
				const from = now.name;
				now = { ...now, name: fqdn(to) };
				const turn = (text: string): string =>
					fqdn(text) === fqdn(to)
						? from
						: rule.match === 'suffix' && fqdn(text).endsWith(rule.to)
							? `${fqdn(text).slice(0, -rule.to.length)}${rule.from}`
							: text;
				if (rule.auto)
					back.push((record) => ({
						...record,
						name: bare(turn(`${record.name}.`)),
						data: record.type === CNAME || record.type === PTR ? turn(record.data) : record.data,
					}));
				for (const { of, from: pattern, to: given } of rule.answers)
					back.push((record) => {
						const text = of === 'name' ? `${record.name}.` : record.data;
						const groups = pattern.exec(text);
						if (!groups) return record;
						const made = given.replace(/\{(\d+)\}/g, (whole, i: string) => groups[Number(i)] ?? whole);
						return of === 'name' ? { ...record, name: bare(made) } : { ...record, data: made };
					});
			} else continue;
			if (rule.mode === 'stop') break;
		}
		const outcome = next(now);
		const { reply } = outcome;
		if (!reply || back.length === 0) return outcome;
		const turned = (records: readonly DnsRecord[]): DnsRecord[] =>
			records.map((record) => back.reduce((made, step) => step(made), record));
		return { ...outcome, reply: { ...reply, answers: turned(reply.answers), additional: turned(reply.additional) } };
	};

/** A line of a zone file, its places filled in: `{{ .Name }} 60 IN A 10.0.0.1`. */
function lineOf(text: string, query: Query, groups: RegExpExecArray, zone: string): DnsRecord | undefined {
	const filled = text.replace(/\{\{\s*(.*?)\s*\}\}/g, (_, what: string) => {
		const of: Readonly<Record<string, string>> = {
			'.Name': query.name,
			'.Zone': zone,
			'.Type': typeText(query.type),
			'.Class': 'IN',
			'.Remote': query.asker.ip,
		};
		const index = /^index \.Match (\d+)$/.exec(what) ?? /^\.Group\.(\w+)$/.exec(what);
		return of[what] ?? (index ? (groups[Number(index[1])] ?? groups.groups?.[index[1]!] ?? '') : '');
	});
	const m = /^(\S+)\s+(?:(\d+)\s+)?(?:IN\s+)?(?:(\d+)\s+)?([A-Z]+)\s+(.*)$/.exec(filled);
	const type = typeOfText(m?.[4] ?? '');
	if (!m || type === 0) return undefined;
	return { name: bare(m[1]!), type, ttl: Number(m[2] ?? m[3] ?? 3600), data: m[5]! };
}

export const template =
	(templates: readonly Template[]): Handler =>
	(query, next) => {
		const { name } = query;
		if (templates.every(({ zones }) => zoneOf(name, zones) === undefined)) return next(query);
		for (const { type, zones, match, answer, additional, authority, rcode, fall } of templates) {
			const zone = zoneOf(name, zones);
			const groups =
				zone === undefined || (type !== 'ANY' && type !== typeText(query.type))
					? null
					: match.map((r) => r.exec(name)).find(Boolean);
			if (!groups) {
				if (zone !== undefined && !fallsThrough(fall, name) && (type === 'ANY' || type === typeText(query.type)))
					return { code: NXDOMAIN, reply: { code: NXDOMAIN, flags: AA, answers: [], authority: [], additional: [] } };
				continue;
			}
			if (rcode === SERVFAIL) return { code: SERVFAIL };
			const made = (lines: readonly string[]): DnsRecord[] =>
				lines.flatMap((text) => lineOf(text, query, groups, zone!) ?? []);
			return replyOf(made(answer), { code: rcode, additional: made(additional), authority: made(authority) });
		}
		return next(query);
	};

export const autopath =
	(zones: readonly string[], search: readonly string[] | '@kubernetes', around: Surroundings): Handler =>
	(query, next) => {
		const { name } = query;
		const list = search === '@kubernetes' ? around.searchOf(query.asker.ip, zones) : search;
		if (!list || list.length === 0 || zoneOf(name, zones) === undefined || !within(name, list[0]!) || name === list[0])
			return next(query);
		const base = name.slice(0, -(list[0]!.length + 1));
		let first: Outcome | undefined;
		for (const zone of list) {
			const outcome = next({ ...query, name: fqdn(zone === '' ? base : `${base}.${zone}`) });
			first ??= outcome;
			const { reply } = outcome;
			if (!reply || reply.code === NXDOMAIN) continue;
			// The name that was asked for is another name of the one that was found.
			const [found] = reply.answers;
			const asked = bare(name);
			if (!found || found.name === asked) return outcome;
			const alias = {
				name: asked,
				type: CNAME,
				ttl: Math.min(...reply.answers.map(({ ttl }) => ttl)),
				data: `${found.name}.`,
			};
			return { ...outcome, reply: { ...reply, answers: [alias, ...reply.answers] } };
		}
		return first!;
	};

interface Entry {
	readonly ip: string;
	readonly names: readonly string[];
}

const entriesOf = (lines: readonly string[]): readonly Entry[] =>
	lines.flatMap((line) => {
		const [ip, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
		return ip && names.length > 0 ? [{ ip, names: names.map(fqdn) }] : [];
	});

export const hosts =
	(config: Hosts, around: Surroundings): Handler =>
	(query, next) => {
		const { name, type } = query;
		if (zoneOf(name, config.zones) === undefined && type !== PTR) return next(query);
		const entries = entriesOf([...config.lines, ...(around.readFile(config.file) ?? '').split('\n')]);
		const record = (kind: number, data: string): DnsRecord => ({ name: bare(name), type: kind, ttl: config.ttl, data });
		if (type === PTR) {
			const ip = name
				.replace(/\.in-addr\.arpa\.$/, '')
				.split('.')
				.reverse()
				.join('.');
			const names = config.reverse ? entries.filter((entry) => entry.ip === ip).flatMap((entry) => entry.names) : [];
			return names.length > 0 ? replyOf(names.map((target) => record(PTR, target))) : next(query);
		}
		const ips = entries.filter(({ names }) => names.includes(name)).map(({ ip }) => ip);
		if (ips.length === 0) return fallsThrough(config.fall, name) ? next(query) : { code: SERVFAIL };
		const kind = (ip: string): number => (parseIp(ip) === undefined ? AAAA : A);
		return replyOf([...new Set(ips)].filter((ip) => kind(ip) === type).map((ip) => record(type, ip)));
	};
