/** `help`: how builtins and reserved words are called, and what for (bash builtins/help.def @ 5.2). */
import type { Result, State } from '../just-bash.ts';
import { wrongOption } from './options.ts';
import { TOPICS, type Topic } from './table.ts';

const VERSION = 'GNU bash, version';
/** bash writes the list of topics in two columns of this width. */
const WIDTH = 80;

function matcher(pattern: string): (name: string) => boolean {
	if (!/[*?[]/.test(pattern)) return (name) => name.startsWith(pattern);
	const source = pattern
		.replace(/[.+^${}()|\\]/g, '\\$&')
		.replaceAll('*', '.*')
		.replaceAll('?', '.');
	try {
		const whole = new RegExp(`^${source}$`);
		return (name) => whole.test(name);
	} catch {
		return (name) => name === pattern;
	}
}

const synopsis = ({ name, usage }: Topic): string => `${name}: ${usage}\n`;

function list(version: string): string {
	const width = WIDTH / 2;
	const half = Math.ceil(TOPICS.length / 2);
	const cell = ({ usage }: Topic, size: number): string => {
		const text = ` ${usage}`;
		return text.length > size - 1 ? `${text.slice(0, size - 2)}>` : text;
	};
	let text = `${VERSION} ${version} (x86_64-pc-linux-gnu)
These shell commands are defined internally.  Type \`help' to see this list.
Type \`help name' to find out more about the function \`name'.
Use \`info bash' to find out more about the shell in general.
Use \`man -k' or \`info' to find out more about commands not in this list.

A star (*) next to a name means that the command is disabled.

`;
	for (let i = 0; i < half; i++) {
		const left = cell(TOPICS[i]!, width);
		const right = TOPICS[half + i];
		text += right ? `${left.padEnd(width)}${cell(right, width)}\n` : `${left}\n`;
	}
	return text;
}

export function help(args: readonly string[], state: State): Result {
	const wrong = wrongOption('help', args);
	if (wrong) return wrong;
	const behind = args.findIndex((word) => !/^-[dms]+$/.test(word));
	const options = (behind < 0 ? args : args.slice(0, behind)).join('');
	const patterns = (behind < 0 ? [] : args.slice(behind)).filter((word, i) => i > 0 || word !== '--');
	if (patterns.length === 0 && options === '')
		return { stdout: list(state.env.get('BASH_VERSION') ?? ''), stderr: '', exitCode: 0, stdoutKind: 'text' };
	let stdout = '';
	let missing: string | undefined;
	for (const pattern of patterns) {
		const exact = TOPICS.filter(({ name }) => name === pattern);
		const found = exact.length > 0 ? exact : TOPICS.filter(({ name }) => matcher(pattern)(name));
		if (found.length === 0) missing = pattern;
		else if (/[*?[]/.test(pattern) && exact.length === 0) stdout += `Shell commands matching keyword \`${pattern}'\n\n`;
		for (const one of found) {
			if (options.includes('d')) stdout += `${one.name} - ${one.about}\n`;
			else if (options.includes('s')) stdout += synopsis(one);
			else if (options.includes('m'))
				stdout += `NAME\n    ${one.name} - ${one.about}\n\nSYNOPSIS\n    ${one.usage}\n\nDESCRIPTION\n    ${one.about}\n${LONG}`;
			else stdout += `${synopsis(one)}    ${one.about}\n${LONG}`;
		}
	}
	const said =
		missing === undefined
			? ''
			: `bash: help: no help topics match \`${missing}'.  Try \`help help' or \`man -k ${missing}' or \`info ${missing}'.\n`;
	return { stdout, stderr: said, exitCode: missing !== undefined && stdout === '' ? 1 : 0, stdoutKind: 'text' };
}

/** bash's manual is not repeated here. */
const LONG = '    \n    (bash has more to say here; the simulator has the summary only)\n';
