/**
 * just-bash's interpreter made live: each command's output goes to its route as soon as it is known to be meant for the
 * terminal, tools of the lab run with the lab's time, `&` starts a job, a line's state outlives the line, and a loop
 * lets the page breathe. Instances without a host (`state.host`) are as just-bash made them.
 *
 * Output is meant for the terminal unless something collects it. What is surely inside a pipe, a redirection or `$(...)`
 * has no route and comes back as a result; where the outermost such thing ends, the result is delivered. So nothing is
 * printed twice, and what is not sure is only shown later.
 */

import { withEndings } from './endings.ts';
import type { LabFiles } from './files.ts';
import { frameOf, type Program, type ProgramCall } from './frame.ts';
import { type CommandNode, type Interpreter, interpreterPrototype, type Result, type State } from './just-bash.ts';
import { MOST_EVALS, MOST_EVALUATED, shallow } from './limits.ts';
import { evaluated, listsFirst, mend, mended, timeText } from './mend.ts';
import type { Pipe } from './pipe.ts';
import { runPipeline } from './pipeline.ts';
import { HIDDEN, WORDS } from './programs/names.ts';
import { random } from './random.ts';
import { readLine } from './read.ts';
import { notRedirected, opened } from './read-only.ts';
import { behind, deliver, NOWHERE, type Routes } from './routes.ts';
import { fromLine } from './source-lines.ts';
import { bound } from './sums/bind.ts';
import { asSubshell, isLast, last, leaveSubshell, traced, withErrors, withReturn } from './trap-runs.ts';
import { trapsOf } from './traps.ts';
import { refresh } from './variables.ts';
import { Verbose } from './verbose.ts';

let ready = false;

/** Makes the interpreter live, once. Safe to call again. */
export function makeLive(): void {
	if (ready) return;
	ready = true;
	const proto = interpreterPrototype();
	const before = { ...methodsOf(proto) };
	const original: typeof before = {
		...before,
		executeSimpleCommand(this: Interpreter, node, stdin) {
			return before.executeSimpleCommand.call(this, bound(node, this), stdin);
		},
		executeCommand(this: Interpreter, node, ...more) {
			// A simple one is bound when its turn comes.
			const own = node.type === 'SimpleCommand' ? node : bound(node, this);
			return before.executeCommand.call(this, own, ...more);
		},
	};

	proto.executeScript = async function (script) {
		const frame = frameOf(this);
		if (!frame) return original.executeScript.call(this, script);
		const { waiting, routes, builtin } = frame;
		const first = frame.outermost && !started.has(this);
		started.add(this);
		if (!first && !builtin) frame.routes = NOWHERE;
		if (!first && !(builtin && frame.reads)) fromLine(script, this.ctx.state.currentLine);
		frame.reads = false;
		if (builtin) random(script);
		if (first) frame.verbose = new Verbose(frame.run.text, script);
		frame.waiting = undefined;
		frame.builtin = false;
		// Each script inside of another has one more of the mark's first character (bash(1), `PS4`).
		const { env, options } = this.ctx.state;
		const mark = !first && options.xtrace && !frame.reads ? (env.get('PS4') ?? '+ ') : '';
		if (mark !== '') env.set('PS4', mark[0] + mark);
		const { level, dropped } = frame;
		frame.level = 0;
		frame.dropped = undefined;
		const { substituted = false } = this.ctx.state;
		if (!first && !builtin) this.ctx.state.substituted = true;
		try {
			const result =
				first || builtin
					? await original.executeScript.call(this, script)
					: await asSubshell(this.ctx.state, () =>
							original.executeScript.call(this, { ...script, statements: [...script.statements, last()] }),
						);
			// What stands for a variable is nobody's command.
			if (mark !== '') result.stderr = result.stderr.replace(OWN, '');
			if (first && this.ctx.state.options.verbose) show(frame.verbose!.rest(), routes);
			return result;
		} catch (error) {
			if (first && leaving.has(error as Error)) {
				frame.host.exit((error as { exitCode: number }).exitCode, frame.run);
			}
			throw error;
		} finally {
			this.ctx.state.substituted = substituted;
			frame.waiting = waiting;
			frame.routes = routes;
			frame.builtin = builtin;
			frame.level = level;
			frame.dropped = dropped;
			if (mark !== '' && this.ctx.state.env.get('PS4') === mark[0] + mark) this.ctx.state.env.set('PS4', mark);
			if (first) frame.host.keep(this.ctx.state, frame.run);
		}
	};

	proto.executeStatement = async function (statement) {
		const frame = frameOf(this);
		if (!frame) return original.executeStatement.call(this, statement);
		if (isLast(statement)) return deliver(await leaveSubshell(this), frame.routes);
		const shown = this.ctx.state.options.xtrace ? xtrace?.shownBy(statement) : undefined;
		if (shown !== undefined)
			return deliver({ stdout: '', stderr: shown, exitCode: this.ctx.state.lastExitCode }, frame.routes);
		const handler = await frame.host.breathe(frame.run);
		const { state } = this.ctx;
		refresh(state, frame.host, statement.sourceText);
		if (handler !== undefined) {
			const { lastExitCode } = state;
			await this.runCommand('eval', [handler], [true], '');
			state.lastExitCode = lastExitCode;
		}
		for (const pipeline of statement.pipelines.slice(0, -1)) asked.add(pipeline);
		if (state.options.xtrace && statement.sourceText)
			for (const { commands } of statement.pipelines)
				for (const command of commands) sources.set(command, statement.sourceText);
		if (statement.background) return deliver(frame.host.background(statement, state, frame.run), frame.routes);
		const { routes } = frame;
		const quiet = state.suppressVerbose;
		if (state.options.verbose && !quiet && statement.sourceText && routes.err) {
			show(frame.verbose?.lines(statement) ?? `${statement.sourceText}\n`, routes);
			state.suppressVerbose = true;
		}
		try {
			const run = async (): Promise<Result> => deliver(await original.executeStatement.call(this, statement), routes);
			const exit = (code: number): Promise<Error> =>
				original.runCommand.call(this, 'exit', [String(code)], [true], '').catch((error) => error);
			return deliver(await withEndings(frame, statement, routes, exit, () => withErrors(this, statement, run)), routes);
		} finally {
			state.suppressVerbose = quiet;
			frame.routes = routes;
		}
	};

	proto.executePipeline = async function (pipeline) {
		const frame = frameOf(this);
		if (!frame) return original.executePipeline.call(this, pipeline);
		const { routes } = frame;
		const { state } = this.ctx;
		const { inCondition } = state;
		// What a list or `!` asks of it is no failure, nor is what happens inside (bash(1), `set -e`).
		if (pipeline.negated || asked.has(pipeline)) state.inCondition = true;
		const began = frame.host.elapsed();
		try {
			const result =
				pipeline.commands.length > 1
					? await runPipeline(this, frame, pipeline)
					: await original.executePipeline.call(this, pipeline.timed ? { ...pipeline, timed: false } : pipeline);
			if (pipeline.timed) {
				const took = timeText(frame.host.elapsed() - began, pipeline.timePosix === true, state.env.get('TIMEFORMAT'));
				result.stderr += frame.host.said(took, state.currentLine, state);
			}
			return deliver(result, routes);
		} finally {
			state.inCondition = inCondition;
			frame.routes = routes;
			if (frame.run.interrupted) frame.run.stop.abort();
		}
	};

	proto.executeCommand = async function (node, stdin, inherited) {
		const frame = frameOf(this);
		if (!frame) return original.executeCommand.call(this, node, stdin, inherited);
		const { routes, builtin, input } = frame;
		frame.builtin = false;
		if (node.type !== 'SimpleCommand') {
			frame.routes = behind(node.redirections, routes);
			if (node.redirections?.some(({ fd, operator }) => operator.startsWith('<') && (fd ?? 0) === 0))
				frame.input = undefined;
		}
		try {
			const { state } = this.ctx;
			const defines = node.type === 'FunctionDef' && (node as { readonly name: unknown }).name;
			if (defines && state.fixedFunctions?.has(defines as string)) {
				const fixed = { stdout: '', stderr: `bash: ${defines}: readonly function\n`, exitCode: 1 };
				worded(this, node, fixed);
				return deliver(fixed, routes);
			}
			const run = async (one: CommandNode) => {
				if (one.type !== 'For' || !trails(one, 'words'))
					return original.executeCommand.call(this, one, stdin, inherited);
				const { withTrailing } = await import('./trailing.ts');
				const meant = await withTrailing(this, one, 'words', proto.executeSimpleCommand);
				return original.executeCommand.call(this, meant, stdin, inherited);
			};
			let said = '';
			const say = (text: string): void => {
				if (frame.routes.err) show(text, frame.routes);
				else said += text;
			};
			const traced = async () => {
				xtrace ??= await import('./xtrace.ts');
				const seen = await xtrace.tracing(this, node, sources.get(node), say, run);
				return seen ?? run(node);
			};
			const result = await (state.options.xtrace && node.type !== 'SimpleCommand' ? traced() : run(node)).catch(
				(error) => notRedirected(error, node.redirections, this.ctx.state),
			);
			if (said !== '') result.stderr = said + result.stderr;
			if (state.loopsFailed && state.loopDepth === 0) {
				state.loopsFailed = false;
				result.exitCode = 1;
			}
			opened(result, this.ctx.fs as LabFiles, this.ctx.state.cwd);
			worded(this, node, result);
			return deliver(result, routes, this.ctx.state.options.xtrace || listsFirst(node));
		} catch (error) {
			worded(this, node, error as { stderr?: string });
			throw error;
		} finally {
			frame.routes = routes;
			frame.input = input;
			frame.builtin = builtin;
		}
	};

	proto.executeSubshell = async function (node, stdin, inherited) {
		if (!frameOf(this)) return original.executeSubshell.call(this, node, stdin, inherited);
		const own = { ...node, body: [...node.body, last()] };
		return asSubshell(this.ctx.state, () => original.executeSubshell.call(this, own, stdin, inherited));
	};

	proto.executeSimpleCommand = async function (written, stdin) {
		const frame = frameOf(this);
		let node = splitsName(written) ? nameAmongWords(written) : declares(written, this);
		if (frame && trails(node, 'args')) {
			const { withTrailing } = await import('./trailing.ts');
			node = await withTrailing(this, node, 'args', proto.executeSimpleCommand);
		}
		const lists = frame ? listsOf(node) : [];
		if (lists.some((one) => trails(one, 'array'))) {
			const { withTrailing } = await import('./trailing.ts');
			const assignments = [];
			for (const one of lists)
				assignments.push(
					trails(one, 'array') ? await withTrailing(this, one, 'array', proto.executeSimpleCommand) : one,
				);
			node = { ...node, assignments } as unknown as CommandNode;
		}
		if (!frame) return original.executeSimpleCommand.call(this, node, stdin);
		const { state } = this.ctx;
		const isTable = ({ name, array }: { name?: unknown; array?: unknown }): boolean =>
			!!array && state.arrays?.get(name as string)?.kind === 'associative';
		if (lists.some(isTable)) {
			const { withPairs } = await import('./declared.ts');
			const assignments = [];
			for (const one of listsOf(node)) assignments.push(isTable(one) ? await withPairs(this, one) : one);
			node = { ...node, assignments } as unknown as CommandNode;
		}
		const { routes, waiting } = frame;
		frame.routes = NOWHERE;
		// Under `set -x` the trace comes with the result; what the command itself writes has to come after it.
		frame.waiting = state.options.xtrace || moved(state) ? NOWHERE : behind(node.redirections, routes);
		state.startTime = Date.now() - frame.host.elapsed() + (counted.get(frame.host) ?? 0);
		try {
			const run = (one: CommandNode) => original.executeSimpleCommand.call(this, one, stdin);
			const { assignments } = node as unknown as { readonly assignments: readonly unknown[] };
			const other = (assignments.length > 0 && node.name) || MAKES.test(nameOf(node));
			const ways = other && !state.options.xtrace ? await import('./declared.ts') : undefined;
			const result = ways?.declaresTable(node)
				? await ways.declareTable(this, node, run)
				: await run(
						ways?.readsItsOwn(node) ? await ways.expandedFirst(this, node, original.executeSimpleCommand) : node,
					);
			const seed = state.env.get('RANDOM');
			if (seed !== undefined) {
				frame.host.seed(seed);
				state.env.delete('RANDOM');
			}
			const seconds = state.env.get('SECONDS');
			if (seconds !== undefined) {
				// It goes on counting from what it was set to (bash(1)).
				counted.set(frame.host, frame.host.elapsed() - (Number.parseInt(seconds, 10) || 0) * 1000);
				state.env.delete('SECONDS');
			}
			const { become: code } = frame;
			if (code === undefined) return result;
			frame.become = undefined;
			return await ends(this, code, deliver(result, routes));
		} finally {
			frame.routes = routes;
			frame.waiting = waiting;
		}
	};

	proto.runCommand = async function (...words) {
		const frame = frameOf(this);
		if (!frame) return original.runCommand.apply(this, words);
		const [name] = words;
		const asked = this.ctx.state.functions.has(name) ? undefined : frame.host.inWords(name);
		const inWords = asked && (await asked);
		if (!inWords) return runOne.apply(this, words);
		const { waiting } = frame;
		const { out, err } = waiting ?? frame.routes;
		frame.waiting = { out, err: err && (({ text, binary }) => err({ text: inWords(text), binary })) };
		try {
			const result = await runOne.apply(this, words);
			return { ...result, stderr: inWords(result.stderr) };
		} finally {
			frame.waiting = waiting;
		}
	};

	const runOne: typeof proto.runCommand = async function (this: Interpreter, name, args, quoted, stdin, ...more) {
		const frame = frameOf(this);
		if (!frame) return original.runCommand.call(this, name, args, quoted, stdin, ...more);
		const { state } = this.ctx;
		const { routes, waiting, builtin, host } = frame;
		if (name === 'eval') args = plainly(args);
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
					return await this.runCommand(plain, args, quoted, stdin, true, ...more.slice(1));
				}
				const words = await host.script(name, state);
				if (words && 'fault' in words) return { stdout: '', stderr: words.fault, exitCode: words.code };
				if (words) {
					frame.waiting = own;
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
				const { builtin } = await import('./builtins/index.ts');
				const plain = (words: readonly string[]) => words.map(() => true);
				const own = await builtin({
					name,
					args,
					state,
					interactive: host.interactive,
					history: host.history,
					readFile: async (path) => {
						const full = files.resolvePath(state.cwd, path);
						return (await files.exists(full)) ? files.readFile(full) : undefined;
					},
					writeFile: (path, text, add) => writeFile(this, path, text, add),
					other: (words) => original.runCommand.call(this, name, [...words], plain(words), stdin, ...more),
					run: (other, words) => this.runCommand(other, [...words], plain(words), '', false, false, ...more.slice(2)),
				});
				if (own) return own;
			}
			if (!defined && name === 'let') {
				const { letBuiltin } = await import('./sums/value.ts');
				return { stdout: '', ...(await letBuiltin(this, args)) };
			}
			if (!defined && TOLD.has(name)) {
				const { builtin, isOurs } = await import('./programs/shell-state.ts');
				if (isOurs(name, args))
					return await builtin(name, args, state, (words) =>
						original.runCommand.call(
							this,
							name,
							words,
							words.map(() => true),
							stdin,
							...more,
						),
					);
			}
			const told = defined || args[0] !== '--version' ? undefined : await host.versionOf(name, state);
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
				if (command === undefined)
					return original.runCommand.call(
						this,
						name,
						words,
						words.map(() => true),
						stdin,
						...more,
					);
				return withVariables(state, variables, gone, () =>
					this.runCommand(
						command,
						words,
						words.map(() => true),
						stdin,
						true,
						false,
						more[2],
						more[3],
					),
				);
			};
			const run = async (words: string[], text: string, live?: Pipe): Promise<Result> => {
				files.input = () => text || (state.groupStdin ?? '');
				const call = { name, args: words, state, run: frame.run, routes: own, instead: other };
				if (program) return runProgram(program, { ...call, ...(live ? { input: live } : {}) }, text);
				const spaced = words === args ? quoted : words.map(() => true);
				files.refused = undefined;
				let result = await original.runCommand.call(this, name, words, spaced, text, ...more);
				if (files.refused !== undefined && !defined) {
					const { refusedText, spelt } = await import('./refused-text.ts');
					result = refusedText(name, spelt(words, files.refused, state.cwd, files), files.refusedBy, result);
				}
				return mended(name, words, { ...result, stderr: shallow(name, result.stderr) }, host.user);
			};
			const words = program || defined ? args : mend(name, args);
			const { input } = frame;
			if (defined) return await called(state, undefined, () => withReturn(this, false, () => run(words, stdin)));
			if (name === '.' || name === 'source') {
				const { source } = await import('./programs/source.ts');
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
			if (typed && program?.reads !== 'itself' && !(await import('./filters/index.ts')).readsKeys(name, words, program))
				return await run(words, stdin);
			input.unread(state.groupStdin ?? '');
			state.groupStdin = undefined;
			frame.run.tools++;
			try {
				const { readPipe } = await import('./filters/live.ts');
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
			frame.routes = routes;
			frame.builtin = builtin;
			if (evaluating > 0) {
				frame.evals--;
				frame.evaluated -= evaluating;
			}
		}
	};
}

/** Runs a function, or what a file has, and knows meanwhile what is being read (bash variables.c, `FUNCNAME`). */
async function called(state: State, file: string | undefined, run: () => Promise<Result>): Promise<Result> {
	const { funcNameStack = [], callLineStack = [], sourceStack = [], readNames = [], localReadonly } = state;
	const before = { funcNameStack, callLineStack, sourceStack, readNames, localReadonly };
	const { loopDepth } = state;
	if (file === undefined) {
		state.localReadonly = [];
		// A function is in no loop of its caller's.
		state.loopDepth = 0;
	}
	// Names are known inside of functions only.
	const inFunction = funcNameStack.length > 0;
	const names = inFunction ? funcNameStack : sourceStack.length > readNames.length ? [...readNames, 'main'] : readNames;
	state.callLineStack = [...callLineStack];
	state.sourceStack = [...sourceStack];
	if (file === undefined) state.funcNameStack = [...names];
	else {
		if (inFunction) state.funcNameStack = ['source', ...names];
		else state.readNames = ['source', ...readNames];
		state.callLineStack.unshift(state.currentLine ?? 1);
		state.sourceStack.unshift(file);
	}
	try {
		return await run();
	} finally {
		for (const name of (file === undefined && state.localReadonly) || []) state.readonlyVars?.delete(name);
		Object.assign(state, before, { loopDepth });
	}
}

/** `exec` of a command: the shell becomes it, and ends with it. */
async function become(
	it: Interpreter,
	args: readonly string[],
	stdin: string,
	more: readonly unknown[],
	own: Routes,
): Promise<Result> {
	const frame = frameOf(it)!;
	const { state } = it.ctx;
	const words = [...args];
	let name: string | undefined;
	const stray = /^-[acl]*([^acl])/.exec(words[0] ?? '')?.[1];
	if (stray !== undefined && words[0] !== '--')
		return (await import('./builtins/options.ts')).refused('exec', `-${stray}: invalid option`);
	while (/^-[acl]+$/.test(words[0] ?? '')) if (words.shift()!.includes('a')) name = words.shift();
	const [command = '', ...rest] = words;
	const wrong = await frame.host.notRun(command, state);
	let result: Result;
	if (wrong !== undefined) {
		const why = command.includes('/') ? `${command}: ${wrong}` : `exec: ${command}: not found`;
		result = { stdout: '', stderr: `bash: ${why}\n`, exitCode: wrong.startsWith('Perm') ? 126 : 127 };
		if (frame.host.interactive) return result;
	} else {
		trapsOf(state).delete('EXIT');
		frame.waiting = own;
		const before = state.env.get('BASH_ARGV0');
		if (name !== undefined) state.env.set('BASH_ARGV0', name);
		const quoted = rest.map(() => true);
		result = deliver(await it.runCommand(command, rest, quoted, stdin, true, ...more.slice(1)), own);
		if (name !== undefined && before === undefined) state.env.delete('BASH_ARGV0');
	}
	frame.become = result.exitCode;
	return result;
}

/** `eval` of what is no shell text runs what stands before. */
async function partlyEvaluated(
	it: Interpreter,
	unread: { readonly before: string; readonly said: string; readonly code: number },
	[stdin, ...more]: readonly [string, ...unknown[]],
	own: Routes,
): Promise<Result> {
	const { before, said, code } = unread;
	const ran =
		before.trim() === '' ? undefined : deliver(await it.runCommand('eval', [before], [true], stdin, ...more), own);
	return { stdout: ran?.stdout ?? '', stderr: (ran?.stderr ?? '') + said, exitCode: code };
}

/** A subshell that says `exit` runs its trap first. */
async function leaveBy(it: Interpreter, args: readonly string[], own: Routes): Promise<Result> {
	const code = /^\d+$/.test(args[0] ?? '') ? Number(args[0]) & 255 : it.ctx.state.lastExitCode;
	return deliver(await leaveSubshell(it, code), own);
}

/** It ends once its output went where it was sent. */
async function ends(it: Interpreter, code: number, { stdout, stderr }: Result): Promise<Result> {
	try {
		return await it.runCommand('exit', [String(code)], [true], '');
	} catch (error) {
		throw Object.assign(error as object, { stdout, stderr });
	}
}

/** An `eval` of an `eval` of plain words is one: each reads again all that is behind it. */
function plainly(args: string[]): string[] {
	const more = args.findIndex((word) => word !== 'eval');
	return more > 0 && args.every((word) => /^[\w./:@%+,-]+$/.test(word)) ? args.slice(more) : args;
}

/** Runs something with more exported variables, and without some. */
async function withVariables<T>(
	state: State,
	variables: readonly (readonly [string, string])[],
	gone: readonly string[],
	run: () => Promise<T>,
): Promise<T> {
	const names = [...gone, ...variables.map(([name]) => name)];
	const before = names.map((name) => [name, state.env.get(name), state.exportedVars.has(name)] as const);
	for (const name of gone) {
		state.env.delete(name);
		state.exportedVars.delete(name);
	}
	for (const [name, value] of variables) {
		state.env.set(name, value);
		state.exportedVars.add(name);
	}
	try {
		return await run();
	} finally {
		for (const [name, value, exported] of before) {
			if (value === undefined) state.env.delete(name);
			else state.env.set(name, value);
			if (exported) state.exportedVars.add(name);
			else state.exportedVars.delete(name);
		}
	}
}

async function runProgram(program: Program, call: Omit<ProgramCall, 'stdin'>, stdin: string): Promise<Result> {
	let used = false;
	const read = (): string => {
		used = true;
		return stdin || (call.state.groupStdin ?? '');
	};
	const result = await program.run({ ...call, stdin: read });
	return { ...result, internalStdinConsumed: used ? stdin.length : 0 };
}

/** Writes a file for a filter; answers what is wrong with the path. */
async function writeFile(
	{ ctx }: Interpreter,
	path: string,
	octets: string,
	add: boolean,
): Promise<string | undefined> {
	const full = ctx.fs.resolvePath(ctx.state.cwd, path);
	try {
		if (add) await ctx.fs.appendFile(full, octets, 'binary');
		else await ctx.fs.writeFile(full, octets, 'binary');
		return undefined;
	} catch (error) {
		const { message } = error as Error;
		if (/^EROFS/.test(message)) return 'Read-only file system';
		return /EISDIR/.test(message) ? 'Is a directory' : 'No such file or directory';
	}
}

/** Whether `exec` sent standard output or errors elsewhere: what a command writes comes with its result then. */
function moved(state: State): boolean {
	const { fileDescriptors, closedStandardFds } = state as State & {
		readonly fileDescriptors?: ReadonlyMap<number, string>;
		readonly closedStandardFds?: ReadonlySet<number>;
	};
	return [1, 2].some((fd) => fileDescriptors?.has(fd) || closedStandardFds?.has(fd));
}

/** Commands that write what they are told, among it what begins as a message of the shell does. */
const WRITES: ReadonlySet<string> = new Set(['cat', 'echo', 'printf']);

/** What bash says of a division by zero: what was divided, and by what (expr.c evalerror() @ 5.1). */
function dividedText(node: unknown): string {
	const text = /"originalText":"((?:[^"\\]|\\.)*[/%](?:[^"\\]|\\.)*)"/.exec(JSON.stringify(node))?.[1];
	if (text === undefined) return 'bash: division by 0';
	const whole = (JSON.parse(`"${text}"`) as string).trimStart();
	return `bash: ${whole}: division by 0 (error token is "${/[/%]=?\s*(.*)$/s.exec(whole)![1]}")`;
}

/** What is wrong with a command, in the shell's words. */
function worded(it: Interpreter, node: CommandNode, answer: { stderr?: string; exitCode?: number }): void {
	if (!answer.stderr?.includes('bash: ')) return;
	answer.stderr = answer.stderr
		.replace(/^bash: line \d+: (\w+): (.*): (?=must use subscript)/gm, "bash: $1: '$2': ")
		.replace(/^bash: (\d+|[@*]): unbound/gm, 'bash: $$$1: unbound')
		.replace(/^bash: arithmetic expression: (?!division by 0$)/gm, 'bash: ((: ')
		.replace(/^bash: \(\(: (?=\w+: readonly variable$)/gm, 'bash: ')
		.replace(/^bash: (?:arithmetic expression: )?division by 0$/gm, () => dividedText(node));
	const [first] = (node.name as NameWord | undefined)?.parts ?? [];
	const sent = node.redirections?.some(({ operator }) => operator === '>&');
	if (sent && WRITES.has((first as { value?: string } | undefined)?.value ?? '')) return;
	const { state } = it.ctx;
	const writes = node.redirections?.some(({ operator }) => operator.startsWith('>'));
	const script = (first as { value?: string } | undefined)?.value === '.';
	const deed = answer.exitCode === 127 ? undefined : script ? 'script' : writes ? 'write' : 'read';
	answer.stderr = frameOf(it)!.host.said(answer.stderr, node.line ?? state.currentLine, state, deed);
}

function show(text: string, { err }: Routes): void {
	if (text !== '') err?.({ text, binary: false });
}

const OWN = new RegExp(`^.*${HIDDEN}\\w+.*\\n`, 'gm');

/** `set -x` of more than simple commands, when it was first on; and what stands in the text for each command. */
let xtrace: typeof import('./xtrace.ts') | undefined;
const sources = new WeakMap<CommandNode, string>();

/** Builtins of which a part is ours. */
const TOLD: ReadonlySet<string> = new Set(['declare', 'export', 'local', 'type', 'typeset', 'unset']);

/** Builtins that have been asked about before they run. */
const ASKED: ReadonlySet<string> = new Set(
	'. [ alias bg bind break caller cd command compopt continue declare dirs disown enable exec exit export fc fg hash help history jobs let local logout mapfile popd pushd pwd read readarray readonly set shift shopt source suspend test times trap type typeset umask unalias unset wait'.split(
		' ',
	),
);

/** Pipelines of whose end something hangs. */
const asked = new WeakSet<object>();
const started = new WeakSet<Interpreter>();
/** Milliseconds of a shell's time at which its `SECONDS` was, or would have been, 0. */
const counted = new WeakMap<object, number>();
/** What the builtin `exit` threw. */
const leaving = new WeakSet<Error>();

function methodsOf(proto: Interpreter) {
	const { executeScript, executeStatement, executePipeline, executeCommand } = proto;
	const { executeSubshell, executeSimpleCommand, runCommand } = proto;
	return {
		executeScript,
		executeStatement,
		executePipeline,
		executeCommand,
		executeSubshell,
		executeSimpleCommand,
		runCommand,
	};
}

/** `$K get pods`: what stands for the command is split into words, as all that is not quoted; so are `"$@"` and `"${a[@]}"`. */
const splitsName = ({ name }: CommandNode): boolean =>
	((name as NameWord | null | undefined)?.parts ?? []).some(
		({ type, parts = [] }) =>
			type === 'ParameterExpansion' ||
			type === 'CommandSubstitution' ||
			(type === 'DoubleQuoted' && parts.some(({ parameter = '' }) => parameter === '@' || parameter.endsWith('[@]'))),
	);

/** Whether one of the words is a pattern with a slash at its end. */
const listsOf = (node: CommandNode): readonly CommandNode[] =>
	(node as unknown as { readonly assignments?: readonly CommandNode[] }).assignments ?? [];
const trails = (node: CommandNode, key: 'args' | 'words' | 'array'): boolean => {
	const words = (node as unknown as Record<string, readonly NameWord[] | null | undefined>)[key];
	return (
		words?.some(
			({ parts }) =>
				parts.length > 1 &&
				(parts.at(-1) as { value?: unknown }).value?.toString().endsWith('/') &&
				parts.some(({ type }) => type === 'Glob'),
		) ?? false
	);
};

/** `local` with attributes is `declare`, in a function. */
const declares = (node: CommandNode, { ctx }: Interpreter): CommandNode => {
	if (nameOf(node) !== 'local' || ctx.state.localScopes.length === 0) return node;
	const { args } = node as unknown as { readonly args: readonly NameWord[] };
	const flags = args.some(({ parts: [part] }) => /^-[Aailuntx]+$/.test((part as { value?: string })?.value ?? ''));
	return flags ? { ...node, name: { type: 'Word', parts: [{ type: 'Literal', value: 'declare' }] } } : node;
};

/** Builtins that may make tables of names (`declare -A`). */
const MAKES = /^(?:declare|typeset|local)$/;
const nameOf = ({ name }: CommandNode): string =>
	(name as { parts?: readonly { value?: string }[] } | null | undefined)?.parts?.[0]?.value ?? '';

/** just-bash splits words behind the command alone; of a name that is nothing, the first of them is the command. */
const nameAmongWords = (node: CommandNode): CommandNode => {
	const { name, args } = node as unknown as { readonly name: NameWord; readonly args: readonly NameWord[] };
	return { ...node, name: { type: 'Word', parts: [] }, args: [name, ...args] } as unknown as CommandNode;
};

interface NameWord {
	readonly type: 'Word';
	readonly parts: readonly {
		readonly type: string;
		/** Of what stands in double quotes. */
		readonly parts?: readonly { readonly parameter?: string }[];
	}[];
}
