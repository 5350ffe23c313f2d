/** Builtins that tell of processes: `umask`, `ulimit`, `times`, `disown`, `bg`; and `nohup` and `setsid`. */
import { Output } from '../call.ts';
import { mark, notRun } from '../found.ts';
import type { Result } from '../just-bash.ts';
import { isShown } from '../routes.ts';
import type { OwnProgram } from './index.ts';
import { inner, quoted } from './nested.ts';
import { notStarted } from './wrappers.ts';

const answer = (exitCode: number, stdout = '', stderr = ''): Result => ({
	stdout,
	stderr,
	exitCode,
	stdoutKind: 'text',
});

/** Files here are made with these modes, whoever asks for others. */
export const umask: OwnProgram['run'] = async ({ args }) => {
	const words = args.filter((word) => word !== '-p' && word !== '-S');
	if (words.length === 0) {
		if (args.includes('-S')) return answer(0, 'u=rwx,g=rx,o=rx\n');
		return answer(0, args.includes('-p') ? 'umask 0022\n' : '0022\n');
	}
	const [word = ''] = words;
	if (/^0*22$/.test(word) || word === 'u=rwx,g=rx,o=rx') return answer(0);
	if (/^\d+$/.test(word) && !/^0*[0-7]{1,3}$/.test(word))
		return answer(1, '', `bash: umask: ${word}: octal number out of range\n`);
	return answer(1, '', 'bash: umask: files of this terminal are made with 0022 only\n');
};

/** bash 5.1 builtins/ulimit.def, and what a system begins with. */
const LIMITS: readonly (readonly [letter: string, name: string, unit: string, value: string])[] = [
	['R', 'real-time non-blocking time', 'microseconds', 'unlimited'],
	['c', 'core file size', 'blocks', '0'],
	['d', 'data seg size', 'kbytes', 'unlimited'],
	['e', 'scheduling priority', '', '0'],
	['f', 'file size', 'blocks', 'unlimited'],
	['i', 'pending signals', '', '63467'],
	['l', 'max locked memory', 'kbytes', '2035868'],
	['m', 'max memory size', 'kbytes', 'unlimited'],
	['n', 'open files', '', '1024'],
	['p', 'pipe size', '512 bytes', '8'],
	['q', 'POSIX message queues', 'bytes', '819200'],
	['r', 'real-time priority', '', '0'],
	['s', 'stack size', 'kbytes', '8192'],
	['t', 'cpu time', 'seconds', 'unlimited'],
	['u', 'max user processes', '', '63467'],
	['v', 'virtual memory', 'kbytes', 'unlimited'],
	['x', 'file locks', '', 'unlimited'],
];

/** What containers have: Docker's unit and containerd's have LimitNOFILE=1048576 and no limit of processes. */
const IN_CONTAINERS: Readonly<Record<string, string>> = { c: 'unlimited', n: '1048576', u: 'unlimited', l: '64' };

export const ulimit: OwnProgram['run'] = async ({ args }, shell) => {
	const limits = LIMITS.map(([letter, name, unit, value]) => {
		const own = shell.place.kind === 'laptop' ? value : (IN_CONTAINERS[letter] ?? value);
		return [letter, name, unit, own] as const;
	});
	const letters: string[] = [];
	const values: string[] = [];
	for (const word of args) {
		if (!/^-./.test(word)) values.push(word);
		else
			for (const letter of word.slice(1)) {
				if (!'SHa'.includes(letter) && !LIMITS.some(([own]) => own === letter))
					return answer(
						2,
						'',
						`bash: ulimit: -${letter}: invalid option\nulimit: usage: ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]\n`,
					);
				if (!'SH'.includes(letter)) letters.push(letter);
			}
	}
	const chosen = letters.includes('a')
		? limits
		: limits.filter(([letter]) => (letters.length === 0 ? letter === 'f' : letters.includes(letter)));
	const [given] = values;
	if (given !== undefined) {
		if (!/^(?:\d+|unlimited|soft|hard)$/.test(given)) return answer(1, '', `bash: ulimit: ${given}: invalid number\n`);
		if (chosen.every(([, , , value]) => value === given)) return answer(0);
		return answer(1, '', 'bash: ulimit: this terminal keeps the limits it began with\n');
	}
	if (chosen.length === 1) return answer(0, `${chosen[0]![3]}\n`);
	const row = ([letter, name, unit, value]: (typeof LIMITS)[number]): string => {
		const about = `(${unit ? `${unit}, ` : ''}-${letter})`;
		return `${name}${about.padStart(Math.max(about.length + 1, 40 - name.length))} ${value}\n`;
	};
	return answer(0, chosen.map(row).join(''));
};

/** The lab's programs take no time of a processor. */
export const times: OwnProgram['run'] = async () => answer(0, '0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n');

export const disown: OwnProgram['run'] = async ({ args }, shell) => {
	const { list } = shell.jobs;
	const words = args.filter((word) => !/^-[ahr]+$/.test(word));
	if (args.some((word) => /^-[hr]*a/.test(word))) {
		list.length = 0;
		return answer(0);
	}
	let errors = '';
	for (const word of words.length > 0 ? words : [undefined]) {
		const job = shell.jobs.find(word);
		if (!job) errors += `bash: disown: ${word ?? 'current'}: no such job\n`;
		else if (!args.includes('-h')) list.splice(list.indexOf(job), 1);
	}
	return answer(errors === '' ? 0 : 1, '', errors);
};

/** Nothing stops a job here, so that one that is known is in the background already. */
export const bg: OwnProgram['run'] = async ({ args }, shell) => {
	const job = shell.jobs.find(args[0]);
	if (!job) return answer(1, '', `bash: bg: ${args[0] ?? 'current'}: no such job\n`);
	return answer(0, '', `bash: bg: job ${job.number} already in background\n`);
};

/** coreutils src/nohup.c: what would go to the terminal goes to a file. */
export const nohup: OwnProgram['run'] = async (call, shell) => {
	const output = new Output(call.routes);
	const [command, ...words] = call.args;
	if (command === undefined) {
		output.err({ text: "nohup: missing operand\nTry 'nohup --help' for more information.\n", binary: false });
		return output.result(125);
	}
	const missing = await notStarted('nohup', call, shell, command);
	if (missing) {
		const text = missing.stderr.replace(
			`: ${mark(call.state, command)}`,
			`: failed to run command ${mark(call.state, command)}`,
		);
		output.err({ text, binary: false });
		return output.result(missing.exitCode);
	}
	if (!(call.run as { tty?: boolean }).tty || !isShown(call.routes)) return call.instead(command, words, []);
	output.err({ text: "nohup: ignoring input and appending output to 'nohup.out'\n", binary: false });
	const path = shell.files.resolvePath(call.state.cwd, 'nohup.out');
	await shell.files.appendFile(path, '', 'binary');
	const file = shell.openFile(path, call.run);
	const child = inner(call, shell, 'bash');
	const code = await child.run([command, ...words].map(quoted).join(' '), {
		routes: { out: file.write, err: file.write },
		tty: false,
		parent: call.run as never,
	});
	await file.close();
	return output.result(child.left ?? code);
};

export const setsid: OwnProgram['run'] = async (call, shell) => {
	const [command, ...words] = call.args.filter((word, i) => i > 0 || !/^-[cfw]$/.test(word));
	if (command === undefined)
		return answer(1, '', "setsid: no command specified\nTry 'setsid --help' for more information.\n");
	const why = await notRun(shell, call.state, command);
	if (why !== undefined) return answer(127, '', `setsid: failed to execute ${command}: ${why}\n`);
	return call.instead(command, words, []);
};
