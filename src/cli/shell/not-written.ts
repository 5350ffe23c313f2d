/** What tools say of a file that they were to write and may not, or whose directory is not there. */
import { filesOf, type LabFiles } from './files.ts';

/** errno.h's words (strerror(3)). */
const WHY: Readonly<Record<string, string>> = {
	EACCES: 'Permission denied',
	EISDIR: 'Is a directory',
	ENOENT: 'No such file or directory',
	ENOSPC: 'No space left on device',
	ENOTDIR: 'Not a directory',
	EPERM: 'Operation not permitted',
	EROFS: 'Read-only file system',
};

/** A file that could not be written. */
export class NotWritten extends Error {
	readonly path: string;
	readonly why: string;

	constructor(path: string, why: string) {
		super(`${path}: ${why}`);
		this.path = path;
		this.why = why;
	}
}

/** Those that make the directories of what they write. */
const MAKES: ReadonlySet<string> = new Set(['docker', 'helm', 'kind', 'kubectl']);

/** Writes a file for a tool. @throws NotWritten */
export async function write(
	tool: string,
	fs: LabFiles,
	cwd: string,
	path: string,
	content: string | Uint8Array,
): Promise<void> {
	const full = fs.resolvePath(cwd, path);
	const parent = full.slice(0, full.lastIndexOf('/')) || '/';
	if (!MAKES.has(tool)) {
		if (!(await fs.exists(parent))) throw new NotWritten(path, WHY.ENOENT!);
		if (!(await fs.stat(parent)).isDirectory) throw new NotWritten(path, WHY.ENOTDIR!);
	}
	try {
		await filesOf(fs, cwd).write(path, content);
	} catch (error) {
		const why = WHY[/^E[A-Z]+/.exec((error as Error).message)?.[0] ?? ''];
		if (why === undefined) throw error;
		throw new NotWritten(path, why);
	}
}

/**
 * The words of a tool, and its code.
 *
 * Source: curl src/tool_cb_wrt.c @ 7.81.0; wget src/main.c @ 1.21.2; openssl apps/lib/apps.c bio_open_owner() @ 3.0.2;
 * docker cli cli/command/container/utils.go ValidateOutputPath() @ 20.10.17.
 */
export function notWrittenText(
	tool: string,
	{ path, why }: NotWritten,
): { readonly text: string; readonly code: number } {
	const missing = why === WHY.ENOENT;
	const parent = path.slice(0, path.lastIndexOf('/')) || '.';
	switch (tool) {
		case 'curl':
			return {
				text: `Warning: Failed to open the file ${path}: ${why}\ncurl: (23) Failure writing output to destination\n`,
				code: 23,
			};
		case 'wget':
			return { text: `${path}: ${why}\n`, code: 1 };
		case 'openssl':
			return { text: `Can't open "${path}" for writing, ${why}\n`, code: 1 };
		case 'docker':
			return missing
				? { text: `invalid output path: directory "${parent}" does not exist\n`, code: 1 }
				: { text: `open ${path}: ${why.toLowerCase()}\n`, code: 1 };
		case 'kind':
			return { text: `ERROR: failed to write KUBECONFIG: open ${path}: ${why.toLowerCase()}\n`, code: 1 };
		case 'kubectl':
			return { text: `error: open ${path}: ${why.toLowerCase()}\n`, code: 1 };
		case 'helm':
			return { text: `Error: open ${path}: ${why.toLowerCase()}\n`, code: 1 };
		default:
			return { text: `${tool}: ${path}: ${why}\n`, code: 1 };
	}
}
