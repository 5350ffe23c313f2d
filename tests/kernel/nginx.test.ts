/**
 * nginx beside the lab's: the same configuration, the same files, the same octets asked for. Answers are compared as they
 * came, but for the moment they were made; `nginx -t` word by word; logs without their times and numbers.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readRequest } from '../../src/cli/linux/http.ts';
import type { WebAnswer, WebHost } from '../../src/sim/lab/containers/http.ts';
import { type Config, configOf } from '../../src/sim/lab/containers/nginx/config.ts';
import { Refusal } from '../../src/sim/lab/containers/nginx/read.ts';
import { newStats, nginxAnswer } from '../../src/sim/lab/containers/nginx/serve.ts';
import { createDisk, type Disk } from '../../src/sim/lab/disk/disk.ts';
import { directory, file, makeDirectory, put } from '../../src/sim/lab/disk/tree.ts';
import type { Case } from './nginx/case.ts';
import { IN_HTTP, IN_SERVER } from './nginx/refusals.ts';
import { REQUESTS } from './nginx/requests.ts';
import { SERVERS } from './nginx/servers.ts';

const found = spawnSync('nginx', ['-v'], { encoding: 'utf8' });
const VERSION = /nginx\/([\d.]+)/.exec(found.stderr ?? '')?.[1];
const isRoot = process.getuid?.() === 0;
const reason = VERSION === undefined ? 'no nginx' : isRoot ? undefined : 'not root';
if (reason) console.log(`tests/kernel/nginx: skipped, ${reason}`);

const ROOT = mkdtempSync(join(tmpdir(), 'pw-nginx-'));
const PORT = 18_080;
/** 2022-08-31 10:00:00, the lab's time; files are of that moment. */
const EPOCH = 1_661_940_000;

afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

const textOf = (http: string): string =>
	`pid ROOT/nginx.pid; worker_processes 1; error_log ROOT/error.log info;

events { worker_connections 64; }
http { default_type application/octet-stream; types { text/html html; text/plain txt; text/css css; application/json json; } ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ROOT/${name};`).join(' ')} access_log ROOT/access.log;
${http}
}
`.replaceAll('ROOT', ROOT);

/** Writes files and configuration for both; the lab's disk. */
function laid(http: string, files: Readonly<Record<string, string>>, now: () => number): Disk {
	rmSync(ROOT, { recursive: true, force: true });
	mkdirSync(join(ROOT, 'logs'), { recursive: true });
	chmodSync(ROOT, 0o755);
	const root = directory(0, 0o755);
	makeDirectory(root, `${ROOT.slice(1)}/logs`, 0);
	for (const [path, text] of [...Object.entries(files), ['nginx.conf', textOf(http)] as const]) {
		const full = join(ROOT, path);
		mkdirSync(dirname(full), { recursive: true });
		writeFileSync(full, text);
		utimesSync(full, EPOCH, EPOCH);
		makeDirectory(root, dirname(full).slice(1), 0);
		put(root, full.slice(1), file(text, 0));
	}
	for (const path of ['html/d', 'html/list/sub'])
		if (existsSync(join(ROOT, path))) utimesSync(join(ROOT, path), EPOCH, EPOCH);
	return createDisk({ root, now });
}

const minor = Number(VERSION?.split('.')[1]);

/** What `nginx -t` refuses with, and what the lab does. */
function refusals(http: string): readonly [real: string | undefined, ours: string | undefined] {
	const disk = laid(http, {}, () => 0);
	const { stderr } = spawnSync('nginx', ['-t', '-c', join(ROOT, 'nginx.conf'), '-e', join(ROOT, 'start.log')], {
		encoding: 'utf8',
	});
	const real = /^nginx: \[emerg\] (.*)$/m.exec(stderr)?.[1];
	const ours = read(disk);
	return [real, typeof ours === 'string' ? ours : undefined];
}

function read(disk: Disk): Config | string {
	try {
		return configOf(disk, (host) => /^[\d.]+$|^localhost$/.test(host), minor, join(ROOT, 'nginx.conf'));
	} catch (error) {
		if (error instanceof Refusal) return error.message;
		throw error;
	}
}

/** All of one answer. */
function ask(text: string, port: number): Promise<string> {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		let got = '';
		let timer: NodeJS.Timeout | undefined;
		const end = (): void => {
			clearTimeout(timer);
			socket.destroy();
			resolve(got);
		};
		const whole = (): boolean => {
			const at = got.indexOf('\r\n\r\n');
			if (at < 0) return false;
			if (text.startsWith('HEAD') || /^HTTP\/1.1 (?:204|304)/.test(got)) return true;
			const length = /content-length: (\d+)/i.exec(got.slice(0, at))?.[1];
			if (length !== undefined) return got.length >= at + 4 + Number(length);
			return /transfer-encoding: chunked/i.test(got.slice(0, at)) && /0\r\n\r\n$/.test(got.slice(at + 4));
		};
		socket.on('data', (data) => {
			got += data.toString('latin1');
			clearTimeout(timer);
			timer = setTimeout(end, whole() ? 15 : 3000);
		});
		socket.on('end', end);
		socket.on('error', end);
		timer = setTimeout(end, 8000);
		socket.write(Buffer.from(text, 'latin1'));
	});
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function started(): Promise<ChildProcess> {
	const child = spawn('nginx', ['-c', join(ROOT, 'nginx.conf'), '-e', join(ROOT, 'start.log'), '-g', 'daemon off;'], {
		stdio: 'ignore',
	});
	for (let i = 0; i < 100; i++) {
		await sleep(20);
		const open = await new Promise<boolean>((resolve) => {
			const socket = connect(PORT, '127.0.0.1');
			socket.on('connect', () => {
				socket.destroy();
				resolve(true);
			});
			socket.on('error', () => resolve(false));
		});
		if (open) break;
	}
	return child;
}

/** The lab's nginx with itself for its own upstreams. */
function labServer(
	config: Config,
	disk: Disk,
	now: () => number,
): (octets: Uint8Array, port: number) => string | undefined {
	const stats = newStats();
	let number = 0;
	const host: WebHost = {
		get now() {
			return now();
		},
		epoch: EPOCH,
		hostname: 'h',
		ip: '127.0.0.1',
		addresses: (name) => [name === 'localhost' ? '127.0.0.1' : name],
	};
	const octets = ({ status, reason, headers, body, silent }: WebAnswer): Buffer =>
		silent
			? Buffer.alloc(0)
			: Buffer.concat([
					Buffer.from(`HTTP/1.1 ${status} ${reason}\r\n${headers.map((h) => `${h}\r\n`).join('')}\r\n`, 'latin1'),
					Buffer.from(body),
				]);
	const serve = (came: Uint8Array, port: number): Buffer | undefined => {
		const first = Buffer.from(came).toString('latin1').split('\r\n')[0]!;
		const request = readRequest(came);
		const lines = request?.head.split('\r\n').slice(1) ?? [];
		const answer = nginxAnswer(config, disk, host, VERSION!, stats, {
			...(request ?? {
				method: 'GET',
				path: '/%',
				query: '',
				version: 'HTTP/1.0',
				headers: new Map(),
				body: '',
				first,
			}),
			raw: lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
			local: '127.0.0.1',
			client: '127.0.0.1',
			clientPort: 4,
			port,
			length: came.length,
			network: {
				addresses: () => ['127.0.0.1'],
				ask(_ip, to, data) {
					const reply = serve(data, to);
					return reply ? { connected: true, reply, took: 0 } : { connected: false, errno: 'ECONNREFUSED', took: 0 };
				},
			},
		});
		answer?.lines?.(EPOCH * 1e6 + now(), ++number);
		return answer && octets(answer);
	};
	return (came, port) => serve(came, port)?.toString('latin1');
}

const plain = (text: string): string =>
	text
		.replace(/\r\nDate: [^\r]*/g, '\r\nDate: …')
		.replace(/\r\nExpires: [^\r]*/g, '\r\nExpires: …')
		.replace(/\d{20}/g, 'BOUNDARY');

const plainLog = (text: string, sort: boolean): readonly string[] => {
	const lines = text
		.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/gm, 'TIME')
		.replace(/\[\d\d\/\w+\/\d{4}:[\d:]+ [+-]\d{4}\]/g, '[TIME]')
		.replace(/\d+#\d+:/g, 'PID:')
		.replace(/\*\d+/g, '*N')
		.split('\n')
		.filter((line) => !/\[(?:notice|info)\]/.test(line));
	return sort ? lines.sort() : lines;
};

async function compared(one: Case): Promise<{ readonly real: unknown[]; readonly ours: unknown[] }> {
	let now = 0;
	const disk = laid(one.http, one.files ?? {}, () => now);
	const config = read(disk);
	if (typeof config === 'string') throw new Error(config);
	const serve = labServer(config, disk, () => now);
	const real: unknown[] = [];
	const ours: unknown[] = [];
	const nginx = await started();
	try {
		for (const log of ['access.log', 'error.log']) writeFileSync(join(ROOT, log), '');
		for (const text of one.requests) {
			const pause = Number(/^SLEEP (\d+)\n/.exec(text)?.[1] ?? 0);
			const port = Number(/^PORT (\d+)\n/.exec(text)?.[1] ?? PORT);
			const request = text.replace(/^(?:SLEEP|PORT) \d+\n/, '');
			await sleep(pause);
			now += pause * 1000;
			real.push([request, plain(await ask(request, port))]);
			ours.push([request, plain(serve(Buffer.from(request, 'latin1'), port) ?? '')]);
			now += 2000;
		}
		await sleep(50);
		if (one.logs)
			for (const name of ['access.log', 'error.log', 'logs/x.log']) {
				const path = join(ROOT, name);
				real.push(plainLog(existsSync(path) ? readFileSync(path, 'utf8') : '', one.sort === true));
				ours.push(plainLog(disk.read(path) ?? '', one.sort === true));
			}
	} finally {
		nginx.kill('SIGTERM');
		await new Promise((resolve) => nginx.on('exit', resolve));
	}
	return { real, ours };
}

describe.skipIf(reason !== undefined)("nginx and the lab's", () => {
	for (const one of [...REQUESTS, ...SERVERS])
		test(`answer alike: ${one.name}`, async () => {
			const { real, ours } = await compared(one);
			expect(ours).toEqual(real);
		});

	test('refuse the same lines in a server, in the same words', () => {
		const both = IN_SERVER.map((line) => [line, refusals(`server { listen 18080; ${line} }`)] as const);
		expect(both.map(([line, [, ours]]) => [line, ours])).toEqual(both.map(([line, [real]]) => [line, real]));
	});

	test('refuse the same lines in http, in the same words', () => {
		const both = IN_HTTP.map((line) => [line, refusals(line)] as const);
		expect(both.map(([line, [, ours]]) => [line, ours])).toEqual(both.map(([line, [real]]) => [line, real]));
	});
});
