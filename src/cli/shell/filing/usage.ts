/** du (coreutils src/du.c @ v8.32), by whole blocks of the disk. */
import { about, blocksOf } from '../coreutils/about.ts';
import { type Desk, Leave } from '../coreutils/desk.ts';
import { glob } from '../coreutils/find-tests.ts';
import { absent, quote, shellQuoted, within } from './common.ts';

const POWERS = 'KMGTPEZY';

/** As df and du show it: rounded up, one digit behind the point below ten. */
export function humanSize(octets: number, step: number): string {
	let value = octets;
	let power = 0;
	while (value >= step && power < POWERS.length) {
		value /= step;
		power++;
	}
	if (power === 0) return String(octets);
	let text = value < 10 ? (Math.ceil(value * 10 - 1e-9) / 10).toString() : String(Math.ceil(value - 1e-9));
	if (value < 10 && !text.includes('.')) text = Number(text) >= 10 ? '10' : `${text}.0`;
	const letter = POWERS[power - 1]!;
	return `${text}${step === 1000 && letter === 'K' ? 'k' : letter}`;
}

/** A size of blocks and what stands behind its numbers; undefined of what is none. */
export function blockSize(word: string): { readonly size: number; readonly unit: string } | undefined {
	const [, digits = '', letter = '', kind = ''] = /^(\d*)(?:([kKMGTPE])(B|iB)?)?$/.exec(word) ?? [];
	if (digits + letter === '' || digits === '0') return undefined;
	const power = letter === '' ? 0 : POWERS.indexOf(letter.toUpperCase()) + 1;
	const size = Number(digits || 1) * (kind === 'B' ? 1000 : 1024) ** power;
	return { size, unit: digits === '' ? letter + kind : '' };
}

export async function du(desk: Desk): Promise<void> {
	const given = desk.options('0abcd:hHklLmPsSt:xB:DX:', [
		'all>a',
		'apparent-size',
		'block-size=>B',
		'bytes>b',
		'count-links>l',
		'dereference>L',
		'dereference-args>D',
		'exclude=',
		'exclude-from=>X',
		'files0-from=',
		'human-readable>h',
		'inodes',
		'max-depth=>d',
		'no-dereference>P',
		'null>0',
		'one-file-system>x',
		'separate-dirs>S',
		'si',
		'summarize>s',
		'threshold=>t',
		'time?',
		'time-style=',
		'total>c',
	]);
	const { files } = desk.shell;
	for (const name of ['time', 'files0-from'])
		if (given.has(name)) throw new Leave(`du: the simulator does not have --${name}\n`);
	const depth = given.value('d');
	if (depth !== undefined && !/^\d+$/.test(depth)) throw desk.usage(`invalid maximum depth ${quote(desk, depth)}`);
	if (given.has('a') && given.has('s')) throw desk.usage('cannot both summarize and show all entries');
	if (given.has('s') && depth !== undefined && Number(depth) !== 0)
		throw desk.usage(`warning: summarizing conflicts with --max-depth=${depth}`);
	const deepest = given.has('s') ? 0 : depth === undefined ? Infinity : Number(depth);
	const form = given.all.findLast(([name]) => 'bhkmB'.includes(name) || name === 'si')?.[0];
	const block =
		form === 'B'
			? blockSize(given.value('B')!)
			: { size: form === 'b' ? 1 : form === 'm' ? 1024 ** 2 : 1024, unit: '' };
	if (!block) throw new Leave(`du: invalid --block-size argument ${quote(desk, given.value('B')!)}\n`);
	const apparent = given.has('apparent-size') || given.has('b');
	const [, sign, limit] = /^(-?)(\d+[a-zA-Z]*)$/.exec(given.value('t') ?? '') ?? [];
	const threshold = limit === undefined ? undefined : /^\d+$/.test(limit) ? Number(limit) : blockSize(limit)?.size;
	if (given.has('t') && threshold === undefined)
		throw new Leave(`du: invalid --threshold argument ${quote(desk, given.value('t')!)}\n`);
	const patterns = given.all.filter(([name]) => name === 'exclude').map(([, value]) => value);
	for (const [name, value] of given.all)
		if (name === 'X') patterns.push(...((await desk.read(value)) ?? '').split('\n').filter(Boolean));
	const excluded = patterns.map((pattern) => glob(pattern, false));
	const shown = (octets: number): string => {
		if (given.has('inodes')) return String(octets);
		if (form === 'h') return humanSize(octets, 1024);
		if (form === 'si') return humanSize(octets, 1000);
		return `${Math.ceil(octets / block.size)}${block.unit}`;
	};
	const end = given.has('0') ? '\0' : '\n';
	const seen = new Set<string>();
	const print = (octets: number, path: string): void => {
		if (threshold !== undefined && (sign === '-' ? octets > threshold : octets < threshold)) return;
		desk.write(`${shown(octets)}\t${path}${end}`);
	};
	/** Octets of it and of what is below; with -S of a directory without those below it. */
	const count = async (path: string, level: number): Promise<number> => {
		const name = path.replace(/(.)\/+$/, '$1').replace(/^.*\/(?=.)/, '');
		if (excluded.some((test) => test(path) || test(name))) return 0;
		const follow = given.has('L') || (level === 0 && (given.has('D') || given.has('H') || path.endsWith('/')));
		const file = await about(desk, path, follow);
		if (!file) {
			desk.fault(`cannot access ${shellQuoted(path)}: ${await absent(desk, path)}`);
			return 0;
		}
		if (file.kind === 'file' && file.links > 1 && !given.has('l')) {
			const key = files.sameFile(desk.resolve(path));
			if (seen.has(key)) return 0;
			seen.add(key);
		}
		// Directories have a size of their own, links the length of where they lead.
		const own = given.has('inodes')
			? 1
			: apparent
				? file.kind === 'link'
					? (file.target?.length ?? 0)
					: file.size
				: file.kind === 'directory'
					? 4096
					: blocksOf(file) * 512;
		if (file.kind !== 'directory') {
			if (level === 0 || (given.has('a') && level <= deepest)) print(own, path);
			return own;
		}
		let below = 0;
		let here = own;
		const fault = files.listFault(desk.resolve(path));
		if (fault !== undefined) desk.fault(`cannot read directory ${shellQuoted(path)}: Permission denied`);
		else
			for (const inner of await files.readdir(desk.resolve(path))) {
				const next = within(path, inner);
				const isFolder = (await about(desk, next, given.has('L')))?.kind === 'directory';
				const octets = await count(next, level + 1);
				if (isFolder && given.has('S')) below += octets;
				else here += octets;
			}
		if (level <= deepest) print(here, path);
		return here + (given.has('S') ? 0 : below);
	};
	let total = 0;
	const paths = given.operands.length > 0 ? given.operands : ['.'];
	for (const path of paths) total += await count(path, 0);
	if (given.has('c')) desk.write(`${shown(total)}\ttotal${end}`);
}
