/** The words of `find` (findutils find/{parser,pred}.c @ 4.8) as one question about a file, and what is done with it. */
import { mark } from '../found.ts';
import { finderOf } from '../grep/matcher.ts';
import { about, blocksOf, modeText, timeText } from './about.ts';
import { type Desk, octets } from './desk.ts';
import { baseOf, printed } from './find-print.ts';
import { ageTest, amount, type Found, glob, permTest, refuse, sizeTest, type Test } from './find-tests.ts';

/** Expressions inside each other. */
const DEEPEST = 500;

const TYPES: Readonly<Record<string, string>> = { f: 'file', d: 'directory', l: 'link' };

export class Reader {
	readonly #desk: Desk;
	readonly #words: string[];
	most = Infinity;
	least = 0;
	depthFirst = false;
	acts = false;
	quit = false;
	/** Directories that are not gone into. */
	readonly pruned = new Set<string>();
	/** Commands that take many names at once. */
	readonly later: (() => Promise<void>)[] = [];
	#deep = 0;

	constructor(desk: Desk, words: string[]) {
		this.#desk = desk;
		this.#words = words;
	}

	whole(): Test {
		if (this.#words.length === 0) return () => true;
		const test = this.#comma();
		const [word] = this.#words;
		if (word === ')') throw refuse("invalid expression; you have too many ')'");
		if (word !== undefined) throw refuse(`paths must precede expression: \`${word}'`);
		return test;
	}

	#comma(): Test {
		let left = this.#or();
		while (this.#words[0] === ',') {
			this.#words.shift();
			const [a, b] = [left, this.#or()];
			left = async (found) => {
				await a(found);
				return b(found);
			};
		}
		return left;
	}

	#or(): Test {
		let left = this.#and();
		while (this.#words[0] === '-o' || this.#words[0] === '-or') {
			this.#words.shift();
			const [a, b] = [left, this.#and()];
			left = async (found) => (await a(found)) || (await b(found));
		}
		return left;
	}

	#and(): Test {
		const all: Test[] = [this.#not()];
		for (;;) {
			const [word] = this.#words;
			if (word === undefined || word === ')' || word === ',' || word === '-o' || word === '-or') break;
			if (word === '-a' || word === '-and') this.#words.shift();
			all.push(this.#not());
		}
		if (all.length === 1) return all[0]!;
		return async (found) => {
			for (const one of all) if (!(await one(found))) return false;
			return true;
		};
	}

	#not(): Test {
		if (++this.#deep > DEEPEST) throw refuse('it is nested too deeply');
		try {
			const word = this.#words.shift();
			if (word === undefined) throw refuse('expected an expression after what stands last');
			if (word === '!' || word === '-not') {
				const test = this.#not();
				return async (found) => !(await test(found));
			}
			if (word === '(') {
				if (this.#words[0] === ')') throw refuse('invalid expression; empty parentheses are not allowed.');
				const test = this.#comma();
				if (this.#words.shift() !== ')')
					throw refuse("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
				return test;
			}
			return this.#one(word);
		} finally {
			this.#deep--;
		}
	}

	#value(name: string): string {
		const word = this.#words.shift();
		if (word === undefined) throw refuse(`missing argument to \`${name}'`);
		return word;
	}

	#one(word: string): Test {
		const desk = this.#desk;
		const value = (): string => this.#value(word);
		const acts = (test: Test): Test => {
			this.acts = true;
			return test;
		};
		switch (word) {
			case '-name':
			case '-iname': {
				const matches = glob(value(), word === '-iname');
				return ({ name }) => matches(baseOf(name));
			}
			case '-path':
			case '-wholename':
			case '-ipath':
			case '-iwholename': {
				const matches = glob(value(), word.startsWith('-i'));
				return ({ name }) => matches(name);
			}
			case '-regex':
			case '-iregex': {
				const find = finderOf({
					patterns: [octets(value())],
					language: this.#language,
					anyCase: word === '-iregex',
					words: false,
					whole: true,
				});
				return ({ name }) => find(octets(name), 0) !== undefined;
			}
			case '-regextype':
				this.#language = /extended|egrep|awk/.test(value()) ? 'extended' : 'basic';
				return () => true;
			case '-type':
			case '-xtype': {
				const types = value().split(',');
				for (const type of types) if (!/^[fdlbcps]$/.test(type)) throw refuse(`Unknown argument to ${word}: ${type}`);
				return async ({ name, file }) => {
					const kind = word === '-type' ? file.kind : ((await about(desk, name, true))?.kind ?? 'link');
					return types.some((type) => TYPES[type] === kind);
				};
			}
			case '-size':
				return sizeTest(value());
			case '-empty':
				return async ({ file }) =>
					file.kind === 'file'
						? file.size === 0
						: file.kind === 'directory' && (await desk.shell.files.readdir(file.path)).length === 0;
			case '-newer':
			case '-anewer':
			case '-cnewer': {
				const path = value();
				let than: number | undefined;
				return async ({ file }) => {
					than ??= (await about(desk, path, true))?.at ?? Infinity;
					return file.at > than;
				};
			}
			case '-mtime':
			case '-atime':
			case '-ctime':
				return ageTest(desk, value(), word, 86_400_000);
			case '-mmin':
			case '-amin':
			case '-cmin':
				return ageTest(desk, value(), word, 60_000);
			case '-perm':
				return permTest(value());
			case '-user':
			case '-uid': {
				const who = value();
				return ({ file }) => file.owner === who || String(file.uid) === who;
			}
			case '-group':
			case '-gid': {
				const who = value();
				return ({ file }) => file.group === who || String(file.gid) === who;
			}
			case '-nouser':
			case '-nogroup':
				return () => false;
			case '-links': {
				const holds = amount(value(), word);
				return ({ file }) => holds(file.links);
			}
			case '-inum': {
				const holds = amount(value(), word);
				return ({ file }) => holds(file.inode);
			}
			case '-samefile': {
				const { files } = desk.shell;
				const same = files.sameFile(desk.resolve(value()));
				return ({ file }) => files.sameFile(file.path) === same;
			}
			case '-readable':
				return () => true;
			case '-writable':
				return ({ file }) => desk.shell.user === 'root' || (file.mode & 0o200) !== 0;
			case '-executable':
				return ({ file }) => (file.mode & 0o111) !== 0;
			case '-true':
				return () => true;
			case '-false':
				return () => false;
			case '-maxdepth':
			case '-mindepth': {
				const text = value();
				if (!/^\d+$/.test(text))
					throw refuse(
						`Expected a positive decimal integer argument to ${word}, but got ${mark(desk.call.state, text)}`,
					);
				if (word === '-maxdepth') this.most = Number(text);
				else this.least = Number(text);
				return () => true;
			}
			case '-depth':
			case '-d':
				this.depthFirst = true;
				return () => true;
			case '-mount':
			case '-xdev':
			case '-daystart':
			case '-noleaf':
			case '-follow':
			case '-warn':
			case '-nowarn':
			case '-ignore_readdir_race':
				return () => true;
			case '-prune':
				return ({ name }) => {
					this.pruned.add(name);
					return true;
				};
			case '-quit':
				return acts(() => {
					this.quit = true;
					return true;
				});
			case '-print':
			case '-print0':
				return acts(({ name }) => {
					desk.write(octets(name) + (word === '-print' ? '\n' : '\0'));
					return true;
				});
			case '-printf': {
				const format = value();
				return acts((found) => {
					desk.write(octets(printed(format, found)));
					return true;
				});
			}
			case '-ls':
				return acts(({ name, file }) => {
					const size = String(file.size).padStart(8);
					const line = `${String(file.inode).padStart(9)} ${String(blocksOf(file) / 2).padStart(6)} ${modeText(file)} ${String(file.links).padStart(3)} ${file.owner.padEnd(8)} ${file.group.padEnd(8)} ${size} ${timeText('%b %e %H:%M', file.at)} ${name}${file.target === undefined ? '' : ` -> ${file.target}`}\n`;
					desk.write(octets(line));
					return true;
				});
			case '-delete':
				this.depthFirst = true;
				return acts(async ({ name, file }) => {
					if (name === '.') return true;
					const { files } = desk.shell;
					if (file.kind === 'directory' && (await files.readdir(file.path)).length > 0) {
						desk.fault(`cannot delete ${mark(desk.call.state, name)}: Directory not empty`);
						return false;
					}
					try {
						await files.rm(file.path, { recursive: file.kind === 'directory' });
						return true;
					} catch (error) {
						const why = /^EROFS/.test((error as Error).message) ? 'Read-only file system' : 'Permission denied';
						desk.fault(`cannot delete ${mark(desk.call.state, name)}: ${why}`);
						return false;
					}
				});
			case '-exec':
			case '-execdir':
				return acts(this.#command(word));
			case '-ok':
			case '-okdir':
				throw refuse(`${word} asks before each command, and nobody is asked here: use ${word.replace('ok', 'exec')}`);
		}
		if (word.startsWith('-')) throw refuse(`unknown predicate \`${word}'`);
		throw refuse(`paths must precede expression: \`${word}'`);
	}

	#language: 'basic' | 'extended' = 'basic';

	#command(option: string): Test {
		const words: string[] = [];
		let many = false;
		for (;;) {
			const word = this.#words.shift();
			if (word === undefined) throw refuse(`missing argument to \`${option}'`);
			if (word === ';') break;
			if (word === '+' && words.at(-1) === '{}') {
				many = true;
				words.pop();
				break;
			}
			words.push(word);
		}
		if (words.length === 0) throw refuse(`missing argument to \`${option}'`);
		const { state } = this.#desk.call;
		const run = async (all: readonly string[], file: string): Promise<boolean> => {
			const { cwd } = state;
			if (option === '-execdir') state.cwd = file.slice(0, file.lastIndexOf('/')) || '/';
			try {
				return await this.#run(all);
			} finally {
				state.cwd = cwd;
			}
		};
		const shown = ({ name, file }: Found): string =>
			option === '-execdir' ? `./${file.path.slice(file.path.lastIndexOf('/') + 1)}` : name;
		if (!many)
			return (found) =>
				run(
					words.map((word) => word.replaceAll('{}', shown(found))),
					found.file.path,
				);
		const names: string[] = [];
		this.later.push(async () => {
			if (names.length > 0 && !(await run([...words, ...names], '/'))) this.#desk.code = 1;
		});
		return (found) => {
			names.push(shown(found));
			return true;
		};
	}

	async #run([command = '', ...words]: readonly string[]): Promise<boolean> {
		const desk = this.#desk;
		const { notRun } = await import('../found.ts');
		const why = await notRun(desk.shell, desk.call.state, command);
		if (why !== undefined) {
			desk.say(`find: ${mark(desk.call.state, command)}: ${why}\n`);
			return false;
		}
		const result = await desk.call.instead(command, words, []);
		desk.write(result.stdoutKind === 'bytes' ? result.stdout : octets(result.stdout));
		if (result.stderr !== '') desk.say(result.stderr);
		return result.exitCode === 0;
	}
}
