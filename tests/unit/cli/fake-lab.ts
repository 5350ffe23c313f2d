/** A lab with a clock and nothing in it, and a few tools that wait: what the shell's tests need. */
import { Session, type TerminalOptions } from '../../../src/cli/shell/index.ts';
import { readable } from '../../../src/cli/shell/routes.ts';
import type { Call, Tool } from '../../../src/cli/tool.ts';
import type { Lab } from '../../../src/sim/lab/index.ts';

export interface FakeLab extends Lab {
	/** Something that happens at a time. */
	at(time: number, what: () => void): void;
}

export function fakeLab(): FakeLab {
	const events: { readonly time: number; readonly what: () => void }[] = [];
	let now = 0;
	const lab = {
		get now() {
			return now;
		},
		// Monday 22 August 2022, 09:15:00 UTC.
		epoch: 1_661_159_700,
		clusters: () => [],
		cluster: () => undefined,
		at(time: number, what: () => void) {
			events.push({ time, what });
			events.sort((a, b) => a.time - b.time);
		},
		next: () => events[0]?.time,
		run(until: number, done?: () => boolean) {
			while (events[0] && events[0].time <= until) {
				const event = events.shift()!;
				now = Math.max(now, event.time);
				event.what();
				if (done?.()) return undefined;
			}
			now = Math.max(now, until);
			return undefined;
		},
		random(purpose: string, key: string, bound: number) {
			let hash = 2_166_136_261;
			for (const char of `${purpose} ${key}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619) >>> 0;
			return hash % bound;
		},
	};
	return lab as unknown as FakeLab;
}

const tool = (name: string, run: (call: Call) => Promise<number>, at: Tool['at'] = () => true): Tool => ({
	name,
	run,
	at,
	complete: (words) => (words.length === 1 ? ['pods', 'nodes'] : []),
});

/** Every tool that the tests of the shell use. */
export const DEMO: readonly Tool[] = [
	tool('show', async (call) => {
		call.out(`place=${call.place.kind} tty=${call.tty} args=${call.args.join('|')} stdin=${call.stdin}\n`);
		call.err('a word to the side\n');
		return 3;
	}),
	tool('tick', async (call) => {
		for (let i = 0; i < Number(call.args[0] ?? 3); i++) {
			call.out(`tick ${i} at ${call.lab.now / 1e6}\n`);
			await call.sleep(1e6);
		}
		return 0;
	}),
	tool('into', async (call) => {
		const [node = '', ...command] = call.args;
		const place = { kind: 'node', cluster: 'basic', node } as const;
		const code = command.length > 0 ? await call.runAt(place, command, call.stdin) : await call.enter(place, 'bash');
		if (code !== 0) call.err(`command terminated with exit code ${code}\n`);
		return code;
	}),
	tool(
		'tcpdump',
		async () => 0,
		(place) => place.kind === 'node',
	),
	tool('once', async (call) => {
		call.out('it happened\n');
		await call.until(() => false, 365 * 86_400e6);
		return 0;
	}),
	tool('hostname', async (call) => {
		call.out(`${call.env.get('HOSTNAME')}\n`);
		return 0;
	}),
	tool('octets', async (call) => {
		call.outBytes(new Uint8Array([0, 255, 10, 200]));
		return 0;
	}),
	tool('broken', async () => {
		throw new Error('it is broken');
	}),
	tool('spin', async (call) => {
		for (;;) call.check();
	}),
];

export interface Screen {
	readonly session: Session;
	readonly lab: FakeLab;
	/** All that was written, both streams. */
	readonly text: () => string;
	/** Each write with its stream and the lab's time. */
	readonly writes: { readonly text: string; readonly stream: 'out' | 'err'; readonly at: number }[];
	/** Runs one line and answers what it wrote. */
	run(line: string): Promise<string>;
}

export function screen(options: Partial<TerminalOptions> = {}): Screen {
	const lab = (options.lab as FakeLab | undefined) ?? fakeLab();
	const writes: Screen['writes'] = [];
	const session = new Session({
		tools: DEMO,
		...options,
		lab,
		write: (octets, stream) => writes.push({ text: readable(octets), stream, at: lab.now }),
	});
	const text = (from = 0) =>
		writes
			.slice(from)
			.map((w) => w.text)
			.join('');
	return {
		session,
		lab,
		text: () => text(),
		writes,
		async run(line) {
			const from = writes.length;
			for (const part of line.split('\n')) await session.submit(part);
			return text(from);
		},
	};
}
