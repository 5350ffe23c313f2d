/**
 * `npm run bench [-- NAME…]`: run `bench/*.bench.ts` one after the other. A run of all of them writes
 * `bench/RESULTS.md`; a run of some only prints.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../tools/shared/index.ts';
import type { Bench, Row } from './bench.ts';

const folder = join(ROOT, 'bench');
const names = readdirSync(folder)
	.filter((file) => file.endsWith('.bench.ts'))
	.map((file) => file.replace(/\.bench\.ts$/, ''))
	.sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
	console.error(`no such bench: ${unknown.join(', ')} (there are ${names.join(', ')})`);
	process.exit(2);
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const aim = (row: Row): string => (row.aim ? `${row.aim.text}: ${row.aim.met ? 'met' : '**not met**'}` : '–');
const table = (title: string, rows: Row[]): string =>
	[
		`## ${title}`,
		'',
		'| what | measured | aim | what limits it |',
		'|---|---|---|---|',
		...rows.map((row) => `| ${[row.what, row.measured, aim(row), row.limits].map(cell).join(' | ')} |`),
		'',
	].join('\n');

const parts: string[] = [];
for (const name of names) {
	if (wanted.length > 0 && !wanted.includes(name)) continue;
	console.log(`\n== ${name}`);
	const { default: bench } = (await import(join(folder, `${name}.bench.ts`))) as { default: Bench };
	const rows = await bench.run();
	for (const row of rows) console.log(`${row.what}: ${row.measured} (${aim(row)})`);
	parts.push(table(bench.title, rows));
}

if (wanted.length === 0) {
	const [cpu] = cpus();
	const machine = `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}, Node ${process.versions.node}`;
	const head = `# Results\n\nWritten by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}; ${machine.replace('Linux', process.platform)}. Figures of one run: read them as sizes, not as constants.\n`;
	writeFileSync(join(folder, 'RESULTS.md'), `${head}\n${parts.join('\n')}`);
	console.log('\nWritten: bench/RESULTS.md');
}
// Benches may leave a browser's pipes or timers behind.
process.exit(0);
