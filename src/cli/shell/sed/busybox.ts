/** The words that busybox has for what is wrong (editors/sed.c @ 1_35_0). */

export const BUSYBOX_USAGE = `BusyBox v1.35.0 multi-call binary.

Usage: sed [-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...
or: sed [-i[SFX]] [-nrE] CMD [FILE]...

	-e CMD	Add CMD to sed commands to be executed
	-f FILE	Add FILE contents to sed commands to be executed
	-i[SFX]	Edit files in-place (otherwise write to stdout)
		Optionally back files up, appending SFX
	-n	Suppress automatic printing of pattern space
	-r,-E	Use extended regex syntax
`;

const WORDS: readonly (readonly [RegExp, string])[] = [
	[/^-e expression #\d+, char \d+: |^file \S+ line \d+: /, ''],
	[/^unknown command: `(.*)'$/, 'unsupported command $1'],
	[/^unterminated (?:`[sy]' command|address regex)$/, "unmatched '/'"],
	[/^unknown option to `s'$/, 'bad option in substitution expression'],
	[/^can't find label for jump to `(.*)'$/, "can't find label for jump to '$1'"],
	[/^couldn't open file (.*): (.*)$/, '$1: $2'],
	[/^can't read (.*): (.*)$/, '$1: $2'],
	[/^couldn't edit (.*): not a regular file$/, '$1: Is a directory'],
];

/** @param message of GNU's sed, with its name in front */
export function busyboxWords(message: string): string {
	let text = message.replace(/^sed: /, '');
	for (const [pattern, words] of WORDS) text = text.replace(pattern, words);
	return `sed: ${text}`;
}
