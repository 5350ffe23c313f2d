/** `nslookup` and `host` of BIND 9.18 (bin/dig/*.c), and busybox's nslookup. */
import { formatIp, type Ip, parseIp } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';

import { RCODES, TYPES, typeName } from './dns-message.ts';
import { isBusybox } from './images.ts';
import { type Asked, ask, candidates, type ResolvConf, resolvConf, serverIp } from './resolve.ts';
import type { Space } from './space.ts';
import { getopt } from './words.ts';

/** Looks a name up along the search list, as nslookup and host do; the last answer when none has it. */
async function lookup(
	call: Call,
	space: Space,
	conf: ResolvConf,
	server: Ip,
	name: string,
	type: number,
	timeout: number,
): Promise<{ readonly name: string; readonly asked: Asked }> {
	let last: { name: string; asked: Asked } | undefined;
	for (const candidate of candidates(name, conf)) {
		const asked = await ask(call, space, server, { name: candidate, type }, { timeout });
		last = { name: candidate, asked };
		if (asked.message?.code !== 3) break;
	}
	return { name: last?.asked.message?.code === 3 ? name : last!.name, asked: last!.asked };
}

const failure = ({ errno }: Asked, server: Ip): string =>
	`;; communications error to ${formatIp(server)}#53: ${errno === 'ECONNREFUSED' ? 'connection refused' : errno === undefined ? 'timed out' : 'host unreachable'}\n`;

const reverseName = (text: string): string | undefined => {
	const ip = parseIp(text);
	return ip === undefined ? undefined : `${text.split('.').reverse().join('.')}.in-addr.arpa`;
};

export async function nslookup(call: Call, space: Space): Promise<number> {
	const busybox = isBusybox('nslookup', call.place, call.lab);
	let type: number | undefined;
	const words: string[] = [];
	let timeout = 5e6;
	for (const word of call.args) {
		const option = /^-([a-z]+)(?:=(.*))?$/i.exec(word);
		if (!option) {
			words.push(word);
			continue;
		}
		if (/^(?:type|query|querytype|q)$/.test(option[1]!)) {
			type = TYPES[option[2]?.toUpperCase() ?? ''];
			if (type === undefined) call.out(`unknown query type: ${option[2] ?? ''}\n`);
		} else if (option[1] === 'timeout') timeout = (Number(option[2]) || 5) * 1e6;
		else if (option[1] !== 'debug' && option[1] !== 'nodebug') {
			call.out(`*** Invalid option: ${option[1]}\n`);
			return 1;
		}
	}
	const [name, at] = words;
	if (name === undefined) {
		call.err('nslookup: the simulator asks one question at a time: nslookup NAME [SERVER]\n');
		return 1;
	}
	const conf = await resolvConf(call);
	const server = at === undefined ? conf.servers[0] : await serverIp(call, space, at);
	if (server === undefined) {
		call.out(
			at === undefined
				? ';; no servers could be reached\n\n'
				: `nslookup: couldn't get address for '${at}': not found\n`,
		);
		return 1;
	}
	const reverse = reverseName(name);
	const { name: found, asked } = await lookup(
		call,
		space,
		conf,
		server,
		reverse ? `${reverse}.` : name,
		type ?? (reverse ? TYPES.PTR! : TYPES.A!),
		timeout,
	);
	const { message } = asked;
	if (!message) {
		call.out(
			busybox
				? ';; connection timed out; no servers could be reached\n\n'
				: `${failure(asked, server)};; no servers could be reached\n\n`,
		);
		return 1;
	}
	call.out(`Server:\t\t${at ?? formatIp(server)}\nAddress:\t${formatIp(server)}${busybox ? ':' : '#'}53\n\n`);
	if (message.code !== 0) {
		call.out(`** server can't find ${found.replace(/\.$/, '')}: ${RCODES[message.code] ?? message.code}\n\n`);
		return 1;
	}
	if ((message.flags & 0x400) === 0 && !busybox) call.out('Non-authoritative answer:\n');
	if (message.answers.length === 0) call.out(`*** Can't find ${found}: No answer\n`);
	for (const { name: owner, type: kind, data } of message.answers) {
		if (kind === TYPES.A) call.out(`Name:\t${owner}\nAddress: ${data}\n`);
		else if (kind === TYPES.PTR) call.out(`${owner}\tname = ${data}\n`);
		else if (kind === TYPES.SRV) call.out(`${owner}\tservice = ${data}\n`);
		else if (kind === TYPES.TXT) call.out(`${owner}\ttext = ${data}\n`);
		else call.out(`${owner}\t${typeName(kind)} = ${data}\n`);
	}
	call.out('\n');
	return 0;
}

export async function host(call: Call, space: Space): Promise<number> {
	const parsed = getopt(call.args, { short: 'aACdilrTvVwUs46c:N:t:W:R:m:p:' });
	if ('fault' in parsed) {
		call.err(
			`host: illegal option -- ${parsed.fault.option.replace(/^-+/, '')}\nUsage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]\n`,
		);
		return 1;
	}
	const { values, args } = parsed;
	const [name, at] = args;
	if (name === undefined) {
		call.err(
			'Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]\n',
		);
		return 1;
	}
	const asks = values.get('t')?.toUpperCase();
	if (asks !== undefined && TYPES[asks] === undefined) {
		call.err(`host: invalid type: ${values.get('t')}\n`);
		return 1;
	}
	const conf = await resolvConf(call);
	const server = at === undefined ? conf.servers[0] : await serverIp(call, space, at);
	if (server === undefined) {
		call.err(
			at === undefined ? ';; no servers could be reached\n' : `host: couldn't get address for '${at}': not found\n`,
		);
		return 1;
	}
	const reverse = reverseName(name);
	const type = asks === undefined ? (reverse ? TYPES.PTR! : TYPES.A!) : TYPES[asks]!;
	const { asked } = await lookup(
		call,
		space,
		conf,
		server,
		reverse ? `${reverse}.` : name,
		type,
		(Number(values.get('W')) || 5) * 1e6,
	);
	const { message } = asked;
	if (!message) {
		call.out(`${failure(asked, server)};; no servers could be reached\n`);
		return 1;
	}
	if (at !== undefined) call.out(`Using domain server:\nName: ${at}\nAddress: ${formatIp(server)}#53\nAliases: \n\n`);
	if (message.code !== 0) {
		call.out(
			`Host ${reverse ? `${reverse}.` : name} not found: ${message.code}(${RCODES[message.code] ?? message.code})\n`,
		);
		return 1;
	}
	if (message.answers.length === 0) call.out(`${message.question?.name ?? name} has no ${typeName(type)} record\n`);
	for (const { name: owner, type: kind, data } of message.answers)
		call.out(
			kind === TYPES.A
				? `${owner} has address ${data}\n`
				: kind === TYPES.PTR
					? `${owner} domain name pointer ${data}\n`
					: kind === TYPES.SRV
						? `${owner} has SRV record ${data}\n`
						: `${owner} descriptive text ${data}\n`,
		);
	return 0;
}
