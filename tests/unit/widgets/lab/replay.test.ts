import { describe, expect, it } from 'vitest';
import { furnish, type LogEntry, surroundings, tools } from '../../../../src/cli/index.ts';
import { labPreset } from '../../../../src/sim/lab/index.ts';
import { type Replayed, replayWithin } from '../../../../src/widgets/lab/replay.ts';
import { Machine } from '../../../../src/widgets/terminal/machine.ts';

async function laptop(): Promise<Machine> {
	const machine = new Machine({ lab: labPreset('kind-basic')!, tools, surroundings });
	await furnish(machine.session);
	return machine;
}
const lines = (...texts: readonly string[]): LogEntry[] => texts.map((text) => ({ kind: 'line', text }));

/** Longest time, in milliseconds, for which nobody else had a turn while it went on. */
async function longestHold(over: Promise<Replayed>): Promise<number> {
	let last = performance.now();
	let longest = 0;
	const look = (): void => {
		longest = Math.max(longest, performance.now() - last);
		last = performance.now();
	};
	const timer = setInterval(look, 5);
	await over;
	look();
	clearInterval(timer);
	return longest;
}

describe('typing a log again', () => {
	it('types all of it when it does not take long', async () => {
		const machine = await laptop();
		const seen: number[] = [];
		const { over } = replayWithin(machine, lines('echo one', 'echo two'), (n) => seen.push(n));
		expect(await over).toEqual({ begun: 2, stopped: false });
		expect(seen).toEqual([1, 2]);
		expect(machine.shown.textOf(false)).toBe('echo one\none\necho two\ntwo');
	});

	it.each([
		'while true; do curl -s 172.18.0.3:81; done',
		'ping 172.18.0.3',
		'watch -n 0.1 kubectl get pods -A',
		'kubectl create deploy many --image=nginx --replicas=5000; kubectl rollout status deploy/many',
		'sed ":a;s/^/x/;ta" <<< a; sed ":a;s/^/x/;ta" <<< a; ping 172.18.0.3',
	])('ends with what takes too long, and does not hold the page meanwhile: %s', async (line) => {
		const machine = await laptop();
		const { over } = replayWithin(machine, lines(line, 'echo after'), () => {}, 500);
		expect(await longestHold(over)).toBeLessThan(4000);
		expect(await over).toEqual({ begun: 1, stopped: true });
		expect(machine.shown.textOf(false)).not.toContain('\nafter');
		expect(machine.session.busy).toBe(false);
	});

	it('ends when the reader says so, and the rest can be typed then', async () => {
		const machine = await laptop();
		const log = lines('echo one', 'ping 172.18.0.3', 'echo two');
		const { over, stop } = replayWithin(machine, log, (n) => n === 2 && setTimeout(stop, 50));
		const { begun, stopped } = await over;
		expect({ begun, stopped }).toEqual({ begun: 2, stopped: true });
		expect(machine.shown.textOf(false)).toContain('^C');
		expect(await replayWithin(machine, log.slice(begun), () => {}).over).toEqual({ begun: 1, stopped: false });
		expect(machine.shown.textOf(false).endsWith('echo two\ntwo')).toBe(true);
	});

	it('interrupts a line at the time at which it had been interrupted', async () => {
		const first = await laptop();
		const { session } = first;
		first.setSpeed('instant');
		const running = session.submit('ping 172.18.0.3');
		while (!first.shown.textOf(false).includes('icmp_seq=3')) await new Promise((r) => setTimeout(r, 1));
		first.interrupt();
		await running;
		const again = await laptop();
		await replayWithin(again, session.log, () => {}).over;
		expect(again.session.core.lab.now).toBe(session.core.lab.now);
		const summary = (machine: Machine) => /\d+ packets transmitted/.exec(machine.shown.textOf(false))?.[0];
		expect(summary(first)).toBeDefined();
		expect(summary(again)).toBe(summary(first));
	});
});
