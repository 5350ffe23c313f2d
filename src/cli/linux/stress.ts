/** stress 1.0.4 (src/stress.c), the program of polinux/stress and progrium/stress: workers that use processors and memory. */
import { FOREVER } from '../shell/clock.ts';
import type { Call, Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { useMemory } from './memory.ts';
import { processesAt } from './processes.ts';

const USAGE = `\`stress' imposes certain types of compute stress on your system

Usage: stress [OPTION [ARG]] ...
 -?, --help         show this help statement
     --version      show version statement
 -v, --verbose      be verbose
 -q, --quiet        be quiet
 -n, --dry-run      show what would have been done
 -t, --timeout N    timeout after N seconds
     --backoff N    wait factor of N microseconds before work starts
 -c, --cpu N        spawn N workers spinning on sqrt()
 -i, --io N         spawn N workers spinning on sync()
 -m, --vm N         spawn N workers spinning on malloc()/free()
     --vm-bytes B   malloc B bytes per vm worker (default is 256MB)
     --vm-stride B  touch a byte every B bytes (default is 4096)
     --vm-hang N    sleep N secs before free (default none, 0 is inf)
     --vm-keep      redirty memory instead of freeing and reallocating
 -d, --hdd N        spawn N workers spinning on write()/unlink()
     --hdd-bytes B  write B bytes per hdd worker (default is 1GB)

Example: stress --cpu 8 --io 4 --vm 2 --vm-bytes 128M --timeout 10s

Note: Numbers may be suffixed with s,m,h,d,y (time) or B,K,M,G (size).
`;

const SIZE: Readonly<Record<string, number>> = { '': 1, B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };
const TIME: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 };
const SHORT: Readonly<Record<string, string>> = { t: 'timeout', c: 'cpu', i: 'io', m: 'vm', d: 'hdd' };
const VALUES = ['timeout', 'backoff', 'cpu', 'io', 'vm', 'vm-bytes', 'vm-stride', 'vm-hang', 'hdd', 'hdd-bytes'];
/** Octets that a worker touches in a second. */
const TOUCHED = 2 * 2 ** 30;

function read(args: readonly string[]): Map<string, string> | string {
	const out = new Map<string, string>();
	const words = [...args];
	for (let word = words.shift(); word !== undefined; word = words.shift()) {
		const [, long, given] = /^--([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
		const name = long ?? SHORT[/^-([tcimd])$/.exec(word)?.[1] ?? ''] ?? /^-([vqn?])$/.exec(word)?.[1];
		if (
			name === undefined ||
			(!VALUES.includes(name) && !/^(?:[vqn?]|help|version|verbose|quiet|dry-run|vm-keep|hdd-noclean)$/.test(name))
		)
			return `unrecognized option: ${word}`;
		if (!VALUES.includes(name)) out.set(name, '');
		else {
			const value = given ?? words.shift();
			if (value === undefined) return `missing argument to option '${word}'`;
			out.set(name, value);
		}
	}
	return out;
}

async function run(call: Call): Promise<number> {
	const pid =
		call.place.kind === 'laptop'
			? 1
			: (processesAt(call.lab, call.place).find(({ argv }) => argv[0] === 'stress')?.pid ?? 1);
	const say = (level: string, text: string): void =>
		(level === 'info' || level === 'dbug' ? call.out : call.err)(`stress: ${level}: [${pid}] ${text}\n`);
	const options = read(call.args);
	if (typeof options === 'string') {
		say('FAIL', options);
		return 1;
	}
	if (call.args.length === 0 || options.has('help') || options.has('?')) {
		call.out(USAGE);
		return 0;
	}
	if (options.has('version')) {
		call.out('stress 1.0.4\n');
		return 0;
	}
	const number = (name: string, units: Readonly<Record<string, number>>, otherwise: number): number | undefined => {
		const text = options.get(name);
		if (text === undefined) return otherwise;
		const [, digits, unit = ''] = /^(\d+)([A-Za-z]?)$/.exec(text) ?? [];
		const factor = units[unit] ?? units[unit.toUpperCase()];
		return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
	};
	const wanted = {
		cpu: number('cpu', { '': 1 }, 0),
		io: number('io', { '': 1 }, 0),
		vm: number('vm', { '': 1 }, 0),
		hdd: number('hdd', { '': 1 }, 0),
		bytes: number('vm-bytes', SIZE, 256 * 2 ** 20),
		hang: number('vm-hang', TIME, -1),
		timeout: number('timeout', TIME, 0),
	};
	for (const [name, value] of Object.entries(wanted))
		if (value === undefined) {
			const option = name === 'bytes' ? 'vm-bytes' : name === 'hang' ? 'vm-hang' : name;
			say('FAIL', `(244) invalid number: ${options.get(option)}`);
			return 1;
		}
	const { cpu = 0, io = 0, vm = 0, hdd = 0, bytes = 0, hang = -1, timeout = 0 } = wanted;
	const quiet = options.has('q') || options.has('quiet');
	if (!quiet) say('info', `dispatching hogs: ${cpu} cpu, ${io} io, ${vm} vm, ${hdd} hdd`);
	if (options.has('n') || options.has('dry-run')) return 0;
	if (cpu + io + vm + hdd === 0) return 0;
	const began = call.lab.now;
	const end = timeout > 0 ? began + timeout * 1e6 : Number.POSITIVE_INFINITY;
	let held = false;
	try {
		if (vm > 0) await call.sleep(Math.min(Math.round((vm * bytes * 1e6) / TOUCHED), end - began));
		if (vm > 0 && call.lab.now < end) {
			held = true;
			const told = await useMemory(call, 'stress', vm * bytes);
			if (told === 'gone') await call.sleep(1);
			if (told !== 'fits') {
				held = false;
				say('FAIL', `(416) <-- worker ${pid + 6} got signal 9`);
				say('WARN', '(418) now reaping child worker processes');
				if (vm + cpu + io + hdd === 1) say('FAIL', '(422) kill error: No such process');
				say('FAIL', `(452) failed run completed in ${Math.floor((call.lab.now - began) / 1e6)}s`);
				return 1;
			}
		}
		// What is freed is taken again at once, or after the hang.
		void hang;
		await call.sleep(Math.min(end - call.lab.now, FOREVER));
	} finally {
		if (held) await useMemory(call, 'stress', 0);
	}
	if (!quiet) say('info', `successful run completed in ${timeout}s`);
	return 0;
}

export const stress: Tool = { name: 'stress', at: hasTool('stress'), run };
