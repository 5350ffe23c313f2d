/** rm, rmdir and unlink (coreutils src/{rm,remove,rmdir,unlink}.c @ v8.32). */
import { type Desk, type Given, Leave } from '../coreutils/desk.ts';
import {
	absent,
	agreed,
	attempt,
	lastOf,
	look,
	plain,
	quote,
	quoted,
	type Stat,
	shellQuoted,
	within,
} from './common.ts';

const kindOf = ({ kind, size }: Stat): string =>
	kind === 'link'
		? 'symbolic link'
		: kind === 'directory'
			? 'directory'
			: size === 0
				? 'regular empty file'
				: 'regular file';

/** @param hint a file whose name was taken for options */
function rmOptions(desk: Desk, hint: string | undefined): Given {
	try {
		return desk.options('dfiIrRv', [
			'dir>d',
			'force>f',
			'interactive?',
			'one-file-system',
			'no-preserve-root',
			'preserve-root?',
			'recursive>r',
			'verbose>v',
		]);
	} catch (error) {
		if (!(error instanceof Leave) || hint === undefined || error.code === 0) throw error;
		const more = `Try 'rm ./${quoted(hint)}' to remove the file ${shellQuoted(hint)}.\n`;
		throw new Leave(error.message.replace(/(?=Try 'rm --help')/, more), error.code);
	}
}

export async function rm(desk: Desk): Promise<void> {
	const named = desk.args.find((word) => word.startsWith('-'));
	const hint = named !== undefined && (await look(desk, `./${named}`, false)) ? named : undefined;
	const given = rmOptions(desk, hint);
	const { operands } = given;
	const asks = given.all.findLast(([name]) => 'fiI'.includes(name) || name === 'interactive');
	let prompt: 'never' | 'once' | 'always' | undefined;
	if (asks) {
		const [name, value] = asks;
		if (name === 'f') prompt = 'never';
		else if (name === 'i') prompt = 'always';
		else if (name === 'I') prompt = 'once';
		else if (value === '' || /^(?:always|yes)$/.test(value)) prompt = 'always';
		else if (/^(?:never|no|none)$/.test(value)) prompt = 'never';
		else if (value === 'once') prompt = 'once';
		else
			throw new Leave(
				`rm: invalid argument ${quote(desk, value)} for ${quote(desk, '--interactive')}\nValid arguments are:\n  - ${['never', 'no', 'none'].map((w) => quote(desk, w)).join(', ')}\n  - ${quote(desk, 'once')}\n  - ${['always', 'yes'].map((w) => quote(desk, w)).join(', ')}\nTry 'rm --help' for more information.\n`,
			);
	}
	if (operands.length === 0) {
		if (prompt === 'never') return;
		throw desk.usage('missing operand');
	}
	const recursive = given.has('r') || given.has('R');
	if (prompt === 'once' && (recursive || operands.length > 3)) {
		const count = operands.length;
		const what = recursive
			? `rm: remove ${count} argument${count > 1 ? 's' : ''} recursively? `
			: `rm: remove ${count} argument${count > 1 ? 's' : ''}? `;
		if (!(await agreed(desk, what))) return;
	}
	const { files } = desk.shell;
	const fault = (path: string, why: string): false => {
		desk.fault(`cannot remove ${shellQuoted(path)}: ${why}`);
		return false;
	};
	/** Whether it is gone. */
	const remove = async (path: string, stat: Stat): Promise<boolean> => {
		const full = desk.resolve(path);
		if (stat.kind === 'directory') {
			const names = await files.readdir(full);
			if (!recursive) {
				if (!given.has('d')) return fault(path, 'Is a directory');
				if (names.length > 0) return fault(path, 'Directory not empty');
			}
			if (names.length > 0) {
				const locked = files.listFault(full);
				if (locked !== undefined) return fault(path, 'Permission denied');
				if (prompt === 'always' && !(await agreed(desk, `rm: descend into directory ${shellQuoted(path)}? `)))
					return false;
				let all = true;
				for (const name of names) {
					const inner = within(path, name);
					const there = await look(desk, inner, false);
					if (there && !(await remove(inner, there))) all = false;
				}
				if (!all) return false;
			}
		}
		if (prompt === 'always' && !(await agreed(desk, `rm: remove ${kindOf(stat)} ${shellQuoted(path)}? `))) return false;
		const why = await attempt(() => files.rm(full));
		if (why !== undefined) return fault(path, why);
		if (given.has('v')) desk.write(`removed ${stat.kind === 'directory' ? 'directory ' : ''}${shellQuoted(path)}\n`);
		return true;
	};
	for (const path of operands) {
		if (recursive && /^\.\.?$/.test(lastOf(path))) {
			desk.fault(`refusing to remove '.' or '..' directory: skipping ${shellQuoted(path)}`);
			continue;
		}
		if (recursive && desk.resolve(path) === '/' && !given.has('no-preserve-root')) {
			desk.fault(
				`it is dangerous to operate recursively on ${path === '/' ? "'/'" : `${shellQuoted(path)} (same as '/')`}\nrm: use --no-preserve-root to override this failsafe`,
			);
			continue;
		}
		const stat = await look(
			desk,
			path.endsWith('/') && (await look(desk, plain(path), false))?.kind === 'link' ? path : path,
			false,
		);
		if (!stat) {
			const why = await absent(desk, path);
			if (prompt === 'never' && why !== 'Permission denied') continue;
			fault(path, why);
			continue;
		}
		await remove(path, stat);
	}
}

export async function rmdir(desk: Desk): Promise<void> {
	const given = desk.options('pv', ['ignore-fail-on-non-empty', 'parents>p', 'verbose>v']);
	if (given.operands.length === 0) throw desk.usage('missing operand');
	const { files } = desk.shell;
	const one = async (path: string, parent: boolean): Promise<boolean> => {
		if (given.has('v')) desk.write(`rmdir: removing directory, ${shellQuoted(path)}\n`);
		const stat = await look(desk, path, false);
		let why: string | undefined;
		if (!stat) why = await absent(desk, path);
		else if (stat.kind !== 'directory') why = 'Not a directory';
		else if (/^\.$/.test(lastOf(path))) why = 'Invalid argument';
		else if ((await files.readdir(desk.resolve(path))).length > 0) why = 'Directory not empty';
		else why = await attempt(() => files.rm(desk.resolve(path)));
		if (why === undefined) return true;
		if (given.has('ignore-fail-on-non-empty') && why === 'Directory not empty') return false;
		desk.fault(`failed to remove ${parent ? 'directory ' : ''}${shellQuoted(path)}: ${why}`);
		return false;
	};
	for (const path of given.operands) {
		if (!(await one(path, false)) || !given.has('p')) continue;
		for (let at = plain(path); at.includes('/'); ) {
			at = plain(at.slice(0, at.lastIndexOf('/')));
			if (at === '' || !(await one(at, true))) break;
		}
	}
}

export async function unlink(desk: Desk): Promise<void> {
	const given = desk.options('');
	const [path, extra] = given.operands;
	if (path === undefined) throw desk.usage('missing operand');
	if (extra !== undefined) throw desk.usage(`extra operand ${quote(desk, extra)}`);
	const stat = await look(desk, path, false);
	const why = !stat
		? await absent(desk, path)
		: stat.kind === 'directory'
			? 'Is a directory'
			: await attempt(() => desk.shell.files.rm(desk.resolve(path)));
	if (why !== undefined) throw new Leave(`unlink: cannot unlink ${shellQuoted(path)}: ${why}\n`);
}
