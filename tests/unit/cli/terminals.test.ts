/** Several terminals over one lab, and editors in them. */
import { describe, expect, it } from 'vitest';
import { isTyped, type LogEntry, type Pace, Session, type ShowEditor, undone } from '../../../src/cli/shell/index.ts';
import { readable } from '../../../src/cli/shell/routes.ts';
import type { Tool } from '../../../src/cli/tool.ts';
import { DEMO, type FakeLab, fakeLab } from './fake-lab.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A second of the lab for five milliseconds. */
const slow: Pace = (now, target) => wait(5).then(() => Math.min(target, now + 1e6));

const change: Tool = {
	name: 'change',
	at: () => true,
	async run(call) {
		if (!call.edit) {
			call.err('change: no screen\n');
			return 1;
		}
		const [name = ''] = call.args;
		const text = (await call.files.read(name)) ?? '';
		const saved = await call.edit({ name, text, save: (now) => call.files.write(name, now) });
		call.out(saved === undefined ? 'left\n' : `saved ${saved.length} at ${call.lab.now / 1e6}\n`);
		return 0;
	},
};

interface Desk {
	readonly lab: FakeLab;
	readonly sessions: readonly Session[];
	readonly text: (tab: number) => string;
}

function desk(terminals: number, options: { pace?: Pace; edit?: ShowEditor } = {}): Desk {
	const lab = fakeLab();
	const written = Array.from({ length: terminals }, () => '');
	const view = (tab: number) => ({
		write: (octets: Parameters<typeof readable>[0]) => {
			written[tab] += readable(octets);
		},
		...(options.edit ? { edit: options.edit } : {}),
	});
	const first = new Session({
		lab,
		tools: [...DEMO, change],
		...(options.pace ? { pace: options.pace } : {}),
		...view(0),
	});
	const sessions = [first, ...written.slice(1).map((_, i) => first.beside(view(i + 1)))];
	return { lab, sessions, text: (tab) => written[tab]! };
}

/** The same told again: one writes all that it shows into the first. */
async function again(log: readonly LogEntry[], edit?: ShowEditor): Promise<Desk> {
	const fresh = desk(1, edit ? { edit } : {});
	await fresh.sessions[0]!.replay(log);
	return fresh;
}

describe('terminals beside each other', () => {
	it('have a place, variables and lines of their own, and the files in common', async () => {
		const { sessions, text } = desk(2);
		const [a, b] = sessions as [Session, Session];
		await a.submit('cd /tmp; x=1; echo hello > f');
		await b.submit('echo "$PWD <$x>"; cat /tmp/f');
		expect(text(1)).toBe('/home/learner <>\nhello\n');
		expect(text(0)).toBe('');
		expect(a.prompt).toBe('learner@laptop:/tmp$ ');
		expect(b.shell.history).toEqual(['echo "$PWD <$x>"; cat /tmp/f']);
		await b.submit('into w1');
		expect([a.place.kind, b.place.kind]).toEqual(['laptop', 'node']);
	});

	it('run at once over the same time', async () => {
		const { lab, sessions, text } = desk(2, { pace: slow });
		const [a, b] = sessions as [Session, Session];
		const long = a.submit('tick 6');
		await wait(18);
		const at = lab.now / 1e6;
		expect(at).toBeGreaterThan(0);
		await b.submit('tick 2');
		expect(text(1)).toBe(`tick 0 at ${at}\ntick 1 at ${at + 1}\n`);
		expect(a.busy).toBe(true);
		await long;
		expect(text(0)).toBe([0, 1, 2, 3, 4, 5].map((n) => `tick ${n} at ${n}\n`).join(''));
		expect(lab.now).toBe(6e6);
	});

	it('are interrupted one by one', async () => {
		const { lab, sessions } = desk(2, { pace: slow });
		const [a, b] = sessions as [Session, Session];
		const first = a.submit('tick 1000');
		const second = b.submit('tick 3');
		await wait(8);
		a.interrupt();
		await first;
		expect(a.shell.lastCode).toBe(130);
		expect(b.busy).toBe(true);
		await second;
		expect(b.shell.lastCode).toBe(0);
		expect(lab.now).toBe(3e6);
	});

	it('begin what waits for less than all others in time, however slowly time goes', async () => {
		let go: (() => void) | undefined;
		const held: Pace = (_now, target) => new Promise((resolve) => (go = () => resolve(target)));
		const { lab, sessions, text } = desk(2, { pace: held });
		const [a, b] = sessions as [Session, Session];
		const long = a.submit('sleep 100; date');
		await wait(1);
		const short = b.submit('sleep 1; sleep 0; echo up');
		await wait(1);
		expect(lab.now).toBe(0);
		go!();
		await short;
		expect([lab.now, text(1)]).toEqual([1e6, 'up\n']);
		await wait(1);
		a.interrupt();
		await long;
		expect(lab.now).toBe(1e6);
	});

	it('wait their turn while a line is at work, and give it up at Ctrl-C', async () => {
		const { sessions, text } = desk(2);
		const [a, b] = sessions as [Session, Session];
		const long = a.submit('for i in {1..3000}; do x=$((i * i)); done; echo done');
		const second = b.submit('echo late');
		const busy = b.busy;
		b.interrupt();
		await second;
		expect([busy, text(1)]).toEqual([true, '']);
		await long;
		await wait(1);
		expect(text(1)).toBe('');
		expect(a.log.filter(isTyped)).toHaveLength(1);
	});

	it('are told again as they were, whatever ran meanwhile', async () => {
		const { lab, sessions, text } = desk(3, { pace: slow });
		const [a, b, c] = sessions as [Session, Session, Session];
		await a.submit('cd /tmp');
		const watched = a.submit('tick 1000');
		await wait(12);
		await b.submit('echo $RANDOM; tick 2');
		const third = c.submit('into w1');
		await third;
		await c.submit('hostname');
		await wait(7);
		a.interrupt();
		await watched;
		await c.submit('exit');
		await a.submit('echo $RANDOM; date');
		const told = desk(1);
		await told.sessions[0]!.replay(a.log);
		expect(told.lab.now).toBe(lab.now);
		expect([...told.text(0)].sort()).toEqual([...text(0), ...text(1), ...text(2)].sort());
		expect(told.sessions[0]!.log).toEqual(a.log);
	});

	it('are told to the end by a log that does not fit', async () => {
		const log: LogEntry[] = [
			{ kind: 'line', text: 'tick 2' },
			{ kind: 'line', text: 'echo early', tab: 0, at: 500_000 },
			{ kind: 'line', text: 'change f' },
			{ kind: 'line', text: 'echo other', tab: 4, at: 90e6 },
			{ kind: 'save', text: 'x', tab: 7 },
			{ kind: 'interrupt', at: 3 },
			{ kind: 'close', tab: 4 },
		];
		const { text } = await again(log, async () => undefined);
		expect(text(0)).toContain('tick 1 at 1\nearly\n');
		expect(text(0)).toContain('other\n');
	});
});

describe('an editor over a terminal', () => {
	const saving =
		(...texts: readonly string[]): ShowEditor =>
		async (file) => {
			for (const text of texts) await file.save(text);
			return undefined;
		};

	it('saves while it is open and is told again without anybody at it', async () => {
		const { sessions, text } = desk(1, { edit: saving('one', 'second') });
		const [a] = sessions as [Session];
		await a.submit('change /tmp/f; cat /tmp/f');
		expect(text(0)).toBe('saved 6 at 0\nsecond');
		const told = await again(a.log, () => Promise.reject(new Error('nobody is there')));
		expect(told.text(0)).toBe(text(0));
		expect(told.sessions[0]!.log).toEqual(a.log);
	});

	it('answers nothing when it is left without saving', async () => {
		const { sessions, text } = desk(1, { edit: async () => undefined });
		await sessions[0]!.submit('change f; cat f');
		expect(text(0)).toBe('left\ncat: f: No such file or directory\n');
		expect((await again(sessions[0]!.log)).text(0)).toContain('no screen');
	});

	it('is there for what a tool runs, and not for a pipe, a job, or where nobody looks', async () => {
		const { sessions, text } = desk(1, { edit: saving('x') });
		const [a] = sessions as [Session];
		await a.submit("bash -c 'change f'");
		expect(text(0)).toBe('saved 1 at 0\n');
		for (const line of ['change f | cat', 'y=$(change f)', 'change f > /tmp/o', 'change f & wait']) {
			const from = text(0).length;
			await a.submit(line);
			expect(text(0).slice(from), line).toContain('change: no screen');
		}
	});

	it('lets the other terminal go on, which finds what it saved', async () => {
		let leave = (): void => {};
		const edit: ShowEditor = async (file) => {
			await file.save('a: 1\n');
			await new Promise<void>((resolve) => {
				leave = resolve;
			});
			return 'a: 2\n';
		};
		const { lab, sessions, text } = desk(2, { edit, pace: slow });
		const [a, b] = sessions as [Session, Session];
		const line = a.submit('change /tmp/f; tick 1');
		await wait(1);
		await b.submit('cat /tmp/f; tick 3');
		leave();
		await line;
		await b.submit('cat /tmp/f');
		expect(text(0)).toBe('saved 5 at 3\ntick 0 at 3\n');
		expect(text(1)).toBe('a: 1\ntick 0 at 0\ntick 1 at 1\ntick 2 at 2\na: 2\n');
		const told = await again(a.log, edit);
		expect(told.sessions[0]!.log).toEqual(a.log);
		expect(told.lab.now).toBe(lab.now);
		expect(told.text(0)).toContain('saved 5 at 3\n');
	});

	it('is gone at Ctrl-C', async () => {
		let gone = false;
		const { sessions, text } = desk(1, {
			edit: (_file, signal) =>
				new Promise((resolve) => {
					signal.addEventListener('abort', () => {
						gone = true;
						resolve(undefined);
					});
				}),
		});
		const [a] = sessions as [Session];
		const line = a.submit('change f; echo on');
		await wait(1);
		a.interrupt();
		await line;
		expect([gone, a.shell.lastCode, text(0)]).toEqual([true, 130, '']);
		expect((await again(a.log, async () => 'never')).text(0)).toBe('');
	});
});

describe('undo', () => {
	it('takes back the last line with what was done in it, in any terminal', () => {
		const log: LogEntry[] = [
			{ kind: 'line', text: 'tcpdump' },
			{ kind: 'line', text: 'vi f', tab: 1, at: 5 },
			{ kind: 'save', text: 'x', tab: 1, at: 6 },
			{ kind: 'interrupt', at: 7 },
			{ kind: 'leave', tab: 1 },
		];
		const first = undone(log);
		expect(first.last).toEqual(log[1]);
		expect(first.log).toEqual([log[0], log[3]]);
		expect(undone(first.log).log).toEqual([]);
		expect(undone([])).toEqual({ log: [] });
	});
});
