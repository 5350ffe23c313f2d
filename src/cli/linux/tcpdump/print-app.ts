/** What is inside TCP and UDP, as tcpdump prints it: options, HTTP, DNS. */
import { type DnsMessage, type DnsRecord, TYPES, typeName } from '../dns-message.ts';

export const u16 = (o: Uint8Array, at: number): number => ((o[at] ?? 0) << 8) | (o[at + 1] ?? 0);

const u32 = (o: Uint8Array, at: number): number => u16(o, at) * 65_536 + u16(o, at + 2);

export const HTTP_PORTS = [80, 8080, 3128, 591];

/** Options in the order they stand in. */
export function tcpOptions(octets: Uint8Array): readonly string[] {
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
export function optionNames(options: Uint8Array): string {
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
export function httpText(data: Uint8Array, verbose: number): string {
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
export function dnsText(message: DnsMessage, length: number, verbose: number): string {
	const { id, flags, code, question, answers, authority, additional = [], edns, cookie } = message;
	const name = (n: string): string => (n === '' ? '.' : `${n}.`);
	const asked = question ? ` ${typeName(question.type)}? ${name(question.name)}` : '';
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
	const others = additional.length + (edns === undefined ? 0 : 1);
	const opt = edns === undefined ? [] : [` . OPT UDPsize=${edns}${cookie === undefined ? '' : ` [COOKIE ${cookie}]`}`];
	const also = others > 0 && verbose > 1 ? ` ar:${[...additional.map(record), ...opt].join(',')}` : '';
	if ((flags & 0x8000) === 0) {
		const rest = [
			...(answers.length ? [`[${answers.length}a]`] : []),
			...(authority.length ? [`[${authority.length}n]`] : []),
			...(others > 0 ? [`[${others}au]`] : []),
		];
		return `${id}${flags & 0x100 ? '+' : ''}${rest.length ? ` ${rest.join(' ')}` : ''}${asked}${also} (${length})`;
	}
	const counts = `${answers.length}/${authority.length}/${others}`;
	const mark = `${flags & 0x400 ? '*' : ''}${flags & 0x80 ? '' : '-'}${flags & 0x200 ? '|' : ''}`;
	const list = answers.map(record).join(',');
	const more = authority.length && verbose > 1 ? ` ns:${authority.map(record).join(',')}` : '';
	return `${id}${RCODE[code] ?? ''}${mark}${verbose > 1 && question ? ` q:${asked}` : ''} ${counts}${list}${more}${also} (${length})`;
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
