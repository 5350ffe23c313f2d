/** A script from its begin to its end: a line, what `eval` and `.` read, a substitution; and a subshell. */
import { frameOf } from '../frame.ts';
import type { Interpreter } from '../just-bash.ts';
import { HIDDEN } from '../programs/names.ts';
import { random } from '../random.ts';
import { NOWHERE, show } from '../routes.ts';
import { fromLine } from '../source-lines.ts';
import { asSubshell, last } from '../trap-runs.ts';
import { Verbose } from '../verbose.ts';
import { leaving } from './leaving.ts';
import type { Live, Methods } from './methods.ts';

const OWN = new RegExp(`^.*${HIDDEN}\\w+.*\\n`, 'gm');
const started = new WeakSet<Interpreter>();

/** These methods, made of those that just-bash has. */
export function scripts(original: Methods): Live<'executeScript' | 'executeSubshell'> {
	return {
		async executeScript(script) {
			const frame = frameOf(this);
			if (!frame) return original.executeScript.call(this, script);
			const { waiting, routes, builtin, shown } = frame;
			const first = frame.outermost && !started.has(this);
			started.add(this);
			if (!first && !builtin) {
				frame.routes = NOWHERE;
				frame.shown = { out: undefined, err: shown.err };
			}
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
				if (first && this.ctx.state.turned) await (await import('./into-process.ts')).turnedBack(this);
				this.ctx.state.substituted = substituted;
				frame.waiting = waiting;
				frame.routes = routes;
				frame.shown = shown;
				frame.builtin = builtin;
				frame.level = level;
				frame.dropped = dropped;
				if (mark !== '' && this.ctx.state.env.get('PS4') === mark[0] + mark) this.ctx.state.env.set('PS4', mark);
				if (first) frame.host.keep(this.ctx.state, frame.run);
			}
		},

		async executeSubshell(node, stdin, inherited) {
			if (!frameOf(this)) return original.executeSubshell.call(this, node, stdin, inherited);
			const own = { ...node, body: [...node.body, last()] };
			return asSubshell(this.ctx.state, () => original.executeSubshell.call(this, own, stdin, inherited));
		},
	};
}
