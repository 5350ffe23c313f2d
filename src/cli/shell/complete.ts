/** What may stand at the cursor: a command, what a tool knows of its own words, a variable, a file. */
import type { Completion } from './session.ts';
import type { Shell } from './shell.ts';

const BUILTINS = [
	'alias',
	'bg',
	'break',
	'cd',
	'continue',
	'declare',
	'echo',
	'eval',
	'exec',
	'exit',
	'export',
	'help',
	'history',
	'local',
	'pwd',
	'read',
	'return',
	'set',
	'shift',
	'shopt',
	'source',
	'test',
	'type',
	'unset',
];
const KEYWORDS = new Set(['do', 'then', 'else', 'elif', 'if', 'while', 'until', '!', 'time', '{', '(']);

/** The simple command that the end of the line belongs to: its words, the begun one last, and where that begins. */
function wordsAtEnd(line: string): { words: string[]; from: number; quote: string } {
	let words: string[] = [];
	let word = '';
	let from = line.length;
	let quote = '';
	let open = false;
	const close = (at: number): void => {
		if (open) words.push(word);
		word = '';
		open = false;
		from = at;
	};
	for (let i = 0; i < line.length; i++) {
		const char = line[i]!;
		if (quote) {
			if (char === quote) quote = '';
			else word += char;
			continue;
		}
		if (/\s/.test(char)) {
			close(i + 1);
			continue;
		}
		if (';|&('.includes(char) || (char === '`' && !open)) {
			close(i + 1);
			words = [];
			continue;
		}
		if (char === '>' || char === '<') {
			close(i + 1);
			continue;
		}
		if (!open) from = i;
		open = true;
		if (char === '"' || char === "'") quote = char;
		else if (char === '\\') word += line[++i] ?? '';
		else word += char;
	}
	if (!open) from = line.length;
	while (words[0] !== undefined && (KEYWORDS.has(words[0]) || /^[A-Za-z_]\w*=/.test(words[0]))) words.shift();
	return { words: [...words, word], from, quote };
}

const escaped = (word: string): string => word.replace(/[\s'"\\$&;|<>()*?[\]#`!]/g, '\\$&');

export async function complete(line: string, shell: Shell): Promise<Completion> {
	const { words, from, quote } = wordsAtEnd(line);
	const begun = words.at(-1)!;
	const write = (word: string): string => (quote ? quote + word : escaped(word));
	const answer = (list: readonly string[]): Completion => ({
		from,
		words: [...new Set(list)].filter((word) => word.startsWith(begun)).sort(),
	});
	const variable = /\$\{?(\w*)$/.exec(begun);
	if (variable && quote !== "'") {
		const before = begun.slice(0, begun.length - variable[1]!.length);
		const names = [...shell.state.env.keys()].filter((name) => /^[A-Za-z_]\w*$/.test(name));
		return {
			from,
			words: names
				.filter((n) => n.startsWith(variable[1]!))
				.map((n) => before + n)
				.sort(),
		};
	}
	if (words.length === 1 && !begun.includes('/')) {
		const aliases = [...shell.state.env.keys()].filter((k) => k.startsWith('BASH_ALIAS_')).map((k) => k.slice(11));
		return answer([...shell.names(), ...BUILTINS, ...shell.state.functions.keys(), ...aliases]);
	}
	const tool = words.length > 1 ? shell.core.tool(words[0]!, shell.place) : undefined;
	const own = await tool?.complete?.(words.slice(1), {
		lab: shell.core.lab,
		place: shell.place,
		env: shell.state.env,
		cluster: () => shell.core.cluster(shell.place, shell.state.env),
	});
	if (own && own.length > 0) return answer(own);
	return { from, words: (await paths(begun, shell)).map(write) };
}

async function paths(begun: string, shell: Shell): Promise<string[]> {
	const slash = begun.lastIndexOf('/');
	const folder = begun.slice(0, slash + 1);
	const name = begun.slice(slash + 1);
	const real = folder.replace(/^~(?=\/)/, shell.facts.home);
	const at = shell.files.resolvePath(shell.state.cwd, real || '.');
	shell.touched();
	try {
		const found = (await shell.files.readdirWithFileTypes(at))
			.filter((e) => e.name.startsWith(name) && (name !== '' || !e.name.startsWith('.')))
			.map((e) => `${folder}${e.name}${e.isDirectory ? '/' : ''}`);
		return found.sort();
	} catch {
		return [];
	}
}
