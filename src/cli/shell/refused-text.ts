/** What commands say where nothing can be written: just-bash's give an error of Node's, or take it for another. */
import type { Result } from './just-bash.ts';
import { FAULTS, THROWN } from './read-only.ts';

/** The words of coreutils; `path` is what was refused last. */
export function refusedText(name: string, path: string, fault: string, result: Result): Result {
	const words = FAULTS[fault] ?? fault;
	let stderr = result.stderr.replace(new RegExp(THROWN, 'g'), words);
	// A file that may not be read is one that is not there, to just-bash.
	if (fault === 'EACCES' && !/^(?:cp|chmod|rm|mv|mkdir|touch|tee)$/.test(name))
		stderr = stderr.replace(/No such file or directory/g, words);
	if (name === 'cp')
		stderr = stderr.replace(new RegExp(`cannot copy '.*'(?=: ${words})`, 'g'), `cannot create regular file '${path}'`);
	if (name === 'chmod')
		stderr = stderr.replace(
			/cannot access '(.*)': No such file or directory/g,
			`changing permissions of '$1': ${words}`,
		);
	if (name === 'rm' && stderr === '')
		return { ...result, stderr: `rm: cannot remove '${path}': ${words}\n`, exitCode: 1 };
	return stderr === result.stderr ? result : { ...result, stderr };
}
