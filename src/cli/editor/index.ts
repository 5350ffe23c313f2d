/**
 * `nano`, `vi`, `vim` and `edit`: a file in the editor that the terminal has. All are the same plain editor; what they
 * have of their own is how their files are named on the line, and what they say where there is no screen.
 */
import { hasTool } from '../linux/images.ts';
import type { Call, Tool } from '../tool.ts';
import { type AskedFile, placeIn, readArguments } from './arguments.ts';

/** A file larger than this is no file to write in by hand. */
const LARGEST = 1_000_000;

const family = (name: string): 'nano' | 'vim' => (name === 'nano' || name === 'edit' ? 'nano' : 'vim');

const OTHERWISE = `To write a file here: cat > FILE <<'EOF' … EOF; to change one: sed -i 's/old/new/' FILE.\n`;

/** What the real one says where there is no screen, and how a file is changed then. vim src/main.c @ v9.0.0. */
const noScreen = (name: string): string =>
	(family(name) === 'vim' ? 'Vim: Warning: Output is not to a terminal\n' : `${name}: Output is not to a terminal\n`) +
	`${name}: there is no screen to edit on. ${OTHERWISE}`;

/** Why a file cannot be edited; undefined when it can. */
async function refusal(call: Call, name: string): Promise<string | undefined> {
	if (name.endsWith('/') || (await call.files.list(name)) !== undefined) return `${name}: Is a directory`;
	const folder = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) || '/' : '.';
	if ((await call.files.list(folder)) === undefined) return `${name}: No such file or directory: ${folder}`;
	const bytes = await call.files.readBytes(name);
	if (bytes && bytes.length > LARGEST) return `${name}: it is too large to be edited here`;
	if (bytes?.includes(0)) return `${name}: it is not a text`;
	return undefined;
}

async function editOne(call: Call, { name, at }: AskedFile): Promise<number> {
	const why = await refusal(call, name);
	if (why !== undefined) {
		call.err(`${call.name}: ${why}\n`);
		return 1;
	}
	const text = (await call.files.read(name)) ?? '';
	await call.edit!({ name, text, as: call.name, ...placeIn(text, at), save: (now) => call.files.write(name, now) });
	return 0;
}

const run = async (call: Call): Promise<number> => {
	const { name } = call;
	const asked = readArguments(family(name), call.args);
	if ('help' in asked) {
		call.out(`Usage: ${name} [+LINE] FILE...\n\nThe plain editor of this terminal: Ctrl-S saves, Ctrl-X leaves.\n`);
		return 0;
	}
	if ('unknown' in asked) {
		call.err(`${name}: the option ${asked.unknown} is not offered here. ${OTHERWISE}`);
		return 2;
	}
	if (!call.edit) {
		call.err(noScreen(name));
		return 1;
	}
	if (asked.files.length === 0) {
		call.err(`${name}: name the file: ${name} FILE\n`);
		return 2;
	}
	let code = 0;
	for (const file of asked.files) {
		call.check();
		code = Math.max(code, await editOne(call, file));
	}
	return code;
};

export const tools: readonly Tool[] = ['nano', 'vi', 'vim', 'edit'].map((name) => ({ name, at: hasTool(name), run }));
