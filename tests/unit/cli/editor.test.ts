import { describe, expect, it } from 'vitest';
import { placeIn, readArguments } from '../../../src/cli/editor/arguments.ts';
import {
	furnish,
	type Place,
	readable,
	Session,
	type ShowEditor,
	surroundings,
	tools,
} from '../../../src/cli/index.ts';
import { labPreset } from '../../../src/sim/lab/index.ts';

interface Opened {
	readonly name: string;
	readonly text: string;
	readonly line?: number;
	readonly column?: number;
	readonly as?: string;
}

/** A terminal whose editor writes what `write` makes of each file. */
async function desk(write?: (file: Opened) => string | undefined, tty = true) {
	const opened: Opened[] = [];
	let text = '';
	const edit: ShowEditor = async (file) => {
		const { name, text: before, line, column, as } = file;
		opened.push({ name, text: before, line, column, as });
		return write!(file);
	};
	const session = new Session({
		lab: labPreset('kind-basic')!,
		tools,
		surroundings,
		tty,
		write: (octets) => {
			text += readable(octets);
		},
		...(write ? { edit } : {}),
	});
	await furnish(session, { '/home/learner/a.yaml': 'one: 1\ntwo: 2\nthree: 3\n', '/home/learner/b.txt': 'b\n' });
	const run = async (line: string): Promise<string> => {
		const from = text.length;
		await session.submit(line);
		return text.slice(from);
	};
	return { session, opened, run };
}

describe('an editor on the command line', () => {
	it('opens files one after another, new ones empty, and writes what is saved', async () => {
		const { opened, run } = await desk((file) => `${file.text}more\n`);
		expect(await run('nano +2 a.yaml new.txt; cat a.yaml new.txt; echo $?')).toBe(
			'one: 1\ntwo: 2\nthree: 3\nmore\nmore\n0\n',
		);
		expect(opened).toEqual([
			{ name: 'a.yaml', text: 'one: 1\ntwo: 2\nthree: 3\n', line: 2, column: 1, as: 'nano' },
			{ name: 'new.txt', text: '', line: 1, column: 1, as: 'nano' },
		]);
		await run('vi b.txt +');
		expect(opened.at(-1)).toMatchObject({ name: 'b.txt', as: 'vi', line: 1 });
	});

	it('makes no file when it is left without saving', async () => {
		const { run } = await desk(() => undefined);
		expect(await run('edit none.txt; ls none.txt')).toContain('No such file or directory');
	});

	it('refuses what is no file to write in', async () => {
		const { opened, run } = await desk(() => 'x');
		expect(await run('vim /tmp')).toBe('vim: /tmp: Is a directory\n');
		expect(await run('nano none/such')).toBe('nano: none/such: No such file or directory: none\n');
		await run("printf 'a\\0b' > bin");
		expect(await run('nano bin; echo $?')).toBe('nano: bin: it is not a text\n1\n');
		expect(await run('nano; vi -9 f')).toMatch(
			/^nano: name the file: nano FILE\nvi: the option -9 is not offered here/,
		);
		expect(opened).toEqual([]);
	});

	it('says how to edit otherwise where there is no screen', async () => {
		const { run } = await desk();
		const said = await run('vi a.yaml; echo $?');
		expect(said).toContain('Vim: Warning: Output is not to a terminal\n');
		expect(said).toContain('sed -i');
		expect(said).toMatch(/1\n$/);
		const piped = await desk(() => 'x');
		expect(await piped.run('nano a.yaml | cat')).toContain('Output is not to a terminal');
		expect(piped.opened).toEqual([]);
	});

	it('is where its package is', async () => {
		const { session, run } = await desk(() => undefined);
		const node: Place = { kind: 'node', cluster: 'basic', node: 'basic-worker' };
		expect(['nano', 'vi', 'vim', 'edit'].map((name) => session.core.has({ kind: 'laptop' }, name))).toEqual(
			Array(4).fill(true),
		);
		expect(['nano', 'vi', 'vim'].some((name) => session.core.has(node, name))).toBe(false);
		await run('docker exec basic-worker sh -c "apt-get update && apt-get install -y vim"');
		expect(['nano', 'vi', 'vim'].map((name) => session.core.has(node, name))).toEqual([false, true, true]);
	});

	it('is what kubectl edit opens', async () => {
		const { opened, run } = await desk((file) => file.text.replace(/replicas: \d+/, 'replicas: 3'));
		await run('kubectl create deployment web --image=nginx');
		expect(await run('kubectl edit deployment web')).toContain('deployment.apps/web edited');
		expect(opened[0]!.text).toContain('# Please edit the object below.');
		expect(await run("kubectl get deployment web -o jsonpath='{.spec.replicas}'")).toBe('3');
	});
});

describe('the words behind an editor', () => {
	it.each([
		['nano', '+3,7 a b', [{ name: 'a', at: { line: 3, column: 7 } }, { name: 'b' }]],
		['nano', 'a +5 b', [{ name: 'a' }, { name: 'b', at: { line: 5 } }]],
		['nano', '-l -T 2 a', [{ name: 'a' }]],
		['vim', 'a +5', [{ name: 'a', at: { line: 5 } }]],
		['vim', '-R -c :9 a', [{ name: 'a', at: { line: 9 } }]],
		['vim', '+/two a', [{ name: 'a', at: { text: 'two' } }]],
		['vim', '-- +5', [{ name: '+5' }]],
	] as const)('of %s %s', (family, words, files) => {
		expect(readArguments(family, words.split(' '))).toEqual({ files });
	});

	it('may be unknown', () => {
		expect(readArguments('vim', ['-c', 'wq', 'a'])).toEqual({ unknown: '-c' });
		expect(readArguments('nano', ['-9', 'a'])).toEqual({ unknown: '-9' });
	});

	it('say where to begin', () => {
		expect(placeIn('a\nb two\n', { text: 'two' })).toEqual({ line: 2, column: 3 });
		expect(placeIn('a\nb\n', { end: true })).toEqual({ line: 2, column: 1 });
		expect(placeIn('a', { line: 0 })).toEqual({ line: 1, column: 1 });
		expect(placeIn('a', undefined)).toEqual({ line: 1, column: 1 });
	});
});
