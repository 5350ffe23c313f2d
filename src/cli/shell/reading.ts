/** A text as a shell reads it: as just-bash can run it, or what is wrong with it and what of it is run before that. */
import type { Host } from './frame.ts';
import type { Fault } from './grammar/index.ts';
import type { Result } from './just-bash.ts';
import type { Voice } from './voice.ts';

let grammar: typeof import('./grammar/index.ts') | undefined;

/** What bash reads of a text; `sh` has a grammar of its own. */
export async function understood(
	text: string,
	{ posix }: Voice,
	extglob: boolean,
): Promise<{ readonly text: string; readonly fault?: Fault }> {
	if (posix) return { text };
	grammar ??= await import('./grammar/index.ts');
	return grammar.understood(text, extglob);
}

const also = ({ also: more, shown }: Fault): string | undefined =>
	more ?? (shown === undefined ? undefined : `\`${shown}'`);

/** What is wrong with a script or a line, in bash's words. */
export function faultText(fault: Fault, { script }: Voice): string {
	if (!script) return `bash: ${fault.said}\n`;
	const begins = `${script.name}: ${script.file || script.reads ? '' : '-c: '}line ${fault.line}: `;
	const more = also(fault);
	return `${begins}${fault.said}\n${more === undefined ? '' : `${begins}${more}\n`}`;
}

/** A text of `eval`, or of a file that `.` reads, as it is run; or what is wrong with it. @param line it begins at */
export async function evaluated(
	text: string,
	voice: Voice,
	extglob: boolean,
	line: number,
	file: string | undefined,
): ReturnType<Host['evaluated']> {
	const { text: meant, fault } = await understood(text, voice, extglob);
	if (!fault) return { meant };
	const at = fault.line + line - 1;
	const { script } = voice;
	const named = `${script ? '' : 'bash: '}${file}: line ${at}: `;
	const begins = file !== undefined ? named : script ? `bash: eval: line ${at}: ` : 'bash: ';
	const more = also(fault);
	const second = more !== undefined && begins !== 'bash: ' ? `${begins}${more}\n` : '';
	return { meant, before: text.slice(0, fault.from), said: `${begins}${fault.said}\n${second}`, code: fault.code };
}

/** What just-bash found to be no shell text, in the shell's words, and what of the text can be read. */
export async function unread(
	wrong: Result,
	text: string,
	voice: Voice,
	parse: (text: string) => unknown,
	say: (said: string, line: number) => string,
): Promise<{ readonly before: string; readonly stderr: string }> {
	const { readable, unreadText, wrongLine } = await import('./syntax.ts');
	const { script } = voice;
	const before = script ? readable(text, parse, wrongLine(wrong.stderr)) : '';
	const named = script && !script.sh ? { name: script.name, file: script.file || script.reads === true } : {};
	return { before, stderr: unreadText(wrong.stderr, { text, before, ...named, say }) };
}
