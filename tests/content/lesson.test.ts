import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lesson } from '../../content/tp2-client-address/tp.ts';
import { runSituation } from '../../src/exercises/index.ts';

const page = readFileSync('content/tp2-client-address/en.mdx', 'utf8');
const used = (tag: string, attribute: string) =>
	[...page.matchAll(new RegExp(`<${tag} ${attribute}="([^"]+)"/>`, 'g'))].map((m) => m[1]!);

describe('the page and the lesson’s logic name the same things', () => {
	it('sections, in order', () => {
		expect([...page.matchAll(/^## .*\[#([^\]]+)\]$/gm)].map((m) => m[1])).toEqual(lesson.sections);
	});
	it('figures', () => expect(used('Walk', 'id')).toEqual(Object.keys(lesson.walks)));
	it('exercises, in order', () => expect(used('Exercise', 'id')).toEqual(lesson.exercises.map((e) => e.id)));
	it('outputs', () => expect([...new Set(used('Out', 'of'))].sort()).toEqual(Object.keys(lesson.outputs).sort()));
	it('values: all that are used exist', () => {
		for (const id of used('Val', 'of')) expect(lesson.values, id).toHaveProperty([id]);
	});
	it('no value is kept that no page uses', () => {
		expect(Object.keys(lesson.values).filter((id) => !used('Val', 'of').includes(id))).toEqual([]);
	});
});

describe('what the page shows is what its sentences say', () => {
	it('the loop prints one line per door under Cluster, one in all under Local', () => {
		expect(lesson.outputs['loop-cluster']!.lines().map((l) => l.replace(/:\d+$/, ''))).toEqual(
			[
				'-> Requesting IP: 172.18.0.2',
				'-> Requesting IP: 172.18.0.3',
				'-> Requesting IP: 172.18.0.4',
				'-> Requesting IP: 172.18.0.5',
			].map((line, i) => (i === 1 ? expect.stringMatching(/172\.18\.0\.3|10\.244\.1\.\d+/) : line)),
		);
		expect(lesson.outputs['loop-local']!.lines()).toHaveLength(1);
		expect(lesson.outputs['loop-local']!.lines()[0]).toMatch(/^-> Requesting IP: 172\.18\.0\.1:\d+$/);
	});
	it('a node without kube-proxy has the kubelet’s eighteen lines in 1.24, and fewer since', () => {
		const value = (id: string) => Number(lesson.values[id]!.value(runSituation(lesson.values[id]!.situation)));
		expect(lesson.outputs['kubelet-alone']!.lines()).toHaveLength(18);
		expect(value('kubelet-lines')).toBe(18);
	});
	it.each(Object.keys(lesson.outputs))('%s prints something', (id) => {
		expect(lesson.outputs[id]!.lines().length).toBeGreaterThan(0);
	});
	it.each(Object.keys(lesson.values))('%s has a value', (id) => {
		const spec = lesson.values[id]!;
		expect(spec.value(runSituation(spec.situation))).toMatch(/^[0-9.]+$/);
	});
});

it('every file of the lesson is there, and scripts can be run', () => {
	for (const file of lesson.files) {
		const path = join('content', lesson.id, 'files', file);
		expect(existsSync(path), path).toBe(true);
		if (file.endsWith('.sh')) expect(statSync(path).mode & 0o111).not.toBe(0);
	}
});
