/**
 * What busybox says is wrong, where the simulator's programs speak as GNU's do (libbb/{perror_msg,wfopen,getopt32}.c and
 * coreutils/*.c @ 1_35_0): the same fault in its words.
 */
import { imageFacts, type Lab } from '../../../sim/lab/index.ts';
import type { Place } from '../../tool.ts';
import { imageAt } from '../images.ts';
import { USAGE } from './busybox-usage.ts';

/** Applets that name a file they cannot open as `can't open 'FILE'` (libbb/wfopen.c). */
const OPENS = new Set('cat dd md5sum sha1sum sha256sum sha512sum tail tar uniq'.split(' '));
/** What others do with a file, in busybox's words for it. */
const DOES: Readonly<Record<string, string>> = {
	cp: "can't stat ",
	diff: "can't stat ",
	mkdir: "can't create directory ",
	mv: "can't rename ",
	rm: "can't remove ",
	stat: "can't stat ",
};
/** Applets that quote the name even where nothing stands before it. */
const QUOTES = new Set(['rmdir']);

export const BANNER = 'BusyBox v1.35.0 (2022-08-01 15:14:44 UTC) multi-call binary.\n\n';

const ERRNO =
	'No such file or directory|Read-only file system|Permission denied|Operation not permitted|File exists|Not a directory|Directory not empty|No space left on device';

/** How the applet is called; undefined of one whose words nobody wrote down. */
export const usageOf = (name: string): string | undefined =>
	Object.hasOwn(USAGE, name) ? `${BANNER}Usage: ${USAGE[name]}\n` : undefined;

const FILE = new RegExp(
	`^(\\w+): (?:cannot (?:access|create directory|create regular file|open|overwrite directory|remove|stat|touch|move|read:?)|failed to (?:access|create symbolic link|create hard link|open|remove|create file)|setting times of|changing permissions of|changing (?:ownership|group) of)? ?['‘]?([^'‘’]*?)['’]?(?: for (?:reading|writing))?(?: to '.*')?: (?:Cannot open: )?(${ERRNO})$`,
);

function ofFile(name: string, path: string, why: string): string {
	if (Object.hasOwn(DOES, name)) return `${name}: ${DOES[name]}'${path}': ${why}\n`;
	if (OPENS.has(name)) return `${name}: can't open '${path}': ${why}\n`;
	return `${name}: ${QUOTES.has(name) ? `'${path}'` : path}: ${why}\n`;
}

/** What tar says (archival/tar.c, archival/libarchive/unsafe_prefix.c). */
const TAR: readonly (readonly [RegExp, string])[] = [
	[/^tar: Removing leading `(.*)' from member names$/, "tar: removing leading '$1' from member names"],
	[/^tar: (.*): Cannot stat: (.*)$/, 'tar: $1: $2'],
	[/^tar: Exiting with failure status due to previous errors$/, 'tar: error exit delayed from previous errors'],
];

/** The text of one program's errors as busybox would have it. @param musl Alpine's C library, which has its own getopt */
export function reworded(name: string, text: string, musl: boolean): string {
	const usage = usageOf(name);
	let out = '';
	for (const line of text.split(/(?<=\n)/)) {
		const bare = line.replace(/\n$/, '');
		const file = FILE.exec(bare);
		const option = /^(\w+): (?:invalid option -- '(.)'|unrecognized option '--([^']*)')$/.exec(bare);
		const missing = /^(\w+): missing .*operand.*$/.exec(bare);
		const made = /^(?:cp|install): cannot create regular file '(.*)': (.*)$/.exec(bare);
		const tar = name === 'tar' ? TAR.find(([gnu]) => gnu.test(bare)) : undefined;
		if (tar) out += `${bare.replace(...tar)}\n`;
		else if (made) out += `${name}: can't create '${made[1]}': ${made[2]}\n`;
		else if (file && file[1] === name) {
			out += ofFile(name, file[2]!, file[3]!);
			if (name === 'tail' && !text.trimEnd().includes('\n')) out += 'tail: no files\n';
		} else if (option && option[1] === name && usage) {
			const [, , letter, word] = option;
			out += musl
				? `${name}: unrecognized option: ${letter ?? word}\n${usage}`
				: `${name}: ${letter === undefined ? `unrecognized option '--${word}'` : `invalid option -- '${letter}'`}\n${usage}`;
		} else if (missing && missing[1] === name && usage) out += usage;
		else if (/^Try '\w+ --help' for more information\.$/.test(bare)) continue;
		else if (/^Usage: (?:grep|mawk) \[/.test(bare) && usage) out += usage;
		else if (bare === 'tar: Error is not recoverable: exiting now') continue;
		else if (/^(?:head|cat|tail): (?:error reading '.*'|.*): Is a directory$/.test(bare) && name !== 'head')
			out += `${name}: read error: Is a directory\n`;
		else
			out += line
				.replace(/^sleep: invalid time interval '(.*)'$/m, "sleep: invalid number '$1'")
				.replace(/^date: extra operand '(.*)'$/m, "date: invalid date '$1'")
				.replace(/^cut: you must specify a list.*$/m, 'cut: expected a list of bytes, characters, or fields')
				.replace(/^chmod: invalid mode: ['‘](.*)['’]$/m, "chmod: invalid mode '$1'")
				.replace(/^expr: missing operand$/m, 'expr: too few arguments')
				.replace(/^cp: -r not specified; omitting directory '(.*)'$/m, "cp: omitting directory '$1'")
				.replace(/^rm: cannot remove '(.*)': Is a directory$/m, "rm: '$1' is a directory");
	}
	return out;
}

/** Of a place whose programs are busybox's. */
export function wordsAt(place: Place, lab: Lab): ((name: string, text: string) => string) | undefined {
	const { system } = imageFacts(imageAt(place, lab) ?? '');
	if (system !== 'alpine' && system !== 'busybox') return undefined;
	return (name, text) => (Object.hasOwn(USAGE, name) ? reworded(name, text, system === 'alpine') : text);
}
