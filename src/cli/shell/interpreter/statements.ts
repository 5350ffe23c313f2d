/** Statements and the pipelines in them: traps, jobs, what is traced, and whether something hangs on how they end. */
import { withEndings } from '../endings.ts';
import { frameOf } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import { timeText } from '../mend.ts';
import { runPipeline } from '../pipeline.ts';
import { deliver, show } from '../routes.ts';
import { isLast, leaveSubshell, withErrors } from '../trap-runs.ts';
import { refresh } from '../variables.ts';
import type { Live, Methods } from './methods.ts';
import { opens } from './opened.ts';
import { sources, xtrace } from './tracing.ts';

/** Pipelines of whose end something hangs. */
const asked = new WeakSet<object>();

/** These methods, made of those that just-bash has. */
export function statements(original: Methods): Live<'executeStatement' | 'executePipeline'> {
	return {
		async executeStatement(statement) {
			const frame = frameOf(this);
			if (!frame) return original.executeStatement.call(this, statement);
			opens(frame.routes);
			if (isLast(statement)) return deliver(await leaveSubshell(this), frame.routes);
			const shown = this.ctx.state.options.xtrace ? xtrace()?.shownBy(statement) : undefined;
			if (shown !== undefined)
				return deliver({ stdout: '', stderr: shown, exitCode: this.ctx.state.lastExitCode }, frame.routes);
			const handler = await frame.host.breathe(frame.run);
			const { state } = this.ctx;
			refresh(state, frame.host, statement.sourceText);
			if (handler !== undefined) {
				const { lastExitCode, trapping = false } = state;
				state.trapping = true;
				await this.runCommand('eval', [handler], [true], '');
				state.trapping = trapping;
				state.lastExitCode = lastExitCode;
			}
			for (const pipeline of statement.pipelines.slice(0, -1)) asked.add(pipeline);
			if (state.options.xtrace && statement.sourceText)
				for (const { commands } of statement.pipelines)
					for (const command of commands) sources.set(command, statement.sourceText);
			if (statement.background)
				return deliver(frame.host.background(statement, state, frame.run, frame.routes), frame.routes);
			const { routes, source } = frame;
			frame.source = statement.sourceText;
			const quiet = state.suppressVerbose;
			if (state.options.verbose && !quiet && statement.sourceText && routes.err) {
				show(frame.verbose?.lines(statement) ?? `${statement.sourceText}\n`, routes);
				state.suppressVerbose = true;
			}
			try {
				const run = async (): Promise<Result> => deliver(await original.executeStatement.call(this, statement), routes);
				const exit = (code: number): Promise<Error> =>
					original.runCommand.call(this, 'exit', [String(code)], [true], '').catch((error) => error);
				return deliver(
					await withEndings(frame, statement, routes, exit, () => withErrors(this, statement, run)),
					routes,
				);
			} finally {
				state.suppressVerbose = quiet;
				frame.routes = routes;
				frame.source = source;
			}
		},

		async executePipeline(pipeline) {
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
		},
	};
}
