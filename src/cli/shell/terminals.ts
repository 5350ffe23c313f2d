/** Terminals as the kernel of a place names them, and who sits at them on the laptop and on nodes. */
import type { GuestProcessView, TypedAt } from '../../sim/lab/index.ts';
import type { Place } from '../tool.ts';
import type { SessionCore } from './core.ts';
import { placeKey } from './places.ts';
import { viewOf } from './visits.ts';

/** kind gives its nodes a terminal, which is their first (pkg/cluster/internal/providers/docker/provision.go @ v0.14.0, `--tty`). */
export const terminalIn = (place: Place, tab: number): string => `pts/${place.kind === 'node' ? tab + 1 : tab}`;

/** A command of plain words is what runs; anything else runs in a shell of its own. */
const PLAIN = /^[\w./:@%+,=-]+(?:[ \t]+[\w./:@%+,=-]+)*$/;

/** Shells that somebody types into in such a place, with what they have in the background. */
export function typedAt(core: SessionCore, place: TypedAt): readonly GuestProcessView[] {
	const key = placeKey(place);
	const out: GuestProcessView[] = [];
	for (const session of core.sessions) {
		if (session.code !== undefined) continue;
		const tty = session.tty ? { tty: terminalIn(place, session.tab) } : {};
		let outer: number | undefined;
		for (const shell of session.shells) {
			if (placeKey(shell.place) !== key) continue;
			const pid = shell.state.virtualPid;
			const { name, began: startedAt, jobs } = shell;
			out.push({
				...tty,
				pid,
				argv: [name],
				startedAt,
				entered: outer === undefined,
				...(outer === undefined ? {} : { ppid: outer }),
				signal() {},
			});
			outer = pid;
			for (const job of jobs.list)
				if (job.code === undefined)
					out.push({
						...tty,
						pid: job.pid,
						ppid: pid,
						argv: PLAIN.test(job.text) ? job.text.split(/\s+/) : [name],
						startedAt: job.startedAt,
						signal(signal) {
							job.run.signal = signal;
							job.run.interrupt();
						},
					});
		}
	}
	for (const command of core.beside(place))
		if (command.run.pid === undefined) out.push({ ...viewOf(command), ppid: command.ppid! });
	return place.kind === 'node' ? [...out, ...core.visits.processes(place)] : out;
}
