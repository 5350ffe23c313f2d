/**
 * A pipeline as Linux runs it: its commands at the same time, each in a subshell, and what one writes is there for the
 * next at once. just-bash runs one after the other.
 */

import { fork } from './fork.ts';
import { adopt, type Frame, type Stage } from './frame.ts';
import type { CommandNode, Interpreter, PipelineNode, Result } from './just-bash.ts';
import { Pipe } from './pipe.ts';
import { deliver, type Routes } from './routes.ts';
import { asSubshell, leaveSubshell } from './trap-runs.ts';

/** Signals that end a command: 128 and the signal's number (bash(1), "EXIT STATUS"). */
const SIGINT = 130;
const SIGPIPE = 141;

/** Commands of pipelines at the same time, in one line. */
const MOST_AT_ONCE = 100;

/** What just-bash throws to leave a subshell, with what was written before. */
interface Leaving extends Error {
	readonly stdout: string;
	readonly stderr: string;
	readonly exitCode?: number;
}

/** Ends a line as a whole: a budget is used up. */
const FATAL = new Set(['ExecutionLimitError', 'SecurityViolationError']);

/** Names of what ends with 0: there is no loop in the subshell that they could leave. */
const HARMLESS = new Set(['BreakError', 'ContinueError', 'SubshellExitError']);

/** just-bash's own word for what was ended inside of a loop. */
const ABORTED = /(?:^|\n)execution aborted\n$/;

const ended = (exitCode: number): Result => ({ stdout: '', stderr: '', exitCode });

/** What a command that left by an error wrote and answered. @throws what ends the whole line */
function leftBy(error: unknown, run: Stage): Result {
	const { name, stdout = '', stderr = '', exitCode } = error as Leaving;
	if (run.interrupted) return { ...ended(SIGINT), stdout };
	if (FATAL.has(name) || (error as Partial<Leaving>).stdout === undefined) throw error;
	return { stdout, stderr, exitCode: HARMLESS.has(name) ? 0 : (exitCode ?? 1) };
}

/** @throws what ends the line, before a shell is made for each command, when more would work at once than may. */
function mayWork(shell: Interpreter, count: number): void {
	if (count <= MOST_AT_ONCE) return;
	const places = [];
	try {
		for (let i = 0; i < count; i++) places.push(shell.ctx.executionScope.enterDepth('pipeline', MOST_AT_ONCE));
	} finally {
		for (const place of places) place.release();
	}
}

export async function runPipeline(shell: Interpreter, frame: Frame, pipeline: PipelineNode): Promise<Result> {
	const { host, run, routes } = frame;
	const { commands, pipeStderr } = pipeline;
	const { state } = shell.ctx;
	mayWork(shell, commands.length);
	const runs = commands.map((_, i) => host.stage(run, i === commands.length - 1));
	const pipes = commands.slice(1).map(
		(_, i) =>
			new Pipe({
				clock: host.clock,
				reader: runs[i + 1]!,
				broken: () => broke(runs[i]!),
				left: () => {
					if (runs[i]!.waitsForever()) broke(runs[i]!);
				},
				flooded: () => host.stop(run, 'the output is too large'),
			}),
	);
	let working = commands.length;
	// The line itself waits now, and all of these work.
	for (let i = 1; i < working; i++) host.clock.begin();
	let fatal: unknown;

	async function stage(node: CommandNode, i: number): Promise<Result> {
		const own = runs[i]!;
		const next = pipes[i];
		const out = next ? (o: Parameters<NonNullable<Routes['out']>>[0]) => next.write(o) : routes.out;
		const to = untilEnded({ out, err: pipeStderr?.[i] ? out : routes.err }, own);
		const last = i === commands.length - 1;
		const here = last && state.shoptOptions.lastpipe ? shell : fork(shell, own.stop.signal);
		const inner = here === shell ? frame : subframe(frame, own, to);
		const before = { input: frame.input, routes: frame.routes };
		if (here !== shell) adopt(here, inner, own.stop.signal);
		// A builtin there still knows the shell's jobs: `jobs | wc -l`.
		const [first] = (node.name as { parts?: readonly { value?: string }[] } | null | undefined)?.parts ?? [];
		if (here !== shell && first?.value === 'jobs' && !state.functions.has('jobs')) here.ctx.state.substituted = true;
		const { shown } = frame;
		if (next) inner.shown = { out: undefined, err: pipeStderr?.[i] ? undefined : shown.err };
		if (i > 0) {
			here.ctx.state.groupStdin = undefined;
			inner.input = pipes[i - 1];
			inner.fed = false;
		}
		let place: { release(): void } | undefined;
		try {
			place = here.ctx.executionScope.enterDepth('pipeline', MOST_AT_ONCE);
			here.ctx.state.commandCount = here.ctx.executionScope.chargeCommand();
			const run = (): Promise<Result> => here.executeCommand(node, '');
			const result = here === shell ? await run() : await subshell(here, run);
			return deliver(own.interrupted ? { ...result, stderr: result.stderr.replace(ABORTED, '') } : result, to);
		} catch (error) {
			return deliver(leftBy(error, own), to);
		} finally {
			place?.release();
			if (i === 0) state.groupStdin = here.ctx.state.groupStdin;
			if (here === shell) Object.assign(frame, before);
		}
	}

	const results = await Promise.all(
		commands.map(async (node, i) => {
			try {
				return await stage(node, i);
			} catch (error) {
				fatal ??= error;
				for (const other of runs) other.interrupt();
				return ended(1);
			} finally {
				pipes[i]?.end();
				pipes[i - 1]?.leave();
				runs[i]!.over();
				if (--working > 0) host.clock.end();
			}
		}),
	);
	if (fatal !== undefined) throw fatal;
	const codes = results.map(({ exitCode }, i) =>
		runs[i]!.broken ? SIGPIPE : runs[i]!.interrupted ? SIGINT : exitCode,
	);
	state.arrays ??= new Map();
	state.arrays.set('PIPESTATUS', {
		kind: 'indexed',
		elements: new Map(codes.map((code, i) => [String(i), String(code)])),
	});
	const failed = state.options.pipefail ? codes.findLast((code) => code !== 0) : undefined;
	const code = failed ?? codes.at(-1)!;
	return {
		...results.at(-1)!,
		stderr: results.map(({ stderr }) => stderr).join(''),
		exitCode: pipeline.negated ? Number(code === 0) : code,
		internalOutputAccounting: { stdout: 0, stderr: 0 },
	};
}

/** A command of a pipeline, with the trap of its end. */
async function subshell(it: Interpreter, run: () => Promise<Result>): Promise<Result> {
	return asSubshell(it.ctx.state, async () => {
		const result = await run();
		const left = await leaveSubshell(it, result.exitCode);
		return left.stdout + left.stderr === ''
			? result
			: { ...result, stdout: result.stdout + left.stdout, stderr: result.stderr + left.stderr };
	});
}

/** Routes on which just-bash says nothing of a command that was ended. */
function untilEnded({ out, err }: Routes, run: Stage): Routes {
	return {
		out,
		err: err && ((octets) => err(run.interrupted ? { ...octets, text: octets.text.replace(ABORTED, '') } : octets)),
	};
}

function broke(run: Stage): void {
	if (run.interrupted) return;
	run.broken = true;
	run.interrupt();
}

const subframe = (frame: Frame, run: Stage, routes: Routes): Frame => ({
	...frame,
	run,
	routes,
	outermost: false,
	waiting: undefined,
	builtin: false,
	level: 0,
	dropped: undefined,
});
