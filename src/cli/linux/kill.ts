/**
 * Signals to processes that `ps` shows: what kill(2) does, `pkill` (procps 3.3.17 pgrep.c) and `killall` (psmisc 23.4, and
 * busybox procps/kill.c).
 */
import type { GuestSignal, Lab } from '../../sim/lab/index.ts';
import type { Call, Place, Tool } from '../tool.ts';
import { hasTool, isBusybox } from './images.ts';
import type { Process } from './process-numbers.ts';
import { processesAt, processesOf } from './processes.ts';
import { matching } from './ps.ts';

/** Number of who sends from outside a container's namespace. */
const OUTSIDE = 0;

/** Of a process that looks itself up among the others. */
const ownPid = (call: Call): number => {
	const line = [call.name, ...call.args].join(' ');
	return processesOf(call).findLast(({ argv }) => argv.join(' ') === line)?.pid ?? OUTSIDE;
};

/**
 * Sends a signal to a process of a place; answers what is wrong with it. Nobody in its own namespace ends the first process
 * for good (kernel/signal.c sig_task_ignored()); `ASK` only looks whether it is there. `from` is the number of who sends.
 */
export function signalTo(
	place: Place,
	lab: Lab,
	pid: number,
	name: GuestSignal | 'ASK',
	user: string,
	from: number,
): string | undefined {
	const all = processesAt(lab, place);
	if (pid === -1) {
		for (const one of all) if (one.pid !== 1) send(place, one, name, user, from);
		return undefined;
	}
	const process = all.find((one) => one.pid === Math.abs(pid));
	return process ? send(place, process, name, user, from) : 'No such process';
}

function send(
	place: Place,
	process: Process,
	name: GuestSignal | 'ASK',
	user: string,
	from: number,
): string | undefined {
	if (user !== 'root' && user !== process.user && user !== '0') return 'Operation not permitted';
	const inside = place.kind === 'pod' || place.kind === 'container';
	if (name === 'ASK' || (process.pid === 1 && (name === 'KILL' || !inside))) return undefined;
	if (!process.signal)
		return "Operation not permitted (this lab's daemons are ended by systemctl, and its pauses by nothing)";
	process.signal(name, inside ? from : OUTSIDE);
	return undefined;
}

const KNOWN: readonly GuestSignal[] = ['HUP', 'INT', 'QUIT', 'KILL', 'USR1', 'USR2', 'TERM'];
const NUMBERS: Readonly<Record<string, GuestSignal>> = {
	1: 'HUP',
	2: 'INT',
	3: 'QUIT',
	9: 'KILL',
	10: 'USR1',
	12: 'USR2',
	15: 'TERM',
};

/** Takes the signal out of the words: `-9`, `-HUP`, `-s TERM`, `--signal KILL`. */
function signalIn(words: string[]): GuestSignal | 'ASK' {
	for (const [i, word] of words.entries()) {
		const long = word === '-s' || word === '--signal';
		const given = long ? words[i + 1] : (/^--signal=(.*)$/.exec(word)?.[1] ?? /^-((?:SIG)?[A-Z0-9]+)$/.exec(word)?.[1]);
		if (given === undefined) continue;
		const name = given.replace(/^SIG/, '');
		const known = name === '0' ? 'ASK' : (NUMBERS[name] ?? KNOWN.find((one) => one === name));
		if (!known) continue;
		words.splice(i, long ? 2 : 1);
		return known;
	}
	return 'TERM';
}

const userOf = ({ place }: Call, list: readonly Process[]): string =>
	place.kind === 'laptop' ? 'learner' : (list.at(-1)?.user ?? 'root');

/** Everything of a place but who asks, and its own shell. */
const others = (call: Call): readonly Process[] => {
	const line = [call.name, ...call.args].join(' ');
	return processesOf(call).filter(({ argv }) => argv.join(' ') !== line);
};

export const pkill: Tool = {
	name: 'pkill',
	at: hasTool('pkill'),
	async run(call) {
		const words = [...call.args];
		const name = signalIn(words);
		const found = matching(call, 'pkill', words);
		if (typeof found === 'number') return found;
		const user = userOf(call, processesOf(call));
		const from = ownPid(call);
		let failed = false;
		for (const process of found) {
			const why = send(call.place, process, name, user, from);
			if (why === undefined) continue;
			failed = true;
			call.err(`pkill: killing pid ${process.pid} failed: ${why}\n`);
		}
		return found.length > 0 && !failed ? 0 : 1;
	},
};

export const killall: Tool = {
	name: 'killall',
	at: hasTool('killall'),
	async run(call) {
		const busybox = isBusybox('killall', call.place, call.lab);
		const words = [...call.args];
		const name = signalIn(words);
		const quiet = words.includes('-q');
		const names = words.filter((word) => !word.startsWith('-'));
		if (names.length === 0) {
			call.err(busybox ? 'killall: you need to specify whom to kill\n' : 'Usage: killall [OPTION]... [--] NAME...\n');
			return 1;
		}
		const user = userOf(call, processesOf(call));
		const from = ownPid(call);
		let code = 0;
		for (const wanted of names) {
			const found = others(call).filter(({ comm, argv }) => comm === wanted.slice(0, 15) || argv[0] === wanted);
			if (found.length === 0) {
				code = 1;
				if (!quiet) call.err(`${busybox ? 'killall: ' : ''}${wanted}: no process ${busybox ? 'killed' : 'found'}\n`);
			}
			for (const process of found) {
				const why = send(call.place, process, name, user, from);
				if (why === undefined) continue;
				code = 1;
				call.err(busybox ? `killall: can't kill pid ${process.pid}: ${why}\n` : `${wanted}(${process.pid}): ${why}\n`);
			}
		}
		return code;
	},
};
