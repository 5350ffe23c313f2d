/** The terminals of a machine, as the view has them. */
import { describe, expect, it } from 'vitest';
import type { LogEntry, Tool } from '../../../../src/cli/index.ts';
import { Machine } from '../../../../src/widgets/terminal/machine.ts';
import { MAX_TABS } from '../../../../src/widgets/terminal/most.ts';
import type { Tab } from '../../../../src/widgets/terminal/tab.ts';
import { DEMO, fakeLab } from '../../cli/fake-lab.ts';

const change: Tool = {
	name: 'change',
	at: () => true,
	async run(call) {
		const text = (await call.files.read('f')) ?? '';
		await call.edit!({ name: 'f', text, save: (now) => call.files.write('f', now) });
		return 0;
	},
};

const machine = (): Machine => new Machine({ lab: fakeLab(), tools: [...DEMO, change] }, 'instant');

const run = async (tab: Tab, line: string): Promise<void> => {
	tab.write(line);
	await tab.submit();
};

const shown = (tab: Tab): string => tab.textOf(true);
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('a machine with several terminals', () => {
	it('shows each its own lines and what runs in it, and interrupts the one in front', async () => {
		const m = machine();
		const [first] = m.tabs;
		const second = m.open();
		expect(m.shown).toBe(second);
		m.pacer.setPaused(true);
		const long = run(first!, '  sleep 50');
		await run(second, 'echo two');
		expect([first!.running, second.running, m.busy]).toEqual(['sleep', undefined, true]);
		expect(shown(second)).toBe('learner@laptop:~$ echo two\ntwo');
		m.show(first!);
		m.interrupt();
		await long;
		expect(m.busy).toBe(false);
		expect(shown(first!)).toBe('learner@laptop:~$   sleep 50\n^C');
		expect(m.session.core.lab.now).toBe(0);
	});

	it('gives pasted lines to what reads, and throws away the rest at Ctrl-C', async () => {
		const m = machine();
		const [tab] = m.tabs;
		const pasted = tab!.paste('cat\none\ntwo\n');
		while (!tab!.session.reading || tab!.draft !== '') await settled();
		await pasted;
		expect(shown(tab!)).toBe('learner@laptop:~$ cat\none\none\ntwo\ntwo');
		await tab!.endInput();
		while (m.busy) await settled();
		const last = tab!.paste('sleep infinity\necho never\n');
		await settled();
		m.interrupt();
		await last;
		expect(shown(tab!)).not.toContain('never');
		expect(tab!.draft).toBe('');
	});

	it('keeps some thousand lines in sight, and the last command whole', async () => {
		const m = machine();
		const [tab] = m.tabs;
		for (let i = 0; i < 8; i++) await run(tab!, `seq 1 3000 # ${i}`);
		const lines = tab!.blocks.reduce((sum, block) => sum + block.lines.length, 0);
		expect(lines).toBeLessThan(10_000);
		expect(tab!.blocks.at(-1)!.lines.length).toBe(3000);
		expect(shown(tab!)).toContain('# 6');
		expect(shown(tab!)).not.toContain('# 2');
	});

	it('draws once for what is written in one go, however many pieces it has', async () => {
		const m = machine();
		const [tab] = m.tabs;
		let drawn = 0;
		m.listen(() => drawn++);
		await run(tab!, 'seq 1 20000; yes | head -100000');
		await new Promise((resolve) => setTimeout(resolve, 60));
		expect(tab!.blocks.at(-1)!.lines.at(-1)!.spans[0]!.text).toBe('y');
		expect(drawn).toBeGreaterThan(0);
		expect(drawn).toBeLessThan(40);
	});

	it('skips no time for what waits for something to happen', async () => {
		const m = machine();
		const [first] = m.tabs;
		const second = m.open();
		const long = run(first!, 'sleep infinity');
		await run(second, 'sleep 3600; echo up');
		expect(shown(second)).toContain('up');
		expect(m.session.core.lab.now).toBeGreaterThanOrEqual(3600e6);
		expect(m.session.core.lab.now).toBeLessThan(3700e6);
		m.stop();
		await long;
	});

	it('closes any but the last, and what ran there has ended', async () => {
		const m = machine();
		const [first] = m.tabs;
		const second = m.open();
		m.pacer.setPaused(true);
		const long = run(second, 'sleep 50');
		await settled();
		m.close(second);
		await long;
		expect([m.busy, m.shown, m.tabs.length]).toEqual([false, first, 1]);
		m.close(first!);
		expect(m.tabs).toHaveLength(1);
		for (let n = 0; n < 3; n++) m.open();
		expect(m.tabs.map(({ number }) => number)).toEqual([0, 1, 2, 3]);
		expect(MAX_TABS).toBeGreaterThan(3);
	});

	it('tells a log in the terminals that it names, and counts what it tells', async () => {
		const log: LogEntry[] = [
			{ kind: 'line', text: 'x=1; sleep 100' },
			{ kind: 'line', text: 'echo "<$x>"; sleep 2; date +%S', tab: 2, at: 5_000_000 },
			{ kind: 'interrupt', at: 9_000_000 },
			{ kind: 'line', text: 'change', tab: 2 },
			{ kind: 'save', text: 'one', tab: 2 },
			{ kind: 'leave', tab: 2 },
			{ kind: 'line', text: 'cat f; echo $x' },
		];
		const m = machine();
		const told: number[] = [];
		expect(await m.replay(log, (n) => told.push(n) > 0)).toBe(log.length);
		expect(told).toEqual([1, 2, 3, 4, 5, 6, 7]);
		expect(m.tabs.map(({ number }) => number)).toEqual([0, 2]);
		expect(m.shown.number).toBe(0);
		expect(shown(m.tabs[1]!)).toContain('<>\n07\n');
		expect(shown(m.tabs[0]!)).toMatch(/\^C\n.*\none1$/);
		expect(m.session.log).toEqual(log);
		expect(m.session.core.lab.now).toBe(9e6);
	});

	it('knows of an editor whose text is not saved', async () => {
		const m = machine();
		const [tab] = m.tabs;
		const line = run(tab!, 'change; cat f');
		await settled();
		const { edit } = tab!;
		expect([edit!.file.name, m.busy, m.unsaved]).toEqual(['f', true, false]);
		edit!.write('hello\n');
		expect(m.unsaved).toBe(true);
		await edit!.save();
		expect(m.unsaved).toBe(false);
		edit!.write('lost');
		edit!.leave();
		await line;
		expect([m.unsaved, tab!.edit]).toEqual([false, undefined]);
		expect(shown(tab!)).toContain('\nhello');
	});
});
