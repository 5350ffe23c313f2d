/**
 * `npm test [-- PROJECT…] [--no-build] [--no-check] [--no-skip]`: build the site once, run Biome and TypeScript, then
 * every vitest project one after the other. The last line is `N passed, N failed, N skipped`. A skipped test fails
 * the run with `--no-skip`, or when `CI` is set. Each step has a time limit, so that a hang ends as a failure.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSite, DIST, ROOT, runNode } from '../shared/index.ts';
import { line, type Report, type Summed, sum } from './sum.ts';

/** Seconds each project may take: at least three times what it needs on two idle cores, less than 75 minutes in all. */
const LIMITS: Record<string, number> = {
	unit: 1100,
	conformance: 200,
	tapes: 200,
	doors: 300,
	content: 300,
	kernel: 800,
	e2e: 1100,
};
/**
 * Unit tests share their modules (`--no-isolate`), for reading the lab's code anew for every file took half of their
 * time; a worker then keeps what its files made, so the project is run in parts, each in processes of its own.
 */
const SHARDS: Record<string, number> = { unit: 8 };
const BUILD_LIMIT = 400;
const CHECK_LIMIT = 240;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		'no-build': { type: 'boolean', default: false },
		'no-check': { type: 'boolean', default: false },
		'no-skip': { type: 'boolean', default: Boolean(process.env.CI) },
	},
});
const unknown = positionals.filter((name) => !(name in LIMITS));
if (unknown.length > 0) {
	console.error(`no such project: ${unknown.join(', ')} (there are ${Object.keys(LIMITS).join(', ')})`);
	process.exit(2);
}
const projects = positionals.length > 0 ? positionals : Object.keys(LIMITS);

const parts: Summed[] = [];
const timings: string[] = [];
const modules = join(ROOT, 'node_modules');

/** A step that is not a test file counts as one test. */
function count(name: string, code: number, seconds: number): void {
	parts.push(code === 0 ? { passed: 1, failed: 0, skipped: 0, failures: [], skips: [] } : sum(undefined, code, name));
	timings.push(`${name} ${seconds.toFixed(0)} s`);
}

async function check(name: string, script: string, args: string[]): Promise<void> {
	console.log(`\n== ${name}`);
	const { code, seconds } = await runNode(join(modules, script), args, {
		limit: CHECK_LIMIT,
		env: { ASTRO_TELEMETRY_DISABLED: '1' },
	});
	count(name, code, seconds);
}

async function project(name: string): Promise<void> {
	console.log(`\n== ${name}`);
	const started = performance.now();
	const shards = SHARDS[name] ?? 1;
	for (let shard = 1; shard <= shards; shard++) {
		const left = (LIMITS[name] ?? 600) - (performance.now() - started) / 1000;
		await part(name, Math.max(1, left), shards === 1 ? [] : ['--no-isolate', `--shard=${shard}/${shards}`]);
	}
	timings.push(`${name} ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

/** One run of vitest, `limit` seconds at most, with flags of its own; its report is added to `parts`. */
async function part(name: string, limit: number, flags: string[]): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'packetwalk-test-'));
	const file = join(folder, 'report.json');
	const args = ['run', '--project', name, '--passWithNoTests', '--reporter=default', '--reporter=json', ...flags];
	const { code } = await runNode(join(modules, 'vitest', 'vitest.mjs'), [...args, `--outputFile.json=${file}`], {
		limit,
		env: { PACKETWALK_DIST: DIST, PACKETWALK_NO_SKIP: values['no-skip'] ? '1' : '' },
	});
	let report: Report | undefined;
	try {
		report = JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		// No report: the run was stopped or broke; the exit code says so.
	}
	parts.push(sum(report, code, name));
	rmSync(folder, { recursive: true, force: true });
}

if (!values['no-build']) {
	console.log('== build');
	const started = performance.now();
	count('build', await buildSite(DIST, BUILD_LIMIT), (performance.now() - started) / 1000);
}
if (!values['no-check']) {
	await check('biome', '@biomejs/biome/bin/biome', ['check', '.']);
	await check('tsc, simulator alone', 'typescript/bin/tsc', ['-p', 'tsconfig.sim.json']);
	await check('tsc', 'typescript/bin/tsc', ['-p', 'tsconfig.json']);
	await check('astro check', 'astro/bin/astro.mjs', ['check', '--minimumSeverity', 'warning']);
}
for (const name of projects) await project(name);

const total = { passed: 0, failed: 0, skipped: 0 };
for (const part of parts) {
	total.passed += part.passed;
	total.failed += part.failed;
	total.skipped += part.skipped;
}
console.log(`\n${timings.join(', ')}`);
for (const failure of parts.flatMap((part) => part.failures)) console.log(`FAILED  ${failure}`);
for (const skip of parts.flatMap((part) => part.skips)) console.log(`skipped ${skip}`);
console.log(`\n${line(total)}`);
process.exitCode = total.failed > 0 || (values['no-skip'] && total.skipped > 0) ? 1 : 0;
