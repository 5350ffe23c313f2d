/** `host` of BIND (bin/dig/host.c @ v9.18.1). */
import { formatIp } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';
import { bindVersion, unreachable } from './ask-servers.ts';
import { RCODES, TYPES, typeName } from './dns-message.ts';
import { lookup, reverseName } from './nslookup.ts';
import { resolvConf, serverIp } from './resolve.ts';
import type { Space } from './space.ts';
import { getopt } from './words.ts';

export async function host(call: Call, space: Space): Promise<number> {
	const parsed = getopt(call.args, { short: 'aACdilrTvVwUs46c:N:t:W:R:m:p:' });
	if ('fault' in parsed) {
		call.err(
			`host: illegal option -- ${parsed.fault.option.replace(/^-+/, '')}\nUsage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]\n`,
		);
		return 1;
	}
	const { values, args } = parsed;
	const other = [...values.keys()].find((option) => !'tWR4w'.includes(option));
	if (other !== undefined) {
		if (other === 'V') {
			call.err(`host ${bindVersion(call)}\n`);
			return 0;
		}
		call.err(`host: the simulator has no -${other}\n`);
		return 1;
	}
	const [name, at] = args;
	if (name === undefined) {
		call.err(
			'Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]\n',
		);
		return 1;
	}
	const wanted = values.get('t')?.toUpperCase();
	if (wanted !== undefined && TYPES[wanted] === undefined) {
		call.err(`host: invalid type: ${values.get('t')}\n`);
		return 1;
	}
	const conf = await resolvConf(call);
	const given = at === undefined ? undefined : await serverIp(call, space, at);
	const servers = at === undefined ? conf.servers : given === undefined ? [] : [given];
	if (servers.length === 0) {
		call.err(
			at === undefined ? ';; no servers could be reached\n' : `host: couldn't get address for '${at}': not found\n`,
		);
		return 1;
	}
	const reverse = reverseName(name);
	const type = wanted === undefined ? (reverse ? TYPES.PTR! : TYPES.A!) : TYPES[wanted]!;
	const timeout = (Number(values.get('W')) || 5) * 1e6;
	const asks = (what: string, kind: number) => lookup(call, space, conf, servers, what, kind, timeout, 2);
	const { name: found, asked, server } = await asks(reverse ? `${reverse}.` : name, type);
	const { message } = asked;
	if (!message) {
		call.out(unreachable(call));
		return 1;
	}
	if (at !== undefined) call.out(`Using domain server:\nName: ${at}\nAddress: ${formatIp(server)}#53\nAliases: \n\n`);
	if (message.code !== 0) {
		call.out(
			`Host ${reverse ? `${reverse}.` : name} not found: ${message.code}(${RCODES[message.code] ?? message.code})\n`,
		);
		return 1;
	}
	const plain = wanted === undefined && !reverse;
	if (message.answers.length === 0 && !plain)
		call.out(`${message.question?.name ?? name} has no ${typeName(type)} record\n`);
	for (const { name: owner, type: kind, data } of message.answers)
		call.out(
			kind === TYPES.A
				? `${owner} has address ${data}\n`
				: kind === TYPES.PTR
					? `${owner} domain name pointer ${data}\n`
					: kind === TYPES.SRV
						? `${owner} has SRV record ${data}\n`
						: kind === TYPES.CNAME
							? `${owner} is an alias for ${data}\n`
							: kind === TYPES.NS
								? `${owner} name server ${data}\n`
								: kind === TYPES.TXT
									? `${owner} descriptive text ${data}\n`
									: `${owner} has ${typeName(kind)} record ${data}\n`,
		);
	// A name alone is asked for its IPv6 address and its mail exchangers too.
	if (plain) for (const kind of [TYPES.AAAA!, TYPES.MX!]) await asks(`${found.replace(/\.$/, '')}.`, kind);
	return 0;
}
