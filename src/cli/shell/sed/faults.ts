/** What ends sed before its input does. */
import { STOPPED } from '../limits.ts';

/** A bad script: exit code 1 (EXIT_BAD_USAGE of sed/basicdefs.h @ v4.8). */
export class ScriptFault extends Error {
	readonly where: string;
	readonly what: string;

	/** @param where which script, and where in it */
	constructor(where: string, what: string) {
		super(`sed: ${where}: ${what}`);
		this.where = where;
		this.what = what;
	}
}

/** Whatever else: exit code 4 (EXIT_PANIC). */
export class Panic extends Error {
	/** What busybox says instead, where it has other facts. */
	readonly busybox: string | undefined;

	constructor(what: string, busybox?: string) {
		super(`sed: ${what}`);
		this.busybox = busybox && `sed: ${busybox}`;
	}
}

/** A line used up what it may use. */
export class UsedUp extends Error {
	constructor(what: string) {
		super(STOPPED(what).trimEnd());
	}
}
