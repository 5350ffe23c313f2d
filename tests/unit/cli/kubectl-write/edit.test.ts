import { beforeEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from './bench.ts';

/** An editor on the screen: one change after the other; what it was given. */
function editor(b: Bench, ...changes: ((text: string) => string | undefined)[]): string[] {
	const seen: string[] = [];
	b.edit = async ({ text }) => {
		seen.push(text);
		return changes[seen.length - 1]?.(text);
	};
	return seen;
}

describe('editing in the editor over the terminal', () => {
	let b: Bench;
	beforeEach(async () => {
		b = bench();
		await b.run('kubectl create configmap a --from-literal=k=1');
	});
	const temporary = () => [...b.files.keys()].filter((name) => name.startsWith('/tmp/kubectl-edit-'));

	it('saves what was changed, as kubectl-edit, and leaves no file', async () => {
		const seen = editor(b, (text) => text.replace('k: "1"', 'k: "2"'));
		expect(await b.screen('kubectl edit cm a')).toBe('configmap/a edited\n');
		expect(seen[0]).toMatch(/^# Please edit the object below\. Lines beginning with a '#' will be ignored,\n/);
		expect(seen[0]).not.toContain('managedFields');
		expect(b.get('cm', 'a')).toMatchObject({ data: { k: '2' } });
		expect(await b.screen(`kubectl get cm a -o jsonpath='{.metadata.managedFields[*].manager}'`)).toBe(
			'kubectl-create kubectl-edit',
		);
		expect(temporary()).toEqual([]);
	});

	it('is cancelled when nothing was changed, saved or not, and when everything was taken out', async () => {
		for (const [change, said] of [
			[(text: string) => text, 'no changes made'],
			[() => undefined, 'no changes made'],
			[(text: string) => `${text.split('\n')[0]}\n`, 'saved file was empty'],
		] as const) {
			editor(b, change);
			expect((await b.run('kubectl edit cm a')).err).toBe(`Edit cancelled, ${said}.\n`);
		}
		expect(temporary()).toEqual([]);
	});

	it('comes back with what is wrong as comments and with the text as it was left', async () => {
		const seen = editor(
			b,
			(text) => text.replace('data:', 'data: ['),
			(text) => text.replace('data: [', 'data:').replace('k: "1"', 'k: "3"'),
		);
		const { out, err, code } = await b.run('kubectl edit cm a');
		expect(err).toBe('error: configmaps "a" is invalid\n');
		expect(out).toBe('configmap/a edited\n');
		expect(code).toBe(0);
		expect(seen[1]).toMatch(
			/^# Please edit[\s\S]*# reopened with the relevant failures\.\n#\n# configmaps "a" was not valid:\n# \* <nil>: Invalid value: "The edited file failed validation": .*\n/,
		);
		expect(seen[1]).toContain('\ndata: [\n');
		expect(b.get('cm', 'a')).toMatchObject({ data: { k: '3' } });
	});

	it('keeps a copy when what is wrong is saved again as it was', async () => {
		editor(
			b,
			(text) => text.replace('name: a', 'name: a\n  labels: {"-": "x"}'),
			(text) => text,
		);
		const { err, code } = await b.run('kubectl edit cm a');
		// The one of each round: that of the first would be removed later than this.
		const [, path = ''] = temporary();
		expect(err).toBe(
			`error: configmaps "a" is invalid\nA copy of your changes has been stored to "${path}"\nerror: Edit cancelled, no valid changes were saved.\n`,
		);
		expect(code).toBe(1);
		expect(b.files.get(path)).toContain('labels: {"-": "x"}');
		expect(b.files.get(path)).toContain('# configmaps "a" was not valid:\n# * metadata.labels: Invalid value: "-"');
	});

	it('leaves objects in their namespace', async () => {
		editor(b, (text) => text.replace('namespace: default', 'namespace: other'));
		const { err, code } = await b.run('kubectl edit cm a');
		expect(err).toMatch(
			/^A copy of your changes has been stored to "\/tmp\/kubectl-edit-\d+\.yaml"\nerror: the namespace from the provided object "other" does not match the namespace "default"\. You must pass '--namespace=other' to perform this operation\.\n$/,
		);
		expect(code).toBe(1);
	});

	it('ends with an editor that makes it wrong in another way each time', async () => {
		let round = 0;
		b.edit = async ({ text }) => text.replace(/^data:|^d\d+:/m, `d${round++}:`);
		const { err, code } = await b.run('kubectl edit cm a');
		expect(err).toMatch(/error: the simulator opens an editor no more than 20 times for files that are refused\n$/);
		expect([round, code]).toEqual([20, 1]);
	});

	it('says what to use where there is neither a screen nor an editor', async () => {
		expect((await b.run('kubectl edit cm a')).err).toContain('error: unable to launch the editor "vi"');
	});

	it('edits what was applied last, and that alone', async () => {
		expect((await b.run('kubectl apply edit-last-applied cm a')).err).toBe(
			'error: no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`\n',
		);
		b.files.set('/home/learner/b.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {k: "1"}\n');
		await b.run('kubectl apply -f b.yaml');
		const seen = editor(b, (text) => text.replace('k: "1"', 'k: "2"'));
		expect(await b.screen('kubectl apply edit-last-applied cm b')).toBe('configmap/b edited\n');
		expect(seen[0]).toMatch(/^# Please edit the 'last-applied-configuration' annotations below\.\n/);
		expect(seen[0]).not.toContain('uid');
		expect(await b.screen('kubectl apply view-last-applied cm b -o json')).toContain('"k": "2"');
		expect(b.get('cm', 'b')).toMatchObject({ data: { k: '1' } });
	});

	it('creates what the editor leaves of a file, and nothing when it is left alone', async () => {
		b.files.set('/home/learner/c.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: "1"}\n');
		editor(b, (text) => text);
		expect(await b.screen('kubectl create -f c.yaml --edit')).toBe('Edit cancelled, no changes made.\n');
		expect(b.get('cm', 'c')).toBeUndefined();
		editor(b, (text) => text.replace('k: "1"', 'k: "2"'));
		expect(await b.screen('kubectl create -f c.yaml --edit')).toBe('configmap/c created\n');
		expect(b.get('cm', 'c')).toMatchObject({ data: { k: '2' } });
		editor(b, (text) => text.replace('k: "1"', 'k: "3"'));
		const again = await b.run('kubectl create -f c.yaml --edit');
		expect(again.err).toMatch(
			/^A copy of your changes has been stored to "\/tmp\/kubectl-edit-\d+\.yaml"\nError from server \(AlreadyExists\): configmaps "c" already exists\n$/,
		);
	});
});
