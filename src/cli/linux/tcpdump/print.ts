/**
 * Packets as tcpdump 4.99 prints them: print-ether.c, print-arp.c, print-ip.c, print-tcp.c, print-udp.c, print-icmp.c,
 * print-domain.c, print-vxlan.c, print-otv.c, print-geneve.c. tests/kernel reads the same frames with the tool itself.
 */
import {
	type Arp,
	checksum,
	decodeIpv4,
	ETH_P_ARP,
	encodeFrame,
	encodeIpv4,
	type Frame,
	formatIp,
	formatMac,
	type Icmp,
	IPPROTO_UDP,
	type Ip,
	type Ipv4,
	ipHeaderLength,
	ipLength,
	MAC_BROADCAST,
	type Mac,
	type Tcp,
	type Transport,
	type Udp,
} from '../../../sim/wire/index.ts';
import { type DnsMessage, type DnsRecord, decodeDns, TYPES, typeName } from '../dns-message.ts';
import { SERVICES } from './filter.ts';

export interface PrintOptions {
	/** -n */
	readonly numeric: boolean;
	/** -e */
	readonly link: boolean;
	/** -v, how often */
	readonly verbose: number;
	/** -q */
	readonly quiet: boolean;
	/** -S */
	readonly absolute: boolean;
}

/** What tcpdump remembers of TCP connections: the first sequence number of each side, by the packet seen first. */
export type TcpMemory = Map<string, { seq: number; ack: number }>;

const TCP_FLAGS: readonly (readonly [number, string])[] = [
	[1, 'F'],
	[2, 'S'],
	[4, 'R'],
	[8, 'P'],
	[16, '.'],
	[32, 'U'],
	[64, 'E'],
	[128, 'W'],
];

const hex4 = (n: number): string => n.toString(16).padStart(4, '0');
const u16 = (o: Uint8Array, at: number): number => ((o[at] ?? 0) << 8) | (o[at + 1] ?? 0);
const u32 = (o: Uint8Array, at: number): number => u16(o, at) * 65_536 + u16(o, at + 2);

const HTTP_PORTS = [80, 8080, 3128, 591];

export class Printer {
	readonly #options: PrintOptions;
	readonly #memory: TcpMemory = new Map();

	constructor(options: PrintOptions) {
		this.#options = options;
	}

	/** The line of a frame, without its time. `octets` as on the wire. */
	frame(frame: Frame, octets = encodeFrame(frame)): string {
		const { link } = this.#options;
		const arp = frame.payload.kind === 'arp';
		if (!link) return `${arp ? 'ARP, ' : 'IP '}${this.#payload(frame, octets.subarray(14))}`;
		return `${this.#mac(frame.src)} > ${this.#mac(frame.dst)}, ${this.#quietType(frame, octets.length)}${this.#payload(frame, octets.subarray(14))}`;
	}

	/** Without -n an address has its vendor, which Docker's and the kernel's own have not. */
	#mac(mac: Mac): string {
		if (this.#options.numeric) return formatMac(mac);
		return mac === MAC_BROADCAST ? 'Broadcast' : `${formatMac(mac)} (oui Unknown)`;
	}

	#quietType(frame: Frame, length: number): string {
		const [name, type] = frame.payload.kind === 'arp' ? ['ARP', ETH_P_ARP] : ['IPv4', 0x0800];
		return this.#options.quiet
			? `${name}, length ${length}: `
			: `ethertype ${name} (0x${hex4(type as number)}), length ${length}: `;
	}

	/** A frame of a cooked capture: `eth0  In  IP …`. */
	cooked(frame: Frame, device: string, ifindex: number, direction: string, octets = encodeFrame(frame)): string {
		const head = `${device.padEnd(5)} ${direction.padEnd(3)} `;
		const arp = frame.payload.kind === 'arp';
		if (!this.#options.link) return `${head}${arp ? 'ARP, ' : 'IP '}${this.#payload(frame, octets.subarray(14))}`;
		return `${head}ifindex ${ifindex} ${this.#mac(frame.src)} ${this.#quietType(frame, octets.length + 6)}${this.#payload(frame, octets.subarray(14))}`;
	}

	#payload(frame: Frame, octets: Uint8Array): string {
		return frame.payload.kind === 'arp' ? this.#arp(frame.payload, octets.length) : this.#ip(frame.payload, octets);
	}

	#arp({ op, senderIp, senderMac, targetIp, targetMac }: Arp, length: number): string {
		const head = this.#options.verbose > 0 ? 'Ethernet (len 6), IPv4 (len 4), ' : '';
		const asked =
			targetMac !== 0 && targetMac !== 0xffffffffffff
				? ` (${formatMac(targetMac)})`
				: targetMac === 0xffffffffffff
					? ' (ff:ff:ff:ff:ff:ff)'
					: '';
		return op === 1
			? `${head}Request who-has ${formatIp(targetIp)}${asked} tell ${formatIp(senderIp)}, length ${length}`
			: `${head}Reply ${formatIp(senderIp)} is-at ${this.#mac(senderMac)}, length ${length}`;
	}

	#ip(ip: Ipv4, octets: Uint8Array): string {
		const { verbose } = this.#options;
		let head = '';
		if (verbose > 0) {
			const flags = [...(ip.mf ? ['+'] : []), ...(ip.df ? ['DF'] : [])];
			const names: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 132: 'SCTP' };
			const options = ip.options.length ? `, options (${optionNames(ip.options)})` : '';
			head = `(tos 0x${ip.tos.toString(16)}, ttl ${ip.ttl}, id ${ip.id}, offset ${ip.offset}, flags [${flags.join(', ') || 'none'}], proto ${names[ip.protocol] ?? 'unknown'} (${ip.protocol}), length ${ipLength(ip)}${options})\n    `;
		}
		return head + this.#datagram(ip, octets);
	}

	#datagram(ip: Ipv4, octets: Uint8Array): string {
		const body = octets.subarray(ipHeaderLength(ip), ipLength(ip));
		const plain = `${this.#host(ip.src)} > ${this.#host(ip.dst)}: `;
		const name = (n: number): string =>
			this.#options.numeric ? `ip-proto-${n}` : ({ 1: 'icmp', 6: 'tcp', 17: 'udp', 132: 'sctp' }[n] ?? `ip-proto-${n}`);
		if (ip.offset !== 0) return `${plain}${name(ip.protocol)}`;
		// The first piece of a datagram has its header, and not all of its data.
		const payload = ip.payload.kind === 'raw' && ip.mf ? firstPiece(ip, body) : ip.payload;
		switch (payload.kind) {
			case 'tcp':
				return this.#tcp(ip, payload, body);
			case 'udp':
				return this.#udp(ip, payload, body);
			case 'icmp':
				return `${plain}${this.#icmp(ip, payload, body)}`;
			default:
				return `${plain}${name(ip.protocol)} ${body.length}`;
		}
	}

	#host(ip: Ip): string {
		return !this.#options.numeric && ip === 0x7f000001 ? 'localhost' : formatIp(ip);
	}

	#port(port: number): string {
		return this.#options.numeric
			? String(port)
			: (Object.entries(SERVICES).find(([, n]) => n === port)?.[0] ?? String(port));
	}

	#ends(ip: Ipv4, sport: number, dport: number): string {
		return `${this.#host(ip.src)}.${this.#port(sport)} > ${this.#host(ip.dst)}.${this.#port(dport)}: `;
	}

	#tcp(ip: Ipv4, tcp: Tcp, octets: Uint8Array): string {
		const ends = this.#ends(ip, tcp.sport, tcp.dport);
		const length = octets.length - (octets[12]! >> 4) * 4;
		const { verbose, quiet, absolute } = this.#options;
		if (quiet) return `${ends}tcp ${length}`;
		const flags =
			TCP_FLAGS.filter(([bit]) => tcp.flags & bit)
				.map(([, name]) => name)
				.join('') || 'none';
		let [seq, ack] = [tcp.seq, tcp.ack];
		// Numbers are told from the first segment on that acknowledges: a SYN alone is not remembered.
		if (!absolute && (tcp.flags & 16) !== 0) {
			const forward = ip.src < ip.dst || (ip.src === ip.dst && tcp.sport > tcp.dport);
			const key = forward
				? `${ip.src}.${tcp.sport} ${ip.dst}.${tcp.dport}`
				: `${ip.dst}.${tcp.dport} ${ip.src}.${tcp.sport}`;
			const known = this.#memory.get(key);
			if (!known || (tcp.flags & 2) !== 0) {
				const other = (ack - 1) >>> 0;
				this.#memory.set(key, forward ? { seq, ack: other } : { seq: other, ack: seq });
			} else {
				seq = (seq - (forward ? known.seq : known.ack)) >>> 0;
				ack = (ack - (forward ? known.ack : known.seq)) >>> 0;
			}
		}
		let out = `${ends}Flags [${flags}]`;
		if (verbose > 0) out += `, cksum 0x${hex4(u16(octets, 16))} ${checkText(ip, octets, 16)}`;
		if (verbose > 1 || length > 0 || (tcp.flags & 7) !== 0)
			out += `, seq ${seq}${length > 0 ? `:${(seq + length) >>> 0}` : ''}`;
		if (tcp.flags & 16) out += `, ack ${ack}`;
		out += `, win ${tcp.window}`;
		const options = tcpOptions(octets);
		if (options.length > 0) out += `, options [${options.join(',')}]`;
		out += `, length ${length}`;
		if (length > 0) out += this.#stream(tcp, octets.subarray(octets.length - length));
		return out;
	}

	/** What is in a segment: HTTP by its ports, DNS. */
	#stream({ sport, dport }: Tcp, data: Uint8Array): string {
		if (HTTP_PORTS.includes(sport) || HTTP_PORTS.includes(dport)) return `: ${httpText(data, this.#options.verbose)}`;
		if (sport === 53 || dport === 53) {
			const message = decodeDns(data.subarray(2));
			return message ? `: ${dnsText(message, u16(data, 0), this.#options.verbose)}` : '';
		}
		return '';
	}

	#udp(ip: Ipv4, udp: Udp, octets: Uint8Array): string {
		const ends = this.#ends(ip, udp.sport, udp.dport);
		const length = u16(octets, 4) - 8;
		const { verbose, quiet } = this.#options;
		if (quiet) return `${ends}UDP, length ${length}`;
		const sum = u16(octets, 6);
		const check =
			verbose > 1
				? sum === 0
					? '[no cksum] '
					: udp.tunnel || ip.mf
						? ''
						: `[udp sum ${checksumRight(ip, octets) ? 'ok' : 'bad'}] `
				: '';
		const data = octets.subarray(8);
		if (udp.dport === 53 || udp.sport === 53) {
			const message = decodeDns(data);
			if (message) return `${ends}${check}${dnsText(message, length, verbose)}`;
		}
		const { tunnel } = udp;
		if (tunnel && (udp.dport === 4789 || udp.dport === 8472) && tunnel.kind === 'vxlan') {
			const inner = data.subarray(8);
			// 8472 is OTV's port to tcpdump.
			const head =
				udp.dport === 4789
					? `VXLAN, flags [I] (0x08), vni ${tunnel.vni}\n`
					: `OTV, flags [I] (0x08), overlay 0, instance ${tunnel.vni}\n`;
			return `${ends}${check}${head}${this.frame(tunnel.inner, inner)}`;
		}
		if (tunnel?.kind === 'geneve' && udp.dport === 6081) {
			const size = (data[0]! & 0x3f) * 4;
			const options = tunnel.options.map(
				(o) =>
					`class Unknown (0x${o.class.toString(16)}) type 0x${o.type.toString(16)}${o.type & 0x80 ? '(C)' : ''} len ${4 + o.data.length}${
						verbose > 1
							? ` data ${[...o.data]
									.map((b) => b.toString(16).padStart(2, '0'))
									.join('')
									.replace(/(.{8})(?=.)/g, '$1 ')}`
							: ''
					}`,
			);
			const text = size > 0 ? (verbose > 0 ? `, options [${options.join(', ')}]` : `, options [${size} bytes]`) : '';
			const version = this.#options.link ? 'proto TEB (0x6558)' : '';
			return `${ends}${check}Geneve, Flags [${data[1]! & 0x40 ? 'C' : 'none'}], vni 0x${tunnel.vni.toString(16)}${version ? `, ${version}` : ''}${text}${verbose > 0 ? '\n\t' : ': '}${this.frame(tunnel.inner, data.subarray(8 + size))}`;
		}
		return `${ends}${check}UDP, length ${length}`;
	}

	#icmp(ip: Ipv4, icmp: Icmp, octets: Uint8Array): string {
		const length = octets.length;
		const { verbose } = this.#options;
		const tail = `, length ${length}`;
		if (icmp.type === 8 || icmp.type === 0)
			return `ICMP echo ${icmp.type === 8 ? 'request' : 'reply'}, id ${icmp.id}, seq ${icmp.seq}${tail}`;
		const { quoted } = icmp;
		const dst = quoted ? formatIp(quoted.dst) : '';
		let what = `type-#${icmp.type}`;
		if (icmp.type === 11) what = icmp.code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded';
		if (icmp.type === 3)
			switch (icmp.code) {
				case 0:
					what = `net ${dst} unreachable`;
					break;
				case 1:
					what = `host ${dst} unreachable`;
					break;
				case 2:
					what = `${dst} protocol ${quoted?.protocol} unreachable`;
					break;
				case 3: {
					const inner = quoted?.payload;
					what =
						inner?.kind === 'tcp' || inner?.kind === 'udp'
							? `${dst} ${inner.kind} port ${this.#port(inner.dport)} unreachable`
							: `${dst} protocol ${quoted?.protocol} port 0 unreachable`;
					break;
				}
				case 4:
					what = `${dst} unreachable - need to frag${icmp.mtu ? ` (mtu ${icmp.mtu})` : ''}`;
					break;
				case 13:
					what = `host ${dst} unreachable - admin prohibited filter`;
					break;
				default:
					what = `${dst} unreachable - #${icmp.code}`;
			}
		void ip;
		const inner =
			verbose > 0 && quoted ? `\n\t${this.#options.link ? '' : 'IP '}${this.#quoted(quoted, octets.subarray(8))}` : '';
		return `ICMP ${what}${tail}${inner}`;
	}

	#quoted(quoted: Ipv4, octets: Uint8Array): string {
		const { payload } = quoted;
		void payload;
		return this.#ip(quoted, octets);
	}
}

/** What a first fragment says of itself. */
function firstPiece(ip: Ipv4, body: Uint8Array): Transport {
	const read = decodeIpv4(encodeIpv4({ ...ip, mf: false }), 0, false).value?.payload;
	if (read && read.kind !== 'raw') return read;
	if (ip.protocol !== IPPROTO_UDP) return ip.payload;
	return { kind: 'udp', sport: u16(body, 0), dport: u16(body, 2), data: body.subarray(8) };
}

/** Whether the checksum of TCP or UDP is right, as the tool words it for TCP. */
function checksumRight(ip: Ipv4, octets: Uint8Array): boolean {
	const pseudo = new Uint8Array(12 + octets.length + (octets.length & 1));
	const view = new DataView(pseudo.buffer);
	view.setUint32(0, ip.src);
	view.setUint32(4, ip.dst);
	pseudo[9] = ip.protocol;
	view.setUint16(10, octets.length);
	pseudo.set(octets, 12);
	return checksum(pseudo) === 0;
}

const checkText = (ip: Ipv4, octets: Uint8Array, _at: number): string =>
	checksumRight(ip, octets) ? '(correct)' : '(incorrect)';

/** Options in the order they stand in. */
function tcpOptions(octets: Uint8Array): readonly string[] {
	const out: string[] = [];
	const end = (octets[12]! >> 4) * 4;
	for (let at = 20; at < end; ) {
		const kind = octets[at]!;
		if (kind === 0) {
			out.push('eol');
			break;
		}
		if (kind === 1) {
			out.push('nop');
			at++;
			continue;
		}
		const size = Math.max(2, octets[at + 1] ?? 2);
		if (kind === 2) out.push(`mss ${u16(octets, at + 2)}`);
		else if (kind === 3) out.push(`wscale ${octets[at + 2]}`);
		else if (kind === 4) out.push('sackOK');
		else if (kind === 8) out.push(`TS val ${u32(octets, at + 2)} ecr ${u32(octets, at + 6)}`);
		else
			out.push(
				`unknown-${kind} 0x${[...octets.subarray(at + 2, at + size)].map((b) => b.toString(16).padStart(2, '0')).join('')}`,
			);
		at += size;
	}
	return out;
}

/** ip_optprint(): options by name; unknown ones by number. */
function optionNames(options: Uint8Array): string {
	const out: string[] = [];
	for (let at = 0; at < options.length; ) {
		const kind = options[at]!;
		if (kind === 0) {
			out.push('EOL');
			break;
		}
		if (kind === 1) {
			out.push('NOP');
			at++;
			continue;
		}
		const size = Math.max(2, options[at + 1] ?? 2);
		out.push(
			`unknown ${kind} [${[...options.subarray(at, at + size)].map((b) => b.toString(16)).join(' ')}]`.replace(
				/ \[.*$/,
				'',
			),
		);
		at += size;
	}
	return out.join(',');
}

/** txtproto_print(): the first line, or with -v every line of the head. */
function httpText(data: Uint8Array, verbose: number): string {
	const text = String.fromCharCode(...data.subarray(0, 2000));
	const first = /^[^\r\n]*/.exec(text)![0];
	const known = /^(?:HTTP\/|GET |HEAD |POST |PUT |DELETE |OPTIONS |PATCH |CONNECT |TRACE )/.test(text);
	if (!known) return verbose > 0 ? `HTTP, length: ${data.length}` : 'HTTP';
	if (verbose === 0) return `HTTP: ${first}`;
	const head = text.replace(/\r?\n$/, '').split(/\r?\n/);
	return `HTTP, length: ${data.length}${head.map((line) => `\n\t${line}`).join('')}`;
}

const RCODE = ['', ' FormErr', ' ServFail', ' NXDomain', ' NotImp', ' Refused'];

/** domain_print(): `7077+ A? kubernetes.default. (36)`. */
function dnsText(message: DnsMessage, length: number, verbose: number): string {
	const { id, flags, code, question, answers, authority, edns } = message;
	const name = (n: string): string => (n === '' ? '.' : `${n}.`);
	const asked = question ? ` ${typeName(question.type)}? ${name(question.name)}` : '';
	if ((flags & 0x8000) === 0) {
		const rest = [
			...(answers.length ? [`[${answers.length}a]`] : []),
			...(authority.length ? [`[${authority.length}n]`] : []),
			...(edns === undefined ? [] : ['[1au]']),
		];
		return `${id}${flags & 0x100 ? '+' : ''}${rest.length ? ` ${rest.join(' ')}` : ''}${asked} (${length})`;
	}
	const record = ({ name: owner, type, ttl, data }: DnsRecord): string => {
		const own = verbose > 0 ? ` ${name(owner)}${verbose > 2 ? ` [${ttlText(ttl)}]` : ''}` : '';
		const shown =
			type === TYPES.SRV
				? ` ${data.split(' ')[3]}:${data.split(' ')[2]} ${data.split(' ')[0]} ${data.split(' ')[1]}`
				: type === TYPES.SOA
					? verbose > 0
						? ` ${data.split(' ').slice(0, 2).join(' ')} ${data.split(' ').slice(2).join(' ')}`
						: ''
					: ` ${data}`;
		return `${own} ${typeName(type)}${shown}`;
	};
	const counts = `${answers.length}/${authority.length}/${edns === undefined ? 0 : 1}`;
	const mark = `${flags & 0x400 ? '*' : ''}${flags & 0x80 ? '' : '-'}${flags & 0x200 ? '|' : ''}`;
	const list = answers.map(record).join(',');
	const more = authority.length && verbose > 1 ? ` ns:${authority.map(record).join(',')}` : '';
	const opt = edns !== undefined && verbose > 1 ? ` ar: . OPT UDPsize=${edns}` : '';
	return `${id}${RCODE[code] ?? ''}${mark}${verbose > 1 && question ? ` q:${asked}` : ''} ${counts}${list}${more}${opt} (${length})`;
}

const ttlText = (seconds: number): string => {
	const parts = [
		[604_800, 'w'],
		[86_400, 'd'],
		[3600, 'h'],
		[60, 'm'],
		[1, 's'],
	] as const;
	let left = seconds;
	let out = '';
	for (const [size, unit] of parts) {
		if (left >= size) out += `${Math.floor(left / size)}${unit}`;
		left %= size;
	}
	return out || '0s';
};
