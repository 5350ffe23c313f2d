/** lsof for sockets, telnet, ipset: what asks a namespace or a port one question. */
import { formatIp, formatPrefix, type Ip } from '../../sim/wire/index.ts';
import type { Call, Tool } from '../tool.ts';
import { dial } from './dial.ts';
import { hasTool, isBusybox } from './images.ts';
import { inodeOf } from './proc-sockets.ts';
import { resolve } from './resolve.ts';
import { socketsOf } from './sockets.ts';
import { type Space, withSpace } from './space.ts';
import { ERRNO, getopt, getoptText } from './words.ts';

const place = ({ ip, port }: { readonly ip: Ip; readonly port: number }): string =>
	`${ip === 0 ? '*' : formatIp(ip)}:${port}`;

/** lsof 4.95: open files that are sockets (`-i`). Files are not modelled. */
const lsof: Tool = {
	name: 'lsof',
	at: hasTool('lsof'),
	run: (call) =>
		withSpace(call, (space) => {
			const words = call.args.flatMap((word) => (/^-[nP]+i/.test(word) ? [`-i${word.replace(/^-[nP]+i/, '')}`] : word));
			const at = words.findIndex((word) => word.startsWith('-i'));
			if (at < 0) {
				call.err('lsof: the simulator knows sockets only: lsof -i [TCP|UDP][:PORT]\n');
				return 1;
			}
			const asked =
				words[at] === '-i' && /^(?:tcp|udp|4|:|@)/i.test(words[at + 1] ?? '') ? words[at + 1]! : words[at]!.slice(2);
			const match = /^(?:4)?(tcp|udp)?(?::(\d+)(?:-(\d+))?)?$/i.exec(asked);
			if (!match) {
				call.err(`lsof: unacceptable Internet address: ${asked}\n`);
				return 1;
			}
			const [, protocol, from, to = from] = match;
			const between = (port: number): boolean => from === undefined || (port >= Number(from) && port <= Number(to));
			const listens = words.includes('-sTCP:LISTEN') || (words.includes('-s') && words.includes('TCP:LISTEN'));
			const rows = socketsOf(space).filter(
				(row) =>
					row.processes.length > 0 &&
					(protocol === undefined || row.protocol === protocol.toLowerCase()) &&
					(between(row.local.port) || (row.remote.port !== 0 && between(row.remote.port))) &&
					(!listens || row.state === 'LISTEN'),
			);
			if (rows.length === 0) return 1;
			const lines = rows.flatMap((row) =>
				[...row.processes].reverse().map((process) => ({
					command: process.name.slice(0, 9),
					pid: String(process.pid),
					fd: `${String(process.fd).padStart(4)}u `,
					type: row.v6 || row.text ? 'IPv6' : 'IPv4',
					device: String(inodeOf(space, row)),
					node: row.protocol.toUpperCase(),
					name: `${place(row.local)}${row.remote.port === 0 ? '' : `->${place(row.remote)}`} ${row.protocol === 'tcp' ? `(${row.state})` : ''}`,
				})),
			);
			const wide = (head: string, cell: (line: (typeof lines)[number]) => string): number =>
				Math.max(head.length, ...lines.map((line) => cell(line).length));
			const command = wide('COMMAND', (l) => l.command);
			const pid = wide('  PID', (l) => l.pid);
			const device = wide('DEVICE', (l) => l.device);
			call.out(
				`${'COMMAND'.padEnd(command)} ${'PID'.padStart(pid)} USER   FD   TYPE ${'DEVICE'.padStart(device)} SIZE/OFF NODE NAME\n`,
			);
			for (const line of lines)
				call.out(
					`${line.command.padEnd(command)} ${line.pid.padStart(pid)} root ${line.fd} ${line.type} ${line.device.padStart(device)}      0t0 ${line.node.padStart(4)} ${line.name}\n`,
				);
			return 0;
		}),
};

/** busybox's (networking/telnet.c): connects, and ends with the connection. */
async function busyTelnet(call: Call, space: Space): Promise<number> {
	const [host, port = '23'] = call.args.filter((word) => !word.startsWith('-'));
	if (host === undefined) {
		call.err('Usage: telnet [-a] [-l USER] HOST [PORT]\n\nConnect to telnet server\n');
		return 1;
	}
	const found = await resolve(call, space, host);
	if (!('ip' in found)) {
		call.err(`telnet: bad address '${host}'\n`);
		return 1;
	}
	const number = Number(port);
	if (!(number > 0 && number < 65_536)) {
		call.err(`telnet: bad port '${port}'\n`);
		return 1;
	}
	const done = await dial(call, space, { protocol: 'tcp', dst: found.ip, dport: number, deadline: 130e6 });
	if ('client' in done && done.connected !== undefined) {
		call.out(
			`Connected to ${host}\n\nEntering character mode\nEscape character is '^]'.\n\nConnection closed by foreign host\n`,
		);
		return 1;
	}
	const why = done.errno ?? 'ETIMEDOUT';
	call.err(`telnet: can't connect to remote host (${formatIp(found.ip)}): ${ERRNO[why] ?? why}\n`);
	return 1;
}

/** netkit-telnet 0.17: connects and ends with the connection; whoever talks HTTP by hand uses nc. */
const telnet: Tool = {
	name: 'telnet',
	at: hasTool('telnet'),
	run: (call) =>
		withSpace(call, async (space) => {
			if (isBusybox('nc', call.place, call.lab)) return busyTelnet(call, space);
			const [host, port = '23'] = call.args.filter((word) => !word.startsWith('-'));
			if (host === undefined) {
				call.err('telnet: the simulator has no prompt: telnet HOST PORT\n');
				return 1;
			}
			const found = await resolve(call, space, host);
			if (!('ip' in found)) {
				call.err(`telnet: could not resolve ${host}/${port}: Name or service not known\n`);
				return 1;
			}
			const number = Number(port);
			if (!(number > 0 && number < 65_536)) {
				call.err(`telnet: could not resolve ${host}/${port}: Servname not supported for ai_socktype\n`);
				return 1;
			}
			call.out(`Trying ${formatIp(found.ip)}...\n`);
			const done = await dial(call, space, { protocol: 'tcp', dst: found.ip, dport: number, deadline: 130e6 });
			if ('client' in done && done.connected !== undefined) {
				call.out(`Connected to ${host}.\nEscape character is '^]'.\nConnection closed by foreign host.\n`);
				return 1;
			}
			const why = done.errno ?? 'ETIMEDOUT';
			call.err(`telnet: Unable to connect to remote host: ${ERRNO[why] ?? why}\n`);
			return 1;
		}),
};

/** ipset 7.15: sets of addresses that rules look into. Sizes in memory are not modelled. */
const ipset: Tool = {
	name: 'ipset',
	at: hasTool('ipset'),
	run: (call) =>
		withSpace(call, (space) => {
			const parsed = getopt(call.args, { short: 'nto:', long: ['name=>n', 'terse=>t', 'output=>o'] });
			if ('fault' in parsed) {
				call.err(`${getoptText('ipset', parsed.fault)}Try \`ipset help' for more information.\n`);
				return 1;
			}
			const [verb = 'list', name] = parsed.args;
			if (!['list', '-L', 'save'].includes(verb)) {
				call.err(`ipset: the simulator has no "ipset ${verb}"\n`);
				return 1;
			}
			const { ipsets, ruleset } = space.ns();
			const rules = Object.values(ruleset).flatMap((t) => [...(t?.chains.values() ?? [])].flatMap((c) => c.rules));
			const sets = [...ipsets].filter(([set]) => name === undefined || set === name);
			if (name !== undefined && sets.length === 0) {
				call.err(`ipset v7.15: The set with the given name does not exist\n`);
				return 1;
			}
			for (const [i, [set, members]] of sets.entries()) {
				if (parsed.values.has('n')) {
					call.out(`${set}\n`);
					continue;
				}
				const nets = members.map((m) => (m.length === 32 ? formatIp(m.address) : formatPrefix(m)));
				if (verb === 'save') {
					call.out(`create ${set} hash:net family inet hashsize 1024 maxelem 65536\n`);
					for (const net of nets) call.out(`add ${set} ${net}\n`);
					continue;
				}
				const uses = rules.filter((r) => r.matches.some((m) => m.kind === 'set' && m.name === set)).length;
				call.out(
					`${i > 0 ? '\n' : ''}Name: ${set}\nType: hash:net\nHeader: family inet hashsize 1024 maxelem 65536\nReferences: ${uses}\nNumber of entries: ${nets.length}\nMembers:\n${parsed.values.has('t') ? '' : nets.map((net) => `${net}\n`).join('')}`,
				);
			}
			return 0;
		}),
};

export const socketsTools: readonly Tool[] = [lsof, telnet, ipset];
