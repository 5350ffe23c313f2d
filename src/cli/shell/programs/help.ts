/** `help`: what can be run here. The words are bash's kind of English, as the tools' are. */
import type { OwnProgram } from './index.ts';

export const help: OwnProgram = {
	name: 'help',
	async run(call, shell) {
		const [word] = call.args;
		if (word !== undefined) {
			const known = shell.names().includes(word);
			return known
				? { stdout: `${word}: try ${word} --help\n`, stderr: '', exitCode: 0 }
				: { stdout: '', stderr: `bash: help: no help topics match \`${word}'.\n`, exitCode: 1 };
		}
		const names = [...shell.names()].sort();
		const width = Math.max(...names.map((name) => name.length)) + 2;
		const columns = Math.max(1, Math.floor(80 / width));
		const rows = Math.ceil(names.length / columns);
		let text = `Commands on ${shell.facts.hostname}:\n\n`;
		for (let row = 0; row < rows; row++) {
			const line = Array.from({ length: columns }, (_, column) => (names[column * rows + row] ?? '').padEnd(width));
			text += `${line.join('').trimEnd()}\n`;
		}
		return { stdout: text, stderr: '', exitCode: 0, stdoutKind: 'text' };
	},
};
