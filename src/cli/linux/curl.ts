/**
 * curl 7.81: HTTP to whatever listens. Messages and exit codes: docs/libcurl/libcurl-errors, lib/connect.c, lib/multi.c,
 * src/tool_getparam.c, src/tool_writeout.c @ curl-7_81_0.
 */

import { utf8 } from '../../sim/wire/index.ts';
import type { Call, Tool } from '../tool.ts';
import { loadApiServer } from './api-later.ts';
import { type Jar, jarOf, jarText, setCookies } from './curl-cookies.ts';
import { exchange, versionAt } from './curl-exchange.ts';
import { curlOptions } from './curl-options.ts';
import type { Exchange } from './curl-reply.ts';
import { globbed, parseUrl, redirectUrl, type Url } from './curl-url.ts';
import { textOf } from './http.ts';
import { hasTool } from './images.ts';
import { resolve } from './resolve.ts';
import { type Space, withSpace } from './space.ts';
import type { Options } from './words.ts';

const TRY = "curl: try 'curl --help' or 'curl --manual' for more information\n";

/** `-w`: `%{name}`, `%%`, `\n`, `\t`, `\r` (src/tool_writeout.c). */
function writeOut(call: Call, format: string, facts: ReadonlyMap<string, string | number>): void {
	let toErr = false;
	let text = '';
	const flush = (): void => {
		if (text !== '') (toErr ? call.err : call.out)(text);
		text = '';
	};
	for (const [all, name, special] of format.matchAll(/%\{([^}]*)\}|%%|\\([nrt])|[^%\\]+|[%\\]/g)) {
		if (name === 'stderr' || name === 'stdout') {
			flush();
			toErr = name === 'stderr';
		} else if (name === 'onerror') {
			if (facts.get('exitcode') === 0) break;
		} else if (name === 'json') {
			const shown = [...facts]
				.filter(([key]) => key !== 'method' || facts.get(key) !== '')
				.sort(([x], [y]) => (x < y ? -1 : 1));
			const value = (key: string, own: string | number): string =>
				typeof own === 'number' || /^time_|^(?:http_code|response_code|http_connect)$/.test(key)
					? String(Number(own))
					: JSON.stringify(own);
			text += `{${shown.map(([key, own]) => `"${key}":${value(key, own)}`).join(',')},"curl_version":"libcurl/${versionAt(call)}"}`;
		} else if (name !== undefined) {
			if (facts.has(name)) text += String(facts.get(name));
			else call.err(`curl: unknown --write-out variable: '${name}'\n`);
		} else if (special !== undefined) text += special === 'n' ? '\n' : special === 't' ? '\t' : '\r';
		else text += all === '%%' ? '%' : all;
	}
	flush();
}

/** What `-#` shows at the end (src/tool_cb_prg.c). */
const BAR = `\r${'#'.repeat(72)} 100.0%\n`;

/** The meter as it stands at the end (src/tool_progress, lib/progress.c). */
function meter(octets: number, took: number): string {
	const speed = Math.floor((octets * 1e6) / Math.max(took, 1000));
	const five = (n: number): string =>
		n < 100_000
			? String(n).padStart(5)
			: n < 10_000_000
				? `${String(Math.floor(n / 1024)).padStart(4)}k`
				: `${String(Math.floor(n / 1_048_576)).padStart(4)}M`;
	return (
		'  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n' +
		'                                 Dload  Upload   Total   Spent    Left  Speed\n' +
		`\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\r${octets > 0 ? '100' : '  0'} ${five(octets)}  ${octets > 0 ? '100' : '  0'} ${five(octets)}    0     0  ${five(speed)}      0 --:--:-- --:--:-- --:--:-- ${five(speed)}\n`
	);
}

async function run(call: Call, space: Space): Promise<number> {
	const parsed = curlOptions(call.args);
	if ('refused' in parsed) {
		call.err(`curl: the simulator's curl does not do ${parsed.refused}\n`);
		return 2;
	}
	if ('fault' in parsed) {
		const { kind, option } = parsed.fault;
		call.err(`curl: option ${option}: ${kind === 'unknown' ? 'is unknown' : 'requires parameter'}\n${TRY}`);
		return 2;
	}
	const { values } = parsed;
	if (values.has('V')) {
		call.out(`curl ${versionAt(call)} (x86_64-pc-linux-gnu) libcurl/${versionAt(call)}\nProtocols: http https\n`);
		return 0;
	}
	if (values.has('h')) {
		call.out(
			'Usage: curl [options...] <url>\n -d, --data <data>          HTTP POST data\n -f, --fail                 Fail silently (no output at all) on HTTP errors\n -h, --help <category>      Get help for commands\n -i, --include              Include protocol response headers in the output\n -o, --output <file>        Write to file instead of stdout\n -O, --remote-name          Write output to a file named as the remote file\n -s, --silent               Silent mode\n -u, --user <user:password> Server user and password\n -A, --user-agent <name>    Send User-Agent <name> to server\n -v, --verbose              Make the operation more talkative\n -V, --version              Show version number and quit\n',
		);
		return 0;
	}
	for (const name of ['m', 'connect-timeout', 'retry', 'retry-delay', 'retry-max-time', 'max-redirs'])
		if (values.has(name) && !/^-?\d+(?:\.\d+)?$/.test(values.get(name)!)) {
			call.err(
				`curl: option ${name.length === 1 ? `-${name}` : `--${name}`}: expected a proper numerical parameter\n${TRY}`,
			);
			return 2;
		}
	const written = [...parsed.all('url'), ...parsed.args];
	const patterns = written.map((url) => (values.has('g') ? [{ text: url, words: [] }] : globbed(url)));
	const urls = patterns.flatMap((some) => ('message' in some ? [] : some.map(({ text }) => text)));
	if (written.length === 0) {
		call.err(`curl: no URL specified!\n${TRY}`);
		return 2;
	}
	if (values.has('unix-socket')) {
		call.err(`curl: (7) Couldn't connect to server\n`);
		return 7;
	}
	if (values.has('E') && urls.some((url) => /^https:/i.test(url))) {
		call.err('curl: the simulator exchanges no handshake and shows no client certificate: send a bearer token\n');
		return 58;
	}
	if (values.has('x') && values.get('noproxy') !== '*') {
		const proxy = values
			.get('x')!
			.replace(/^[a-z0-9]+:\/\//i, '')
			.replace(/[:/].*$/, '');
		const found = await resolve(call, space, proxy);
		if ('error' in found) {
			call.err(`curl: (5) Could not resolve proxy: ${proxy}\n`);
			return 5;
		}
		call.err('curl: the simulator has no proxies\n');
		return 2;
	}
	const posts = ['d', 'data-raw', 'data-binary', 'data-urlencode', 'json', 'F', 'form-string'].some((name) =>
		values.has(name),
	);
	if (values.has('I') && posts && !values.has('G')) {
		call.err(
			'Warning: You can only select one HTTP request method! You asked for both POST \nWarning: (-d, --data) and HEAD (-I, --head).\n',
		);
		return 2;
	}
	const jar = await jarOf(call, parsed);
	let code = 0;
	let urlnum = 0;
	for (const [i, some] of patterns.entries()) {
		if ('message' in some) {
			code = 3;
			if (!values.has('s') || values.has('S')) call.err(`curl: (3) ${some.message}\n`);
		} else
			for (const { text, words } of some) {
				call.check();
				// `#1` in the name of a file is what stands for the first list or range.
				const to = parsed.all('o')[i]?.replace(/#(\d)/g, (mark, n: string) => words[Number(n) - 1] ?? mark);
				code = await transfer(call, space, parsed, jar, text, to, urlnum++);
				if (code !== 0 && values.has('fail-early')) break;
			}
		if (code !== 0 && values.has('fail-early')) break;
	}
	const to = values.get('c');
	if (to === '-') call.out(jarText(jar));
	else if (to !== undefined) await call.files.write(to, jarText(jar));
	return code;
}

/** Why it is tried again; undefined of what stands (src/tool_operate.c). */
function transient({ code, facts }: Exchange, { values }: Options): string | undefined {
	if (code === 28) return 'timeout';
	if (code === 7 && values.has('retry-connrefused')) return 'connection refused';
	const status = Number(facts.get('http_code'));
	if ((code === 0 || code === 22) && [408, 429, 500, 502, 503, 504].includes(status)) return 'HTTP error';
	return code > 0 && values.has('retry-all-errors') ? '(retrying all errors)' : undefined;
}

/** A URL and, with -L, those that it leads to. */
async function followed(
	call: Call,
	space: Space,
	options: Options,
	jar: Jar,
	first: Url,
	from: number | undefined,
): Promise<{ readonly result: Exchange; readonly heads: string }> {
	const { values } = options;
	const most = Number(values.get('max-redirs') ?? 50);
	const began = call.lab.now;
	const start = from === undefined ? {} : { from };
	let url = first;
	let heads = '';
	let go: { method?: string; bare?: boolean; from?: number } = start;
	for (let n = 0; ; n++) {
		const last = call.lab.now;
		const result = await exchange(call, space, options, url, jar, go);
		const head = result.head ?? '';
		heads += head;
		const now = Math.floor(call.lab.epoch + call.lab.now / 1e6);
		for (const line of setCookies(jar, head, url.host, url.target, now)) if (values.has('v')) call.err(`${line}\n`);
		result.facts.set('num_redirects', n);
		if (n > 0) result.facts.set('time_redirect', ((last - began) / 1e6).toFixed(6));
		const location = /^location:\s*(.*?)\r?$/im.exec(head)?.[1];
		const status = Number(result.facts.get('http_code'));
		if (location !== undefined && location !== '') result.facts.set('redirect_url', redirectUrl(url, location));
		const follows = values.has('L') || values.has('location-trusted');
		if (!follows || result.code !== 0 || location === undefined || status < 300 || status > 399 || status === 304) {
			if (follows) result.facts.set('redirect_url', '');
			return { result, heads };
		}
		if (most >= 0 && n >= most) {
			const message = `Maximum (${most}) redirects followed`;
			result.facts.set('exitcode', 47);
			result.facts.set('errormsg', message);
			return { result: { ...result, code: 47, message }, heads };
		}
		const text = redirectUrl(url, location);
		const next = parseUrl(text);
		if ('code' in next) return { result: { ...result, code: next.code, message: next.message }, heads };
		if (values.has('v')) call.err(`* Issue another request to this URL: '${text}'\n`);
		const method = String(result.facts.get('method'));
		const becomes =
			status === 303 && method !== 'HEAD'
				? 'GET'
				: method === 'POST' && (status === 301 || status === 302) && !values.has(`post${status}`)
					? 'GET'
					: undefined;
		if (becomes !== undefined && values.has('v') && method !== 'GET') call.err('* Switch from POST to GET\n');
		go = {
			...start,
			...(becomes !== undefined && !values.has('X')
				? { method: becomes }
				: go.method === undefined
					? {}
					: { method: go.method }),
			bare:
				!values.has('location-trusted') &&
				(next.host !== first.host || next.port !== first.port || next.tls !== first.tls),
		};
		url = next;
	}
}

async function transfer(
	call: Call,
	space: Space,
	options: Options,
	jar: Jar,
	text: string,
	output: string | undefined,
	urlnum: number,
): Promise<number> {
	const { values } = options;
	const quiet = values.has('s') && !values.has('S');
	const url = parseUrl(text);
	if ('code' in url) {
		// What the lab lacks is said to whoever wants to hear nothing, too.
		if (!quiet || url.lacks) call.err(`curl: (${url.code}) ${url.message}\n`);
		return url.code;
	}
	const folder = values.get('output-dir');
	const named = values.has('O') || values.has('remote-name-all');
	const given =
		named && output === undefined
			? url.target
					.replace(/[?#].*$/, '')
					.split('/')
					.at(-1)
			: output;
	if (named && given === '') {
		call.err('curl: Remote file name has no length!\n');
		return 23;
	}
	const toFile = given !== undefined && given !== '-';
	const path = toFile && folder !== undefined ? `${folder.replace(/\/$/, '')}/${given}` : given;
	const resumes = values.get('C');
	const there = resumes === '-' && toFile ? ((await call.files.readBytes(path!)) ?? new Uint8Array(0)) : undefined;
	const from = there ? there.length : resumes !== undefined && resumes !== '-' ? Number(resumes) : undefined;
	const began = call.lab.now;
	let { result, heads } = await followed(call, space, options, jar, url, from || undefined);
	let pause = 1;
	for (let left = Number(values.get('retry') ?? 0); left > 0; left--) {
		const why = transient(result, options);
		if (why === undefined) break;
		const after = /^retry-after:\s*(\d+)/im.exec(result.head ?? '')?.[1];
		const wait = after !== undefined ? Number(after) : Number(values.get('retry-delay') ?? 0) || pause;
		const most = Number(values.get('retry-max-time') ?? 0);
		if (most > 0 && (call.lab.now - began) / 1e6 + wait > most) break;
		call.err(`Warning: Transient problem: ${why} Will retry in ${wait} seconds. ${left} retries left.\n`);
		await call.sleep(wait * 1e6);
		pause = Math.min(600, pause * 2);
		({ result, heads } = await followed(call, space, options, jar, url, from || undefined));
	}
	const shows = values.has('i') || values.has('I');
	let body = values.has('I') ? new Uint8Array(0) : (result.body ?? new Uint8Array(0));
	if (values.has('compressed') && /^content-encoding:\s*(?:x-)?gzip/im.test(result.head ?? ''))
		body = await gunzip(body);
	if (from && result.code === 0 && result.facts.get('http_code') !== '206') {
		const message = "HTTP server doesn't seem to support byte ranges. Cannot resume.";
		result = { ...result, code: 33, message };
		body = new Uint8Array(0);
	}
	const dump = values.get('D');
	if (dump === '-') call.out(heads);
	else if (dump !== undefined && heads !== '') await call.files.write(dump, heads);
	const shown = utf8(shows ? heads : '');
	const before = there && result.code === 0 ? there : new Uint8Array(0);
	const all = new Uint8Array(before.length + shown.length + body.length);
	all.set(before);
	all.set(shown, before.length);
	all.set(body, before.length + shown.length);
	if (!values.has('s') && !values.has('no-progress-meter') && (toFile || !call.tty))
		call.err(values.has('#') ? BAR : meter(body.length, call.lab.now - began));
	let { code, message } = result;
	if (toFile && (result.head !== undefined || result.code === 0) && code !== 22) {
		if (path !== '/dev/null') {
			const name = path!.includes('/') ? path!.slice(0, path!.lastIndexOf('/')) || '/' : '.';
			if (!values.has('create-dirs') && (await call.files.list(name)) === undefined) {
				if (!quiet) call.err(`Warning: Failed to open the file ${path}: No such file or directory\n`);
				code = 23;
				message = `Failure writing output to destination`;
			} else if (values.has('create-dirs'))
				await call.filesAt(call.place).write(path!.startsWith('/') ? path! : `${call.cwd}/${path}`, all);
			else await call.files.write(path!, all);
		}
	} else if (all.length > 0 && !toFile) call.out(textOf(all));
	if (values.has('w')) {
		const format = values.get('w')!;
		const read =
			format === '@-' ? call.stdin : format.startsWith('@') ? await call.files.read(format.slice(1)) : undefined;
		result.facts.set('filename_effective', path ?? '');
		result.facts.set('urlnum', urlnum);
		writeOut(call, read ?? format, result.facts);
	}
	if (code !== 0 && !quiet) call.err(`curl: (${code}) ${message}\n`);
	return code;
}

async function gunzip(octets: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
	const stream = new Blob([octets.slice()]).stream().pipeThrough(new DecompressionStream('gzip'));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}

export const curl: Tool = {
	name: 'curl',
	at: hasTool('curl'),
	// An API server may be asked, which knows roles then.
	run: async (call) => {
		await loadApiServer();
		return withSpace(call, (space) => run(call, space));
	},
};
