import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedSite, serve } from '../../../tools/shared/index.ts';

let folder = '';
let site: ServedSite;
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'packetwalk-serve-'));
	mkdirSync(join(folder, 'root', 'en'), { recursive: true });
	writeFileSync(join(folder, 'root', 'index.html'), 'first');
	writeFileSync(join(folder, 'root', 'en', 'index.html'), 'english');
	writeFileSync(join(folder, 'root', 'en', 'a.js'), '1');
	writeFileSync(join(folder, 'secret'), 'no');
	site = await serve({ root: join(folder, 'root'), base: '/any/sub path/' });
});
afterAll(async () => {
	await site.close();
	rmSync(folder, { recursive: true });
});

/** A request whose path is sent as it is written: `fetch` would tidy `..` away. */
const ask = (path: string): Promise<{ status: number; type: string; location: string; body: string }> =>
	new Promise((resolve, reject) => {
		get({ host: '127.0.0.1', port: site.port, path }, (answer) => {
			let body = '';
			answer.on('data', (part) => {
				body += part;
			});
			answer.on('end', () =>
				resolve({
					status: answer.statusCode ?? 0,
					type: answer.headers['content-type'] ?? '',
					location: answer.headers.location ?? '',
					body,
				}),
			);
		}).on('error', reject);
	});

describe('the local server', () => {
	it('serves the site below its path, index pages included', async () => {
		expect(await ask('/any/sub%20path/')).toMatchObject({
			status: 200,
			body: 'first',
			type: 'text/html; charset=utf-8',
		});
		expect(await ask('/any/sub%20path/en/?q#h')).toMatchObject({ status: 200, body: 'english' });
		expect(await ask('/any/sub%20path/en/a.js')).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8' });
	});
	it('sends folders without a slash to their own address', async () => {
		expect(await ask('/any/sub%20path')).toMatchObject({ status: 301, location: '/any/sub%20path/' });
		expect(await ask('/any/sub%20path/en')).toMatchObject({ status: 301, location: 'en/' });
	});
	it('gives nothing outside the folder', async () => {
		for (const path of [
			'/any/sub%20path/../../secret',
			'/any/sub%20path/..%2fsecret',
			'/secret',
			'/any/sub%20path/%00',
		])
			expect((await ask(path)).status).toBe(404);
		expect((await ask('/any/sub%20path/%ff')).status).toBe(400);
	});
	it('takes the next port when one is taken, if asked to search', async () => {
		await expect(serve({ root: folder, port: site.port })).rejects.toThrow('taken');
		const next = await serve({ root: folder, port: site.port, search: true });
		expect(next.port).toBeGreaterThan(site.port);
		await next.close();
	});
});
