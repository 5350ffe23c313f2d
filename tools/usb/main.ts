/** `npm run usb [-- --no-build]`: one folder and one zip under `usb/`, ready to copy to a stick. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSite, DIST, isStale, listFiles, ROOT } from '../shared/index.ts';
import { bundle } from './bundle.ts';

/** A stick with thousands of small files copies for minutes: beyond this the build has gone wrong. */
const MOST_FILES = 600;

/** The day the bundle carries: SOURCE_DATE_EPOCH, else the last commit's, else the built site's own. */
function sourceDate(): Date {
	const epoch = process.env.SOURCE_DATE_EPOCH;
	if (epoch && /^\d+$/.test(epoch)) return new Date(Number(epoch) * 1000);
	const git = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: ROOT, encoding: 'utf8' });
	if (git.status === 0 && /^\d+\s*$/.test(git.stdout)) return new Date(Number(git.stdout) * 1000);
	return statSync(join(DIST, 'index.html')).mtime;
}

const { values } = parseArgs({ options: { 'no-build': { type: 'boolean', default: false } } });
if (!values['no-build'] && isStale()) {
	const code = await buildSite();
	if (code !== 0) process.exit(code);
}
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const site = new Map(listFiles(DIST).map((file) => [file, readFileSync(join(DIST, file)) as Uint8Array]));
if (!site.has('index.html')) {
	console.error('There is no built site: run `npm run build` first.');
	process.exit(1);
}
const date = sourceDate();
const { name, files, zip } = bundle(site, version, date);
if (files.size > MOST_FILES) {
	console.error(`${files.size} files: more than the ${MOST_FILES} a stick should have to take`);
	process.exit(1);
}

const out = join(ROOT, 'usb');
const folder = join(out, name);
rmSync(out, { recursive: true, force: true });
for (const [path, content] of files) {
	const target = join(folder, path);
	mkdirSync(dirname(target), { recursive: true });
	writeFileSync(target, content);
	utimesSync(target, date, date);
}
writeFileSync(join(out, `${name}.zip`), zip);
const bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
const mega = (size: number): string => `${(size / 1e6).toFixed(1)} MB`;
console.log(`\n${folder}: ${files.size} files, ${mega(bytes)}`);
console.log(`${folder}.zip: ${mega(zip.length)}`);
