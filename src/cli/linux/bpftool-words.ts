/** What bpftool's commands share: how words are shortened, its JSON (json_writer.c @ v5.15), what it says of usage. */
import type { Call } from '../tool.ts';

export const matches = (word: string, ...commands: readonly string[]): string | undefined =>
	commands.find((c) => c.startsWith(word));

export type Json = false | 'plain' | 'pretty';

/** json_writer.c: in its pretty form members and ends stand on lines of their own, elements of arrays do not. */
export function jsonText(json: Json, value: unknown): string {
	const line = (depth: number): string => `\n${' '.repeat(4 * depth)}`;
	const text = (one: unknown, depth: number): string => {
		if (one === null || typeof one !== 'object') return JSON.stringify(one);
		const list = Array.isArray(one);
		const inner = list
			? one.map((item) => text(item, depth + 1))
			: Object.entries(one).map(([key, item]) => `${line(depth + 1)}${JSON.stringify(key)}: ${text(item, depth + 1)}`);
		const end = inner.length > 0 ? line(depth) : '';
		return list ? `[${inner.join(',')}${end}]` : `{${inner.join(',')}${end}}`;
	};
	return `${json === 'pretty' ? text(value, 0) : JSON.stringify(value)}\n`;
}

export const missing = (call: Call, what: string): number => {
	call.err(`bpftool: the simulator has no "bpftool ${what}"\n`);
	return 255;
};

export function usage(call: Call, object: string): number {
	call.err(
		`Usage: bpftool ${object} { show | list } [${object === 'net' ? 'dev <devname>' : object.toUpperCase()}]\n       bpftool ${object} help\n`,
	);
	return 255;
}
