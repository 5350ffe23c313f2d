/** What every object of `ip` works with: the options in front, the words behind, and how errors are said. */
import type { Device } from '../../../sim/linux/index.ts';
import type { Call } from '../../tool.ts';
import type { Space } from '../space.ts';

export interface IpOptions {
	readonly brief: boolean;
	readonly details: boolean;
	readonly stats: number;
	readonly oneline: boolean;
	readonly json: boolean;
	readonly pretty: boolean;
	readonly family: 4 | 6 | undefined;
	/** Its C library, where busybox's `ip` is meant (`busybox.ts`). */
	readonly busybox?: 'glibc' | 'musl';
}

export interface IpRun {
	readonly call: Call;
	readonly space: Space;
	readonly options: IpOptions;
	/** What `-d` adds to a device; loaded when it is asked for. */
	readonly details?: (device: Device) => string;
}

/** Ends a command with a message on standard error. */
export class IpFault extends Error {
	readonly code: number;
	constructor(message: string, code = 1) {
		super(message);
		this.code = code;
	}
}

export const fault = (message: string, code = 1): never => {
	throw new IpFault(message, code);
};

/** iproute2's matches(): a command may be cut short. */
export const matches = (word: string, ...commands: readonly string[]): string | undefined =>
	commands.find((command) => command.startsWith(word));

/** Words one after the other (NEXT_ARG). */
export class Words {
	readonly #words: readonly string[];
	#at = 0;
	constructor(words: readonly string[]) {
		this.#words = words;
	}
	get done(): boolean {
		return this.#at >= this.#words.length;
	}
	peek(): string | undefined {
		return this.#words[this.#at];
	}
	take(): string {
		return this.#words[this.#at++] ?? fault('Command line is not complete. Try option "help"', 255);
	}
}

/** invarg(): what iproute2 says of a value. */
export const invalid = (what: string, value: string): never =>
	fault(`Error: argument "${value}" is wrong: ${what}`, 255);

export const noDevice = (name: string): never => fault(`Cannot find device "${name}"`);

/** Prints rows as JSON, or pretty with -p. */
export function printJson({ call, options }: IpRun, rows: readonly unknown[]): void {
	call.out(`${options.pretty ? JSON.stringify(rows, undefined, 4) : JSON.stringify(rows)}\n`);
}
