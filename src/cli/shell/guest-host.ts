/**
 * The session as the one who runs the commands of containers. Each is a thread in the background: it begins when time
 * goes on, time stands while it is at work, and one at a time is. What runs them is fetched with the first of them.
 */
import {
	type Guest,
	type GuestCommand,
	type GuestHost,
	type GuestProcess,
	type GuestSignal,
	loadContainers,
} from '../../sim/lab/index.ts';
import type { Thread } from './clock.ts';
import type { SessionCore } from './core.ts';
import { Life } from './life.ts';
import { placeKey } from './places.ts';
import { typedAt } from './terminals.ts';
import { viewOf } from './visits.ts';

/** From the runtime's word until a program's first instruction, virtual microseconds. */
const EXEC = 5000;
const START = 20_000;

export function guestHostOf(core: SessionCore): GuestHost {
	/** Commands that somebody runs beside, by their place. */
	const beside = new Map<string, Set<Life>>();
	/** First processes, by their place. */
	const first = new Map<string, Life>();

	const launch = (after: number, life: Life, run: (thread: Thread) => Promise<void>): GuestProcess => {
		const thread: Thread = { interrupted: false, foreground: false, interrupt: () => {} };
		const { clock } = core;
		clock.begin();
		void clock
			.sleep(thread, after)
			.then(() => (life.dead ? undefined : run(thread)))
			// Nothing of a container ends the session; what it could not do it has not done.
			.catch(() => {})
			.finally(() => clock.end());
		return { signal: (name: GuestSignal) => life.signal(name) };
	};

	return {
		renew: (place) => core.renew(place),
		start(guest: Guest) {
			const life = new Life();
			first.set(placeKey(guest.place), life);
			return launch(START, life, async () => {
				await loadContainers();
				return (await import('./guests.ts')).runGuest(core, life, guest);
			});
		},
		exec(command: GuestCommand) {
			const life = new Life();
			const key = placeKey(command.place);
			const here = beside.get(key) ?? new Set();
			beside.set(key, here.add(life));
			return launch(EXEC, life, async () => {
				try {
					await (await import('./guests.ts')).runCommand(core, life, command);
				} finally {
					here.delete(life);
				}
			});
		},
		request(request) {
			launch(0, new Life(), async (thread) => {
				request.done(await core.request(request, (time) => core.clock.sleep(thread, time)));
			});
		},
		call: (call) => core.call(call),
		over(place) {
			for (const life of beside.get(placeKey(place)) ?? []) life.end();
			core.visits.over(place);
		},
		processes: (place) => {
			if (place.kind === 'laptop' || place.kind === 'node') return typedAt(core, place);
			return [
				...(first.get(placeKey(place))?.commands ?? []).map(viewOf),
				...[...(beside.get(placeKey(place)) ?? [])].flatMap(({ commands }) =>
					commands.map((command, i) => ({ ...viewOf(command), entered: i === 0 })),
				),
				...core.visits.processes(place),
			];
		},
	};
}
