/** realpath, readlink, mktemp and truncate (coreutils 8.32), over the place's files. */
import { countOf, type Desk, Leave } from './desk.ts';

/** @param last whether the last part has to be there */
async function canonical(
	desk: Desk,
	path: string,
	need: 'all' | 'parents' | 'none',
	follow = true,
): Promise<string | undefined> {
	const { files } = desk.shell;
	if (path === '') return undefined;
	let full = path.startsWith('/') ? path : `${desk.call.state.cwd}/${path}`;
	for (let links = 0; links < 40; links++) {
		let at = '';
		let again: string | undefined;
		const steps = full.split('/').filter((part) => part !== '' && part !== '.');
		for (const [i, step] of steps.entries()) {
			if (step === '..') {
				at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
				continue;
			}
			const here = `${at}/${step}`;
			const there = await files.lstat(here).catch(() => undefined);
			if (!there) {
				if (need === 'all' || (need === 'parents' && i < steps.length - 1)) return undefined;
			} else if (there.isSymbolicLink && follow) {
				const target = await files.readlink(here);
				again = `${target.startsWith('/') ? '' : `${at}/`}${target}/${steps.slice(i + 1).join('/')}`;
				break;
			}
			at = here;
		}
		if (again === undefined) return at === '' ? '/' : at;
		full = again;
	}
	return undefined;
}

function relative(from: string, to: string): string {
	const [a, b] = [from, to].map((path) => path.split('/').filter(Boolean)) as [string[], string[]];
	let same = 0;
	while (same < a.length && same < b.length && a[same] === b[same]) same++;
	return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/') || '.';
}

export async function realpath(desk: Desk): Promise<void> {
	const given = desk.options('emLPqsz', [
		'canonicalize-existing>e',
		'canonicalize-missing>m',
		'logical>L',
		'physical>P',
		'quiet>q',
		'strip>s',
		'no-symlinks>s',
		'zero>z',
		'relative-to=',
		'relative-base=',
	]);
	if (given.operands.length === 0) throw desk.usage('missing operand');
	const to = given.value('relative-to');
	for (const path of given.operands) {
		const full = await canonical(
			desk,
			path,
			given.has('e') ? 'all' : given.has('m') ? 'none' : 'parents',
			!given.has('s'),
		);
		if (full === undefined) {
			desk.code = 1;
			if (!given.has('q')) desk.fault(`${path === '' ? "''" : path}: No such file or directory`);
			continue;
		}
		const base = to === undefined ? undefined : await canonical(desk, to, 'none');
		desk.write(`${base === undefined ? full : relative(base, full)}${given.has('z') ? '\0' : '\n'}`);
	}
}

export async function readlink(desk: Desk): Promise<void> {
	const given = desk.options('femnqsvz', [
		'canonicalize>f',
		'canonicalize-existing>e',
		'canonicalize-missing>m',
		'no-newline>n',
		'quiet>q',
		'silent>s',
		'verbose>v',
		'zero>z',
	]);
	if (given.operands.length === 0) throw desk.usage('missing operand');
	const need = given.has('e') ? 'all' : given.has('m') ? 'none' : given.has('f') ? 'parents' : undefined;
	const { files } = desk.shell;
	for (const path of given.operands) {
		const target = need
			? await canonical(desk, path, need)
			: await files.readlink(desk.resolve(path)).catch(() => undefined);
		if (target === undefined) {
			desk.code = 1;
			if (given.has('v'))
				desk.fault(
					`${path}: ${(await files.exists(desk.resolve(path))) ? 'Invalid argument' : 'No such file or directory'}`,
				);
			continue;
		}
		const end = given.has('z') ? '\0' : given.has('n') && given.operands.length === 1 ? '' : '\n';
		desk.write(target + end);
	}
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export async function mktemp(desk: Desk): Promise<void> {
	const given = desk.options('dup:qt', ['directory>d', 'dry-run>u', 'quiet>q', 'tmpdir?', 'suffix=']);
	if (given.operands.length > 1) throw desk.usage('too many templates');
	const template = given.operands[0] ?? 'tmp.XXXXXXXXXX';
	const suffix = given.value('suffix') ?? '';
	const [, before = '', xs = '', after = ''] = /^([\s\S]*?)(X*)([^X]*)$/.exec(
		template.replace(/[^X]*$/, (rest) => rest),
	)!;
	const [name, marks, rest] =
		/X$/.test(template) || suffix
			? [template.replace(/X+$/, ''), /X*$/.exec(template)![0], suffix]
			: [before, xs, after];
	if (marks.length < 3) throw new Leave(`mktemp: too few X's in template ‘${template}’\n`);
	const folder =
		given.value('p') ??
		(given.has('tmpdir') || given.has('t') || given.operands.length === 0
			? given.value('tmpdir') || '/tmp'
			: undefined);
	for (let i = 0; i < 100; i++) {
		let drawn = '';
		for (let n = 0; n < marks.length; n++) drawn += LETTERS[Math.floor(desk.shell.draw() * LETTERS.length)];
		const path = `${folder === undefined ? '' : `${folder}/`}${name}${drawn}${rest}`;
		const full = desk.resolve(path);
		const { files } = desk.shell;
		if (await files.exists(full)) continue;
		if (!given.has('u')) {
			try {
				if (given.has('d')) {
					await files.mkdir(full);
					await files.chmod(full, 0o700);
				} else {
					if (!(await desk.isDirectory(full.slice(0, full.lastIndexOf('/')) || '/'))) throw new Error('ENOENT');
					await files.writeFile(full, '');
					await files.chmod(full, 0o600);
				}
			} catch {
				throw new Leave(
					`mktemp: failed to create ${given.has('d') ? 'directory' : 'file'} via template ‘${folder === undefined ? '' : `${folder}/`}${template}’: No such file or directory\n`,
				);
			}
		}
		desk.write(`${path}\n`);
		return;
	}
}

/** Octets of a file that `truncate` may make. */
const LARGEST = 8 * 1024 * 1024;

export async function truncate(desk: Desk): Promise<void> {
	const given = desk.options('cor:s:', ['no-create>c', 'io-blocks>o', 'reference=>r', 'size=>s']);
	const word = given.value('s');
	const reference = given.value('r');
	if (word === undefined && reference === undefined)
		throw desk.usage('you must specify either ‘--size’ or ‘--reference’');
	if (given.operands.length === 0) throw desk.usage('missing file operand');
	let [, sign = '', number = ''] = /^\s*([-+<>/%]?)(.*)$/.exec(word ?? '')!;
	if (reference !== undefined) {
		const found = await desk.tryRead(reference);
		if ('wrong' in found) throw new Leave(`truncate: cannot stat '${reference}': ${found.wrong}\n`);
		sign = '';
		number = String(found.text.length);
	}
	const size = countOf(number);
	if (size === undefined) throw new Leave(`truncate: Invalid number: ‘${word}’\n`);
	for (const file of given.operands) {
		const found = await desk.tryRead(file);
		if ('wrong' in found && found.wrong !== 'No such file or directory') {
			desk.fault(`cannot open '${file}' for writing: ${found.wrong}`);
			continue;
		}
		if ('wrong' in found && given.has('c')) continue;
		const text = 'text' in found ? found.text : '';
		const n = text.length;
		const to = {
			'': size,
			'+': n + size,
			'-': Math.max(0, n - size),
			'<': Math.min(n, size),
			'>': Math.max(n, size),
			'/': n - (n % size),
			'%': Math.ceil(n / size) * size,
		}[sign]!;
		if (to > LARGEST)
			throw new Leave(
				`truncate: failed to truncate '${file}' at ${to} bytes: more than ${LARGEST / 1024 / 1024} MiB at once is not simulated\n`,
			);
		await desk.save(file, text.slice(0, to).padEnd(to, '\0'));
	}
}
