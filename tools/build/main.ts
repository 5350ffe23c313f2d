/** `npm run build [-- --out FOLDER]`: build the site. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSite, DIST, listFiles } from '../shared/index.ts';

const { values } = parseArgs({ options: { out: { type: 'string' } } });
const dist = values.out ? resolve(values.out) : DIST;
const started = performance.now();
const code = await buildSite(dist);
if (code !== 0) process.exit(code);

const files = listFiles(dist);
const bytes = files.reduce((sum, file) => sum + statSync(join(dist, file)).size, 0);
const pages = files.filter((file) => file.endsWith('.html')).length;
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
	`\nBuilt in ${seconds} s: ${pages} pages, ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB in ${dist}`,
);
console.log(`Open ${join(dist, 'index.html')} in a browser, or serve the folder under any path.`);
