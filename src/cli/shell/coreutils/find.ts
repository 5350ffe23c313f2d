/** find (findutils find/ftsfind.c @ 4.8): walks directories in order of their names. */
import { mark } from '../found.ts';
import { about } from './about.ts';
import { asText, type Desk, Leave, octets } from './desk.ts';
import type { Found, Test } from './find-tests.ts';
import { Reader } from './find-words.ts';

export async function find(desk: Desk): Promise<void> {
	const words = desk.args.map((word) => asText(octets(word)));
	let follow = false;
	while (/^-[HLP]$/.test(words[0] ?? '')) follow = words.shift() === '-L';
	const starts: string[] = [];
	while (words[0] !== undefined && !/^[-(),!]/.test(words[0])) starts.push(words.shift()!);
	if (starts.length === 0) starts.push('.');
	const reader = new Reader(desk, words);
	const asked = reader.whole();
	const test: Test = reader.acts
		? asked
		: async (found) => {
				if (!(await asked(found))) return false;
				desk.write(`${octets(found.name)}\n`);
				return true;
			};
	const { files, core } = desk.shell;

	async function walk(name: string, start: string, depth: number): Promise<void> {
		await core.breath.take();
		const file = (await about(desk, name, follow)) ?? (await about(desk, name, false));
		if (!file) {
			desk.fault(`${mark(desk.call.state, name)}: ${await desk.missing(name)}`);
			return;
		}
		const found: Found = { name, start, depth, file };
		const look = async (): Promise<void> => {
			if (depth >= reader.least) await test(found);
		};
		if (!reader.depthFirst) await look();
		if (file.kind === 'directory' && depth < reader.most && !reader.quit && !reader.pruned.has(name)) {
			let inside: readonly string[] = [];
			try {
				if (files.listFault(file.path) !== undefined) throw new Error();
				inside = await files.readdir(file.path);
			} catch {
				const wrong = (await files.refusal(file.path, 'read')) ?? 'Permission denied';
				desk.fault(`${mark(desk.call.state, name)}: ${wrong}`);
			}
			for (const one of inside) {
				if (reader.quit) return;
				await walk(name.endsWith('/') ? name + one : `${name}/${one}`, start, depth + 1);
			}
		}
		if (reader.depthFirst && !reader.quit) await look();
	}

	for (const start of starts) if (!reader.quit) await walk(start, start, 0);
	for (const run of reader.later) await run();
	if (desk.call.run.interrupted) throw new Leave('', 130);
}
