/** Programs that run other commands: `bash`, `sh`, `timeout`, `watch`. */

import type { GuestSignal } from '../../../sim/lab/index.ts';
import { type LineRun, Output } from '../call.ts';
import { exported } from '../exported.ts';
import type { LabFiles } from '../files.ts';
import type { ProgramCall } from '../frame.ts';
import { identityOf } from '../identity.ts';
import { ENDED } from '../jobs.ts';
import type { Result } from '../just-bash.ts';
import { NUMBERS } from '../life.ts';
import { isShown, octetsOf, readable } from '../routes.ts';
import { Shell } from '../shell.ts';
import type { OwnProgram } from './index.ts';
import { durationOf } from './small.ts';
import { notStarted } from './wrappers.ts';

/** A word as the shell reads it back. */
export const quoted = (word: string): string =>
	/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A word between single quotes, as `trap -p` writes it. */
export const quotedAlways = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

const decode = (octets: string): string => new TextDecoder().decode(octetsOf(octets));

/** A shell inside the shell: same place, same variables as far as exported, same working directory. */
export function inner(call: ProgramCall, shell: Shell, name: string, interactive = false): Shell {
	const { process: pid } = call.run as LineRun;
	const child = new Shell(shell.core, shell.place, {
		name,
		interactive,
		env: Object.fromEntries(exported(call.state)),
		...(shell.life ? { life: shell.life } : {}),
		...(shell.visit ? { visit: shell.visit } : {}),
		as: identityOf(call.state),
		// It is the process that it is run as.
		...(name === call.name.slice(call.name.lastIndexOf('/') + 1) && pid !== undefined ? { pid } : {}),
	});
	// What is no longer exported is not what a new terminal has.
	const given = exported(call.state);
	for (const key of [...child.state.exportedVars])
		if (!given.has(key) && key !== 'PATH' && key !== 'PWD' && key !== '_') child.state.env.delete(key);
	for (const name of call.state.exportedFunctions ?? []) {
		const text = call.state.functions.get(name);
		if (text) child.state.functions.set(name, { ...text, sourceFile: 'environment' });
	}
	child.state.exportedFunctions = new Set(call.state.exportedFunctions);
	child.state.cwd = call.state.cwd;
	child.state.env.set('PWD', call.state.cwd);
	return child;
}

/** What a shell is told to run by its words; without a script it reads its input. */
export async function scriptOf(
	name: string,
	args: readonly string[],
	files: LabFiles,
	cwd: string,
): Promise<
	| {
			readonly script: string | undefined;
			readonly set: string;
			readonly positional: readonly string[];
			readonly file: boolean;
	  }
	| { readonly fault: string; readonly code: number }
> {
	const words = [...args];
	let set = '';
	let more = '';
	let reads = false;
	while (words[0] !== undefined && /^-[a-zA-Z]+$/.test(words[0]) && !words[0].includes('c')) {
		const word = words.shift()!;
		if (word.endsWith('o')) more += `set -o ${quoted(words.shift() ?? '')}; `;
		if (word.includes('s')) reads = true;
		set += word.slice(1).replace(/[ilos]/g, '');
	}
	const flags = words[0] !== undefined && /^-[a-zA-Z]*c[a-zA-Z]*$/.test(words[0]) ? words.shift() : undefined;
	if (flags) set += flags.slice(1).replace(/[cil]/g, '');
	// On the script's first line, so that its lines keep their numbers.
	const end = set.includes('v') ? '\n' : '; ';
	const whole = (script: string): string => `${set ? `set -${set}${end}` : ''}${more}${script}`;
	if (flags) {
		if (words[0] === undefined) return { fault: `${name}: -c: option requires an argument\n`, code: 2 };
		const script = words.shift()!;
		return { script: whole(script), set, positional: words.length > 0 ? words : [name], file: false };
	}
	if (reads || words[0] === undefined || words[0] === '-' || words[0] === '--') {
		if (words[0] === '-' || words[0] === '--') words.shift();
		if (reads || words[0] === undefined) return { script: undefined, set, positional: [name, ...words], file: false };
	}
	const path = files.resolvePath(cwd, words[0]);
	if (!(await files.exists(path))) return { fault: `${name}: ${words[0]}: No such file or directory\n`, code: 127 };
	if ((await files.stat(path)).isDirectory) return { fault: `${name}: ${words[0]}: Is a directory\n`, code: 126 };
	return { script: whole(await files.readFile(path)), set, positional: words, file: true };
}

/** A shell inside the shell that somebody types into: who it is, its directory and what is exported go along. */
export async function typed(call: ProgramCall, shell: Shell, name: string): Promise<number> {
	const run = call.run as LineRun;
	const as = identityOf(call.state);
	// Its own lines are run as that somebody; what runs beside it meanwhile is not.
	const { asked } = shell.files;
	const at = as ? asked.lastIndexOf(as) : -1;
	if (at >= 0) asked.splice(at, 1);
	try {
		return await shell.core.enter(
			shell.place,
			name,
			'',
			{ run, tty: run.tty, routes: call.routes },
			{ as, env: Object.fromEntries(exported(call.state)), cwd: call.state.cwd },
		);
	} finally {
		if (as && at >= 0) asked.push(as);
	}
}

/** `bash -c`, `bash file`, a script on standard input, or a shell to type into. */
export function bash(name: 'bash' | 'sh'): OwnProgram {
	return {
		name,
		only: (_, facts) => name === 'sh' || facts.bash !== false,
		async run(call, shell) {
			const output = new Output(call.routes);
			const say = (text: string, code: number): Result => {
				output.err({ text, binary: false });
				return output.result(code);
			};
			const run = call.run as LineRun;
			const given = await scriptOf(name, call.args, shell.files, call.state.cwd);
			if ('fault' in given) return say(given.fault, given.code);
			let { script } = given;
			let stdin: string | undefined;
			if (script !== undefined) stdin = call.stdin();
			else {
				const text = decode(call.stdin());
				if (text === '' && run.interactive && isShown(call.routes)) {
					return output.result(await typed(call, shell, name));
				}
				script = given.set ? `set -${given.set}\n${text}` : text;
			}
			const child = inner(call, shell, name);
			const way = given.script === undefined ? (await import('../from-input.ts')).runInput : undefined;
			const options = {
				routes: output.routes,
				tty: run.tty && isShown(call.routes),
				terminal: run.terminal,
				fed: call.fed,
				positional: given.positional,
				file: given.file,
				read: given.script === undefined,
				parent: run,
				...(stdin ? { stdin: decode(stdin) } : {}),
			};
			const code = await (way ? way(child, script, options) : child.run(script, options));
			// The parent tells whoever types into it (bash jobs.c @ 5.1, notify_of_job_status()); INT speaks for itself.
			if (shell.interactive && child.endedBy && child.endedBy !== 'INT')
				say(`${ENDED[128 + NUMBERS[child.endedBy]]}\n`, 0);
			return output.result(child.left ?? code);
		},
	};
}

export const timeout: OwnProgram = {
	name: 'timeout',
	async run(call, shell) {
		const output = new Output(call.routes);
		const words = [...call.args];
		const say = (text: string, code: number): Result => {
			output.err({ text, binary: false });
			return output.result(code);
		};
		const refuse = (what: string): Result =>
			say(`${what && `timeout: ${what}\n`}Try 'timeout --help' for more information.\n`, 125);
		const { mark } = await import('../found.ts');
		let signal = 'TERM';
		let keeps = false;
		let tells = false;
		while (words[0]?.startsWith('-')) {
			const word = words.shift()!;
			const [, option = word, value] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? /^(-[sk])(.+)$/s.exec(word) ?? [];
			if (option === '--') break;
			if (option === '-s' || option === '--signal') signal = value ?? words.shift() ?? '';
			else if (option === '-k' || option === '--kill-after') {
				const after = value ?? words.shift() ?? '';
				if (durationOf(after) === undefined) return refuse(`invalid time interval ${mark(call.state, after)}`);
			} else if (option === '--preserve-status') keeps = true;
			else if (option === '-v' || option === '--verbose') tells = true;
			else if (option !== '--foreground')
				return refuse(word.startsWith('--') ? `unrecognized option '${word}'` : `invalid option -- '${word[1]}'`);
		}
		const name = signal.toUpperCase().replace(/^SIG/, '');
		const number = /^\d+$/.test(name) ? Number(name) : NUMBERS[name as GuestSignal];
		if (number === undefined) return refuse(`${mark(call.state, signal)}: invalid signal`);
		if (words.length < 2) return refuse('');
		const time = durationOf(words[0]!);
		if (time === undefined) return refuse(`invalid time interval ${mark(call.state, words[0]!)}`);
		const missing = await notStarted('timeout', call, shell, words[1]!);
		if (missing) return say(missing.stderr, missing.exitCode);
		const run = call.run as LineRun;
		const child = inner(call, shell, 'bash');
		const ended = child.run(words.slice(1).map(quoted).join(' '), {
			routes: output.routes,
			tty: run.tty && isShown(call.routes),
			terminal: run.terminal,
			fed: call.fed,
			parent: run,
			alongside: true,
			stdin: decode(call.stdin()),
		});
		const line = child.lastStarted!;
		run.tools++;
		let held = false;
		try {
			held = await shell.core.clock.until(run, () => line.code !== undefined, time);
		} catch {
			// Interrupted; what it ran was interrupted with it.
		} finally {
			run.tools--;
		}
		const sent = (Object.keys(NUMBERS) as GuestSignal[]).find((one) => NUMBERS[one] === number);
		if (!held) {
			if (tells && !run.interrupted)
				output.err({
					text: `timeout: sending signal ${sent ?? number} to command ${mark(call.state, words[1]!)}\n`,
					binary: false,
				});
			line.signal = sent ?? 'TERM';
			line.interrupt();
		}
		await ended;
		if (held) return output.result(line.code!);
		if (run.interrupted) return output.result(130);
		// It kills itself along with what it ran.
		if (number === NUMBERS.KILL) return shell.interactive ? say('Killed\n', 137) : output.result(137);
		// busybox's becomes the program, which the signal ends, or which ends itself by it (coreutils/timeout.c @ 1_35_0).
		if (!keeps && shell.facts.sh !== 'ash') return output.result(124);
		return output.result(sent && line.ended?.upon.includes(sent) ? line.ended.code : 128 + number);
	},
};

/** procps: a header, an empty line, and what the command printed, again and again. */
export const watch: OwnProgram = {
	name: 'watch',
	async run(call, shell) {
		const output = new Output(call.routes);
		const words = [...call.args];
		let every = 2_000_000;
		let header = true;
		while (words[0]?.startsWith('-')) {
			const word = words.shift()!;
			const n = /^(?:-n|--interval=?)(.*)$/.exec(word);
			if (n) every = Math.max(100_000, durationOf(n[1] || words.shift() || '') ?? every);
			else if (word === '-t' || word === '--no-title') header = false;
		}
		if (words.length === 0) {
			output.err({ text: 'Usage:\n watch [options] command\n', binary: false });
			return output.result(1);
		}
		const run = call.run as LineRun;
		const text = words.join(' ');
		run.tools++;
		const { formatDate } = await import('../date/format.ts');
		try {
			for (;;) {
				const child = inner(call, shell, 'sh');
				let printed = '';
				const take = (o: { text: string; binary: boolean }): void => {
					printed += readable(o);
				};
				await child.run(text, { routes: { out: take, err: take }, tty: false, parent: run });
				const now = formatDate('%a %b %e %H:%M:%S %Y', shell.core.lab.epoch * 1e6 + shell.core.lab.now);
				const left = `Every ${(every / 1e6).toFixed(1)}s: ${text}`;
				const right = `${shell.facts.hostname}: ${now}`;
				const title = header ? `${left}${' '.repeat(Math.max(1, 80 - left.length - right.length))}${right}\n\n` : '';
				const home = run.tty && isShown(call.routes) ? '\u001b[H\u001b[2J' : '';
				output.out({ text: `${home}${title}${printed}`, binary: false });
				await shell.core.clock.sleep(run, every);
				shell.touched();
			}
		} catch {
			return output.result(130);
		} finally {
			run.tools--;
		}
	},
};
