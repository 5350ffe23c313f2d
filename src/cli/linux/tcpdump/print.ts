/**
 * Packets as tcpdump 4.99 prints them: print-ether.c, print-arp.c, print-ip.c, print-tcp.c, print-udp.c, print-icmp.c,
 * print-domain.c, print-vxlan.c, print-otv.c, print-geneve.c. tests/kernel reads the same frames with the tool itself.
 */
import {
	type Arp,
	ETH_P_ARP,
	encodeFrame,
	type Frame,
	formatIp,
	formatMac,
	type Icmp,
	type Ip,
	type Ipv4,
	ipHeaderLength,
	ipLength,
	MAC_BROADCAST,
	type Mac,
	type Tcp,
	type Udp,
} from '../../../sim/wire/index.ts';
import { decodeDns } from '../dns-message.ts';
import { SERVICES } from './filter-names.ts';
import { dnsText, HTTP_PORTS, httpText, optionNames, tcpOptions, u16 } from './print-app.ts';
import { checksumRight, checkText, firstPiece } from './print-sum.ts';

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
	/** -K */
	readonly unchecked?: boolean;
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
		return `${head}ifindex ${ifindex} ${this.#mac(frame.src)} ${this.#options.quiet ? '' : this.#quietType(frame, octets.length + 6)}${this.#payload(frame, octets.subarray(14))}`;
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
		if (verbose > 0 && !this.#options.unchecked)
			out += `, cksum 0x${hex4(u16(octets, 16))} ${checkText(ip, octets, 16)}`;
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
			return message ? ` ${dnsText(message, u16(data, 0), this.#options.verbose)}` : '';
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
			verbose > 1 && !this.#options.unchecked
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
				case 9:
					what = `net ${dst} unreachable - admin prohibited`;
					break;
				case 10:
					what = `host ${dst} unreachable - admin prohibited`;
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
