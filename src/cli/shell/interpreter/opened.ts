/**
 * Output that goes into files, written as it comes. just-bash opens what a redirection names before a command runs, and
 * writes into it when the command is over. Here each such file gets a descriptor of its own (`> f` is `1000> f 1>&1000`):
 * so it is known while the command runs where it is, and what is still written at the end is added to it.
 */
import { frameOf } from '../frame.ts';
import {
	type CommandNode,
	type Interpreter,
	isClosed,
	isMoved,
	openedAs,
	type Redirection,
	type Result,
} from '../just-bash.ts';
import type { OpenFile } from '../open-files.ts';
import { behind, deliver, intoFile, isIntoFile, literal, NOWHERE, type Routes } from '../routes.ts';
import { goesInto, nameOf } from './words.ts';

/** Descriptors that no program asks for. */
const FIRST = 1000;
const INTO = new Set(['>', '>>', '>|', '&>', '&>>']);

const word = (value: string) => ({ type: 'Word', parts: [{ type: 'Literal', value }] });

/** What is no plain file: it is written at once, and what is wrong with it is known then. */
const isSpecial = (path: string | undefined): boolean =>
	path !== undefined && /^\/(?:dev|proc|sys)\//.test(path) && !/^\/dev\/(?:null$|shm\/)/.test(path);

/** The standard descriptors that a redirection sends into a file, and the operator that opens it; none of all others. */
function into(one: Redirection): { readonly fds: readonly number[]; readonly operator: string } | undefined {
	const { fd, operator, fdVariable, target } = one;
	if (fdVariable || (target as { type?: string }).type !== 'Word' || isSpecial(literal(one))) return undefined;
	if (operator === '>&' && fd === null) {
		// `>& f`, as `&> f`.
		const name = literal(one);
		return name === undefined || /^(?:\d*-?)$/.test(name) ? undefined : { fds: [1, 2], operator: '>' };
	}
	if (!INTO.has(operator)) return undefined;
	if (operator.startsWith('&')) return { fds: [1, 2], operator: operator.slice(1) };
	return fd === null || fd === 1 || fd === 2 ? { fds: [fd ?? 1], operator } : undefined;
}

/** A name with a sum in it, as one that is worked out once: just-bash would look for a pattern in it by working it out again. */
function once(target: unknown): unknown {
	const { parts = [] } = target as { readonly parts?: readonly { readonly type: string }[] };
	const sums = parts.some(({ type }) => type === 'ArithmeticExpansion');
	const plain = parts.every(({ type }) => type === 'ArithmeticExpansion' || type === 'Literal');
	return sums && plain ? { type: 'Word', parts: [{ type: 'DoubleQuoted', parts }] } : target;
}

const known = new WeakMap<CommandNode, CommandNode>();

/** The command with a descriptor for each file that its output goes into; the same where there is none. */
export function withDescriptors<T extends CommandNode>(node: T, it: Interpreter): T {
	const { redirections = [] } = node;
	if (redirections.length === 0 || it.ctx.state.options.xtrace || goesInto(node)) return node;
	// Those of a function are opened when it is called.
	if (node.type === 'FunctionDef' || (node.type === 'SimpleCommand' && (!node.name || nameOf(node) === 'exec')))
		return node;
	const before = known.get(node);
	if (before) return before as T;
	let next = FIRST;
	const more = redirections.flatMap((one): Redirection[] => {
		const way = into(one);
		if (!way) return [one];
		const fd = next++;
		const same = (standard: number): Redirection => ({
			...one,
			fd: standard,
			operator: '>&',
			target: word(String(fd)),
		});
		return [{ ...one, fd, operator: way.operator, target: once(one.target) }, ...way.fds.map(same)];
	});
	const made = next === FIRST ? node : { ...node, redirections: more };
	known.set(node, made);
	return made;
}

type Way = Routes['out'];

/** Routes of a command behind its redirections; those that it opens itself are found when something of it runs. */
export function routesBehind(it: Interpreter, node: CommandNode, routes: Routes): Routes {
	const { state } = it.ctx;
	const { redirections = [] } = node;
	const moved = [1, 2].some((fd) => isMoved(state, fd) || isClosed(state, fd));
	// Under `set -x` the trace comes with the result; what the command itself writes has to come after it.
	if (state.options.xtrace) return node.type === 'SimpleCommand' ? NOWHERE : behind(redirections, routes);
	// What stands around it is open by now, and closed by whoever opened it.
	if (!redirections.some(({ operator }) => !operator.startsWith('<')) && !(moved && node.type === 'SimpleCommand'))
		return routes instanceof OpenedRoutes ? routes.open() : routes;
	return new OpenedRoutes(it, nameOf(node) === 'exec' ? [] : redirections, routes);
}

/** What is left of a result once all that goes into files is there. @throws what went wrong with one of them */
export async function written(result: Result, routes: OpenedRoutes): Promise<Result> {
	const rest = deliver(result, routes);
	await routes.close();
	return rest;
}

/** A command is over: all is in the files that it opened. @throws what went wrong with one of them */
export async function closed(routes: Routes): Promise<void> {
	if (routes instanceof OpenedRoutes) await routes.close();
}

/** Finds where output goes, now that the redirections are opened. */
export const opens = (routes: Routes | undefined): OpenedRoutes | undefined => {
	if (!(routes instanceof OpenedRoutes)) return undefined;
	routes.open();
	return routes;
};

/** Routes of a command behind its redirections, as soon as these are opened: when something of it first runs. */
export class OpenedRoutes implements Routes {
	readonly #it: Interpreter;
	readonly #redirections: readonly Redirection[];
	readonly #base: Routes;
	readonly #files = new Map<string, OpenFile>();
	#found: Routes | undefined;

	constructor(it: Interpreter, redirections: readonly Redirection[], base: Routes) {
		this.#it = it;
		this.#redirections = redirections;
		this.#base = base;
	}

	get out(): Way {
		return this.open().out;
	}

	get err(): Way {
		return this.open().err;
	}

	/** Finds where they lead. What is not known stays with the result. */
	open(): Routes {
		this.#found ??= this.#find();
		return this.#found;
	}

	/** The command is over: all is in the files. @throws what went wrong with one of them */
	async close(): Promise<void> {
		for (const file of this.#files.values()) await file.close();
	}

	#find(): Routes {
		const { state } = this.#it.ctx;
		const { out, err } = this.#base;
		const standard = (fd: 1 | 2, way: Way): Way =>
			isIntoFile(way) ? way : isClosed(state, fd) ? undefined : isMoved(state, fd) ? this.#way(fd) : way;
		const ways = new Map<number, Way>([
			[1, standard(1, out)],
			[2, standard(2, err)],
		]);
		for (const one of this.#redirections) {
			const { fd, operator, fdVariable } = one;
			if (fdVariable || (operator.startsWith('<') && (fd ?? 0) === 0)) continue;
			if (operator.startsWith('&')) return NOWHERE;
			const to = fd ?? 1;
			if (to > 2) continue;
			const from = operator === '>&' ? literal(one) : undefined;
			if (operator === '>&' && fd === null && from === undefined) return NOWHERE;
			ways.set(
				to,
				from === undefined || !/^\d+$/.test(from) ? undefined : ways.has(+from) ? ways.get(+from) : this.#way(+from),
			);
		}
		return { out: ways.get(1), err: ways.get(2) };
	}

	#way(fd: number): Way {
		const at = openedAs(this.#it.ctx.state, fd);
		if (at === undefined) return undefined;
		if (at === 'stdout') return this.#base.out;
		if (at === 'stderr') return this.#base.err;
		if (isSpecial(at.path)) return undefined;
		let file = this.#files.get(at.path);
		if (!file) {
			const { host, run } = frameOf(this.#it)!;
			file = host.openFile(at.path, run);
			this.#files.set(at.path, file);
		}
		return intoFile(file.write);
	}
}
