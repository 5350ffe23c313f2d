/** A message of the DNS as dig writes it (bin/dig/dig.c, lib/dns/masterdump.c @ v9.18.1). */
import type { Call } from '../tool.ts';
import { type DnsMessage, type DnsRecord, RCODES, TYPES, typeName } from './dns-message.ts';
import { ctime } from './words.ts';

/** lib/dns/masterdump.c indent(): tabs to a column, or one blank behind what is too long. */
export function columns(parts: readonly string[], stops: readonly number[]): string {
	let line = '';
	let column = 0;
	for (const [i, part] of parts.entries()) {
		if (i > 0) {
			const to = Math.max(stops[i - 1]!, column + 1);
			const tabs = Math.max(0, Math.floor(to / 8) - Math.floor(column / 8));
			line += '\t'.repeat(tabs);
			if (tabs > 0) column = Math.floor(to / 8) * 8;
			line += ' '.repeat(to - column);
			column = to;
		}
		line += part;
		column += part.length;
	}
	return line;
}

export const recordLine = ({ name, ttl, type, data }: DnsRecord, several = false): string =>
	several
		? columns(
				[`${name}.`, String(ttl), 'IN', typeName(type), type === TYPES.SOA ? soaLines(data) : data],
				[24, 24, 24, 32],
			)
		: columns([`${name}.`, String(ttl), 'IN', typeName(type), data], [24, 32, 40, 48]);

/** totext_soa() over several lines, its times in words (lib/dns/rdata/generic/soa_6.c, ttl.c @ v9.18.1). */
function soaLines(data: string): string {
	const [origin, mail, ...numbers] = data.split(' ');
	const names = ['serial', 'refresh', 'retry', 'expire', 'minimum'];
	const lines = numbers.map((n, i) => `${n.padEnd(10)} ; ${names[i]}${i > 0 ? ` (${spanText(Number(n))})` : ''}`);
	return [`${origin} ${mail} (`, ...lines, ')'].join('\n\t\t\t\t');
}

function spanText(seconds: number): string {
	const sizes = [604_800, 86_400, 3600, 60, 1];
	const parts = sizes.flatMap((size, i) => {
		const n = Math.floor((i === 0 ? seconds : seconds % sizes[i - 1]!) / size);
		return n > 0 ? [`${n} ${['week', 'day', 'hour', 'minute', 'second'][i]}${n === 1 ? '' : 's'}`] : [];
	});
	return parts.join(' ') || '0 seconds';
}

export const whenText = (call: Call): string => {
	const text = ctime(call.lab.epoch + call.lab.now / 1e6);
	return `${text.slice(0, -5)} UTC ${text.slice(-4)}`;
};

export function headerText(message: DnsMessage): string {
	const { flags, code, id, question, answers, authority, additional = [], edns, cookie } = message;
	const names = [
		...(flags & 0x8000 ? ['qr'] : []),
		...(flags & 0x400 ? ['aa'] : []),
		...(flags & 0x200 ? ['tc'] : []),
		...(flags & 0x100 ? ['rd'] : []),
		...(flags & 0x80 ? ['ra'] : []),
	];
	const local = /(?:^|\.)local$/.test(question?.name ?? '')
		? ';; WARNING: .local is reserved for Multicast DNS\n;; You are currently testing what happens when an mDNS query is leaked to DNS\n'
		: '';
	const norec = (flags & 0x180) === 0x100 ? ';; WARNING: recursion requested but not available\n' : '';
	const opt =
		edns === undefined
			? ''
			: `;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: ${edns}\n${cookie === undefined ? '' : `; COOKIE: ${cookie} (echoed)\n`}`;
	return `;; Got answer:\n${local};; ->>HEADER<<- opcode: QUERY, status: ${RCODES[code] ?? code}, id: ${id}\n;; flags: ${names.join(' ')}; QUERY: ${question ? 1 : 0}, ANSWER: ${answers.length}, AUTHORITY: ${authority.length}, ADDITIONAL: ${additional.length + (edns === undefined ? 0 : 1)}\n${norec}\n${opt}`;
}
