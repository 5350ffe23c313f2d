/** Doing again what a log says, in all its terminals over one clock. */
import type { SessionCore } from './core.ts';
import type { LogEntry } from './log.ts';
import type { Session } from './session.ts';

/**
 * Tells a log to fresh sessions of one core; `of` answers the session of an entry, `begin` does it and resolves when it
 * is over. What was done while something else ran is done at the time it was done; the rest when all have ended.
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
