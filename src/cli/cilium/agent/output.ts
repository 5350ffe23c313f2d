/** What the agent's commands share for printing: `-o`, Go's durations, errors that end a command. */

import type { Flag, Run } from '../../cobra/index.ts';
import { goJson, goYaml, plainJson } from './go-output.ts';

/** pkg/command/output.go AddOutputOption() @ v1.12.1. */
export const OUTPUT: Flag = { name: 'output', short: 'o', type: 'string', usage: "json| yaml| jsonpath='{}'" };

type Template = typeof import('../../kubectl/print/jsonpath/index.ts');

let template: Template | undefined;

/** To be awaited before a command runs that is asked for `jsonpath=`, which is kubectl's. */
export async function loadOutput(words: readonly string[]): Promise<void> {
	if (words.some((word) => word.includes('jsonpath=')))
		template ??= await import('../../kubectl/print/jsonpath/index.ts');
}

/**
 * Prints data as `-o` asks; undefined without `-o`, so that the caller prints its table. A blank line comes after JSON and
 * YAML, and of what it does not know the tool says nothing (pkg/command/output.go PrintOutputWithType() @ v1.12.1, v1.15.4).
 */
export function structured({ call, flags }: Run, data: () => unknown): number | undefined {
	const format = flags.text('output');
	if (format === '') return undefined;
	if (format === 'json') {
		call.out(`${goJson(data())}\n\n`);
		return 0;
	}
	if (format === 'yaml') {
		call.out(`${goYaml(data())}\n`);
		return 0;
	}
	const path = /^jsonpath=(.*)$/s.exec(format)?.[1];
	if (path === undefined || !template) return 1;
	if (path === '') {
		call.out(`${goJson(data())}\n\n`);
		return 0;
	}
	try {
		call.out(`${template.jsonPath(path)(plainJson(data()) as never)}\n`);
		return 0;
	} catch (error) {
		if (!(error instanceof template.JsonPathError)) throw error;
		call.err(`Couldn't parse jsonpath expression: '${error.message}'\n`);
		return 1;
	}
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
