/** How a shell speaks and what it is called: bash, or the `sh` of its place, typed into or running a script. */
import type { Deed, Speaker } from './dialect.ts';
import type { Result, ScriptNode, State } from './just-bash.ts';
import type { PlaceFacts } from './places.ts';
import { random } from './random.ts';
import type { RunOptions } from './shell-options.ts';

/** Words of shells that are not typed into, and what `sh` lacks: when one of them has begun. */
let dialect: typeof import('./dialect.ts') | undefined;
let posix: typeof import('./posix.ts') | undefined;
let tails: typeof import('./tails.ts') | undefined;

/** A syntax tree as it is run. @throws Error when a part of it is none: nothing of its line is run */
function read<T>(ast: T): T {
	for (const { deferredError } of (ast as unknown as ScriptNode).statements)
		if (deferredError) throw Object.assign(new Error(deferredError.message), { name: 'ParseException' });
	return random(ast);
}

export class Voice {
	/** Which `sh` it is; undefined of bash. */
	posix: 'ash' | 'dash' | undefined;
	/** How it says what is wrong; as a bash that somebody types into when absent. */
	speaker: Speaker | undefined;
	/** How it has what it runs, as `$-` says it. */
	#from: 'c' | 's' | '' = 's';
	readonly #name: string;
	readonly #interactive: boolean;
	readonly #sh: PlaceFacts['sh'];
	/** The script that it ends with, where the last of that may be what it becomes. */
	#last: string | undefined;
	readonly #forks: boolean;

	constructor(name: string, interactive: boolean, { sh, forks = false }: PlaceFacts) {
		this.#name = name;
		this.#interactive = interactive;
		this.#sh = sh;
		this.#forks = forks;
	}

	/** That of a script; undefined where somebody types. */
	get script(): Speaker | undefined {
		return this.#interactive ? undefined : this.speaker;
	}

	/** Before something is run. */
	async begin({ positional, file = false, read = false }: RunOptions, state: State, text: string): Promise<void> {
		const name = this.#name;
		this.#last = undefined;
		if (name !== 'sh' && !positional) return;
		const interactive = this.#interactive;
		if (positional) this.#from = file ? '' : read ? 's' : 'c';
		const sh = name === 'sh' ? (this.#sh ?? 'dash') : undefined;
		if (sh) posix ??= await import('./posix.ts');
		this.posix = sh;
		// dash's echo knows no options but reads backslashes.
		if (sh === 'dash') state.shoptOptions.xpg_echo = true;
		if (positional) this.speaker = { sh, interactive, name: positional[0] ?? name, file, reads: read };
		else if (sh) this.speaker ??= { sh, interactive, name: 'sh', file: false };
		if (this.speaker) dialect ??= await import('./dialect.ts');
		if (positional) Object.assign(state, this.reads());
		if (!positional || this.#from !== 'c' || sh === 'dash' || (sh && this.#forks)) return;
		tails ??= await import('./tails.ts');
		this.#last = text;
	}

	/**
	 * The options that are on, by their letters (`$-`): bash's in the order of flags.c @ 5.1, of which `h` and `B` are on
	 * unless somebody turned them off; dash's backwards in that of options.h @ 0.5.11, without `c`.
	 */
	flags({ options, traced }: State): string {
		const typed = this.#interactive;
		const on: Readonly<Record<string, boolean | undefined>> = {
			a: options.allexport,
			e: options.errexit,
			f: options.noglob,
			h: options.hashall !== false,
			i: typed,
			m: options.monitor ?? typed,
			n: options.noexec,
			s: this.#from === 's',
			u: options.nounset,
			v: options.verbose,
			x: options.xtrace,
			B: options.braceexpand !== false,
			C: options.noclobber,
			E: traced?.errtrace,
			H: options.histexpand ?? typed,
			T: traced?.functrace,
		};
		const order = this.posix ? 'uaCvxsnmife' : 'aefhimnuvxBCEHTs';
		const letters = [...order].filter((letter) => on[letter]).join('');
		return this.posix || this.#from !== 'c' ? letters : `${letters}c`;
	}

	/** A syntax tree as this shell runs it. */
	meant<T>(ast: T): T {
		const tree = read(this.posix ? posix!.inPosix(ast, this.posix) : ast);
		return this.#last === undefined ? tree : tails!.markTails(tree, this.#last, this.posix ? 'ash' : 'bash');
	}

	/** Where a script begins: what it is read from, which its functions name as well (`BASH_SOURCE`). */
	reads(): Pick<State, 'funcNameStack' | 'callLineStack' | 'sourceStack' | 'currentSource'> {
		const { file, name, interactive } = this.speaker ?? { file: false, interactive: true };
		return {
			funcNameStack: [],
			callLineStack: file ? [0] : [],
			sourceStack: file ? [name!] : [],
			currentSource: file ? name! : interactive ? 'main' : 'environment',
		};
	}

	/** What a shell that is no bash says of a command that bash has. */
	lacks(name: string, args: readonly string[]): Result | undefined {
		const sh = this.posix;
		if (!sh) return undefined;
		if (posix!.lacks(sh, name)) return { stdout: '', stderr: `bash: ${name}: command not found\n`, exitCode: 127 };
		if (sh === 'dash' && (name === '[' || name === 'test') && args[1] === '==')
			return { stdout: '', stderr: `bash: ${name}: ${args[0]}: unexpected operator\n`, exitCode: 2 };
		return undefined;
	}

	/** bash's messages, as this shell words them. @param line of the script, or number of the line that is typed */
	said(text: string, line: number, state?: State, deed?: Deed): string {
		return this.speaker && dialect ? dialect.inWords(text, this.speaker, line, state, deed) : text;
	}
}
