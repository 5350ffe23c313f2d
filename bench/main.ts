/**
 * `npm run bench [-- PART…] [--quick]`: measure, print, and write `bench/RESULTS.md`. A run of some parts, or a quick
 * one, only prints: what is kept comes from one whole run.
 */
import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../tools/shared/index.ts';
import type { Effort, Part, Row } from './row.ts';

/** Each part loads what it measures with when its turn comes, so that none weighs on another's heap. */
const PARTS: Record<string, (effort: Effort) => Promise<readonly Part[]>> = {
	simulator: async (effort) => [(await import('./simulator.ts')).simulator(effort)],
	connections: async (effort) => [await (await import('./connections.ts')).connections(effort)],
	fleet: async (effort) => [
		(await import('./fleet.ts')).largeNode(effort),
		(await import('./fleet-ways.ts')).bothWays(effort),
	],
	terminal: async (effort) => [await (await import('./terminal.ts')).terminal(effort)],
	site: async (effort) => (await import('./site.ts')).site(effort),
};

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { quick: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
	console.error(`no such part: ${unknown.join(', ')} (there are ${Object.keys(PARTS).join(', ')})`);
	process.exit(2);
}
const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
const effort: Effort = values.quick ? { time: 200, repeats: 3 } : { time: 3000, repeats: 15 };

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const aim = ({ aim: text, met }: Row): string => {
	if (text === undefined) return '–';
	return met === undefined ? text : `${text}: ${met ? 'met' : '**not met**'}`;
};
const table = ({ title, rows, skipped }: Part): string =>
	skipped
		? `## ${title}\n\nNot measured: ${skipped}\n`
		: [
				`## ${title}`,
				'',
				'| what | measured | aim | what limits it |',
				'|---|---|---|---|',
				...rows.map((row) => `| ${[row.what, row.measured, aim(row), row.limit].map(cell).join(' | ')} |`),
				'',
			].join('\n');

const parts: Part[] = [];
for (const name of names) {
	for (const part of await PARTS[name]!(effort)) {
		console.log(`\n== ${part.title}`);
		if (part.skipped) console.log(`not measured: ${part.skipped}`);
		for (const row of part.rows) console.log(`${row.what}: ${row.measured} (${aim(row)})\n    ${row.limit}`);
		parts.push(part);
	}
}

if (positionals.length === 0 && !values.quick) {
	const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${release()}, Node ${process.versions.node}`;
	const head = `# Results\n\nWritten by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine}.\nFigures of one run: sizes, not constants.\n`;
	writeFileSync(join(ROOT, 'bench', 'RESULTS.md'), `${head}\n${parts.map(table).join('\n')}`);
	console.log('\nWritten: bench/RESULTS.md');
}
// A browser's pipes may keep the process alive.
process.exit(0);
