/**
 * Undo and links: a session's log (`log.ts`) is told again to fresh terminals over a fresh lab. The same lines at the same
 * times of the lab give the same lab, so undo is all lines but the last, and a link is a log in an address.
 */
import type { SessionCore } from './core.ts';
import type { LogEntry } from './log.ts';
import type { Session } from './session.ts';

/**
 * Does again what a log says, in the order it has. `of` answers the session an entry belongs to, `begin` does the entry
 * there and resolves when it is over. An entry with a time (`at`) was made while something else ran, and is done when
 * the lab's clock is there; one without waits until all terminals are ready for a line.
 */
export async function retell(
	core: SessionCore,
	log: readonly LogEntry[],
	of: (entry: LogEntry) => Session,
	begin: (entry: LogEntry, session: Session) => Promise<void> = (entry, session) => session.tell(entry),
): Promise<void> {
	let release: (() => void) | undefined;
	const running: Promise<void>[] = [];
	core.telling = true;
	try {
		for (const entry of log) {
			// Asked for before time may go on: it does not go past it.
			const turn = entry.at === undefined ? undefined : core.clock.turn(entry.at);
			release?.();
			release = undefined;
			const session = of(entry);
			if (turn) release = await turn;
			else for (const other of core.sessions) if (other !== session) await other.ready('line');
			if (!session.readyFor(entry.kind)) {
				// Another version of the simulator took longer.
				release?.();
				release = undefined;
				await session.ready(entry.kind);
			}
			const ended = begin(entry, session);
			if (entry.kind === 'line' || entry.kind === 'eof') running.push(ended);
			else await ended;
		}
		release?.();
		release = undefined;
		for (const session of core.sessions) await session.ready('line');
		await Promise.all(running);
	} finally {
		release?.();
		core.telling = false;
	}
}
