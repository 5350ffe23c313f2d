/** From the options of one module, as words, to matches and targets. */
import { SaveFault, type Token } from './save-error.ts';
import { ADDR_TYPES, CT_STATES, ICMP_TYPES, LIMIT_UNITS, LOG_FLAGS, LOG_LEVELS, REJECT_TYPES } from './save-names.ts';
import {
	readDevice,
	readFlags,
	readIp,
	readMasked,
	readName,
	readNatRange,
	readNumber,
	readPorts,
	readPrefix,
	readProbability,
	readProtocol,
} from './save-values.ts';
import type { Match, Target } from './types.ts';

/** One option as it stood: its own word, the words after it, and whether `!` stood before. */
export interface Given {
	readonly option: Token;
	readonly values: readonly Token[];
	readonly invert: boolean;
}

/** A module or target named in a rule, with its options by name. */
export interface Named {
	readonly name: Token;
	readonly given: Map<string, Given>;
}

/** A flag only where it is set, so that values compare and print alike however they were written. */
const inverted = ({ invert }: Given) => (invert ? ({ invert: true } as const) : {});
const flag = <K extends string>(set: boolean, key: K) => (set ? ({ [key]: true } as { [P in K]?: true }) : {});

/** The IP part: `-s`, `-d`, `-i`, `-o`, `-p`. Nothing for what matches everything. */
export function buildIpPart(name: string, given: Given): Match | undefined {
	const value = given.values[0]!;
	switch (name) {
		case '-s':
		case '-d': {
			const prefix = readPrefix(value);
			if (prefix.length === 0 && !given.invert) return undefined;
			return { kind: name === '-s' ? 'source' : 'destination', prefix, ...inverted(given) };
		}
		case '-i':
		case '-o':
			if (value.text === '+' && !given.invert) return undefined;
			return { kind: name === '-i' ? 'in' : 'out', device: readDevice(value), ...inverted(given) };
		default: {
			const protocol = readProtocol(value);
			if (protocol === 0 && given.invert) throw new SaveFault('save.bad-invert', value);
			return protocol === 0 ? undefined : { kind: 'protocol', protocol, ...inverted(given) };
		}
	}
}

/** A module's matches. `-m tcp` without options is any destination port; `-m icmp` without says nothing. */
export function buildMatches({ name, given }: Named): Match[] {
	const need = (...options: string[]): Given => {
		for (const option of options) if (given.has(option)) return given.get(option)!;
		throw new SaveFault('save.missing', name);
	};
	switch (name.text) {
		case 'tcp':
		case 'udp':
		case 'sctp':
			return buildTcpUdp(name.text, given);
		case 'icmp': {
			const option = given.get('--icmp-type');
			return option ? [buildIcmp(option)] : [];
		}
		case 'multiport': {
			const option = need('--sports', '--dports', '--ports');
			const side = option.option.text.startsWith('--s')
				? 'sports'
				: option.option.text.startsWith('--d')
					? 'dports'
					: 'ports';
			const value = option.values[0]!;
			const ports = value.text.split(',').map((part) => readPorts(value, part));
			return [{ kind: 'multiport', side, ports, ...inverted(option) }];
		}
		case 'mark':
		case 'connmark': {
			const option = need('--mark');
			return [{ kind: name.text, ...readMasked(option.values[0]!), ...inverted(option) }];
		}
		case 'conntrack':
		case 'state': {
			const option = need('--ctstate', '--state');
			const value = option.values[0]!;
			const wanted = value.text.split(',').map((part) => readName(value, CT_STATES, part));
			const states = CT_STATES.filter((s) => wanted.includes(s));
			const old = name.text === 'state' ? { old: true as const } : {};
			return [{ kind: 'conntrack', states, ...inverted(option), ...old }];
		}
		case 'addrtype':
			return [buildAddrtype(name, given)];
		case 'statistic': {
			const mode = need('--mode').values[0]!;
			if (mode.text === 'nth') {
				const option = need('--every');
				const every = readNumber(option.values[0]!);
				const packet = given.get('--packet')?.values[0];
				if (every === 0) throw new SaveFault('save.bad-value', option.values[0]!);
				const after = packet ? readNumber(packet, undefined, every - 1) : 0;
				return [{ kind: 'nth', every, packet: after, ...inverted(option) }];
			}
			if (mode.text !== 'random') throw new SaveFault('save.bad-value', mode);
			const option = need('--probability');
			return [{ kind: 'statistic', probability: readProbability(option.values[0]!), ...inverted(option) }];
		}
		case 'limit':
			return [buildLimit(given)];
		case 'recent':
			return [buildRecent(need('--set', '--rcheck', '--update'), given)];
		case 'set': {
			const option = need('--match-set');
			const direction = readName(option.values[1]!, ['src', 'dst'] as const);
			return [{ kind: 'set', name: option.values[0]!.text, direction, ...inverted(option) }];
		}
		case 'nfacct':
			return [{ kind: 'nfacct', name: need('--nfacct-name').values[0]!.text }];
		case 'socket':
			return [{ kind: 'socket', transparent: given.has('--transparent'), nowildcard: given.has('--nowildcard') }];
		default:
			return [{ kind: 'comment', text: need('--comment').values[0]!.text }];
	}
}

function buildTcpUdp(module: 'tcp' | 'udp' | 'sctp', given: ReadonlyMap<string, Given>): Match[] {
	const matches: Match[] = [];
	for (const kind of ['sport', 'dport'] as const) {
		const option = given.get(`--${kind}`);
		if (option) matches.push({ kind, module, ports: readPorts(option.values[0]!), ...inverted(option) });
	}
	const flags = given.get('--tcp-flags');
	if (flags) {
		const [mask, set] = flags.values.map(readFlags) as [number, number];
		matches.push({ kind: 'tcp-flags', mask, set, ...inverted(flags) });
	}
	const syn = given.get('--syn');
	// SYN set; RST, ACK and FIN not.
	if (syn) matches.push({ kind: 'tcp-flags', mask: 0x17, set: 0x02, ...inverted(syn) });
	if (matches.length === 0) matches.push({ kind: 'dport', module, ports: [0, 65535] });
	return matches;
}

function buildIcmp(option: Given): Match {
	const value = option.values[0]!;
	const named = ICMP_TYPES.get(value.text);
	const [type, code] = named ?? value.text.split('/').map((part) => readNumber(value, part, 255));
	return { kind: 'icmp-type', type: type!, ...(code === undefined ? {} : { code }), ...inverted(option) };
}

function buildAddrtype(name: Token, given: ReadonlyMap<string, Given>): Match {
	const src = given.get('--src-type');
	const dst = given.get('--dst-type');
	if (!src && !dst) throw new SaveFault('save.missing', name);
	return {
		kind: 'addrtype',
		...(src ? { src: readName(src.values[0]!, ADDR_TYPES) } : {}),
		...(dst ? { dst: readName(dst.values[0]!, ADDR_TYPES) } : {}),
		...flag(src?.invert ?? false, 'srcInvert'),
		...flag(dst?.invert ?? false, 'dstInvert'),
		...flag(given.has('--limit-iface-in'), 'limitIfaceIn'),
		...flag(given.has('--limit-iface-out'), 'limitIfaceOut'),
	};
}

function buildRecent(action: Given, given: ReadonlyMap<string, Given>): Match {
	const mask = given.get('--mask')?.values[0];
	if (mask && mask.text !== '255.255.255.255') throw new SaveFault('save.bad-value', mask);
	const seconds = given.get('--seconds')?.values[0];
	const hits = given.get('--hitcount')?.values[0];
	return {
		kind: 'recent',
		action: action.option.text.slice(2) as 'set' | 'rcheck' | 'update',
		name: given.get('--name')?.values[0]?.text ?? 'DEFAULT',
		...(seconds ? { seconds: readNumber(seconds) } : {}),
		...(hits ? { hits: readNumber(hits, undefined, 255) } : {}),
		...flag(given.has('--reap'), 'reap'),
		side: given.has('--rdest') ? 'dest' : 'source',
		...inverted(action),
	};
}

/** libxt_limit.c, parse_rate: a number per unit, which any beginning of its name stands for; three an hour, five at once. */
function buildLimit(given: ReadonlyMap<string, Given>): Match {
	const rate = given.get('--limit')?.values[0];
	const burst = given.get('--limit-burst')?.values[0];
	const [, count = '3', unit = rate ? 's' : 'hour'] = /^(\d+)(?:\/([a-z]+))?$/i.exec(rate?.text ?? '3/hour') ?? [];
	const ticks = LIMIT_UNITS.find(([name]) =>
		`${name}${name === 'sec' ? 'ond' : name === 'min' ? 'ute' : ''}`.startsWith(unit),
	)?.[1];
	if (
		rate &&
		(!/^\d+(?:\/[a-z]+)?$/i.test(rate.text) || ticks === undefined || Number(count) === 0 || Number(count) > ticks)
	)
		throw new SaveFault('save.bad-value', rate);
	return {
		kind: 'limit',
		cost: Math.floor(ticks! / Number(count)),
		burst: burst ? readNumber(burst, undefined, 10_000) : 5,
	};
}

/** A target with its options. Names that are no target of ours are chains and do not come here. */
export function buildTarget({ name, given }: Named): Target {
	const value = (option: string): Token => {
		const found = given.get(option)?.values[0];
		if (!found) throw new SaveFault('save.missing', name);
		return found;
	};
	const random = {
		...flag(given.has('--random'), 'random'),
		...flag(given.has('--random-fully'), 'randomFully'),
	};
	const ports = given.has('--to-ports') ? { ports: readPorts(value('--to-ports'), undefined, '-') } : {};
	switch (name.text) {
		case 'ACCEPT':
		case 'DROP':
		case 'RETURN':
			return { kind: name.text };
		case 'REJECT': {
			if (!given.has('--reject-with')) return { kind: 'REJECT', with: 'icmp-port-unreachable' };
			const type = REJECT_TYPES.get(value('--reject-with').text);
			if (!type) throw new SaveFault('save.bad-value', value('--reject-with'));
			return { kind: 'REJECT', with: type };
		}
		case 'MARK':
			return buildMark(name, given);
		case 'CONNMARK':
			return buildConnmark(name, given);
		case 'DNAT':
		case 'SNAT': {
			const range = readNatRange(value(name.text === 'DNAT' ? '--to-destination' : '--to-source'));
			return { kind: name.text, ...range, ...random, ...flag(given.has('--persistent'), 'persistent') };
		}
		case 'MASQUERADE':
			return { kind: 'MASQUERADE', ...ports, ...random };
		case 'REDIRECT':
			return { kind: 'REDIRECT', ...ports };
		case 'LOG': {
			const level = given.get('--log-level')?.values[0];
			const named = LOG_LEVELS.findIndex(
				(known) => known === level?.text || (known === 'warning' && level?.text === 'warn'),
			);
			return {
				kind: 'LOG',
				level: level === undefined ? 4 : named >= 0 ? named : readNumber(level, undefined, 7),
				flags: LOG_FLAGS.reduce((sum, [option, bit]) => sum | (given.has(option) ? bit : 0), 0),
				...(given.has('--log-prefix') ? { prefix: value('--log-prefix').text } : {}),
			};
		}
		case 'NFLOG':
			return {
				kind: 'NFLOG',
				group: given.has('--nflog-group') ? readNumber(value('--nflog-group'), undefined, 65_535) : 0,
				...(given.has('--nflog-prefix') ? { prefix: value('--nflog-prefix').text } : {}),
			};
		case 'TRACE':
			return { kind: 'TRACE' };
		case 'TPROXY': {
			const mark = given.has('--tproxy-mark') ? readMasked(value('--tproxy-mark')) : { value: 0, mask: 0 };
			const ip = given.has('--on-ip') ? readIp(value('--on-ip')) : 0;
			return { kind: 'TPROXY', port: readNumber(value('--on-port'), undefined, 65535), ip, ...mark };
		}
		default:
			if (name.text === 'CT' && !given.has('--notrack')) throw new SaveFault('save.missing', name);
			return { kind: 'CT', notrack: true };
	}
}

/** How libxt_MARK turns its five options into a value and a mask. */
function buildMark(name: Token, given: ReadonlyMap<string, Given>): Target {
	const [option] = given.values();
	const token = option?.values[0];
	if (!token) throw new SaveFault('save.missing', name);
	const { value, mask } = readMasked(token);
	const not = (n: number) => ~n >>> 0;
	switch (option.option.text) {
		case '--set-mark':
			return { kind: 'MARK', value, mask: (mask | value) >>> 0 };
		case '--or-mark':
			return { kind: 'MARK', value, mask: value };
		case '--and-mark':
			return { kind: 'MARK', value: 0, mask: not(value) };
		case '--xor-mark':
			return { kind: 'MARK', value, mask: 0 };
		default:
			return { kind: 'MARK', value, mask };
	}
}

function buildConnmark(name: Token, given: ReadonlyMap<string, Given>): Target {
	const op = given.has('--save-mark') ? 'save' : given.has('--restore-mark') ? 'restore' : undefined;
	if (!op) throw new SaveFault('save.missing', name);
	const masks = ['--mask', '--nfmask', '--ctmask'].flatMap((option) => given.get(option)?.values ?? []);
	const [mask = 0xffffffff, other = mask] = masks.map((token) => readNumber(token));
	// One mask for both marks is all that is modelled.
	if (mask !== other) throw new SaveFault('save.bad-value', masks[1]!);
	return { kind: 'CONNMARK', op, mask };
}
