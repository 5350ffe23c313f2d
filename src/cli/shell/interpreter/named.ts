/** What a name means when it is run: a function, a script, a builtin, a program of the lab, or a command of just-bash. */
import type { LineRun } from '../call.ts';
import type { LabFiles } from '../files.ts';
import { type Frame, frameOf, isFed, type ProgramCall } from '../frame.ts';
import type { Interpreter, Result } from '../just-bash.ts';
import { endOf } from '../life.ts';
import { MOST_EVALS, MOST_EVALUATED, shallow } from '../limits.ts';
import { evaluated, mend, mended } from '../mend.ts';
import type { Pipe } from '../pipe.ts';
import { WORDS } from '../programs/names.ts';
import { readLine } from '../read.ts';
import { behind, show } from '../routes.ts';
import { heldBack } from '../stdio.ts';
import { traced, withReturn } from '../trap-runs.ts';
import { called, runProgram, withVariables, writeFile } from './called.ts';
import { partlyEvaluated, plainly } from './evals.ts';
import { become, leaveBy, leaving } from './leaving.ts';
import type { Live, Methods } from './methods.ts';
import { hasNames, namesMeant } from './namerefs.ts';
import { opens, written } from './opened.ts';
import { spoken } from './wording.ts';

type Run = Interpreter['runCommand'];

/** Words that are no text of a line any more: nothing in them is a pattern. */
const allQuoted = (words: readonly string[]): boolean[] => words.map(() => true);

/** These methods, made of those that just-bash has. */
export function named(original: Methods): Live<'runCommand'> {
	const runOne: Run = async function (this: Interpreter, name, args, quoted, stdin, ...more) {
		const frame = frameOf(this);
		if (!frame) return original.runCommand.call(this, name, args, quoted, stdin, ...more);
		const { state } = this.ctx;
		const { routes, waiting, builtin, host, becomes = false } = frame;
		frame.becomes = undefined;
		if (state.options.xtrace) frame.words ??= [name, ...args];
		if (name === 'eval') args = plainly(args);
		if (hasNames(state) && !state.functions.has(name)) args = namesMeant(name, args, state);
		const fault = name === 'eval' ? evaluated(name, args) : undefined;
		if (name === 'eval' && args.length > 0 && !state.functions.has(name)) {
			const text = args.filter((word, i) => i > 0 || word !== '--').join(' ');
			const { meant, before, said, code = 2 } = await host.evaluated(text, state.currentLine ?? 1);
			if (said !== undefined)
				return await partlyEvaluated(this, { before: before ?? '', said, code }, [stdin, ...more], waiting ?? routes);
			if (meant !== text) args = [meant];
		}
		if (fault !== undefined) return { stdout: '', stderr: fault, exitCode: 1 };
		const evaluating = name === 'eval' ? args.join(' ').length : 0;
		if (evaluating > 0 && (frame.evals >= MOST_EVALS || frame.evaluated > MOST_EVALUATED)) {
			host.stop(frame.run, 'it calls itself without end');
			return { stdout: '', stderr: '', exitCode: 1 };
		}
		const own = waiting ?? routes;
		const defined = more[0] === true ? undefined : state.functions.get(name);
		frame.waiting = undefined;
		frame.routes = defined ? behind(defined.redirections, own) : own;
		const { shown } = frame;
		if (defined) frame.shown = behind(defined.redirections, shown);
		const files = this.ctx.fs as LabFiles;
		const { input: outer } = files;
		frame.builtin = true;
		frame.reads = !defined && (name === '.' || name === 'source');
		host.atWork = frame.run;
		let left: Result | undefined;
		if (evaluating > 0) {
			frame.evals++;
			frame.evaluated += evaluating;
		}
		try {
			if (name === 'exit' && !defined && state.traps?.has('EXIT')) left = await leaveBy(this, args, own);
			if (name === 'set') traced(state, args);
			if (!defined && name === 'exec' && args.length > 0) return await become(this, args, stdin, more, own);
			if (!defined && name.includes('/')) {
				const plain = host.program(name) ? undefined : await host.plain(name);
				if (plain !== undefined) {
					frame.waiting = own;
					frame.becomes = becomes;
					return await this.runCommand(plain, args, quoted, stdin, true, ...more.slice(1));
				}
				const words = await host.script(name, state);
				if (words && 'fault' in words) return { stdout: '', stderr: words.fault, exitCode: words.code };
				if (words) {
					frame.waiting = own;
					frame.becomes = becomes;
					const [first = '', ...rest] = [...words, ...args];
					return await this.runCommand(
						first,
						rest,
						rest.map(() => true),
						stdin,
						true,
						...more.slice(1),
					);
				}
			}
			const lacking = defined ? undefined : host.lacks(name, args);
			if (lacking) return lacking;
			if (!defined && ASKED.has(name)) {
				const { builtin } = await import('../builtins/index.ts');
				const own = await builtin({
					name,
					args,
					state,
					interactive: host.interactive,
					history: host.history,
					terminals: async (words) => {
						const { answered, isTerminal } = await import('../terminal-tests.ts');
						return answered(words, (fd) => isTerminal(fd, frame, state));
					},
					readFile: async (path) => {
						const full = files.resolvePath(state.cwd, path);
						return (await files.exists(full)) ? files.readFile(full) : undefined;
					},
					writeFile: (path, text, add) => writeFile(this, path, text, add),
					other: (words) => original.runCommand.call(this, name, [...words], allQuoted(words), stdin, ...more),
					run: (other, words) =>
						runOne.call(this, other, [...words], allQuoted(words), '', false, false, ...more.slice(2)),
				});
				if (own) return own;
			}
			if (!defined && name === 'let') {
				const { letBuiltin } = await import('../sums/value.ts');
				return { stdout: '', ...(await letBuiltin(this, args)) };
			}
			if (!defined && TOLD.has(name)) {
				const { builtin, isOurs } = await import('../programs/shell-state.ts');
				if (isOurs(name, args))
					return await builtin(name, args, state, (words) =>
						original.runCommand.call(this, name, words, allQuoted(words), stdin, ...more),
					);
			}
			const optioned = !defined && args.some((word) => word.startsWith('-'));
			const told = optioned ? await host.versionOf(name, state, args) : undefined;
			if (told) return told;
			const taken = defined ? undefined : await host.takenAway(name, state);
			if (taken) return taken;
			let program = defined ? undefined : host.program(name);
			const asked = !defined && name === 'command' && /^-p?[vV]p?$/.test(args[0] ?? '');
			if (asked) {
				const one = (word: string) => original.runCommand.call(this, name, [args[0]!, word], quoted, '', ...more);
				return await host.commandAt(args, state, one);
			}
			const absent = defined || program ? undefined : await host.unsimulated(name, state);
			if (absent && !('run' in absent)) return absent;
			program ??= absent;
			const other: ProgramCall['instead'] = (command, words, variables, gone = []) => {
				if (command === undefined) return original.runCommand.call(this, name, words, allQuoted(words), stdin, ...more);
				return withVariables(state, variables, gone, () =>
					this.runCommand(command, words, allQuoted(words), stdin, true, false, more[2], more[3]),
				);
			};
			const run = async (words: string[], text: string, live?: Pipe): Promise<Result> => {
				files.input = () => text || (state.groupStdin ?? '');
				const call = {
					name,
					args: words,
					state,
					run: frame.run,
					becomes,
					fed: isFed(frame),
					routes: own,
					instead: other,
				};
				if (program) return runProgram(program, { ...call, ...(live ? { input: live } : {}) }, text);
				const spaced = words === args ? quoted : allQuoted(words);
				files.refused = undefined;
				const plain = () => original.runCommand.call(this, name, words, spaced, text, ...more);
				const looking =
					!defined &&
					host.looking(call, async (seen) => {
						const { ctx } = this;
						const { fs } = ctx;
						Object.assign(ctx, { fs: seen });
						return plain().finally(() => Object.assign(ctx, { fs }));
					});
				let result = await (looking || plain());
				if (files.refused !== undefined && !defined) {
					const { refusedText, spelt } = await import('../refused-text.ts');
					result = refusedText(name, spelt(words, files.refused, state.cwd, files), files.refusedBy, result);
				}
				return mended(name, words, { ...result, stderr: shallow(name, result.stderr) }, host.user);
			};
			const words = program || defined ? args : mend(name, args);
			const { input } = frame;
			if (defined) return await called(state, undefined, () => withReturn(this, false, () => run(words, stdin)));
			if (name === '.' || name === 'source') {
				const { source } = await import('../programs/source.ts');
				const read = async () => (await source(this, words, stdin, own)) ?? (await run(words, stdin));
				return await called(state, words[0], () => withReturn(this, true, read));
			}
			if (!input || stdin !== '' || more[3] === true || name === WORDS) return await run(words, stdin);
			const { typed } = input;
			if (name === 'read') {
				const asked = await readLine(args, state, input, typed ? (text) => show(text, own) : undefined);
				// 128 and SIGALRM's number (bash(1), `read -t`).
				if (asked?.late) return { stdout: '', stderr: '', exitCode: 142 };
				const { stderr, ...result } = await run(args, '');
				const { prompt } = asked ?? {};
				return { ...result, stderr: prompt && stderr.startsWith(prompt) ? stderr.slice(prompt.length) : stderr };
			}
			if (
				typed &&
				program?.reads !== 'itself' &&
				!(await import('../filters/index.ts')).readsKeys(name, words, program)
			)
				return await run(words, stdin);
			input.unread(state.groupStdin ?? '');
			state.groupStdin = undefined;
			frame.run.tools++;
			try {
				const { readPipe } = await import('../filters/live.ts');
				const file = (path: string, text: string, add: boolean) => writeFile(this, path, text, add);
				return await readPipe({ name, program, args: words, routes: own, input, file, run });
			} finally {
				frame.run.tools--;
			}
		} catch (error) {
			// An assignment to what is read-only leaves a script in the same way, but not a shell that one types into.
			if (name === 'exit' && (error as Error).name === 'ExitError') {
				leaving.add(error as Error);
				if (left) Object.assign(error as Error, { stdout: left.stdout, stderr: left.stderr });
			}
			throw error;
		} finally {
			files.input = outer;
			frame.waiting = waiting;
			frame.shown = shown;
			frame.routes = routes;
			frame.builtin = builtin;
			if (evaluating > 0) {
				frame.evals--;
				frame.evaluated -= evaluating;
			}
		}
	};
	return {
		async runCommand(...words) {
			const frame = frameOf(this);
			if (!frame) return original.runCommand.apply(this, words);
			const [name] = words;
			const asked = this.ctx.state.functions.has(name) ? undefined : frame.host.inWords(name);
			const inWords = asked && (await asked);
			const opened = opens(frame.waiting);
			const held = this.ctx.state.functions.has(name)
				? undefined
				: heldBack(frame.waiting ?? frame.routes, name, words[1]);
			const { waiting: before } = frame;
			if (held) frame.waiting = held.routes;
			if (!inWords) {
				const result = await runOne.apply(this, words);
				frame.waiting = before;
				held?.end(endedBy(frame, result));
				// It may be sent elsewhere, where nobody words it.
				if (result.stderr.includes('bash: ')) spoken(this, name, result);
				return opened ? await written(result, opened) : result;
			}
			const { waiting } = frame;
			const { out, err } = waiting ?? frame.routes;
			frame.waiting = { out, err: err && (({ text, binary }) => err({ text: inWords(text), binary })) };
			try {
				const result = await runOne.apply(this, words);
				held?.end(endedBy(frame, result));
				const meant = { ...result, stderr: inWords(result.stderr) };
				return opened ? await written(meant, opened) : meant;
			} finally {
				frame.waiting = before;
			}
		},
	};
}

/** How a command ended, or a signal ended it. */
const endedBy = ({ run }: Frame, { exitCode }: Result): number =>
	run.interrupted ? endOf(run as LineRun, (run as LineRun).signal ?? 'INT') : exitCode;

/** Builtins of which a part is ours. */
const TOLD: ReadonlySet<string> = new Set(['declare', 'export', 'local', 'type', 'typeset', 'unset']);

/** Builtins that have been asked about before they run. */
const ASKED: ReadonlySet<string> = new Set(
	'. [ alias bg bind break caller cd command compopt continue declare dirs disown enable exec exit export fc fg getopts hash help history jobs let local logout mapfile popd pushd pwd read readarray readonly return set shift shopt source suspend test times trap type typeset umask unalias unset wait'.split(
		' ',
	),
);
