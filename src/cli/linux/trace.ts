/** `traceroute` 2.1 (and busybox's), `tracepath` (iputils) and `mtr` 0.95 in report mode: probes whose TTL runs out on the way. */
import { formatIp, type Icmp, type Ip, parseIp } from '../../sim/wire/index.ts';
import type { Call, Tool } from '../tool.ts';
import { hasTool, isBusybox } from './images.ts';
import { type Method, mark, probe, target } from './probe.ts';
import { type Space, withSpace } from './space.ts';
import { clock, decimals, ERRNO, getopt, getoptText, isoDate, whole } from './words.ts';

/** networking/traceroute.c @ busybox 1_35_0. */
const BUSYBOX_USAGE = `BusyBox v1.35.0 multi-call binary.

Usage: traceroute [-46FIlnrv] [-f 1ST_TTL] [-m MAXTTL] [-q PROBES] [-p PORT]
	[-t TOS] [-w WAIT_SEC] [-s SRC_IP] [-i IFACE]
	[-z PAUSE_MSEC] HOST [BYTES]

Trace the route to HOST
`;

async function traceroute(call: Call, space: Space): Promise<number> {
	const busybox = isBusybox('traceroute', call.place, call.lab);
	const parsed = getopt(call.args, {
		short: busybox ? '46FIlnrvdxf:i:m:p:t:w:q:s:z:' : '46dFITnreAUDVf:g:i:m:N:p:t:l:w:q:s:z:',
		long: busybox
			? []
			: [
					'icmp=>I',
					'tcp=>T',
					'udp=>U',
					'max-hops=>m',
					'queries=>q',
					'wait=>w',
					'port=>p',
					'first=>f',
					'source=>s',
					'version=>V',
					'help',
				],
	});
	if ('fault' in parsed) {
		const { kind, option } = parsed.fault;
		if (busybox) {
			const what = kind === 'unknown' ? 'unrecognized option' : 'option requires an argument';
			call.err(`traceroute: ${what}: ${option.replace(/^-+/, '')}\n${BUSYBOX_USAGE}`);
			return 1;
		}
		call.err(
			kind === 'unknown'
				? `Bad option \`${option}' (argc 1)\n`
				: `Option \`${option}' (argc 1) requires an argument: \`${option} value'\n`,
		);
		return 2;
	}
	const { values, args } = parsed;
	const [name] = args;
	if (name === undefined && busybox) {
		call.err(BUSYBOX_USAGE);
		return 1;
	}
	if (name === undefined) {
		call.err(
			'Usage:\n  traceroute [ -46dFITnreAUDV ] [ -f first_ttl ] [ -g gate,... ] [ -i device ] [ -m max_ttl ] [ -N squeries ] [ -p port ] [ -t tos ] [ -l flow_label ] [ -w MAX,HERE,NEAR ] [ -q nqueries ] [ -s src_addr ] [ -z sendwait ] [ --fwmark=num ] host [ packetlen ]\n',
		);
		return 0;
	}
	const dst = await target(call, space, name);
	if (dst === undefined && busybox) {
		call.err(`traceroute: bad address '${name}'\n`);
		return 1;
	}
	if (dst === undefined) {
		call.err(
			`${name}: Temporary failure in name resolution\nCannot handle "host" cmdline arg \`${name}' on position 1 (argc ${call.args.indexOf(name) + 1})\n`,
		);
		return 2;
	}
	const max = whole(values.get('m') ?? '30', 1, 255);
	const queries = whole(values.get('q') ?? '3', 1, 10);
	const first = whole(values.get('f') ?? '1', 1, 255);
	const port = whole(values.get('p') ?? (values.has('T') ? '80' : '33434'), 1, 65_535);
	if (max === undefined || queries === undefined || first === undefined || port === undefined) {
		call.err(
			max === undefined
				? 'max hops cannot be more than 255\n'
				: queries === undefined
					? 'no more than 10 probes per hop\n'
					: `Cannot handle option\n`,
		);
		return 2;
	}
	const wait = (Number(values.get('w')?.split(',')[0] ?? 5) || 5) * 1e6;
	const method: Method = values.has('I') ? 'icmp' : values.has('T') ? 'tcp' : 'udp';
	const size = whole(args[1] ?? (busybox ? '46' : '60'), 28, 65_000) ?? 60;
	const src = values.has('s') ? parseIp(values.get('s')!) : undefined;
	call.out(`traceroute to ${name} (${formatIp(dst)}), ${max} hops max, ${size} byte packets\n`);
	const shown = (ip: Ip): string => (values.has('n') ? formatIp(ip) : `${formatIp(ip)} (${formatIp(ip)})`);
	let number = 0;
	let silent = 0;
	for (let ttl = first; ttl <= max; ttl++) {
		call.check();
		let line = `${String(ttl).padStart(2)} `;
		let last: Ip | undefined;
		let end = false;
		let longest = 0;
		for (let i = 0; i < queries; i++) {
			const answer = probe(space, {
				dst,
				ttl,
				method,
				number: number + 1,
				port: method === 'udp' && !values.has('U') ? port + number : port,
				size: method === 'tcp' ? 0 : size - 28,
				...(src === undefined ? {} : { src }),
			});
			number++;
			if (answer && 'errno' in answer) {
				call.err(`connect: ${ERRNO[answer.errno] ?? answer.errno}\n`);
				return 1;
			}
			if (!answer) {
				line += ' *';
				continue;
			}
			if (answer.from !== last) line += ` ${shown(answer.from)}`;
			last = answer.from;
			line += `  ${decimals(answer.took / 1000, 3)} ms${mark(answer.icmp)}`;
			end ||= answer.end;
			longest = Math.max(longest, answer.took);
		}
		// Sixteen probes are under way at a time: five silent hops wait together.
		if (longest > 0) await call.sleep(longest);
		else if (silent++ % 5 === 0) await call.sleep(wait);
		call.out(`${line}\n`);
		if (end) break;
	}
	return 0;
}

/** recverr(): how a path ends, by the code of "destination unreachable" (iputils tracepath.c). */
const pathEnd = (icmp: Icmp | undefined): string =>
	icmp?.type !== 3 || icmp.code === 3 ? 'reached' : [0, 6, 9, 11].includes(icmp.code) ? '!N' : '!H';

async function tracepath(call: Call, space: Space): Promise<number> {
	const parsed = getopt(call.args, { short: '46nbl:m:p:V' });
	const usage =
		'\nUsage\n  tracepath [options] <destination>\n\nOptions:\n  -4             use IPv4\n  -6             use IPv6\n  -b             print both name and IP\n  -l <length>    use packet <length>\n  -m <hops>      use maximum <hops>\n  -n             no reverse DNS name resolution\n  -p <port>      use destination <port>\n  -V             print version and exit\n';
	if ('fault' in parsed) {
		call.err(`${getoptText('tracepath', parsed.fault)}${usage}`);
		return 255;
	}
	const { values, args } = parsed;
	if (args.length !== 1) {
		call.err(usage);
		return 255;
	}
	const dst = await target(call, space, args[0]!);
	if (dst === undefined) {
		call.err(`tracepath: ${args[0]}: Name or service not known\n`);
		return 1;
	}
	const max = whole(values.get('m') ?? '30', 1, 255) ?? 30;
	let port = whole(values.get('p') ?? '44444', 1, 65_535) ?? 44_444;
	let pmtu = whole(values.get('l') ?? '65535', 28, 65_535) ?? 65_535;
	const host = (ip: Ip): string => formatIp(ip).padEnd(52);
	const ms = (us: number): string =>
		`${String(Math.floor(us / 1000)).padStart(3)}.${String(us % 1000).padStart(3, '0')}ms `;
	for (let ttl = 1; ttl <= max; ttl++) {
		const head = `${String(ttl).padStart(2)}: `;
		let silent = 0;
		while (silent < 3) {
			call.check();
			const answer = probe(space, {
				dst,
				ttl,
				method: 'udp',
				number: ttl,
				port: port++,
				size: pmtu - 28,
				df: true,
				probe: true,
			});
			if (answer && 'errno' in answer) {
				if (answer.mtu === undefined) {
					call.err(`tracepath: send failed: ${ERRNO[answer.errno] ?? answer.errno}\n`);
					return 1;
				}
				pmtu = answer.mtu;
				call.out(`${String(ttl).padStart(2)}?: ${'[LOCALHOST]'.padEnd(32)} pmtu ${pmtu}\n`);
				continue;
			}
			if (!answer) {
				silent++;
				await call.sleep(1e6);
				continue;
			}
			await call.sleep(answer.took);
			if (answer.icmp?.type === 3 && answer.icmp.code === 4 && (answer.icmp.mtu ?? 0) < pmtu) {
				pmtu = answer.icmp.mtu || 576;
				call.out(`${head} ${host(answer.from)}${ms(answer.took)}pmtu ${pmtu}\n`);
				silent = 0;
				continue;
			}
			// A machine answers with a TTL of 64 or 255; what is missing are the hops back.
			const back = (answer.ttl > 64 ? 255 : 64) - answer.ttl + 1;
			const asymmetric = back !== ttl ? `asymm ${String(back).padStart(2)} ` : '';
			call.out(
				`${head} ${host(answer.from)}${ms(answer.took)}${asymmetric}${answer.end ? pathEnd(answer.icmp) : ''}\n`,
			);
			if (answer.end) {
				call.out(`     Resume: pmtu ${pmtu} hops ${ttl} back ${back} \n`);
				return 0;
			}
			break;
		}
		if (silent === 3) call.out(`${head} no reply\n`);
	}
	call.out(`     Too many hops: pmtu ${pmtu}\n     Resume: pmtu ${pmtu} \n`);
	return 0;
}

async function mtr(call: Call, space: Space): Promise<number> {
	const parsed = getopt(call.args, {
		short: 'rnwbc:m:i:TuzP:s:4o:',
		long: ['report=>r', 'no-dns=>n', 'report-wide=>w', 'report-cycles=>c', 'tcp=>T', 'udp=>u', 'port=>P'],
	});
	if ('fault' in parsed) {
		call.err(`${getoptText('mtr', parsed.fault)}Try 'mtr --help' for more information.\n`);
		return 1;
	}
	const { values, args } = parsed;
	const name = args[0] ?? 'localhost';
	if (!values.has('r') && !values.has('w')) {
		call.err('mtr: the simulator has its report only: mtr -r\n');
		return 1;
	}
	const dst = await target(call, space, name);
	if (dst === undefined) {
		call.err(`mtr: Failed to resolve host: ${name}: Name or service not known\n`);
		return 1;
	}
	const cycles = whole(values.get('c') ?? '10', 1, 1000) ?? 10;
	const max = whole(values.get('m') ?? '30', 1, 255) ?? 30;
	const method: Method = values.has('T') ? 'tcp' : values.has('u') ? 'udp' : 'icmp';
	const began = call.lab.epoch + call.lab.now / 1e6;
	const hops: { from: Ip | undefined; times: number[]; sent: number }[] = [];
	let number = 0;
	let last = max;
	for (let cycle = 0; cycle < cycles; cycle++) {
		for (let ttl = 1; ttl <= last; ttl++) {
			call.check();
			hops[ttl - 1] ??= { from: undefined, times: [], sent: 0 };
			const hop = hops[ttl - 1]!;
			hop.sent++;
			const answer = probe(space, {
				dst,
				ttl,
				method,
				number: ++number,
				port: whole(values.get('P') ?? (method === 'tcp' ? '80' : '33434'), 1, 65_535) ?? 80,
				size: 36,
			});
			if (answer && 'errno' in answer) {
				call.err(`mtr: ${ERRNO[answer.errno] ?? answer.errno}\n`);
				return 1;
			}
			if (!answer) {
				// Five silent hops in a row are the end.
				if (ttl > 5 && hops.slice(ttl - 6, ttl).every((h) => h.from === undefined)) last = ttl - 1;
				continue;
			}
			hop.from = answer.from;
			hop.times.push(answer.took / 1000);
			if (answer.end || answer.from === dst) last = ttl;
		}
		await call.sleep(1e6);
	}
	const host = space.name.slice(space.name.lastIndexOf('/') + 1).replace(/^host$/, 'laptop');
	call.out(
		`Start: ${isoDate(began)}T${clock(began)}+0000\n${`HOST: ${host}`.padEnd(33)} Loss%   Snt   Last   Avg  Best  Wrst StDev\n`,
	);
	for (const [i, { from, times, sent }] of hops.slice(0, last).entries()) {
		const avg = times.length ? times.reduce((a, b) => a + b, 0) / times.length : 0;
		const dev = times.length > 1 ? Math.sqrt(times.reduce((a, b) => a + (b - avg) ** 2, 0) / (times.length - 1)) : 0;
		const row = [
			times.at(-1) ?? 0,
			avg,
			times.length ? Math.min(...times) : 0,
			times.length ? Math.max(...times) : 0,
			dev,
		];
		call.out(
			`${`${String(i + 1).padStart(3)}.|-- ${from === undefined ? '???' : formatIp(from)}`.padEnd(33)}${`${decimals(((sent - times.length) * 100) / sent, 1)}%`.padStart(6)}${String(sent).padStart(6)}${row.map((n, j) => decimals(n, 1).padStart(j === 0 ? 7 : 6)).join('')}\n`,
		);
	}
	return 0;
}

export const traceTools: readonly Tool[] = [
	{ name: 'traceroute', at: hasTool('traceroute'), run: (call) => withSpace(call, (space) => traceroute(call, space)) },
	{ name: 'tracepath', at: hasTool('tracepath'), run: (call) => withSpace(call, (space) => tracepath(call, space)) },
	{ name: 'mtr', at: hasTool('mtr'), run: (call) => withSpace(call, (space) => mtr(call, space)) },
];
