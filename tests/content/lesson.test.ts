import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lesson as first } from '../../content/tp2-client-address/tp.ts';
import { lesson as second } from '../../content/tp2-ebpf/tp.ts';
import type { Lesson } from '../../src/content/index.ts';
import { runSituation } from '../../src/exercises/index.ts';
import { filesOf, LESSONS } from './lessons.ts';

/** Of an output that is read out of a World, at once. */
const linesOf = (lesson: Lesson, id: string) => lesson.outputs[id]!.lines({}) as readonly string[];

describe.each(LESSONS)('$lesson.id: the page and its logic name the same things', ({ lesson }) => {
	const page = readFileSync(`content/${lesson.id}/en.mdx`, 'utf8');
	const used = (tag: string, attribute: string) =>
		[...page.matchAll(new RegExp(`<${tag} ${attribute}="([^"]+)"/>`, 'g'))].map((m) => m[1]!);

	it('sections, in order', () => {
		expect([...page.matchAll(/^## .*\[#([^\]]+)\]$/gm)].map((m) => m[1])).toEqual(lesson.sections);
	});
	it('objectives', () => {
		expect(page.split('---')[1]!.match(/^ {2}- /gm)).toHaveLength(lesson.objectives);
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
	it.each(Object.keys(lesson.outputs))('%s prints something', async (id) => {
		expect((await lesson.outputs[id]!.lines(filesOf(lesson))).length).toBeGreaterThan(0);
	});
	it.each(Object.keys(lesson.values))('%s has a value', (id) => {
		const spec = lesson.values[id]!;
		expect(spec.value(runSituation(spec.situation))).toMatch(/^[0-9.]+$/);
	});
	it.each(Object.keys(lesson.walks))('the connection of %s is answered', (id) => {
		const { situation, compare } = lesson.walks[id]!;
		for (const side of compare ? [situation, compare] : [situation]) {
			expect(runSituation(side).outcome.result).toBe('connected');
		}
	});
	it('its files are there, and scripts can be run', () => {
		for (const file of lesson.files) {
			const path = join('content', lesson.id, 'files', file);
			expect(existsSync(path), path).toBe(true);
			if (file.endsWith('.sh')) expect(statSync(path).mode & 0o111).not.toBe(0);
		}
	});
});

describe('what the first lesson shows is what its sentences say', () => {
	it('the loop prints one line per door under Cluster, one in all under Local', () => {
		expect(linesOf(first, 'loop-cluster').map((l) => l.replace(/:\d+$/, ''))).toEqual(
			[
				'-> Requesting IP: 172.18.0.2',
				'-> Requesting IP: 172.18.0.3',
				'-> Requesting IP: 172.18.0.4',
				'-> Requesting IP: 172.18.0.5',
			].map((line, i) => (i === 1 ? expect.stringMatching(/172\.18\.0\.3|10\.244\.1\.\d+/) : line)),
		);
		expect(linesOf(first, 'loop-local')).toHaveLength(1);
		expect(linesOf(first, 'loop-local')[0]).toMatch(/^-> Requesting IP: 172\.18\.0\.1:\d+$/);
	});
	it('a node without kube-proxy has the kubelet’s eighteen lines in 1.24, and fewer since', () => {
		const value = (id: string) => Number(first.values[id]!.value(runSituation(first.values[id]!.situation)));
		expect(linesOf(first, 'kubelet-alone')).toHaveLength(18);
		expect(value('kubelet-lines')).toBe(18);
	});
});

describe('what the second lesson shows is what its sentences say', () => {
	const seen = (id: string) => linesOf(second, id).map((l) => l.replace(/^-> Requesting IP: |:\d+$/g, ''));
	const value = (id: string) => Number(second.values[id]!.value(runSituation(second.values[id]!.situation)));

	it('in SNAT mode the address survives at the pod’s own door', () => {
		expect(seen('loop-snat')).toEqual(['172.18.0.2', '172.18.0.1', '172.18.0.4', '172.18.0.5']);
	});
	it('with DSR it survives at every door', () => {
		expect(seen('loop-dsr')).toEqual(Array(4).fill('172.18.0.1'));
	});
	it('with Local three doors of 1.12 refuse', () => {
		const lines = seen('loop-local');
		expect(lines[1]).toBe('172.18.0.1');
		expect(lines.filter((l) => l.endsWith('Connection refused'))).toHaveLength(3);
	});
	it('a NodePort has a frontend for the node’s address and one for 0.0.0.0', () => {
		const frontends = linesOf(second, 'lb-list').flatMap((l) => /^(\S+:32017)/.exec(l)?.[1] ?? []);
		expect(frontends.sort()).toEqual(['0.0.0.0:32017', '172.18.0.2:32017']);
	});
	it('what the door lent is kept in both directions', () => {
		expect(linesOf(second, 'nat-list').map((l) => l.split(' ')[1])).toEqual(['IN', 'OUT']);
	});
	it('a deleted kube-proxy leaves its rules, and a flush leaves the kubelet’s eighteen lines', () => {
		for (const line of linesOf(second, 'left-behind')) expect(Number(line)).toBeGreaterThan(18);
		expect(linesOf(second, 'after-flush')).toEqual(['18', '18', '18', '18']);
	});
	it('kube-proxy’s list grows with the services, what Cilium’s packets pass does not', () => {
		expect(value('fleet-rules') - value('fleet-rules-1000')).toBe(25999);
		expect(value('fleet-rules-ebpf')).toBe(value('fleet-rules-1000-ebpf'));
	}, 60_000);
	it('nobody’s lookups grow with the services, and no later packet’s rules', () => {
		for (const who of ['', '-ebpf']) {
			for (const what of ['fleet-maps', 'fleet-later-maps', 'fleet-later-rules'])
				expect(value(`${what}${who}`), what + who).toBe(value(`${what}-1000${who}`));
		}
	}, 60_000);
	it('a later packet meets the same rules in both clusters, and Cilium looks up more for it than with kube-proxy', () => {
		expect(value('fleet-later-rules-ebpf')).toBe(value('fleet-later-rules'));
		expect(value('fleet-later-rules')).toBeLessThan(value('fleet-rules-ebpf'));
		expect(value('fleet-later-maps-ebpf')).toBeGreaterThan(value('fleet-later-maps'));
		// Neither a slot any more, nor what a new entry in front of the pod asks.
		expect(value('fleet-later-maps-ebpf')).toBe(value('fleet-maps-ebpf') - 2);
		expect(value('fleet-later-maps')).toBe(value('fleet-maps'));
	}, 60_000);
});
