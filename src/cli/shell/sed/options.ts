/** Words of a sed command (sed/sed.c @ v4.8), in their order: a script is read by what was said before it. */

export const USAGE = `Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...

  -n, --quiet, --silent
                 suppress automatic printing of pattern space
      --debug
                 annotate program execution
  -e script, --expression=script
                 add the script to the commands to be executed
  -f script-file, --file=script-file
                 add the contents of script-file to the commands to be executed
  --follow-symlinks
                 follow symlinks when processing in place
  -i[SUFFIX], --in-place[=SUFFIX]
                 edit files in place (makes backup if SUFFIX supplied)
  -l N, --line-length=N
                 specify the desired line-wrap length for the \`l' command
  --posix
                 disable all GNU extensions.
  -E, -r, --regexp-extended
                 use extended regular expressions in the script
                 (for portability use POSIX -E).
  -s, --separate
                 consider files as separate rather than as a single,
                 continuous long stream.
      --sandbox
                 operate in sandbox mode (disable e/r/w commands).
  -u, --unbuffered
                 load minimal amounts of data from the input files and flush
                 the output buffers more often
  -z, --null-data
                 separate lines by NUL characters
      --help     display this help and exit
      --version  output version information and exit

If no -e, --expression, -f, or --file option is given, then the first
non-option argument is taken as the sed script to interpret.  All
remaining arguments are names of input files; if no input files are
specified, then the standard input is read.

GNU sed home page: <https://www.gnu.org/software/sed/>.
General help using GNU software: <https://www.gnu.org/gethelp/>.
`;

/** Behind it, for `--help`. */
export const BUGS = 'E-mail bug reports to: <bug-sed@gnu.org>.\n';

export const VERSION = `sed (GNU sed) 4.9
Copyright (C) 2022 Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>.
This is free software: you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.

Written by Jay Fenlason, Tom Lord, Ken Pizzini,
Paolo Bonzini, Jim Meyering, and Assaf Gordon.

This sed program was built without SELinux support.

GNU sed home page: <https://www.gnu.org/software/sed/>.
General help using GNU software: <https://www.gnu.org/gethelp/>.
E-mail bug reports to: <bug-sed@gnu.org>.
`;

/** Long names, and the letters that they stand for. */
const LONG: readonly (readonly [name: string, letter: string, value?: 'needed' | 'may'])[] = [
	['binary', 'b'],
	['regexp-extended', 'E'],
	['debug', 'debug'],
	['in-place', 'i', 'may'],
	['expression', 'e', 'needed'],
	['file', 'f', 'needed'],
	['line-length', 'l', 'needed'],
	['null-data', 'z'],
	['zero-terminated', 'z'],
	['quiet', 'n'],
	['posix', 'posix'],
	['silent', 'n'],
	['sandbox', 'sandbox'],
	['separate', 's'],
	['unbuffered', 'u'],
	['version', 'version'],
	['help', 'help'],
	['follow-symlinks', 'follow'],
];

export class BadUsage extends Error {}

export interface Option {
	/** A letter; `operand` for what is no option. */
	readonly name: string;
	/** Undefined when it may have one and has none. */
	readonly value: string | undefined;
}

/** @throws BadUsage when it comes to a word that is no option of sed's */
export function* optionsOf(args: readonly string[]): Generator<Option> {
	const words = [...args];
	while (words.length > 0) {
		const word = words.shift()!;
		if (word === '--') {
			for (const value of words) yield { name: 'operand', value };
			return;
		}
		if (word.startsWith('--')) {
			const [, begun = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word)!;
			const known = LONG.filter(([name]) => name.startsWith(begun));
			const exact = known.find(([name]) => name === begun) ?? (known.length === 1 ? known[0] : undefined);
			if (!exact && known.length > 0)
				throw new BadUsage(
					`option '${word}' is ambiguous; possibilities: ${known.map(([name]) => `'--${name}'`).join(' ')}`,
				);
			if (!exact) throw new BadUsage(`unrecognized option '${word}'`);
			const [name, letter, takes] = exact;
			if (takes === undefined && value !== undefined)
				throw new BadUsage(`option '--${name}' doesn't allow an argument`);
			const given = takes === 'needed' ? (value ?? words.shift()) : value;
			if (takes === 'needed' && given === undefined) throw new BadUsage(`option '--${name}' requires an argument`);
			yield { name: letter, value: given };
		} else if (word.startsWith('-') && word !== '-') {
			for (let i = 1; i < word.length; i++) {
				const name = word[i]!;
				if (!'bEefilnrsuzh'.includes(name)) throw new BadUsage(`invalid option -- '${name}'`);
				const rest = word.slice(i + 1);
				if (name === 'i') {
					yield { name, value: rest === '' ? undefined : rest };
					break;
				}
				if ('efl'.includes(name)) {
					const value = rest === '' ? words.shift() : rest;
					if (value === undefined) throw new BadUsage(`option requires an argument -- '${name}'`);
					yield { name, value };
					break;
				}
				yield { name: name === 'r' ? 'E' : name === 'h' ? 'help' : name, value: undefined };
			}
		} else yield { name: 'operand', value: word };
	}
}
