/** A simple command, until its words are there and its name is run. */
import { frameOf } from '../frame.ts';
import type { CommandNode } from '../just-bash.ts';
import { deliver, NOWHERE } from '../routes.ts';
import { ends } from './leaving.ts';
import type { Live, Methods } from './methods.ts';
import { hasNames, throughNames } from './namerefs.ts';
import { routesBehind, withDescriptors } from './opened.ts';
import { loadXtrace } from './tracing.ts';
import {
	declares,
	goesInto,
	listsOf,
	MAKES,
	nameAmongWords,
	nameOf,
	splitsName,
	trails,
	turnsInto,
	withoutBraces,
} from './words.ts';

/** Milliseconds of a shell's time at which its `SECONDS` was, or would have been, 0. */
const counted = new WeakMap<object, number>();

/** An assignment to an array, or to an element. */
const goesUnsaid = ({ name, array }: { readonly name?: unknown; readonly array?: unknown }): boolean =>
	!!array || String(name).includes('[');

/** These methods, made of those that just-bash has. */
export function simpleCommands(original: Methods): Live<'executeSimpleCommand'> {
	return {
		async executeSimpleCommand(written, stdin) {
			const frame = frameOf(this);
			let node = splitsName(written) ? nameAmongWords(written) : declares(written, this);
			if (hasNames(this.ctx.state)) node = throughNames(node, this.ctx.state);
			if (this.ctx.state.options.braceexpand === false) node = withoutBraces(node, 'args');
			if (frame && trails(node, 'args')) {
				const { withTrailing } = await import('../trailing.ts');
				node = await withTrailing(this, node, 'args', this.executeSimpleCommand);
			}
			const lists = frame ? listsOf(node) : [];
			if (lists.some((one) => trails(one, 'array'))) {
				const { withTrailing } = await import('../trailing.ts');
				const assignments = [];
				for (const one of lists)
					assignments.push(
						trails(one, 'array') ? await withTrailing(this, one, 'array', this.executeSimpleCommand) : one,
					);
				node = { ...node, assignments } as unknown as CommandNode;
			}
			if (this.ctx.state.shoptOptions.nocasematch && JSON.stringify(node).includes('"PatternReplacement"'))
				node = (await import('../any-case.ts')).anyCase(node);
			if (!frame) return original.executeSimpleCommand.call(this, node, stdin);
			const { state } = this.ctx;
			const isTable = ({ name, array }: { name?: unknown; array?: unknown }): boolean =>
				!!array && state.arrays?.get(name as string)?.kind === 'associative';
			if (lists.some(isTable)) {
				const { withPairs } = await import('../declared.ts');
				const assignments = [];
				for (const one of listsOf(node)) assignments.push(isTable(one) ? await withPairs(this, one) : one);
				node = { ...node, assignments } as unknown as CommandNode;
			}
			node = withDescriptors(node, this);
			const { routes, waiting, becomes, words } = frame;
			frame.routes = NOWHERE;
			frame.waiting = routesBehind(this, node, routes);
			state.startTime = Date.now() - frame.host.elapsed() + (counted.get(frame.host) ?? 0);
			try {
				const plain = (one: CommandNode) => original.executeSimpleCommand.call(this, one, stdin);
				// What may be asked to run something at its end starts what it runs.
				frame.becomes = written.tail && ![...(state.traps?.values() ?? [])].some((text) => text !== '');
				const into = goesInto(node) ? await import('./into-process.ts') : undefined;
				const way = into && (turnsInto(node) ? into.turned : into.intoProcesses);
				const run = (one: CommandNode) => (way ? way(this, one, routes, plain) : plain(one));
				frame.words = undefined;
				const { xtrace } = state.options;
				const traces = xtrace && !node.name && listsOf(node).some(goesUnsaid);
				const traced = traces ? await (await loadXtrace()).assigning(this, node) : undefined;
				if (traced) node = traced.node;
				const { assignments } = node as unknown as { readonly assignments: readonly unknown[] };
				const other = (assignments.length > 0 && node.name) || MAKES.test(nameOf(node));
				const ways = other ? await import('../declared.ts') : undefined;
				const result = ways?.declaresList(node)
					? await ways.declareList(this, node, frame.source, run)
					: await run(
							!xtrace && ways?.readsItsOwn(node)
								? await ways.expandedFirst(this, node, original.executeSimpleCommand)
								: node,
						);
				if (traced) result.stderr = traced.said + result.stderr;
				if (xtrace && result.stderr !== '')
					result.stderr = (await import('../xtrace-words.ts')).retold(written, state, frame.words, result.stderr);
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
				frame.becomes = becomes;
				frame.words = words;
			}
		},
	};
}
