/** Programs of text with the options that people give them: this machine's and the terminal's write the same on both outputs. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HAS_GNU, inBash, inShell } from './real.ts';

const LINES = ['./listing.txt', './copying.txt', './numbers.txt']
	.map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
	.join('\n')
	.split('\n')
	.filter((line) => line !== '' && !line.startsWith('# '));

/** A line of `bash -c` says its number, one that is typed does not. */
const said = (text: string): string => text.replace(/^bash: line \d+: /gm, 'bash: ');

describe.skipIf(!HAS_GNU)('a line of text programs writes what it writes on this machine', () => {
	it.each(LINES)('%s', async (line) => {
		const [ours, real] = [await inShell(line), inBash(line)];
		expect({ ...ours, err: said(ours.err) }).toEqual({ ...real, err: said(real.err) });
	});
});
