/** Any command: where its output goes, what of it is traced, and how what is wrong with it is said. */
import type { LabFiles } from '../files.ts';
import { frameOf } from '../frame.ts';
import type { CommandNode, Result } from '../just-bash.ts';
import { listsFirst } from '../mend.ts';
import { notRedirected, opened } from '../read-only.ts';
import { behind, deliver, literal, show } from '../routes.ts';
import type { Live, Methods } from './methods.ts';
import { hasNames, throughNames } from './namerefs.ts';
import { closed, routesBehind, withDescriptors } from './opened.ts';
import { loadXtrace, sources } from './tracing.ts';
import { worded } from './wording.ts';
import { asksForTerminal, goesInto, trails, withoutBraces } from './words.ts';

/** What is another file for each process that opens it. */
const OF_SELF = /^\/proc\/(?:thread-)?self(?!\/fd\/\d)/;

/** These methods, made of those that just-bash has. */
export function commands(original: Methods): Live<'executeCommand'> {
	return {
		async executeCommand(node, stdin, inherited) {
			const frame = frameOf(this);
			if (!frame) return original.executeCommand.call(this, node, stdin, inherited);
			const { routes, builtin, input, fed, shown } = frame;
			frame.builtin = false;
			const takes = node.redirections?.some(({ fd, operator }) => operator.startsWith('<') && (fd ?? 0) === 0);
			if (takes) frame.fed = true;
			frame.shown = behind(node.redirections, shown);
			const made = node.type === 'SimpleCommand' ? node : withDescriptors(node, this);
			if (node.type !== 'SimpleCommand') {
				frame.routes = routesBehind(this, made, routes);
				if (takes) frame.input = undefined;
			}
			try {
				const { state } = this.ctx;
				const defines = node.type === 'FunctionDef' && (node as { readonly name: unknown }).name;
				if (defines && state.fixedFunctions?.has(defines as string)) {
					const fixed = { stdout: '', stderr: `bash: ${defines}: readonly function\n`, exitCode: 1 };
					worded(this, node, fixed);
					return deliver(fixed, routes);
				}
				const run = async (meant: CommandNode): Promise<Result> => {
					if (meant.type !== 'SimpleCommand' && goesInto(meant))
						return (await import('./into-process.ts')).intoProcesses(this, meant, routes, run);
					if (meant.type !== 'SimpleCommand' && hasNames(state)) meant = throughNames(meant, state);
					if (meant.type === 'ConditionalCommand' && asksForTerminal(meant)) {
						const { isTerminal, withAnswers } = await import('../terminal-tests.ts');
						meant = await withAnswers(this, meant, (fd) => isTerminal(fd, frame, state));
					}
					const bare = meant.type === 'For' && state.options.braceexpand === false;
					const one = bare ? withoutBraces(meant, 'words') : meant;
					if (one.type === 'SimpleCommand' && one.redirections?.some((way) => OF_SELF.test(literal(way) ?? '')))
						return (await import('../self.ts')).openedBy(this, frame, one, () =>
							original.executeCommand.call(this, one, stdin, inherited),
						);
					if (one.type !== 'For' || !trails(one, 'words'))
						return original.executeCommand.call(this, one, stdin, inherited);
					const { withTrailing } = await import('../trailing.ts');
					const trailed = await withTrailing(this, one, 'words', this.executeSimpleCommand);
					return original.executeCommand.call(this, trailed, stdin, inherited);
				};
				let said = '';
				const say = (text: string): void => {
					if (frame.routes.err) show(text, frame.routes);
					else said += text;
				};
				const traced = async () => {
					const xtrace = await loadXtrace();
					const seen = await xtrace.tracing(this, node, sources.get(node), say, run);
					return seen ?? run(node);
				};
				const whole = async (): Promise<Result> => {
					const own = frame.routes;
					const result = await (state.options.xtrace && node.type !== 'SimpleCommand' ? traced() : run(made));
					if (own !== routes) await closed(own);
					return result;
				};
				const result = await whole().catch((error) => notRedirected(error, node.redirections, this.ctx.state));
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
				frame.fed = fed;
				frame.shown = shown;
				frame.builtin = builtin;
			}
		},
	};
}
