/** What the agent's commands share for printing: `-o`, Go's durations, errors that end a command. */

import type { Flag, Run } from '../../cobra/index.ts';
import { printYaml } from '../../kube/index.ts';

/** pkg/command/output.go AddOutputOption() @ v1.12.1. */
export const OUTPUT: Flag = { name: 'output', short: 'o', type: 'string', usage: "json| yaml| jsonpath='{}'" };

/** Prints data as `-o` asks; undefined without `-o`, so that the caller prints its table. */
export function structured({ call, flags }: Run, data: () => unknown): number | string | undefined {
	const format = flags.text('output');
	if (format === '') return undefined;
	if (format === 'json') {
		call.out(`${JSON.stringify(data(), null, 2)}\n`);
		return 0;
	}
	if (format === 'yaml') {
		call.out(printYaml(data()));
		return 0;
	}
	const path = /^jsonpath=(.*)$/s.exec(format)?.[1];
	if (path !== undefined) {
		const found = followPath(data(), path.replace(/^\s*\{|\}\s*$/g, ''));
		if (found === undefined) return `Couldn't parse jsonpath expression: '${path}'`;
		call.out(`${found.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ')}\n`);
		return 0;
	}
	return `couldn't recognize output type: ${format}`;
}

/** `.a.b[0].c[*].d`, which is as much of JSONPath as people type here. */
function followPath(data: unknown, path: string): readonly unknown[] | undefined {
	let found: readonly unknown[] = [data];
	let rest = path.replace(/^\$/, '');
	while (rest !== '' && rest !== '.') {
		const step = /^(?:\.([\w-]+)|\['([^']*)'\]|\[(\d+)\]|\[\*\]|\.\*)/.exec(rest);
		if (!step) return undefined;
		const key = step[1] ?? step[2] ?? step[3];
		found = found.flatMap((value) => {
			if (typeof value !== 'object' || value === null) return [];
			if (key === undefined) return Object.values(value);
			return Object.hasOwn(value, key) ? [(value as Record<string, unknown>)[key]] : [];
		});
		rest = rest.slice(step[0].length);
	}
	return found;
}

/** `1h2m3s`, `57s`, `1m36.566274746s`, `140.825µs`: time.Duration's String(). Microseconds, with a fraction. */
export function goDuration(micros: number): string {
	if (micros === 0) return '0s';
	const trim = (value: number, digits: number): string => {
		const text = value.toFixed(digits);
		return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
	};
	if (micros < 1) return `${Math.round(micros * 1000)}ns`;
	if (micros < 1000) return `${trim(micros, 3)}µs`;
	if (micros < 1e6) return `${trim(micros / 1000, 6)}ms`;
	const hours = Math.floor(micros / 3.6e9);
	const minutes = Math.floor((micros % 3.6e9) / 6e7);
	const seconds = `${trim((micros % 6e7) / 1e6, 9)}s`;
	return hours > 0 ? `${hours}h${minutes}m${seconds}` : minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

/** pkg/client/client.go timeSince(). */
export const timeSince = (now: number, since: number | undefined): string =>
	since === undefined ? 'never' : `${goDuration(Math.floor(Math.max(0, now - since) / 1e6) * 1e6)} ago`;
