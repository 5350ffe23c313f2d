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
	/** `-N`: numbers in the place of names. */
	readonly numeric?: boolean;
	/** 0 is that of links. */
	readonly family: 0 | 4 | 6 | undefined;
	/** Its C library, where busybox's `ip` is meant (`busybox.ts`). */
	readonly busybox?: 'glibc' | 'musl';
}

export interface IpRun {
	readonly call: Call;
	readonly space: Space;
	readonly options: IpOptions;
	/** What `-d` adds to a device; loaded when it is asked for. */
	readonly details?: (device: Device, link: boolean) => string;
	readonly jsonDetails?: (device: Device, link: boolean) => Record<string, unknown>;
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

/** iproute2's own layout (lib/json_writer.c @ v6.1.0): brackets and braces stay on a line, members have one each. */
function prettyJson(value: unknown, depth: number): string {
	if (Array.isArray(value))
		return value.length === 0 ? '[ ]' : `[ ${value.map((one) => prettyJson(one, depth + 1)).join(',')} ]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value);
	const indent = '    '.repeat(depth + 1);
	const members = Object.entries(value)
		.filter(([, one]) => one !== undefined)
		.map(([key, one]) => `\n${indent}${JSON.stringify(key)}: ${prettyJson(one, depth + 1)}`);
	return `{${members.join(',')}\n${'    '.repeat(depth)}}`;
}

/** A number with the zeros at its end, for `printJson`. */
export const fixed = (text: string): string => `@${text}@`;

/** Prints rows as JSON, or pretty with -p. */
export function printJson({ call, options }: IpRun, rows: readonly unknown[]): void {
	const text = options.pretty ? prettyJson(rows, 0) : JSON.stringify(rows);
	call.out(`${text.replace(/"@(\d+\.\d+)@"/g, '$1')}\n`);
}

/** `-o`: line ends become backslashes. */
export const onLine = ({ options }: IpRun, text: string): string =>
	options.oneline ? `${text.replace(/\n$/, '').replaceAll('\n', '\\')}\n` : text;
