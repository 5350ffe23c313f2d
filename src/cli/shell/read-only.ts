/** Writes that are refused because nothing can be written there. */
import type { Redirection, Result, State } from './just-bash.ts';

/** Fault and path of an error of `refusal`. */
export const THROWN = /(E[A-Z]+): [^,\n]*, open '([^']*)'/;

/** strerror(3) of what may refuse a write. */
export const FAULTS: Readonly<Record<string, string>> = {
	ENOENT: 'No such file or directory',
	ENOTDIR: 'Not a directory',
	EROFS: 'Read-only file system',
	EACCES: 'Permission denied',
	EPERM: 'Operation not permitted',
	EBUSY: 'Device or resource busy',
	ENOSPC: 'No space left on device',
	EINVAL: 'Invalid argument',
	/** Of no kernel: what it would list is not simulated. */
	EUNIX: 'the simulator knows no Unix sockets',
	EROOT: 'the simulator shows no container from outside: go into it',
};

/** Error of a write that is refused. */
export const refusal = (fault: string, path: string): Error =>
	new Error(`${fault}: ${FAULTS[fault]?.toLowerCase() ?? ''}, open '${path}'`);

/** just-bash has one text for all that can be wrong with a redirection's file. */
export function opened(
	result: Result,
	files: { readonly refusedBy: string; readonly unread: string; resolvePath(base: string, path: string): string },
	cwd: string,
): void {
	// To just-bash a file that may not be read is not there.
	if (files.unread !== '' && result.stderr.includes(': No such file or directory\n'))
		result.stderr = result.stderr.replace(/^(bash: (.+): )No such file or directory$/gm, (all, before, path) =>
			files.resolvePath(cwd, path) === files.unread ? before + (FAULTS[files.refusedBy] ?? files.refusedBy) : all,
		);
	if (result.stderr.includes(': /dev/'))
		result.stderr = result.stderr.replace(
			/^(bash: \/dev\/(?:tcp|udp)\/[^/\n]+\/[^/\n]+): No such file or directory$/gm,
			"$1: the simulator's bash opens no connections itself, nc does",
		);
	if (result.stderr.includes(': cannot open redirect target\n'))
		result.stderr = result.stderr.replace(
			': cannot open redirect target\n',
			`: ${FAULTS[files.refusedBy] ?? files.refusedBy}\n`,
		);
}

type At = Pick<State, 'cwd' | 'env'>;

/** A path as a redirection had it, as far as its word tells. */
function written(path: string, redirections: readonly Redirection[], { cwd, env }: At): string {
	const inside = `${cwd === '/' ? '' : cwd}/`;
	if (!path.startsWith(inside)) return path;
	const short = path.slice(inside.length);
	for (const { target } of redirections) {
		const { parts = [] } = (target ?? {}) as {
			readonly parts?: readonly { type: string; value?: string; parameter?: string }[];
		};
		const [first] = parts;
		const begins = first?.type === 'ParameterExpansion' ? env.get(first.parameter!) : first?.value;
		if (begins === undefined || begins.startsWith('/')) continue;
		if (parts.length > 1 || first!.value === undefined) return short;
		if (first!.value.replace(/^(?:\.\/+)+/, '') === short) return first!.value;
	}
	return path;
}

/** What becomes of a command whose output was to go into such a file. @throws Error that is another */
export function notRedirected(error: unknown, redirections: readonly Redirection[] | undefined, at: At): Result {
	const [, fault = '', path] = THROWN.exec((error as Error)?.message ?? '') ?? [];
	if (path === undefined || FAULTS[fault] === undefined) throw error;
	return { stdout: '', stderr: `bash: ${written(path, redirections ?? [], at)}: ${FAULTS[fault]}\n`, exitCode: 1 };
}
