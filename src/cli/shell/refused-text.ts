/** What commands say where nothing can be written: just-bash's give an error of Node's, or take it for another. */
import type { Result } from './just-bash.ts';
import { FAULTS, THROWN } from './read-only.ts';

/** A path as the words of a command have it: one of them, or a name in one. */
export function spelt(
	words: readonly string[],
	path: string,
	cwd: string,
	files: { resolvePath(base: string, path: string): string },
): string {
	for (const word of words.toReversed()) {
		const full = files.resolvePath(cwd, word);
		if (full === path) return word;
		if (!word.startsWith('-') && path.startsWith(`${full === '/' ? '' : full}/`))
			return `${word.replace(/\/+$/, '')}/${path.slice(full === '/' ? 1 : full.length + 1)}`;
	}
	return path;
}

/** The words of coreutils; `path` is what was refused last. */
export function refusedText(name: string, path: string, fault: string, result: Result): Result {
	const words = FAULTS[fault] ?? fault;
	let stderr = result.stderr.replace(new RegExp(THROWN, 'g'), words);
	// A file that may not be read is one that is not there, to just-bash.
	if (
		(fault === 'EACCES' || fault === 'EUNIX' || fault === 'EROOT') &&
		!/^(?:cp|chmod|rm|mv|mkdir|touch|tee)$/.test(name)
	)
		stderr = stderr.replace(/No such file or directory/g, words);
	// To just-bash it is the source that is not there, or nothing said.
	if (fault === 'ENOENT' || fault === 'ENOTDIR') {
		if (name === 'cp') stderr = stderr.replace(/cannot stat '.*'(?=: No such)/, `cannot create regular file '${path}'`);
		if (name === 'mv')
			stderr = stderr.replace(/cannot (?:stat|move) '(.*)'(?=: No[ t])/, `cannot move '$1' to '${path}'`);
	}
	if (name === 'mv' && fault === 'ENOTDIR')
		stderr = stderr.replace(/cannot move '.*'(?= to '|: Not)(?: to '.*')?/, `cannot stat '${path}'`);
	if (name === 'ln') stderr = stderr.replace(/^ln: (?!failed)(?=.*)/, `ln: failed to create symbolic link '${path}': `);
	if (name === 'tee') stderr = stderr.replace(/No such file or directory/g, words);
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
