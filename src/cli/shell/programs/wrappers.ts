/**
 * Programs that run another one in their place: `sudo`, `env`, `stdbuf`, `nice`; and `less` and `more`, which show all
 * there is, as `less -FX` does with what fits on the screen: the terminal scrolls by itself.
 */
import type { ProgramCall } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import type { OwnProgram } from './index.ts';

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;

/** Leaves out options; `valued` are letters of those that take a value. */
function behindOptions(args: readonly string[], valued: string): string[] {
	const words = [...args];
	while (words[0]?.startsWith('-') && words[0] !== '-') {
		const word = words.shift()!;
		if (word === '--') break;
		if (word.length === 2 && valued.includes(word[1]!)) words.shift();
	}
	return words;
}

function assignments(words: string[]): [string, string][] {
	const env: [string, string][] = [];
	for (let match = ASSIGNMENT.exec(words[0] ?? ''); match; match = ASSIGNMENT.exec(words[0] ?? '')) {
		env.push([match[1]!, match[2]!]);
		words.shift();
	}
	return env;
}

const failure = (text: string, exitCode: number): Result => ({ stdout: '', stderr: text, exitCode });

/** One is root then, and in no other place (sudo.ws, sudo(8)). Only a workstation has it. */
export const sudo: OwnProgram = {
	name: 'sudo',
	reads: 'itself',
	only: ({ kind }) => kind === 'laptop',
	async run(call) {
		const words = behindOptions(call.args, 'ugpCDhRTU');
		const env = assignments(words);
		const login = call.args.some((word) => /^-[a-zA-Z]*[is]/.test(word));
		if (words.length === 0 && !login)
			return failure(
				'usage: sudo -h | -K | -k | -V\nusage: sudo [-AbEHnPS] [-u user] [VAR=value] [-i | -s] [command [arg ...]]\n',
				1,
			);
		const [name = 'bash', ...args] = words;
		return call.instead(name, args, [['USER', 'root'], ['LOGNAME', 'root'], ['SUDO_USER', 'learner'], ...env]);
	},
};

/** With a command; without one, just-bash's lists the variables. */
export const env: OwnProgram = {
	name: 'env',
	reads: 'itself',
	async run(call: ProgramCall) {
		const words = call.args.some((word) => /^(?:-i|-|-u.*|--.+)$/.test(word)) ? [] : behindOptions(call.args, '');
		const given = assignments(words);
		const [name, ...args] = words;
		return name === undefined ? call.instead(undefined, [...call.args], []) : call.instead(name, args, given);
	},
};

const runs = (name: string, valued: string): OwnProgram => ({
	name,
	reads: 'itself',
	async run(call) {
		const [command, ...args] = behindOptions(call.args, valued);
		if (command === undefined)
			return failure(`${name}: missing operand\nTry '${name} --help' for more information.\n`, 125);
		return call.instead(command, args, []);
	},
});

export const stdbuf = runs('stdbuf', 'ioe');
export const nice = runs('nice', 'n');

const pager = (name: string): OwnProgram => ({
	name,
	reads: 'itself',
	run: (call) =>
		call.instead(
			'cat',
			call.args.filter((word) => !/^[-+]./.test(word)),
			[],
		),
});

export const less = pager('less');
export const more = pager('more');
