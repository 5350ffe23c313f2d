/**
 * /proc/self and /proc/thread-self are links to whoever looks (proc(5); fs/proc/self.c, proc_self_get_link() @ 5.15): files
 * of a place as one of its processes has them.
 */
import type { LabFiles } from './files.ts';
import type { Frame } from './frame.ts';
import { nameOf } from './interpreter/words.ts';
import type { CommandNode, Interpreter, Result } from './just-bash.ts';
import type { Shell } from './shell.ts';
import type { Word } from './words-of.ts';

/** What is done to a path alone: nothing else in its words is one. */
const OF_PATHS: ReadonlySet<string | symbol> = new Set(
	'exists fault listFault lstat programAt readFile readFileBuffer readFileBytes readdir readdirWithFileTypes readlink realpath refusal stat'.split(
		' ',
	),
);
const SELF = /^\/proc\/(?:thread-)?self(?=\/|$)/;
/** Descriptors are whose the shell's redirections are. */
const OPEN = /^\/proc\/(?:thread-)?self\/fd\/\d+$/;

type Own = Record<string | symbol, unknown>;

/** Files as a process of this number has them; whoever writes writes to the place's. */
export function filesAs(files: LabFiles, pid: number): LabFiles {
	const meant = (path: string): string => (OPEN.test(path) ? path : path.replace(SELF, `/proc/${pid}`));
	const isLink = (path: string): boolean => path.replace(SELF, '') === '' && SELF.test(path);
	const folder = `/proc/${pid}`;
	const own: Own = {
		async lstat(path: string) {
			if (!isLink(path)) return files.lstat(path.replace(SELF, folder));
			const { mtime } = await files.lstat('/proc');
			return { isFile: false, isDirectory: false, isSymbolicLink: true, mode: 0o777, size: 0, mtime };
		},
		readlink: async (path: string) => (isLink(path) ? String(pid) : files.readlink(path.replace(SELF, folder))),
		async readdirWithFileTypes(path: string) {
			const list = await files.readdirWithFileTypes(meant(path));
			if (files.resolvePath('/', path) !== '/proc') return list;
			return list.map((one) =>
				one.name === 'self' ? { ...one, isDirectory: false, isFile: false, isSymbolicLink: true } : one,
			);
		},
	};
	return new Proxy(files, {
		get(target, name) {
			if (Object.hasOwn(own, name)) return own[name];
			const value: unknown = Reflect.get(target, name, target);
			if (typeof value !== 'function') return value;
			if (!OF_PATHS.has(name)) return value.bind(target);
			return (path: string, ...more: unknown[]) => value.call(target, meant(path), ...more);
		},
		set: (target, name, value) => Reflect.set(target, name, value, target),
	});
}

/** The shell as it is for a program that is such a process. */
export function shellAs(shell: Shell, pid: number): Shell {
	const files = filesAs(shell.files, pid);
	return new Proxy(shell, {
		get(target, name) {
			if (name === 'files') return files;
			const value: unknown = Reflect.get(target, name, target);
			return typeof value === 'function' ? value.bind(target) : value;
		},
		set: (target, name, value) => Reflect.set(target, name, value, target),
	});
}

/** A redirection is opened by the process that becomes the program, and tells of that when it is read. */
export async function openedBy(
	{ ctx }: Interpreter,
	{ host, run }: Frame,
	node: CommandNode,
	execute: () => Promise<Result>,
): Promise<Result> {
	const { args = [] } = node as { readonly args?: readonly Word[] };
	const textOf = ({ parts }: Word): string =>
		parts.map((part) => part.value ?? (part.parts ? textOf(part as Word) : '')).join('');
	const call = { name: nameOf(node), args: args.map(textOf), run, state: ctx.state };
	const { fs } = ctx;
	const opened = host.looking(
		call,
		async (seen) => {
			Object.assign(ctx, { fs: seen });
			return execute().finally(() => Object.assign(ctx, { fs }));
		},
		true,
	);
	return (await opened) ?? execute();
}
