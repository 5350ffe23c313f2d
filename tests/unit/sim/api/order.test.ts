import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bench, must } from './fixtures.ts';

test('whatever is written and deleted, lists are those of a plain sorted array, and those handed out stay as they were', () => {
	const name = fc.constantFrom('a', 'b', 'a-b', 'a.b', 'c', 'zz', 'm');
	const namespace = fc.constantFrom('default', 'kube-system', 'kube-public');
	const step = fc.record({ what: fc.constantFrom('create', 'change', 'delete', 'list', 'many'), name, namespace });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const { api, resource } = bench();
			const model = new Map<string, string>();
			const lent: [readonly unknown[], unknown[]][] = [];
			const check = (): void => {
				const expected = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
				const list = api.list(resource('cm'));
				expect(list.map(({ metadata: m, data }) => [`${m.namespace}/${m.name}`, (data as { v: string }).v])).toEqual(
					expected,
				);
				const some = api.list(resource('cm'), { namespace: 'kube-system' });
				expect(some.map((cm) => `kube-system/${cm.metadata.name}`)).toEqual(
					expected.map(([key]) => key).filter((key) => key.startsWith('kube-system/')),
				);
				lent.push([list, [...list]], [some, [...some]]);
			};
			let count = 0;
			const put = (space: string, who: string): void => {
				const key = `${space}/${who}`;
				const input = {
					apiVersion: 'v1',
					kind: 'ConfigMap',
					metadata: { name: who, namespace: space },
					data: { v: String(count++) },
				};
				const done = model.has(key) ? api.update(input) : api.create(input);
				model.set(key, (must(done).data as { v: string }).v);
			};
			for (const { what, name: who, namespace: space } of steps) {
				if (what === 'list') check();
				else if (what === 'many') for (let i = 0; i < 70; i++) put(space, `${who}-${(i * 37) % 70}`);
				else if (what === 'delete') {
					const had = model.delete(`${space}/${who}`);
					expect(api.delete(resource('cm'), space, who).error === undefined).toBe(had);
				} else put(space, who);
			}
			check();
			for (const [list, copy] of lent) expect(list).toEqual(copy);
		}),
		{ numRuns: 60 },
	);
});
