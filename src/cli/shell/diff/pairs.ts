/** Two files, or two directories with what is in them, compared (diffutils 3.8, src/{diff,dir}.c). */
import { type Desk, type Given, Leave, octets } from '../coreutils/desk.ts';
import { formatDate } from '../date/format.ts';
import { type Change, changesOf } from './compare.ts';
import { context, ed, normal, rcs, type Side, type Style, unified } from './print.ts';
import { sideBySide } from './side-by-side.ts';

/** An option in a word of its own: `diff -ruN a b` says which it was called with. */
const quoted = (word: string): string => (/^[\w./=:,+@%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

interface Found extends Side {
	readonly binary: boolean;
}

/** Compares as its options say. */
export class Diff {
	readonly #desk: Desk;
	readonly #given: Given;
	readonly #switches: string;
	readonly #labels: readonly string[];
	readonly #ignored: readonly RegExp[];
	readonly #excluded: readonly RegExp[];
	readonly #style: Style;

	constructor(desk: Desk, given: Given) {
		this.#desk = desk;
		this.#given = given;
		const operands = [...given.operands];
		this.#switches = desk.args
			.filter((word) => {
				const at = operands.indexOf(word);
				if (at < 0) return true;
				operands.splice(at, 1);
				return false;
			})
			.map((word) => ` ${quoted(word)}`)
			.join('');
		this.#labels = this.#values('L');
		this.#ignored = this.#values('I').map((text) => new RegExp(text));
		this.#excluded = this.#values('x').map(
			(glob) =>
				new RegExp(
					`^${glob
						.replace(/[.+^${}()|\\]/g, '\\$&')
						.replace(/\*/g, '.*')
						.replace(/\?/g, '.')}$`,
				),
		);
		const colour = given.value('color');
		const heading = given.value('F');
		this.#style = {
			around: this.#around(),
			tab: given.has('T') ? '\t' : '',
			shown: given.has('t') ? expanded : (line) => line,
			heading:
				heading !== undefined ? (line) => new RegExp(heading).test(line) : given.has('p') ? isHeading : undefined,
			stamp: (changed) => formatDate('%Y-%m-%d %H:%M:%S.%N %z', changed),
			colour: colour === 'always' || (colour !== undefined && colour !== 'never' && desk.tty),
		};
	}

	#values(name: string): string[] {
		return this.#given.all.filter(([n]) => n === name).map(([, value]) => value);
	}

	#around(): number {
		let most: number | undefined;
		for (const [name, value] of this.#given.all) {
			if (name !== 'U' && name !== 'C') continue;
			if (value !== '' && !/^\d+$/.test(value)) throw this.#usage(`invalid context length '${value}'`);
			if (value !== '') most = Math.max(most ?? 0, Number(value));
		}
		return most ?? 3;
	}

	#usage(what: string): Leave {
		return new Leave(`diff: ${what}\ndiff: Try 'diff --help' for more information.\n`, 2);
	}

	/** A file, an empty one where it is missing and that is all right; undefined when it cannot be read. */
	async #side(name: string, which: number, absent: boolean): Promise<Found | undefined> {
		const desk = this.#desk;
		const label = this.#labels[which];
		const given = label === undefined ? undefined : octets(label);
		if (absent) return { name: octets(name), lines: [], open: false, changed: 0, label: given, binary: false };
		const read = await desk.tryRead(name);
		if ('wrong' in read) {
			desk.say(`diff: ${name}: ${read.wrong}\n`);
			return undefined;
		}
		const { core, files } = desk.shell;
		const changed =
			name === '-'
				? core.lab.epoch * 1e6 + core.lab.now
				: (await files.stat(desk.resolve(name))).mtime.getTime() * 1000;
		const text = this.#given.has('strip-trailing-cr') ? read.text.replace(/\r\n/g, '\n') : read.text;
		const open = text !== '' && !text.endsWith('\n');
		const lines = text.split('\n');
		if (!open) lines.pop();
		const binary = !this.#given.has('a') && text.slice(0, 32_768).includes('\0');
		return { name: octets(name), lines, open, changed, label: given, binary };
	}

	#keys({ lines, open }: Side): string[] {
		const given = this.#given;
		const [w, b, z, e, i] = ['w', 'b', 'Z', 'E', 'i'].map((name) => given.has(name));
		return lines.map((line, at) => {
			let text = line;
			if (w) text = text.replace(/\s+/g, '');
			else if (b) text = text.replace(/\s+/g, ' ').replace(/ $/, '');
			else if (z || e) {
				if (e) text = expanded(text);
				if (z) text = text.replace(/\s+$/, '');
			}
			if (i) text = text.toLowerCase();
			// Where space does not matter, a line break that is missing does not either.
			return open && at === lines.length - 1 && !w && !b && !z ? `${text}\n` : text;
		});
	}

	/** A change all of whose lines are to be ignored. */
	#nothing({ a: from, b: to }: Change, a: Side, b: Side): boolean {
		const blank = this.#given.has('B');
		if (!blank && this.#ignored.length === 0) return false;
		const all = [...a.lines.slice(...from), ...b.lines.slice(...to)];
		return all.every((line) => (blank && line === '') || this.#ignored.some((pattern) => pattern.test(line)));
	}

	#format(a: Side, b: Side, changes: readonly Change[]): string {
		const given = this.#given;
		const last = given.all.findLast(([name]) => ['U', 'C', 'e', 'n', 'y', 'normal'].includes(name))?.[0];
		switch (last ?? (given.has('p') || given.has('F') ? 'C' : undefined)) {
			case 'U':
				return unified(a, b, changes, this.#style);
			case 'C':
				return context(a, b, changes, this.#style);
			case 'e':
				return ed(a, b, changes);
			case 'n':
				return rcs(a, b, changes);
			case 'y':
				return sideBySide(a, b, changes, {
					width: Number(given.value('W') ?? 130),
					left: given.has('left-column'),
					suppress: given.has('suppress-common-lines'),
					expand: given.has('t'),
				});
			default:
				return normal(a, b, changes, this.#style);
		}
	}

	/** Two files; answers what `diff` ends with. */
	async #files(left: string, right: string, inside: boolean, absent: readonly [boolean, boolean]): Promise<number> {
		const desk = this.#desk;
		const given = this.#given;
		const a = await this.#side(left, 0, absent[0]);
		const b = left === right && left === '-' ? a : await this.#side(right, 1, absent[1]);
		if (!a || !b) return 2;
		const identical = (): number => {
			if (given.has('s')) desk.write(`Files ${a.name} and ${b.name} are identical\n`);
			return 0;
		};
		const same =
			a.open === b.open && a.lines.length === b.lines.length && a.lines.every((line, i) => line === b.lines[i]);
		if (a.binary || b.binary) {
			if (same) return identical();
			desk.write(`${given.has('q') ? 'Files' : 'Binary files'} ${a.name} and ${b.name} differ\n`);
			return 1;
		}
		const changes = same ? [] : changesOf(this.#keys(a), this.#keys(b));
		const shown = changes.filter((change) => !this.#nothing(change, a, b));
		const beside = given.has('y');
		if (shown.length === 0 && !(beside && !given.has('q'))) return identical();
		if (given.has('q')) {
			desk.write(`Files ${a.name} and ${b.name} differ\n`);
			return 1;
		}
		if (inside && (shown.length > 0 || beside))
			desk.write(octets(`diff${this.#switches} ${quoted(left)} ${quoted(right)}\n`));
		desk.write(this.#format(a, b, shown));
		if (shown.length === 0) return identical();
		return 1;
	}

	async #names(path: string): Promise<string[]> {
		const names = await this.#desk.shell.files.readdir(this.#desk.resolve(path));
		return names.filter((name) => !this.#excluded.some((pattern) => pattern.test(name))).sort();
	}

	async #directories(
		left: string,
		right: string,
		absent: readonly [boolean, boolean] = [false, false],
	): Promise<number> {
		const desk = this.#desk;
		const given = this.#given;
		const first = absent[0] ? [] : await this.#names(left);
		const second = absent[1] ? [] : await this.#names(right);
		const from = given.value('S');
		const all = [...new Set([...first, ...second])].sort();
		let code = 0;
		for (const name of all.filter((one) => from === undefined || one >= from)) {
			const [a, b] = [joined(left, name), joined(right, name)];
			const [inA, inB] = [first.includes(name), second.includes(name)];
			if (!(inA && inB) && !given.has('N') && !(given.has('P') && inB)) {
				desk.write(octets(`Only in ${inA ? left : right}: ${name}\n`));
				code = Math.max(code, 1);
				continue;
			}
			const [folderA, folderB] = [
				inA ? await desk.isDirectory(a) : await desk.isDirectory(b),
				inB ? await desk.isDirectory(b) : await desk.isDirectory(a),
			];
			if (folderA && folderB) {
				if (given.has('r')) code = Math.max(code, await this.#directories(a, b, [!inA, !inB]));
				else if (inA && inB) desk.write(octets(`Common subdirectories: ${a} and ${b}\n`));
				else {
					desk.write(octets(`Only in ${inA ? left : right}: ${name}\n`));
					code = Math.max(code, 1);
				}
			} else if (folderA !== folderB) {
				desk.write(octets(`File ${a} is a ${await this.#kind(a)} while file ${b} is a ${await this.#kind(b)}\n`));
				code = Math.max(code, 1);
			} else code = Math.max(code, await this.#files(a, b, true, [!inA, !inB]));
		}
		return code;
	}

	async #kind(path: string): Promise<string> {
		const { isDirectory, size } = await this.#desk.shell.files.stat(this.#desk.resolve(path));
		return isDirectory ? 'directory' : size === 0 ? 'regular empty file' : 'regular file';
	}

	/** Two operands of the command line. */
	async pair(left: string, right: string): Promise<number> {
		const desk = this.#desk;
		const [a, b] = [left !== '-' && (await desk.isDirectory(left)), right !== '-' && (await desk.isDirectory(right))];
		const missing = async (path: string): Promise<boolean> =>
			path !== '-' && !(await desk.shell.files.exists(desk.resolve(path)));
		const gone = [await missing(left), await missing(right)] as const;
		const may = this.#given.has('N') && !(gone[0] && gone[1]);
		const mayFirst = may || (this.#given.has('P') && !gone[1]);
		if ((gone[0] && !mayFirst) || (gone[1] && !may)) {
			for (const [i, path] of [left, right].entries())
				if (gone[i]) desk.say(`diff: ${path}: No such file or directory\n`);
			return 2;
		}
		if (a && b) return this.#directories(left, right);
		if ((a && gone[1]) || (b && gone[0])) return this.#directories(left, right, gone);
		if (a && right === '-') throw new Leave('diff: cannot compare - to a directory\n', 2);
		if (b && left === '-') throw new Leave('diff: cannot compare - to a directory\n', 2);
		const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
		if (a) return this.#files(joined(left, base(right)), right, false, [false, false]);
		if (b) return this.#files(left, joined(right, base(left)), false, [false, false]);
		return this.#files(left, right, false, gone);
	}
}

const joined = (folder: string, name: string): string => (folder.endsWith('/') ? folder + name : `${folder}/${name}`);
const isHeading = (line: string): boolean => /^[A-Za-z_$]/.test(line);

/** Tabs as spaces up to the next eighth column. */
function expanded(line: string): string {
	let text = '';
	for (const character of line) text += character === '\t' ? ' '.repeat(8 - (text.length % 8)) : character;
	return text;
}
