/**
 * Plugins that are one file each upstream: plugin/{acl,file,header,local,minimal}/{setup,…}.go @ v1.8.6, v1.11.1. A setup
 * makes what handles questions.
 */
import { parseIp, parsePrefix } from '../../wire/index.ts';
import type { Handler, Surroundings } from './chain.ts';
import { type Setup, zoneOf } from './config.ts';
import { A, AA, AAAA, bare, type DnsRecord, PTR, REFUSED, replyOf, SERVFAIL, SOA, typeOfText } from './question.ts';
import { duration, fault, origins, SECOND } from './setup-words.ts';
import { lookup, parseZone, type Zone } from './zone-file.ts';

const made = (name: string, make: (around: Surroundings) => Handler) => [{ kind: 'made' as const, name, make }];

interface Policy {
	readonly action: 'allow' | 'block' | 'filter' | 'drop';
	/** None of any. */
	readonly types: readonly number[];
	readonly nets: readonly { readonly address: number; readonly length: number }[] | undefined;
}

const contains = ({ address, length }: { readonly address: number; readonly length: number }, ip: number): boolean =>
	length === 0 || Math.floor(ip / 2 ** (32 - length)) === Math.floor(address / 2 ** (32 - length));

export const acl: Setup = (c, keys) => {
	const rules: { readonly zones: readonly string[]; readonly policies: readonly Policy[] }[] = [];
	while (c.next()) {
		const zones = origins(c.remainingArgs(), keys);
		const policies: Policy[] = [];
		while (c.nextBlock()) {
			const action = c.val().toLowerCase();
			if (action !== 'allow' && action !== 'block' && action !== 'filter' && action !== 'drop')
				throw c.err(`unexpected token "${c.val()}"; expect 'allow', 'block', 'filter' or 'drop'`);
			let rest = c.remainingArgs();
			const types: number[] = [];
			let nets: { address: number; length: number }[] | undefined;
			const section = (word: string): boolean => /^(?:type|net)$/i.test(word);
			while (rest.length > 0) {
				const [name = ''] = rest;
				if (!section(name)) throw c.err(`unexpected token "${name}"; expect 'type | net'`);
				const end = rest.findIndex((word, i) => i > 0 && section(word));
				const words = rest.slice(1, end < 0 ? undefined : end);
				if (words.length === 0) throw c.err(`no token specified in "${name}" section`);
				for (const word of words) {
					if (word === '*') {
						if (/net/i.test(name)) nets = [{ address: 0, length: 0 }];
						continue;
					}
					if (/type/i.test(name)) {
						const type = typeOfText(word.toUpperCase());
						if (type === 0) throw c.err(`unexpected token "${word}"; expect legal QTYPE`);
						types.push(type);
						continue;
					}
					const prefix = parsePrefix(word.includes('/') ? word : `${word}/32`);
					// Nobody asks from an address of IPv6 here.
					if (!prefix && !word.includes(':')) throw c.err(`illegal CIDR notation "${word}"`);
					nets = [...(nets ?? []), ...(prefix ? [prefix] : [])];
				}
				rest = end < 0 ? [] : rest.slice(end);
			}
			policies.push({ action, types, nets });
		}
		rules.push({ zones, policies });
	}
	return made('acl', () => (query, next) => {
		const ip = parseIp(query.asker.ip) ?? 0;
		for (const { zones, policies } of rules) {
			if (zoneOf(query.name, zones) === undefined) continue;
			const policy = policies.find(
				({ types, nets }) =>
					(types.length === 0 || types.includes(query.type)) &&
					(nets === undefined || nets.some((net) => contains(net, ip))),
			);
			if (policy?.action === 'allow') break;
			if (policy?.action === 'drop') return { code: 0, dropped: true };
			if (policy?.action === 'block') return replyOf([], { code: REFUSED, flags: 0 });
			if (policy?.action === 'filter') return replyOf([], { flags: 0 });
		}
		return next(query);
	});
};

const FLAGS: Readonly<Record<string, number>> = { aa: 0x400, ra: 0x80, rd: 0x100 };

export const header: Setup = (c) => {
	const rules: { readonly set: boolean; readonly flag: number }[] = [];
	while (c.next()) {
		while (c.nextBlock()) {
			let action = c.val().toLowerCase();
			let flags = c.remainingArgs();
			if (action === 'response' || action === 'query') {
				if (action === 'query') throw fault('the simulator’s CoreDNS changes no flags of questions');
				action = (flags[0] ?? '').toLowerCase();
				flags = flags.slice(1);
			}
			if (flags.length === 0) throw fault('invalid length for flags, at least one flag should be provided');
			if (action !== 'set' && action !== 'clear') throw fault(`unknown header action=${action}`);
			for (const name of flags.map((text) => text.toLowerCase())) {
				if (!Object.hasOwn(FLAGS, name)) throw fault(`unknown flag ${name}`);
				rules.push({ set: action === 'set', flag: FLAGS[name]! });
			}
		}
	}
	return made('header', () => (query, next) => {
		const outcome = next(query);
		if (!outcome.reply) return outcome;
		const flags = rules.reduce((bits, { set, flag }) => (set ? bits | flag : bits & ~flag), outcome.reply.flags);
		return { ...outcome, reply: { ...outcome.reply, flags } };
	});
};

export const minimal: Setup = (c) => {
	c.next();
	if (c.nextArg()) throw c.argErr();
	return made('minimal', () => (query, next) => {
		const outcome = next(query);
		const { reply } = outcome;
		if (reply?.code !== 0 || reply.answers.length === 0) return outcome;
		return { ...outcome, reply: { ...reply, authority: [], additional: [] } };
	});
};

const LOCAL = ['localhost.', '0.in-addr.arpa.', '127.in-addr.arpa.', '255.in-addr.arpa.'];
const LOCAL_TTL = 604_800;

export const local: Setup = (c) => {
	c.next();
	return made('local', () => (query, next) => {
		const { name, type } = query;
		const zone = zoneOf(name, LOCAL);
		const record = (kind: number, data: string): DnsRecord => ({ name: bare(name), type: kind, ttl: LOCAL_TTL, data });
		if (zone === undefined) {
			if (!name.startsWith('localhost.')) return next(query);
			if (type === A) return replyOf([record(A, '127.0.0.1')]);
			return type === AAAA ? replyOf([record(AAAA, '::1')]) : next(query);
		}
		const answers: DnsRecord[] = [];
		if (name === 'localhost.' && type === A) answers.push(record(A, '127.0.0.1'));
		if (name === 'localhost.' && type === AAAA) answers.push(record(AAAA, '::1'));
		if (name === '1.0.0.127.in-addr.arpa.' && type === PTR) answers.push(record(PTR, 'localhost.'));
		if (answers.length > 0) return replyOf(answers);
		const soa = `localhost. root.localhost. 1 0 0 0 ${LOCAL_TTL}`;
		return replyOf([], { flags: AA, authority: [{ name: bare(zone), type: SOA, ttl: LOCAL_TTL, data: soa }] });
	});
};

/** Microseconds between two looks at a file. */
const RELOAD = 60 * SECOND;

export const file: Setup = (c, keys, around) => {
	interface Served {
		readonly path: string;
		readonly every: number;
		zone: Zone | undefined;
		looked: number | undefined;
	}
	const served = new Map<string, Served>();
	while (c.next()) {
		if (!c.nextArg()) throw c.argErr();
		const path = c.val();
		const zones = origins(c.remainingArgs(), keys);
		let every = RELOAD;
		while (c.nextBlock()) {
			const what = c.val();
			const words = c.remainingArgs();
			if (what === 'reload') every = duration(words[0] ?? '');
			else if (what !== 'upstream') throw c.err(`unknown property '${what}'`);
		}
		const text = around.readFile(path);
		if (text === undefined) {
			if (every === 0) throw fault(`open ${path}: no such file or directory`);
			around.log(
				`[WARNING] plugin/file: Failed to open "open ${path}: no such file or directory": trying again in 1m0s`,
			);
		}
		for (const origin of zones) {
			const zone = text === undefined ? undefined : parseZone(text, origin, path);
			if (zone && 'error' in zone) throw fault(zone.error);
			if (zone && !zone.soa) throw fault(`file ${JSON.stringify(path)} has no SOA record for origin ${origin}`);
			served.set(origin, { path, every, zone, looked: undefined });
		}
	}
	return made('file', (now) => (query, next) => {
		const origin = zoneOf(query.name, [...served.keys()]);
		if (origin === undefined) return next(query);
		const one = served.get(origin)!;
		const time = query.network.now;
		one.looked ??= time;
		if (one.every > 0 && time - one.looked >= one.every) {
			one.looked = time;
			const text = now.readFile(one.path);
			const zone = text === undefined ? undefined : parseZone(text, origin, one.path);
			// One without a higher serial number is the same.
			if (zone && !('error' in zone) && zone.soa && (!one.zone || zone.serial > one.zone.serial)) {
				one.zone = zone;
				now.log(
					query,
					`[INFO] plugin/file: Successfully reloaded zone "${origin}" in "${one.path}" with ${zone.serial} SOA serial`,
				);
			}
		}
		return one.zone ? lookup(one.zone, query.name, query.type) : { code: SERVFAIL };
	});
};
