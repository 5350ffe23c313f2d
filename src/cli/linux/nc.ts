/** `nc`: OpenBSD's netcat 1.218 as Debian has it (netcat.c), and busybox's (networking/nc.c). */
import { type Client, isLinuxError, type Listener, listen, unlisten } from '../../sim/linux/index.ts';
import { formatIp, parseIp, utf8 } from '../../sim/wire/index.ts';
import { FOREVER } from '../shell/clock.ts';
import { type Call, Interrupted, type Tool } from '../tool.ts';
import { dial } from './dial.ts';
import { textOf } from './http.ts';
import { hasTool, isBusybox } from './images.ts';
import { notFound, resolve } from './resolve.ts';
import { type Space, withSpace } from './space.ts';
import { mayBind } from './sysctl.ts';
import { ERRNO, getopt, getoptText, whole } from './words.ts';

const USAGE =
	'usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n\t  [destination] [port]\n';

const BUSYBOX_USAGE = `BusyBox v1.35.0 multi-call binary.

Usage: nc [OPTIONS] HOST PORT  - connect
nc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen

	-e PROG	Run PROG after connect (must be last)
	-l	Listen mode, for inbound connects
	-lk	With -e, provides persistent server
	-p PORT	Local port
	-s ADDR	Local address
	-w SEC	Timeout for connects and final net reads
	-i SEC	Delay interval for lines sent
	-n	Don't do DNS resolution
	-u	UDP mode
	-b	Allow broadcasts
	-v	Verbose
	-o FILE	Hex dump traffic
	-z	Zero-I/O mode (scanning)
`;

async function run(call: Call, space: Space): Promise<number> {
	const busybox = isBusybox('nc', call.place, call.lab);
	const parsed = getopt(call.args, {
		short: `46CDdFhklNnrStUuvZzbI:i:M:m:O:P:p:q:s:T:V:W:w:X:x:${busybox ? 'e:' : ''}`,
	});
	if ('fault' in parsed || (busybox && parsed.values.has('h'))) {
		const fault = 'fault' in parsed ? parsed.fault : ({ kind: 'unknown', option: '-h' } as const);
		call.err(`${getoptText('nc', fault)}${busybox ? BUSYBOX_USAGE : USAGE}`);
		return 1;
	}
	if (parsed.values.has('h')) {
		call.err(`OpenBSD netcat (Debian patchlevel 1.218-4ubuntu1)\n${USAGE}`);
		return 0;
	}
	const { values, args } = parsed;
	const has = (name: string): boolean => values.has(name);
	const protocol = has('u') ? 'udp' : 'tcp';
	if (has('e')) {
		call.err('nc: -e: the simulator runs no program for a connection\n');
		return 1;
	}
	if (has('l')) return serve(call, space, protocol, values.get('p') ?? args.at(-1), has('k'), has('v'));
	const [name, ports] = args;
	if (name === undefined || ports === undefined) {
		call.err(USAGE);
		return 1;
	}
	// Debian's and Alpine's takes several ports and ranges (netcat.c build_ports() with Debian's patches @ 1.217).
	const asked: number[] = [];
	for (const text of busybox ? [ports] : args.slice(1)) {
		const [one, other = one] = text.split('-').map((p) => whole(p, 1, 65_535));
		if (one === undefined || other === undefined) {
			call.err(`nc: port number invalid: ${text}\n`);
			return 1;
		}
		const low = Math.min(one, other);
		for (let port = low; port <= Math.min(Math.max(one, other), low + 1000); port++) asked.push(port);
	}
	const found = await resolve(call, space, name);
	if (!('ip' in found)) {
		call.err(
			busybox
				? `nc: bad address '${name}'\n`
				: `nc: getaddrinfo for host "${name}" port ${ports}: ${notFound(call, found.error)}\n`,
		);
		return 1;
	}
	// A name is followed by its address (connect's report since 1.217).
	const host = parseIp(name) === undefined ? `${name} (${formatIp(found.ip)})` : name;
	const seconds = Number(values.get('w'));
	const limit = Number.isFinite(seconds) && seconds > 0 ? seconds * 1e6 : undefined;
	let code = 1;
	for (const port of asked) {
		call.check();
		const data = has('z') ? undefined : utf8(call.stdin);
		const sport = whole(values.get('p'), 1, 65_535);
		// Without -v or -z nothing is sent to find out whether somebody is there: nobody is heard of, either.
		if (protocol === 'udp' && !busybox && !has('v') && data?.length === 0) {
			if (await call.until(() => false, limit ?? FOREVER)) continue;
			if (limit === undefined) throw new Interrupted();
			return 0;
		}
		const done = await dial(call, space, {
			protocol,
			dst: found.ip,
			dport: port,
			// A datagram has to be sent to learn that nobody is there.
			...(protocol === 'udp'
				? { data: data && data.length > 0 ? data : utf8('X') }
				: data && data.length > 0
					? { data }
					: { hears: !has('z') }),
			...(sport === undefined ? {} : { sport }),
			deadline: limit ?? (protocol === 'udp' ? 1e6 : has('z') || !data?.length ? 150e6 : 150e6),
		});
		const failed = (why: string): void => {
			if (has('v') || !has('z'))
				call.err(
					busybox
						? `nc: ${formatIp(found.ip)} (${formatIp(found.ip)}:${port}): ${why}\n`
						: `nc: connect to ${host} port ${port} (${protocol}) failed: ${why}\n`,
				);
		};
		if (!('client' in done)) {
			failed(ERRNO[done.errno] ?? done.errno);
			continue;
		}
		const { outcome } = done.client;
		const open =
			outcome?.result === 'connected' ||
			// No answer is one, and so are errors of ICMP's that a socket does not hear of.
			(protocol === 'udp' && (outcome?.result === 'timeout' || (outcome?.result === 'unreachable' && heard(done)))) ||
			done.connected !== undefined;
		if (!open) {
			// Of UDP it says nothing: that nobody is there shows in its second datagram (netcat.c udptest()).
			if (protocol === 'tcp' || busybox) failed(ERRNO[done.errno ?? ''] ?? 'Connection timed out');
			continue;
		}
		code = 0;
		if (has('v'))
			call.err(
				busybox
					? `${name} (${formatIp(found.ip)}:${port}) open\n`
					: `Connection to ${host} ${port} port [${protocol}/${(has('n') ? undefined : SERVICE[port]) ?? '*'}] succeeded!\n`,
			);
		if (!has('z')) call.out(textOf(outcome?.reply ?? new Uint8Array(0)));
	}
	return code;
}

/** Whether what came back was an error that came from the network. */
const heard = ({ client }: { readonly client: Client }): boolean => client.firstReply !== undefined;

const SERVICE: Readonly<Record<number, string>> = {
	22: 'ssh',
	25: 'smtp',
	53: 'domain',
	80: 'http',
	443: 'https',
	8080: 'http-alt',
};

/** `nc -l`: prints what comes, answers with its standard input, and ends after one connection. */
async function serve(
	call: Call,
	space: Space,
	protocol: 'tcp' | 'udp',
	text: string | undefined,
	keep: boolean,
	verbose: boolean,
): Promise<number> {
	const port = whole(text, 1, 65_535);
	if (port === undefined) {
		call.err(text === undefined ? USAGE : `nc: port number invalid: ${text}\n`);
		return 1;
	}
	if (!mayBind(call, space, port)) {
		call.err(`nc: ${isBusybox('nc', call.place, call.lab) ? 'bind: ' : ''}Permission denied\n`);
		return 1;
	}
	const came: { readonly at: number; readonly text: string; readonly peer: string }[] = [];
	const answer = call.stdin === '' ? undefined : utf8(call.stdin);
	let clock = 0;
	const made = space.change((net, ns) =>
		listen(net, ns, {
			protocol,
			port,
			owner: 'nc',
			closes: 'server',
			// What it was given goes out whether the other end speaks or not; of a datagram's sender nobody knows before.
			...(answer && protocol === 'tcp'
				? {
						greets: (peer) => {
							clock = call.lab.now;
							came.push({ at: clock, text: '', peer: `${formatIp(peer.ip)} ${peer.port}` });
							return answer;
						},
					}
				: {}),
			respond: (data, peer) => {
				clock = call.lab.now;
				came.push({ at: clock, text: textOf(data), peer: `${formatIp(peer.ip)} ${peer.port}` });
				return answer ?? new Uint8Array(0);
			},
		}),
	);
	if (isLinuxError(made)) {
		call.err(`nc: ${ERRNO[made.code === 'socket.denied' ? 'EPERM' : 'EADDRINUSE']}\n`);
		return 1;
	}
	const listener: Listener = made;
	if (verbose) call.err(`Listening on 0.0.0.0 ${port}\n`);
	try {
		do {
			// A year went by and nothing came: nobody waits longer.
			if (!(await call.until(() => came.length > 0, FOREVER))) throw new Interrupted();
			const next = came.shift();
			if (!next) continue;
			if (verbose) call.err(`Connection received on ${next.peer}\n`);
			call.out(next.text);
		} while (keep);
	} finally {
		space.change((net, ns) => unlisten(net, ns, listener));
	}
	return 0;
}

export const nc: Tool = {
	name: 'nc',
	aliases: ['netcat'],
	at: hasTool('nc'),
	run: (call) => withSpace(call, (space) => run(call, space)),
};
