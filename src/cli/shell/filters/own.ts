/** Filters that read as their input comes. Each answers its exit code. */
import type { Pipe } from '../pipe.ts';

export interface Desk {
	readonly input: Pipe;
	/** Writes octets. */
	write(text: string): void;
	/** Writes a file, or adds to it; answers what went wrong. */
	file(path: string, text: string, add: boolean): Promise<string | undefined>;
	error(text: string): void;
}

export type OwnFilter = (desk: Desk) => Promise<number>;

/** Offset behind so many lines; -1 when there are fewer. */
function behindLines(text: string, count: number): number {
	let at = 0;
	for (let i = 0; i < count; i++) {
		const end = text.indexOf('\n', at);
		if (end < 0) return -1;
		at = end + 1;
	}
	return at;
}

/** `head -n COUNT`. */
export const headLines =
	(count: number): OwnFilter =>
	async ({ input, write }) => {
		for (let left = count; left > 0; ) {
			const text = await input.lines();
			if (text === undefined) break;
			const end = behindLines(text, left);
			write(end < 0 ? text : text.slice(0, end));
			if (end >= 0) {
				input.unread(text.slice(end));
				break;
			}
			left -= text.split('\n').length - 1;
		}
		return 0;
	};

/** `head -n -COUNT`: all but so many at the end. */
export const headBut =
	(count: number): OwnFilter =>
	async ({ input, write }) => {
		let held: string[] = [];
		for (;;) {
			const text = await input.lines();
			if (text === undefined) return 0;
			held = [...held, ...text.split(/(?<=\n)/)];
			write(held.slice(0, Math.max(0, held.length - count)).join(''));
			held = held.slice(Math.max(0, held.length - count));
		}
	};

/** `head -c COUNT`. */
export const headBytes =
	(count: number): OwnFilter =>
	async ({ input, write }) => {
		for (let left = count; left > 0; ) {
			const text = await input.some();
			if (text === undefined) break;
			write(text.slice(0, left));
			input.unread(text.slice(left));
			left -= Math.min(left, text.length);
		}
		return 0;
	};

/** `tail -n +FIRST`. */
export const tailFrom =
	(first: number): OwnFilter =>
	async ({ input, write }) => {
		for (let skip = Math.max(0, first - 1); ; ) {
			const text = await input.lines();
			if (text === undefined) return 0;
			const end = behindLines(text, skip);
			if (end >= 0) write(text.slice(end));
			skip = end < 0 ? skip - (text.split('\n').length - 1) : 0;
		}
	};

export const cat: OwnFilter = async ({ input, write }) => {
	for (;;) {
		const text = await input.some();
		if (text === undefined) return 0;
		write(text);
	}
};

export const tee =
	(paths: readonly string[], add: boolean): OwnFilter =>
	async ({ input, write, file, error }) => {
		const open: string[] = [];
		let code = 0;
		for (const path of paths) {
			const wrong = await file(path, '', add);
			if (wrong === undefined) open.push(path);
			else {
				error(`tee: ${path}: ${wrong}\n`);
				code = 1;
			}
		}
		for (;;) {
			const text = await input.some();
			if (text === undefined) return code;
			for (const path of open) await file(path, text, true);
			write(text);
		}
	};
