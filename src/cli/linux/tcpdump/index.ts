/**
 * `tcpdump` 4.99 (tcpdump.c): every frame a device of this namespace sends or receives, as it passes; or a file of them.
 */
import { deviceByName } from '../../../sim/linux/index.ts';
import { encodeFrame } from '../../../sim/wire/index.ts';
import { type Call, Interrupted, type Tool } from '../../tool.ts';
import { devicesIn } from '../devices.ts';
import { untilMore } from '../idle.ts';
import { hasTool } from '../images.ts';
import { may } from '../rights.ts';
import { type Space, withSpace } from '../space.ts';
import { listenIn } from '../traffic.ts';
import { getopt, whole } from '../words.ts';
import { type FrameTest, parseFilter } from './filter.ts';
import { lineOf, type Seen, type Settings, typeOf } from './line.ts';
import { lists, unanswered } from './options.ts';
import { cooked, EN10MB, LINUX_SLL2, pcapHeader, pcapRecord, SNAPLEN } from './pcap.ts';
import { Printer } from './print.ts';
import { joined, readFile } from './read-file.ts';

const SHORT = 'AbB:c:C:dDeE:fF:G:hHi:Ij:JKlLm:M:nNOpqQ:r:s:StT:uUvV:w:W:xXy:Yz:Z:#';
const LONG = [
	'interface=>i',
	'list-interfaces=>D',
	'number=>#',
	'version',
	'help=>h',
	'count',
	'print',
	'immediate-mode',
	'absolute-tcp-sequence-numbers=>S',
	'direction=>Q',
	'packet-buffered=>U',
	'snapshot-length=>s',
	'no-promiscuous-mode=>p',
	'no-optimize=>O',
	'dont-verify-checksums=>K',
	'buffer-size=>B',
	'monitor-mode=>I',
	'time-stamp-type=>j',
	'list-time-stamp-types=>J',
	'list-data-link-types=>L',
	'linktype=>y',
	'relinquish-privileges=>Z',
	'time-stamp-precision=',
	'micro',
	'nano',
];

const USAGE = `tcpdump version 4.99.1
libpcap version 1.10.1 (with TPACKET_V3)
Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
		[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
		[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]
		[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]
		[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]
		[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
		[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
		[ -z postrotate-command ] [ -Z user ] [ expression ]
`;

/** libpcap names what is wrong, or says that it cannot parse. */
const complaint = (error: string): string =>
	error === 'syntax error' ? `can't parse filter expression: ${error}` : error;

const plural = (n: number, word: string): string => `${n} packet${n === 1 ? '' : 's'} ${word}\n`;

async function run(call: Call, space: Space): Promise<number> {
	const fail = (text: string): number => {
		call.err(`tcpdump: ${text}\n`);
		return 1;
	};
	const parsed = getopt(call.args, {
		short: SHORT,
		long: LONG,
		posix: true,
	});
	if ('fault' in parsed) {
		call.err(
			`${parsed.fault.option.startsWith('--') ? `tcpdump: unrecognized option '${parsed.fault.option}'` : parsed.fault.kind === 'unknown' ? `tcpdump: invalid option -- '${parsed.fault.option.slice(1)}'` : `tcpdump: option requires an argument -- '${parsed.fault.option.slice(1)}'`}\n${USAGE}`,
		);
		return 1;
	}
	// getopt permutes for tcpdump: options may stand behind the expression's words.
	const more = getopt(parsed.args, { short: SHORT, long: LONG });
	const late = 'fault' in more ? undefined : more;
	const value = (name: string): string | undefined => late?.values.get(name) ?? parsed.values.get(name);
	const times = (name: string): number => parsed.all(name).length + (late?.all(name).length ?? 0);
	if (parsed.values.has('version') || times('h') > 0) {
		call.out(parsed.values.has('version') ? `${USAGE.split('\n').slice(0, 2).join('\n')}\n` : USAGE);
		return 0;
	}
	const wrong = unanswered({ value, has: (name) => times(name) > 0 });
	if (wrong !== undefined) return fail(wrong);
	if (times('J') > 0 || times('L') > 0) return lists(call, space, value('i'), times('J') > 0);
	if (times('D') > 0) {
		for (const [i, device] of [
			...devicesIn(space.ns())
				.filter((d) => d.kind !== 'loopback' && d.up)
				.map((d) => `${d.name} [Up, Running, Connected]`),
			'any (Pseudo-device that captures on all interfaces) [Up, Running]',
			'lo [Up, Running, Loopback]',
		].entries())
			call.out(`${i + 1}.${device}\n`);
		return 0;
	}
	if (times('d') > 0) return fail('the simulator compiles no filters into programs: -d has nothing to show');
	const limit = value('c');
	const count = limit === undefined ? Number.POSITIVE_INFINITY : whole(limit, 1, 0x7fffffff);
	if (count === undefined) return fail(`invalid packet count ${limit}`);
	let expression = (late?.args ?? parsed.args).join(' ');
	const from = value('F');
	if (from !== undefined) {
		const text = await call.files.read(from);
		if (text === undefined) return fail(`can't open ${from}: No such file or directory`);
		expression = text.replace(/\s+/g, ' ').trim();
	}
	const nano = times('nano') > 0 || value('time-stamp-precision') === 'nano';
	const total = times('count') > 0;
	const filter = parseFilter(expression);
	const verbose = times('v');
	const settings = (any: boolean): Settings => ({
		printer: new Printer({
			numeric: times('n') > 0,
			link: times('e') > 0,
			verbose,
			quiet: times('q') > 0,
			absolute: times('S') > 0,
			unchecked: times('K') > 0,
		}),
		any,
		times: times('t'),
		dump:
			times('X') + times('x') + times('A') > 0
				? {
						hex: true,
						text: times('X') > 0,
						link: times('X') > 1 || times('x') > 1 || times('A') > 1,
						only: times('A') > 0 && times('X') + times('x') === 0,
					}
				: undefined,
		number: times('#') > 0,
		nano,
		epoch: call.lab.epoch,
	});
	const read = value('r');
	if (read !== undefined) {
		if ('error' in filter) return fail(complaint(filter.error));
		if (times('f') > 0) return fail('-f can not be used with -V or -r');
		return readFile(call, space, read, filter.test, settings, count, value('w'), total);
	}
	const dev = value('i') ?? devicesIn(space.ns()).find((d) => d.up && d.kind !== 'loopback')?.name ?? 'lo';
	const any = dev === 'any';
	const device = deviceByName(space.ns(), dev);
	if (!any && !device) {
		call.err(`tcpdump: ${dev}: No such device exists\n(No such device exists)\n`);
		return 1;
	}
	if (!may(call, 'NET_RAW')) {
		call.err(
			`tcpdump: ${dev}: You don't have permission to perform this capture on that device\n(Attempt to create packet socket failed - CAP_NET_RAW may be required)\n`,
		);
		return 1;
	}
	if (device && !device.up) return fail(`${dev}: That device is not up`);
	if ('error' in filter) return fail(complaint(filter.error));
	return live(call, space, {
		dev,
		any,
		test: filter.test,
		settings: settings(any),
		count,
		path: value('w'),
		way: value('Q'),
		verbose,
		print: times('print') > 0,
		total,
		snaplen: Number(value('s') ?? 0) || SNAPLEN,
		each: times('U') > 0,
	});
}

interface Live {
	readonly dev: string;
	readonly any: boolean;
	readonly test: FrameTest;
	readonly settings: Settings;
	readonly count: number;
	readonly path: string | undefined;
	readonly way: string | undefined;
	readonly verbose: number;
	readonly print: boolean;
	/** --count */
	readonly total: boolean;
	readonly snaplen: number;
	/** -U: each packet is written as it comes. */
	readonly each: boolean;
}

/** stdio hands a file on in pieces of this size. */
const BUFFER = 4096;

async function live(
	call: Call,
	space: Space,
	{ dev, any, test, settings, count, path, way, verbose, print, total, snaplen, each }: Live,
): Promise<number> {
	if (any) call.err('tcpdump: data link type LINUX_SLL2\n');
	// What may not be written is said before anything is captured.
	const file = path !== undefined && path !== '-';
	if (file) await call.files.write(path, new Uint8Array(0));
	if (path === undefined && verbose === 0)
		call.err('tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n');
	call.err(
		`${path !== undefined || verbose > 0 ? 'tcpdump: ' : ''}listening on ${dev}, link-type ${any ? 'LINUX_SLL2 (Linux cooked v2)' : 'EN10MB (Ethernet)'}, snapshot length ${snaplen} bytes\n`,
	);
	const queue: Seen[] = [];
	const stop = listenIn(space.lab, {
		cluster: space.cluster?.name,
		frame(capture) {
			if (capture.ns !== space.name || (!any && capture.dev !== dev)) return;
			// libpcap leaves out what leaves by loopback: it comes in again.
			if (capture.dev === 'lo' && capture.direction === 'tx') return;
			if ((way === 'in' && capture.direction === 'tx') || (way === 'out' && capture.direction === 'rx')) return;
			if (!test(capture.frame)) return;
			queue.push({
				time: capture.time,
				frame: capture.frame,
				octets: encodeFrame(capture.frame),
				device: capture.dev,
				ifindex: deviceByName(space.ns(), capture.dev)?.ifindex ?? 0,
				type: typeOf(space, capture),
			});
		},
	});
	const records: Uint8Array[] = [pcapHeader(any ? LINUX_SLL2 : EN10MB, snaplen)];
	let size = records[0]!.length;
	let handed = 0;
	/** Whole buffers, or all there is. */
	const hand = async (all: boolean): Promise<void> => {
		const end = all ? size : size - (size % BUFFER);
		if (!file || end === handed) return;
		handed = end;
		await call.files.write(path, joined(records).subarray(0, end));
	};
	let seen = 0;
	let before: number | undefined;
	const finish = async (): Promise<void> => {
		stop();
		await hand(true);
		if (total) call.out(`${seen} packet${seen === 1 ? '' : 's'}\n`);
		call.err(plural(seen, 'captured') + plural(seen, 'received by filter') + plural(0, 'dropped by kernel'));
	};
	if (path === '-') call.outBytes(records[0]!);
	try {
		while (seen < count) {
			// A year went by and nothing came: nobody waits longer.
			if (!(await untilMore(call, space, () => queue.length > 0))) throw new Interrupted();
			// Frames of one exchange come all at once; each is told when its time has come.
			queue.sort((a, b) => a.time - b.time);
			const next = queue[0];
			if (!next) continue;
			if (next.time > call.lab.now) {
				await call.sleep(next.time - call.lab.now);
				continue;
			}
			queue.shift();
			seen++;
			if (path !== undefined) {
				const record = pcapRecord(
					settings.epoch * 1e6 + next.time,
					any ? cooked(next.octets, next.ifindex, next.type) : next.octets,
				);
				if (path === '-') call.outBytes(record);
				else {
					records.push(record);
					size += record.length;
					await hand(each);
				}
			}
			if (path === undefined ? !total : print) call.out(lineOf(settings, next, seen, before));
			before = settings.times > 4 ? (before ?? next.time) : next.time;
		}
	} catch (interrupted) {
		if (!(interrupted instanceof Interrupted)) throw interrupted;
		if (!HEARD.includes(call.signal)) {
			// It ends where it is; whole buffers are in its file.
			await hand(false);
			throw interrupted;
		}
		if (path === undefined) call.out('\n');
		await finish();
		throw new Interrupted({ code: 0, upon: HEARD });
	} finally {
		stop();
	}
	await finish();
	return 0;
}

/** Signals that tcpdump ends itself upon (tcpdump.c main() @ 4.99.1). */
const HEARD = ['INT', 'TERM', 'HUP'];

export const tcpdump: Tool = {
	name: 'tcpdump',
	at: hasTool('tcpdump'),
	run: (call) => withSpace(call, (space) => run(call, space)),
};
