/** Writes that are refused because nothing can be written there. */
import type { Result } from './just-bash.ts';

export const THROWN = /EROFS: read-only file system, open '([^']*)'/;

/** Error of a write that is refused. */
export const readOnly = (path: string): Error => new Error(`EROFS: read-only file system, open '${path}'`);

/** What becomes of a command whose output was to go into such a file. @throws Error that is another */
export function notRedirected(error: unknown): Result {
	const path = THROWN.exec((error as Error)?.message ?? '')?.[1];
	if (path === undefined) throw error;
	return { stdout: '', stderr: `bash: ${path}: Read-only file system\n`, exitCode: 1 };
}
