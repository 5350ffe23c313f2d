/** `alias` and `unalias` (bash builtins/alias.def @ 5.1; busybox shell/ash.c aliascmd @ 1_35_0): words that stand for others. */
import type { OwnProgram } from './index.ts';

const KEY = 'BASH_ALIAS_';

const inQuotes = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

export const alias: OwnProgram['run'] = async ({ args, state: { env } }, shell) => {
	const ash = shell.name === 'sh';
	const text = (name: string): string => `${ash ? '' : 'alias '}${name}=${inQuotes(env.get(KEY + name)!)}\n`;
	const words = args[0] === '--' || args[0] === '-p' ? args.slice(1) : args;
	let stdout = '';
	let stderr = '';
	if (words.length === 0 || args[0] === '-p')
		stdout += [...env.keys()]
			.filter((key) => key.startsWith(KEY))
			.sort()
			.map((key) => text(key.slice(KEY.length)))
			.join('');
	for (const word of words) {
		const at = word.indexOf('=', 1);
		const name = at < 0 ? word : word.slice(0, at);
		if (at >= 0 && /[\s$`'"<>&|;()/\\]/.test(name)) stderr += `bash: alias: \`${name}': invalid alias name\n`;
		else if (at >= 0) env.set(KEY + name, word.slice(at + 1));
		else if (env.has(KEY + name)) stdout += text(name);
		else stderr += `bash: alias: ${name}: not found\n`;
	}
	return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 };
};

export const unalias: OwnProgram['run'] = async ({ args, state: { env } }) => {
	if (args.length === 0) return { stdout: '', stderr: 'unalias: usage: unalias [-a] name [name ...]\n', exitCode: 2 };
	if (args[0] === '-a') {
		for (const key of [...env.keys()]) if (key.startsWith(KEY)) env.delete(key);
		return { stdout: '', stderr: '', exitCode: 0 };
	}
	let stderr = '';
	for (const name of args) if (!env.delete(KEY + name)) stderr += `bash: unalias: ${name}: not found\n`;
	return { stdout: '', stderr, exitCode: stderr === '' ? 0 : 1 };
};
