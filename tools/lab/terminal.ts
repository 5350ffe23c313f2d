/** The lab's terminal in a shell: `-c`, a script on standard input, or lines that somebody types. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline/promises';
import {
	bytesOf,
	furnish,
	type Octets,
	Session,
	type SessionOptions,
	surroundings,
	tools,
} from '../../src/cli/index.ts';
import { LAB_PRESETS, labPreset } from '../../src/sim/lab/index.ts';
import { fail } from './args.ts';
import { hostEditor } from './editor.ts';

/** Virtual time that one line may wait when nobody is there to press Ctrl-C. */
const PATIENCE = 30 * 60_000_000;

const write = (octets: Octets, stream: 'out' | 'err'): void => {
	(stream === 'out' ? process.stdout : process.stderr).write(bytesOf(octets));
};

const CONTENT = new URL('../../content/', import.meta.url);
/** The lesson whose files are in the learner's home; those of each lesson are in a folder of its own, as in the page. */
const AT_HOME = 'tp2-client-address';

/** Runs a line, a script or what is typed in the lab of a preset, and answers the exit code. */
export async function openTerminal(preset = 'kind-basic', command: string | undefined): Promise<number> {
	const lab = labPreset(preset);
	if (!lab)
		return fail(
			`unknown preset "${preset}"; the terminal has ${LAB_PRESETS.map((p) => p.id).join(', ')}`,
			'--scenario',
		);
	return terminal({ lab, tools, surroundings }, command);
}

async function withFiles(session: Session): Promise<Session> {
	const files: Record<string, string> = {};
	for (const lesson of readdirSync(CONTENT)) {
		const folder = new URL(`${lesson}/files/`, CONTENT);
		if (!existsSync(folder)) continue;
		for (const name of readdirSync(folder)) {
			const text = readFileSync(new URL(name, folder), 'utf8');
			files[`/home/learner/${lesson}/${name}`] = text;
			if (lesson === AT_HOME) files[`/home/learner/${name}`] = text;
		}
	}
	await furnish(session, files);
	return session;
}

/** Runs what is given and answers the exit code. */
async function terminal(options: SessionOptions, command: string | undefined): Promise<number> {
	if (command === undefined && process.stdin.isTTY) return typed(options);
	const session = await withFiles(new Session({ patience: PATIENCE, ...options, write, tty: false, quiet: true }));
	if (command !== undefined) await session.run(command);
	else for await (const line of lines()) await session.submit(line);
	while (session.code === undefined) await session.eof();
	return session.code;
}

async function* lines(): AsyncGenerator<string> {
	process.stdin.setEncoding('utf8');
	let rest = '';
	for await (const chunk of process.stdin) {
		const parts = (rest + chunk).split('\n');
		rest = parts.pop()!;
		yield* parts;
	}
	if (rest !== '') yield rest;
}

/** A terminal on a terminal: readline edits, the session does the rest. */
async function typed(options: SessionOptions): Promise<number> {
	let line: Interface | undefined;
	const edit = hostEditor(() => line);
	const session = await withFiles(new Session({ patience: PATIENCE, ...options, write, tty: true, edit }));
	line = createInterface({
		input: process.stdin,
		output: process.stdout,
		completer: async (text: string): Promise<[string[], string]> => {
			const { from, words } = await session.complete(text);
			return [words.map((word) => (word.endsWith('/') ? word : `${word} `)), text.slice(from)];
		},
	});
	line.on('SIGINT', () => {
		if (session.busy) {
			process.stdout.write('^C\n');
			session.interrupt();
			return;
		}
		session.interrupt();
		line.write(null, { ctrl: true, name: 'u' });
		process.stdout.write('^C\n');
		line.setPrompt(session.prompt);
		line.prompt();
	});
	line.on('close', () => {
		if (session.busy) session.interrupt();
	});
	// Lines may come while one runs: typed ahead, or pasted.
	const typedAhead: (string | undefined)[] = [];
	let wake = (): void => {};
	const take = (text: string | undefined): void => {
		typedAhead.push(text);
		wake();
	};
	line.on('line', take);
	line.on('close', () => take(undefined));
	while (session.code === undefined) {
		if (typedAhead.length === 0) {
			line.setPrompt(session.prompt);
			line.prompt();
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		}
		const text = typedAhead.shift();
		if (text !== undefined) await session.submit(text);
		else while (session.code === undefined) await session.eof();
	}
	line.close();
	return session.code;
}
