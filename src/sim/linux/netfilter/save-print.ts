/**
 * Rules as `iptables-save` 1.8 prints them: the IP part first, then each match as `-m`, then the target. Checked
 * against the tool itself by tests/kernel (nft and legacy print alike).
 */
import { formatIp, IPPROTO_TCP, IPPROTO_UDP } from '../../wire/index.ts';
import { CT_STATES, PROTOCOLS, TCP_FLAGS } from './save-names.ts';
import { printMoreMatch, printMoreTarget } from './save-print-more.ts';
import type { Match, PortRange, Rule, Target } from './types.ts';

/** One line: `-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp … -j KUBE-SVC-…`. */
export function printRule(chain: string, rule: Rule): string {
	let line = `-A ${chain}`;
	for (const kind of ['source', 'destination', 'in', 'out', 'protocol'] as const) {
		for (const match of rule.matches) if (match.kind === kind) line += printIpPart(match);
	}
	let open: string | undefined;
	for (const match of rule.matches) {
		const printed = printMatch(match);
		if (!printed) continue;
		const [module, options] = printed;
		// Conditions on ports and flags written one after the other share one `-m tcp`.
		const shared = module === open && (module === 'tcp' || module === 'udp' || module === 'sctp');
		line += shared ? options : ` -m ${module}${options}`;
		open = module;
	}
	return line + printTarget(rule.target);
}

const not = ({ invert }: { readonly invert?: boolean }) => (invert ? ' !' : '');

function printIpPart(match: Match): string {
	switch (match.kind) {
		case 'source':
		case 'destination': {
			const { address, length } = match.prefix;
			if (length === 0 && !match.invert) return '';
			return `${not(match)} -${match.kind[0]} ${formatIp(address)}/${length}`;
		}
		case 'in':
		case 'out':
			return `${not(match)} -${match.kind[0]} ${match.device}`;
		case 'protocol':
			if (match.protocol === 0) return '';
			return `${not(match)} -p ${PROTOCOLS.find(([, number]) => number === match.protocol)?.[0] ?? match.protocol}`;
		default:
			return '';
	}
}

/** Module and options of a match; nothing for the IP part. */
function printMatch(match: Match): [module: string, options: string] | undefined {
	switch (match.kind) {
		case 'source':
		case 'destination':
		case 'in':
		case 'out':
		case 'protocol':
			return undefined;
		case 'sport':
		case 'dport':
			// Any port at all: the module stands alone.
			if (match.ports[0] === 0 && match.ports[1] === 65535 && !match.invert) return [match.module, ''];
			return [match.module, `${not(match)} --${match.kind} ${printPorts(match.ports, ':')}`];
		case 'multiport': {
			const list = match.ports.map((range) => printPorts(range, ':')).join(',');
			return ['multiport', `${not(match)} --${match.side} ${list}`];
		}
		case 'tcp-flags':
			return ['tcp', `${not(match)} --tcp-flags ${printFlags(match.mask)} ${printFlags(match.set)}`];
		case 'icmp-type': {
			const type = match.type === 255 ? 'any' : match.code === undefined ? match.type : `${match.type}/${match.code}`;
			return ['icmp', `${not(match)} --icmp-type ${type}`];
		}
		case 'mark':
		case 'connmark':
			return [match.kind, `${not(match)} --mark ${printMasked(match.value, match.mask)}`];
		case 'conntrack': {
			const states = CT_STATES.filter((state) => match.states.includes(state));
			return match.old
				? ['state', `${not(match)} --state ${states.join(',')}`]
				: ['conntrack', `${not(match)} --ctstate ${states.join(',')}`];
		}
		case 'addrtype': {
			let options = match.src ? `${match.srcInvert ? ' !' : ''} --src-type ${match.src}` : '';
			if (match.dst) options += `${match.dstInvert ? ' !' : ''} --dst-type ${match.dst}`;
			if (match.limitIfaceIn) options += ' --limit-iface-in';
			if (match.limitIfaceOut) options += ' --limit-iface-out';
			return ['addrtype', options];
		}
		case 'statistic':
			return ['statistic', ` --mode random${not(match)} --probability ${printProbability(match.probability)}`];
		case 'nth':
		case 'limit':
			return printMoreMatch(match);
		case 'recent': {
			let options = `${not(match)} --${match.action}`;
			if (match.seconds) options += ` --seconds ${match.seconds}`;
			if (match.hits) options += ` --hitcount ${match.hits}`;
			if (match.reap) options += ' --reap';
			const side = match.side === 'source' ? '--rsource' : '--rdest';
			return ['recent', `${options} --name ${match.name} --mask 255.255.255.255 ${side}`];
		}
		case 'set':
			return ['set', `${not(match)} --match-set ${match.name} ${match.direction}`];
		case 'nfacct':
			// Two blanks: libxt_nfacct prints them so.
			return ['nfacct', ` --nfacct-name  ${match.name}`];
		case 'socket':
			return ['socket', `${match.transparent ? ' --transparent' : ''}${match.nowildcard ? ' --nowildcard' : ''}`];
		case 'comment':
			return ['comment', ` --comment ${quote(match.text)}`];
	}
}

function printTarget(target: Target): string {
	switch (target.kind) {
		case 'none':
			return '';
		case 'jump':
			return ` -j ${target.chain}`;
		case 'goto':
			return ` -g ${target.chain}`;
		case 'REJECT':
			return ` -j REJECT --reject-with ${target.with}`;
		case 'MARK':
			return ` -j MARK --set-xmark ${hex(target.value)}/${hex(target.mask)}`;
		case 'CONNMARK': {
			const mask = hex(target.mask);
			return ` -j CONNMARK --${target.op}-mark --nfmask ${mask} --ctmask ${mask}`;
		}
		case 'DNAT':
		case 'SNAT': {
			const option = target.kind === 'DNAT' ? '--to-destination' : '--to-source';
			const ports = target.ports ? `:${printPorts(target.ports, '-')}` : '';
			const random = `${target.random ? ' --random' : ''}${target.randomFully ? ' --random-fully' : ''}`;
			const range = `${printIps(target.ip, target.ipMax)}${ports}`;
			return ` -j ${target.kind} ${option} ${range}${random}${target.persistent ? ' --persistent' : ''}`;
		}
		case 'MASQUERADE': {
			const ports = target.ports ? ` --to-ports ${printPorts(target.ports, '-')}` : '';
			const random = `${target.random ? ' --random' : ''}${target.randomFully ? ' --random-fully' : ''}`;
			return ` -j MASQUERADE${ports}${random}`;
		}
		case 'REDIRECT':
			return ` -j REDIRECT${target.ports ? ` --to-ports ${printPorts(target.ports, '-')}` : ''}`;
		case 'CT':
			return ' -j CT --notrack';
		case 'LOG':
		case 'NFLOG':
			return printMoreTarget(target, quote);
		case 'TPROXY': {
			const mark = `${hex(target.value)}/${hex(target.mask)}`;
			return ` -j TPROXY --on-port ${target.port} --on-ip ${formatIp(target.ip)} --tproxy-mark ${mark}`;
		}
		default:
			return ` -j ${target.kind}`;
	}
}

const hex = (n: number) => `0x${n.toString(16)}`;
const printMasked = (value: number, mask: number) => (mask === 0xffffffff ? hex(value) : `${hex(value)}/${hex(mask)}`);
const printPorts = ([min, max]: PortRange, dash: string) => (min === max ? `${min}` : `${min}${dash}${max}`);
const printIps = (ip?: number, max?: number) =>
	ip === undefined ? '' : max === undefined || max === ip ? formatIp(ip) : `${formatIp(ip)}-${formatIp(max)}`;

function printFlags(bits: number): string {
	const names = TCP_FLAGS.filter(([, bit]) => bits & bit).map(([name]) => name);
	return names.length > 0 ? names.join(',') : 'NONE';
}

/** A part of 2^31 with eleven decimals, rounded to even as printf does: exact, so in whole numbers. */
export function printProbability(parts: number): string {
	const scaled = BigInt(parts) * 100_000_000_000n;
	let rounded = scaled >> 31n;
	const rest = scaled & 0x7fffffffn;
	if (rest > 0x40000000n || (rest === 0x40000000n && rounded & 1n)) rounded++;
	const digits = rounded.toString().padStart(12, '0');
	return `${digits.slice(0, -11)}.${digits.slice(-11)}`;
}

/** xtables_save_string: quoted unless it is nothing but letters, digits, `-` and `_`. */
function quote(text: string): string {
	return /^[-\w]+$/.test(text) ? text : `"${text.replace(/["\\']/g, '\\$&')}"`;
}

/** Modules a protocol brings with it. */
export const PROTOCOL_MODULE: ReadonlyMap<number, 'tcp' | 'udp' | 'sctp' | 'icmp'> = new Map([
	[132, 'sctp'],
	[IPPROTO_TCP, 'tcp'],
	[IPPROTO_UDP, 'udp'],
	[1, 'icmp'],
]);
