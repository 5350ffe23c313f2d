/**
 * Who is in a container from outside (`kubectl exec`, `docker exec`): its processes, and that all of it ends when the
 * container does.
 */
import type { GuestAt, GuestProcessView, GuestSignal, TypedAt } from '../../sim/lab/index.ts';
import type { Place } from '../tool.ts';
import type { LineRun } from './call.ts';
import { type Command, NUMBERS } from './life.ts';
import { placeKey } from './places.ts';

export class Visit {
	readonly commands: Command[] = [];
	/** With what it was ended; undefined while it was not. */
	code: number | undefined;
	/** What runs, where nobody types. */
	line: LineRun | undefined;
	/** Told when it is ended: of a shell that somebody types into. */
	ended: (() => void) | undefined;

	end(code: number): void {
		if (this.code !== undefined) return;
		this.code = code;
		this.line?.interrupt();
		this.ended?.();
	}
}

export class Visits {
	readonly #at = new Map<string, Set<Visit>>();

	/** Undefined of places that one is in already, and, where somebody types, of those that are no container. */
	enter(place: Place, typed = false): Visit | undefined {
		if (place.kind !== 'pod' && place.kind !== 'container' && (typed || place.kind !== 'node')) return undefined;
		const key = placeKey(place);
		const visit = new Visit();
		this.#at.set(key, (this.#at.get(key) ?? new Set()).add(visit));
		return visit;
	}

	leave(place: Place, visit: Visit | undefined): void {
		if (visit) this.#at.get(placeKey(place))?.delete(visit);
	}

	/** The container ended, and its kernel's process namespace with it. */
	over(place: GuestAt): void {
		for (const visit of [...(this.#at.get(placeKey(place)) ?? [])]) visit.end(128 + NUMBERS.KILL);
	}

	processes(place: GuestAt | TypedAt): readonly GuestProcessView[] {
		return [...(this.#at.get(placeKey(place)) ?? [])].flatMap(({ commands }) =>
			commands.map((command, i) => ({
				...viewOf(command),
				entered: i === 0,
				// What a shell that is no process itself began came in with it.
				...(i > 0 && commands[0]?.pid !== undefined ? { ppid: command.ppid || commands[0].pid } : {}),
			})),
		);
	}

	/** A shell that somebody types into as a process: it does not mind what would end others, but for two. */
	typed(visit: Visit, argv: readonly string[], startedAt: number, pid: number, tty: string | undefined): Command {
		return {
			pid,
			...(tty === undefined ? {} : { tty }),
			argv,
			startedAt,
			run: undefined as unknown as LineRun,
			signal(name: GuestSignal) {
				if (name === 'KILL' || name === 'HUP') visit.end(128 + NUMBERS[name]);
			},
		};
	}
}

export const viewOf = (command: Command): GuestProcessView => ({
	argv: command.argv,
	startedAt: command.startedAt,
	...(command.pid === undefined ? {} : { pid: command.pid }),
	...(command.tty === undefined ? {} : { tty: command.tty }),
	...(command.looks ? { looks: true } : {}),
	...(command.cwd === undefined ? {} : { cwd: command.cwd }),
	...(command.environ === undefined ? {} : { environ: command.environ }),
	signal: (name) => command.signal(name),
});
