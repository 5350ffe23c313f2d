/** Rules as `iptables -L` shows them: iptables 1.8.7 iptables/nft-ipv4.c, nft-shared.c, and the `print` of each extension. */
import {
	LOG_FLAGS,
	LOG_LEVELS,
	type Match,
	type PortRange,
	printRate,
	type Rule,
	type Target,
} from '../../../sim/linux/index.ts';
import { formatIp, formatPrefix } from '../../../sim/wire/index.ts';

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 132: 'sctp' };

const hex = (n: number): string => `0x${(n >>> 0).toString(16)}`;
const not = ({ invert }: { readonly invert?: boolean }): string => (invert ? '!' : '');
/** What a port is called, where that is asked for (libxt_tcp.c, port_to_service() @ 1.8.7). */
type Named = (port: number) => string | undefined;

const ports = ([min, max]: PortRange, named: Named): string =>
	min === max ? (named(min) ?? `${min}`) : `${named(min) ?? min}:${named(max) ?? max}`;

const flags = (bits: number): string => `0x${(bits >>> 0).toString(16).padStart(2, '0')}`;

/** What a match adds to the end of the line. */
function extra(match: Match, probability: (parts: number) => string, named: Named): string {
	switch (match.kind) {
		case 'sport':
		case 'dport': {
			if (match.ports[0] === 0 && match.ports[1] === 65_535 && !match.invert) return match.module;
			const one = match.ports[0] === match.ports[1];
			return `${match.module} ${match.kind === 'sport' ? 's' : 'd'}pt${one ? '' : 's'}:${not(match)}${ports(match.ports, named)}`;
		}
		case 'multiport':
			return `multiport ${match.side} ${not(match)}${match.invert ? ' ' : ''}${match.ports.map((one) => ports(one, named)).join(',')}`;
		case 'tcp-flags':
			return `tcp flags:${not(match)}${flags(match.mask)}/${flags(match.set)}`;
		case 'icmp-type':
			return `icmptype ${not(match)}${match.type}${match.code === undefined ? '' : ` code ${match.code}`}`;
		case 'mark':
		case 'connmark':
			return `${match.kind} match ${not(match)}${match.invert ? ' ' : ''}${hex(match.value)}${match.mask >>> 0 === 0xffffffff ? '' : `/${hex(match.mask)}`}`;
		case 'conntrack':
			return `${match.invert ? '! ' : ''}${match.old ? '' : 'ct'}state ${match.states.join(',')}`;
		case 'addrtype':
			return `ADDRTYPE match${match.src ? ` src-type ${match.srcInvert ? '!' : ''}${match.src}` : ''}${match.dst ? ` dst-type ${match.dstInvert ? '!' : ''}${match.dst}` : ''}${match.limitIfaceIn ? ' limit-in' : ''}${match.limitIfaceOut ? ' limit-out' : ''}`;
		case 'statistic':
			return `statistic mode random${match.invert ? ' !' : ''} probability ${probability(match.probability)}`;
		case 'nth':
			return `statistic mode nth${match.invert ? ' !' : ''} every ${match.every}${match.packet ? ` packet ${match.packet}` : ''}`;
		case 'limit':
			return `limit: avg ${printRate(match.cost)} burst ${match.burst}`;
		case 'recent':
			return `${match.invert ? '! ' : ''}recent: ${{ set: 'SET', rcheck: 'CHECK', update: 'UPDATE' }[match.action]}${match.seconds ? ` seconds: ${match.seconds}` : ''}${match.hits ? ` hit_count: ${match.hits}` : ''}${match.reap ? ' reap' : ''} name: ${match.name} side: ${match.side} mask: 255.255.255.255`;
		case 'set':
			return `${match.invert ? '! ' : ''}match-set ${match.name} ${match.direction}`;
		case 'nfacct':
			return `nfacct-name  ${match.name}`;
		case 'socket':
			return `socket${match.transparent ? ' --transparent' : ''}${match.nowildcard ? ' --nowildcard' : ''}`;
		case 'comment':
			return `/* ${match.text} */`;
		default:
			return '';
	}
}

const range = (ip: number | undefined, max: number | undefined, port: PortRange | undefined): string =>
	`${ip === undefined ? '' : formatIp(ip)}${max === undefined || max === ip ? '' : `-${formatIp(max)}`}${port ? `:${port[0]}${port[0] === port[1] ? '' : `-${port[1]}`}` : ''}`;

const random = (target: { readonly random?: boolean; readonly randomFully?: boolean }): string =>
	`${target.random ? ' random' : ''}${target.randomFully ? ' random-fully' : ''}`;

/** What a target adds. */
function targetExtra(target: Target, numeric: boolean): string {
	switch (target.kind) {
		case 'goto':
			return '';
		case 'REJECT':
			return `reject-with ${target.with}`;
		case 'MARK': {
			const { value, mask } = target;
			if (mask === 0) return `MARK xor ${hex(value)}`;
			if (value === mask) return `MARK or ${hex(value)}`;
			if (value === 0) return `MARK and ${hex(~mask)}`;
			if (mask >>> 0 === 0xffffffff) return `MARK set ${hex(value)}`;
			return `MARK xset ${hex(value)}/${hex(mask)}`;
		}
		case 'CONNMARK':
			return `CONNMARK ${target.op}${target.mask >>> 0 === 0xffffffff ? '' : ` mask ${hex(target.mask)}`}`;
		case 'DNAT':
		case 'SNAT':
			return `to:${range(target.ip, target.ipMax, target.ports)}${random(target)}${target.persistent ? ' persistent' : ''}`;
		case 'MASQUERADE':
			return `${target.ports ? `masq ports: ${target.ports[0]}${target.ports[0] === target.ports[1] ? '' : `-${target.ports[1]}`}` : ''}${random(target)}`.trimStart();
		case 'REDIRECT':
			return target.ports
				? `redir ports ${target.ports[0]}${target.ports[0] === target.ports[1] ? '' : `-${target.ports[1]}`}`
				: '';
		case 'CT':
			return 'NOTRACK';
		case 'LOG': {
			const how = numeric
				? `flags ${target.flags} level ${target.level}`
				: `level ${LOG_LEVELS[target.level]}${LOG_FLAGS.map(([option, bit]) => (target.flags & bit ? ` ${option.slice('--log-'.length)}` : '')).join('')}`;
			return `LOG ${how}${target.prefix === undefined ? '' : ` prefix "${target.prefix}"`}`;
		}
		case 'NFLOG':
			return `${target.prefix === undefined ? '' : ` nflog-prefix ${target.prefix}`}${target.group ? ` nflog-group ${target.group}` : ''}`.trimStart();
		case 'TPROXY':
			return `TPROXY redirect ${formatIp(target.ip)}:${target.port} mark ${hex(target.value)}/${hex(target.mask)}`;
		default:
			return '';
	}
}

export const targetName = (target: Target): string =>
	target.kind === 'jump' || target.kind === 'goto' ? target.chain : target.kind === 'none' ? '' : target.kind;

export interface ListOptions {
	readonly verbose: boolean;
	readonly numeric: boolean;
	readonly numbers: boolean;
	/** Exact counts. */
	readonly exact: boolean;
}

/** Counts with K, M, G from 100000 on (xtables' FMT_KILOMEGAGIGA). */
export function countText(n: number, exact: boolean): string {
	if (exact || n <= 99_999) return String(n);
	let value = Math.round(n / 1000);
	for (const unit of ['K', 'M', 'G']) {
		if (value <= 9999) return `${value}${unit}`;
		value = Math.round(value / 1000);
	}
	return `${value}T`;
}

export function heading(options: ListOptions): string {
	const num = options.numbers ? 'num  ' : '';
	const counts = options.verbose ? ' pkts bytes ' : '';
	const devices = options.verbose ? 'in     out     ' : '';
	return `${num}${counts}target     prot opt ${devices}source               destination         \n`;
}

export function ruleLine(
	rule: Rule,
	number: number,
	count: { readonly packets: number; readonly bytes: number },
	options: ListOptions,
	probability: (parts: number) => string,
	service?: (port: number, protocol: string) => string | undefined,
): string {
	const find = <K extends Match['kind']>(kind: K): Extract<Match, { kind: K }> | undefined =>
		rule.matches.find((m): m is Extract<Match, { kind: K }> => m.kind === kind);
	const num = options.numbers ? String(number).padEnd(5) : '';
	const five = (n: number): string => countText(n, options.exact).padStart(5);
	const counts = options.verbose ? `${five(count.packets)} ${five(count.bytes)} ` : '';
	const protocol = find('protocol');
	const name = protocol ? `${not(protocol)}${PROTOCOLS[protocol.protocol] ?? protocol.protocol}` : 'all';
	const device = (match: { readonly device: string; readonly invert?: boolean } | undefined): string =>
		match ? `${not(match)}${match.device}` : options.numeric ? '*' : 'any';
	const devices = options.verbose ? `${device(find('in')).padEnd(6)} ${device(find('out')).padEnd(6)}  ` : '';
	const address = (
		match: { readonly prefix: { address: number; length: number }; readonly invert?: boolean } | undefined,
	): string => {
		if (!match) return ` ${(options.numeric ? '0.0.0.0/0' : 'anywhere').padEnd(20)}`;
		const { prefix } = match;
		const text =
			prefix.length === 32
				? formatIp(prefix.address)
				: prefix.length === 0
					? options.numeric
						? '0.0.0.0/0'
						: 'anywhere'
					: formatPrefix(prefix);
		return `${match.invert ? '!' : ' '}${text.padEnd(20)}`;
	};
	// The blank in front of an address is where its "!" would stand.
	const line = `${num}${counts}${targetName(rule.target).padEnd(9)}  ${name.padEnd(4)} --  ${devices}`;
	const tail = [
		...rule.matches.map((m) => extra(m, probability, (port) => service?.(port, name.replace('!', '')))),
		...(rule.target.kind === 'goto' ? ['[goto] '] : []),
		targetExtra(rule.target, options.numeric),
	]
		.filter((text) => text !== '')
		.join(' ');
	const source = address(find('source'));
	const destination = address(find('destination'));
	return `${line.slice(0, -1)}${source}${destination}${tail === '' ? '' : `${tail.startsWith(' ') ? '' : ' '}${tail}`}\n`;
}
