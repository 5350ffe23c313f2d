/** Writes that are refused because nothing can be written there. */
import type { Result } from './just-bash.ts';

/** Fault and path of an error of `refusal`. */
export const THROWN = /(E[A-Z]+): [^,\n]*, open '([^']*)'/;

/** strerror(3) of what may refuse a write. */
export const FAULTS: Readonly<Record<string, string>> = {
	EROFS: 'Read-only file system',
	EACCES: 'Permission denied',
	EPERM: 'Operation not permitted',
	EBUSY: 'Device or resource busy',
	ENOSPC: 'No space left on device',
};

/** Error of a write that is refused. */
export const refusal = (fault: string, path: string): Error =>
	new Error(`${fault}: ${FAULTS[fault]?.toLowerCase() ?? ''}, open '${path}'`);

/** What becomes of a command whose output was to go into such a file. @throws Error that is another */
export function notRedirected(error: unknown): Result {
	const [, fault = '', path] = THROWN.exec((error as Error)?.message ?? '') ?? [];
	if (path === undefined || FAULTS[fault] === undefined) throw error;
	return { stdout: '', stderr: `bash: ${path}: ${FAULTS[fault]}\n`, exitCode: 1 };
}
