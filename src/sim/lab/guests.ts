/**
 * Processes of containers that run commands: the lab says when they start and what is sent to them, whoever has a shell
 * runs them (`GuestHost`). Before there is anybody, as while a preset is made, they wait.
 */
import type { Guest, GuestHost, GuestProcess, GuestSignal } from './types.ts';

export interface Guests extends GuestHost {
	/** Whether somebody runs them. */
	readonly attached: boolean;
	attach(host: GuestHost): void;
}

export function createGuests(): Guests {
	let host: GuestHost | undefined;
	/** What was asked for before there was a host, in its order. */
	let waiting: (() => void)[] = [];

	/** A process that may not have begun: what is sent to it until then ends it. */
	const process = (begin: (to: GuestHost) => GuestProcess): GuestProcess => {
		let real: GuestProcess | undefined;
		let over = false;
		if (host) real = begin(host);
		else
			waiting.push(() => {
				if (!over) real = begin(host!);
			});
		return {
			signal(name: GuestSignal) {
				if (real) real.signal(name);
				else if (name === 'KILL') over = true;
			},
		};
	};
	return {
		get attached() {
			return host !== undefined;
		},
		attach(next) {
			host = next;
			const all = waiting;
			waiting = [];
			for (const act of all) act();
		},
		renew: (place) => host?.renew(place),
		request(request) {
			if (host?.request) host.request(request);
			else request.done({ errno: 'ECONNREFUSED' });
		},
		call: (call) => host?.call?.(call),
		over: (place) => host?.over?.(place),
		start: (guest: Guest) => process((to) => to.start(guest)),
		exec: (command) => process((to) => to.exec(command)),
		processes: (place) => host?.processes(place) ?? [],
	};
}
