/** What commands say where nothing can be written: just-bash's give an error of Node's, or take it for another. */
import type { Result } from './just-bash.ts';
import { THROWN } from './read-only.ts';

/** The words of coreutils (busybox editors/sed.c @ 1_35_0 for `sed -i`); `path` is what was refused last. */
export function refusedText(name: string, path: string, result: Result): Result {
	let stderr = result.stderr.replace(new RegExp(THROWN, 'g'), 'Read-only file system');
	if (name === 'cp')
		stderr = stderr.replace(/cannot copy '.*'(?=: Read-only)/g, `cannot create regular file '${path}'`);
	if (name === 'chmod')
		stderr = stderr.replace(
			/cannot access '(.*)': No such file or directory/g,
			"changing permissions of '$1': Read-only file system",
		);
	if (name === 'sed')
		stderr = stderr.replace(
			/^sed: (.*): No such file or directory$/gm,
			"sed: can't create temp file '$1XXXXXX': Read-only file system",
		);
	if (name === 'rm' && stderr === '')
		return { ...result, stderr: `rm: cannot remove '${path}': Read-only file system\n`, exitCode: 1 };
	return stderr === result.stderr ? result : { ...result, stderr };
}
