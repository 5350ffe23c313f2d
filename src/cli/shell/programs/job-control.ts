/** `jobs`, `wait`, `fg`, `kill`: what one does with commands in the background. */
import type { GuestSignal } from '../../../sim/lab/index.ts';
import type { LineRun } from '../call.ts';
import { FOREVER } from '../clock.ts';
import type { ProgramCall } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import { NUMBERS } from '../life.ts';
import type { Shell } from '../shell.ts';
import { SubshellTraps } from '../traps.ts';
import type { OwnProgram } from './index.ts';

const answer = (exitCode: number, stdout = '', stderr = ''): Result => ({ stdout, stderr, exitCode });

export const jobs: OwnProgram = {
	name: 'jobs',
	async run({ args, state }, shell) {
		const options = args.filter((word) => word.startsWith('-')).join('');
		const stray = options.replace(/[-lnprs]/g, '')[0];
		if (stray !== undefined)
			return answer(
				2,
				'',
				`bash: jobs: -${stray}: invalid option\njobs: usage: jobs [-lnprs] [jobspec ...] or jobs -x command [args]\n`,
			);
		const words = args.filter((word) => !word.startsWith('-'));
		for (const word of words) if (!shell.jobs.find(word)) return answer(1, '', `bash: jobs: ${word}: no such job\n`);
		const meant =
			words.length > 0
				? words.map((word) => shell.jobs.find(word)!)
				: shell.jobs.list.filter(
						({ owner }) => owner === state.bashPid || (state.substituted && owner === state.virtualPid),
					);
		// Nothing is ever stopped here.
		const list = meant.filter(
			(job) => !shell.jobs.isOver(job) && !options.includes('s') && (job.code === undefined || !options.includes('r')),
		);
		if (options.includes('p')) return answer(0, list.map((job) => `${job.pid}\n`).join(''));
		const line = (job: (typeof list)[number]): string =>
			options.includes('l') ? shell.jobs.line(job).replace(/^(\S+) ( ?)/, `$1 ${job.pid} $2`) : shell.jobs.line(job);
		const text = list.map(line).join('');
		shell.jobs.news();
		return answer(0, text);
	},
};

/** `wait -n`: whichever of them ends first. */
async function waitForOne(call: ProgramCall, shell: Shell): Promise<Result> {
	const words = call.args.filter((word) => !/^-[nf]+$/.test(word));
	const name = words[0] === '-p' ? words.splice(0, 2)[1] : undefined;
	const own = shell.jobs.list.filter(({ owner }) => owner === call.state.bashPid);
	const wanted = words.length > 0 ? words.flatMap((word) => shell.jobs.find(word) ?? []) : own;
	if (wanted.length === 0) return answer(127);
	const ended = (): (typeof wanted)[number] | undefined => wanted.find((job) => job.code !== undefined);
	try {
		await shell.core.clock.until(call.run as LineRun, () => ended() !== undefined, FOREVER);
	} catch {
		return answer(130);
	}
	const job = ended()!;
	shell.jobs.list.splice(shell.jobs.list.indexOf(job), 1);
	if (name !== undefined) call.state.env.set(name, String(job.pid));
	return answer(job.code!);
}

export const wait: OwnProgram = {
	name: 'wait',
	async run(call, shell) {
		if (call.args[0] === '-n') return waitForOne(call, shell);
		const own = shell.jobs.list.filter(({ owner }) => owner === call.state.bashPid);
		const words = call.args.filter((word) => word !== '-f');
		const wanted = words.length > 0 ? words.map((word) => shell.jobs.find(word)) : own;
		const missing = wanted.findIndex((job) => job === undefined || !own.includes(job));
		if (missing >= 0) {
			const word = words[missing]!;
			const why = word.startsWith('%')
				? `${word}: no such job`
				: /^\d+$/.test(word)
					? `pid ${word} is not a child of this shell`
					: `\`${word}': not a pid or valid job spec`;
			return answer(/^[%\d]/.test(word) ? 127 : 1, '', `bash: wait: ${why}\n`);
		}
		const run = call.run as LineRun;
		try {
			await shell.core.clock.until(
				run,
				() => wanted.every((job) => job!.code !== undefined) || (shell.life?.pending.length ?? 0) > 0,
				FOREVER,
			);
		} catch {
			return answer(130);
		}
		// A signal with a handler ends it.
		if (!wanted.every((job) => job!.code !== undefined)) {
			const came = shell.life?.pending[0];
			return answer(128 + NUMBERS[came ?? 'INT']);
		}
		for (const job of wanted) shell.jobs.reaped(job!);
		return answer(words.length > 0 ? wanted.at(-1)!.code! : 0);
	},
};

export const fg: OwnProgram = {
	name: 'fg',
	async run(call, shell) {
		const job = shell.jobs.find(call.args[0]);
		if (!job) return answer(1, '', `bash: fg: ${call.args[0] ?? 'current'}: no such job\n`);
		call.routes.out?.({ text: `${job.text}\n`, binary: false });
		const run = call.run as LineRun;
		try {
			await shell.core.clock.until(run, () => job.code !== undefined, FOREVER);
		} catch {
			job.run.interrupt();
			return answer(130);
		}
		shell.jobs.list.splice(shell.jobs.list.indexOf(job), 1);
		return answer(job.code!);
	},
};

/** signal(7), x86: all that `kill -l` lists. */
const SIGNALS =
	'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
		' ',
	);

/** All of them in five columns, the real-time ones among them (bash 5.1 builtins/common.c, display_signal_list()). */
export function signalTable(): string {
	const names = SIGNALS.map((name, i) => [i + 1, `SIG${name}`] as const);
	const real = Array.from({ length: 31 }, (_, i): readonly [number, string] => {
		const number = 34 + i;
		const low = i <= 15 ? `SIGRTMIN${i === 0 ? '' : `+${i}`}` : `SIGRTMAX${i === 30 ? '' : `-${30 - i}`}`;
		return [number, low];
	});
	const all = [...names, ...real].map(([number, name]) => `${String(number).padStart(2)}) ${name}`);
	let text = '';
	for (const [i, one] of all.entries()) text += one + (i % 5 === 4 ? '\n' : '\t');
	return `${text}\n`;
}

/** By its name or number; `ASK` of 0, which only asks. Others of the kernel's end what they are sent to, as TERM does. */
function signalOf(word: string): GuestSignal | 'ASK' | 'NONE' | undefined {
	if (word === '0' || word === 'EXIT') return 'ASK';
	const upper = word.toUpperCase().replace(/^SIG/, '');
	const name = /^\d+$/.test(word) ? SIGNALS[Number(word) - 1] : upper;
	if (name === undefined || !SIGNALS.includes(name)) return undefined;
	if (Object.hasOwn(NUMBERS, name)) return name as GuestSignal;
	return ['CHLD', 'CONT', 'URG', 'WINCH', 'STOP', 'TSTP', 'TTIN', 'TTOU'].includes(name) ? 'NONE' : 'TERM';
}

/** bash builtins/kill.def, dash src/jobs.c, busybox procps/kill.c, procps kill. */
function faultOf({ name, facts }: Shell, word: string, why: string): string {
	const numbered = /^-?\d+$/.test(word);
	if (facts.sh === 'ash' && numbered) return `${name === 'sh' ? 'sh' : 'kill'}: can't kill pid ${word}: ${why}\n`;
	if (facts.sh === 'ash') return `${name === 'sh' ? 'sh' : 'kill'}: invalid number '${word}'\n`;
	if (name === 'sh')
		return `sh: 1: kill: ${numbered ? why : word.startsWith('%') ? `No such job: ${word}` : `Illegal number: ${word}`}\n`;
	return `bash: kill: ${numbered ? `(${word}) - ${why}` : `${word}: ${why}`}\n`;
}

/** What an interactive shell does nothing about (bash(1), SIGNALS); INT ends what is in front alone. */
const UNHEARD: readonly string[] = ['TERM', 'QUIT', 'INT'];

/** `kill $$`: its trap runs, or it ends by the signal; answers whether it does. */
async function signalSelf(call: ProgramCall, shell: Shell, name: GuestSignal | 'ASK' | 'NONE'): Promise<boolean> {
	if (name === 'ASK' || name === 'NONE') return false;
	const { traps } = call.state;
	const text = name === 'KILL' ? undefined : traps instanceof SubshellTraps ? traps.outer.get(name) : traps?.get(name);
	if (text !== undefined) {
		if (text !== '') await call.instead('eval', [text], []);
		return false;
	}
	// The kernel keeps such a signal from the first process of a container.
	const first = shell.life !== undefined && call.state.virtualPid === 1;
	if (first || (shell.interactive && UNHEARD.includes(name))) return false;
	const line = shell.current ?? (call.run as LineRun);
	shell.left = 128 + NUMBERS[name];
	shell.endedBy = name;
	line.signal = name;
	line.interrupt();
	return true;
}

export const kill: OwnProgram = {
	name: 'kill',
	async run(call, shell) {
		const given = [...call.args];
		if (given[0] === '-l' || given[0] === '-L') {
			const [, word] = given;
			if (word === undefined) return answer(0, signalTable());
			let text = '';
			let wrong = '';
			for (const one of given.slice(1)) {
				const number = Number(one) > 128 ? Number(one) - 128 : Number(one);
				const index = SIGNALS.indexOf(one.toUpperCase().replace(/^SIG/, ''));
				const found = index >= 0 ? String(index + 1) : number === 0 ? 'EXIT' : SIGNALS[number - 1];
				if (found === undefined) wrong += `bash: kill: ${one}: invalid signal specification\n`;
				else text += `${found}\n`;
			}
			return answer(wrong === '' ? 0 : 1, text, wrong);
		}
		let signal = 'TERM';
		if ((given[0] === '-s' || given[0] === '-n') && given[1] === undefined)
			return answer(1, '', `bash: kill: ${given[0]}: option requires an argument\n`);
		if (given[0] === '-s' || given[0] === '-n') signal = given.splice(0, 2)[1] ?? '';
		else if (/^-[A-Za-z0-9]+$/.test(given[0] ?? '')) signal = given.shift()!.slice(1);
		const name = signalOf(signal);
		const words = given[0] === '--' ? given.slice(1) : given;
		if (name === undefined) return answer(1, '', `bash: kill: ${signal}: invalid signal specification\n`);
		if (words.length === 0)
			return answer(
				2,
				'',
				'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n',
			);
		let code = 0;
		let errors = '';
		for (const word of words) {
			const job = shell.jobs.find(word);
			if (job && job.code === undefined) {
				if (name === 'ASK' || name === 'NONE') continue;
				job.run.signal = name;
				job.run.interrupt();
				continue;
			}
			if (word === String(call.state.virtualPid)) {
				if (await signalSelf(call, shell, name)) break;
				continue;
			}
			let why: string | undefined;
			if (word.startsWith('%')) why = 'no such job';
			else if (!/^-?\d+$/.test(word)) why = 'arguments must be process or job IDs';
			else if (name !== 'NONE') {
				const sent = await shell.core.signal(shell.place, Number(word), name, shell.user, call.state.bashPid);
				if (sent !== undefined) why = sent;
			}
			if (why === undefined) continue;
			code = 1;
			errors += faultOf(shell, word, why);
		}
		return answer(code, '', errors);
	},
};
