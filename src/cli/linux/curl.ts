/**
 * curl 7.81: HTTP to whatever listens. Messages and exit codes: docs/libcurl/libcurl-errors, lib/connect.c, lib/multi.c,
 * src/tool_getparam.c, src/tool_writeout.c @ curl-7_81_0.
 */

import { utf8 } from '../../sim/wire/index.ts';
import type { Call, Tool } from '../tool.ts';
import { loadApiServer } from './api-later.ts';
import { exchange, versionAt } from './curl-exchange.ts';
import { globbed, parseUrl } from './curl-url.ts';
import { textOf } from './http.ts';
import { hasTool } from './images.ts';
import { resolve } from './resolve.ts';
import { type Space, withSpace } from './space.ts';
import { getopt } from './words.ts';

const SHORT = 'sSvm:o:w:IX:d:H:kLfiOA:u:46gG#Z0NTe:b:c:x:Q:r:z:K:qRJaC:E:F:p:tUY:y:P:D:';

const LONG = [
	'silent=>s',
	'show-error=>S',
	'verbose=>v',
	'max-time=>m',
	'connect-timeout=',
	'output=>o',
	'write-out=>w',
	'head=>I',
	'request=>X',
	'data=>d',
	'data-raw=',
	'data-binary=',
	'data-urlencode=',
	'header=>H',
	'insecure=>k',
	'location=>L',
	'fail=>f',
	'include=>i',
	'remote-name=>O',
	'user-agent=>A',
	'user=>u',
	'ipv4=>4',
	'ipv6=>6',
	'globoff=>g',
	'get=>G',
	'url=',
	'local-port=',
	'interface=',
	'resolve=',
	'cacert=',
	'cert=',
	'key=',
	'http1.0=>0',
	'http1.1',
	'retry=',
	'retry-delay=',
	'retry-connrefused',
	'no-progress-meter',
	'progress-bar=>#',
	'version=>V',
	'help=>h',
	'haproxy-protocol',
	'keepalive-time=',
	'no-keepalive',
	'path-as-is',
	'compressed',
	'json=',
	'connect-to=',
	'unix-socket=',
	'fail-with-body',
	'http2',
	'tcp-nodelay',
	'parallel=>Z',
	'retry-all-errors',
	'retry-max-time=',
	'upload-file=>T',
	'proxy=>x',
	'noproxy=',
	'referer=>e',
	'no-buffer=>N',
	'create-dirs',
	'fail-early',
	'tlsv1.2',
	'tlsv1.3',
	'ciphers=',
	'max-redirs=',
	'cookie=>b',
	'remote-time=>R',
	'ssl-no-revoke',
];

const TRY = "curl: try 'curl --help' or 'curl --manual' for more information\n";

/** `-w`: `%{name}`, `%%`, `\n`, `\t`, `\r` (src/tool_writeout.c). */
function writeOut(format: string, facts: ReadonlyMap<string, string | number>): string {
	return format.replace(/%\{([^}]*)\}|%%|\\([nrt])/g, (all, name: string | undefined, special: string | undefined) => {
		if (name !== undefined) return facts.has(name) ? String(facts.get(name)) : '';
		if (special !== undefined) return special === 'n' ? '\n' : special === 't' ? '\t' : '\r';
		return all === '%%' ? '%' : all;
	});
}

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
	const parsed = getopt(call.args, { short: `${SHORT}Vh`, long: LONG });
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
	for (const name of ['m', 'connect-timeout', 'retry', 'retry-delay'])
		if (values.has(name) && !/^\d+(?:\.\d+)?$/.test(values.get(name)!)) {
			call.err(
				`curl: option ${name.length === 1 ? `-${name}` : `--${name}`}: expected a proper numerical parameter\n${TRY}`,
			);
			return 2;
		}
	const urls = [...parsed.all('url'), ...parsed.args].flatMap((url) => (values.has('g') ? [url] : globbed(url)));
	if (urls.length === 0) {
		call.err(`curl: no URL specified!\n${TRY}`);
		return 2;
	}
	if (values.has('unix-socket')) {
		call.err(`curl: (7) Couldn't connect to server\n`);
		return 7;
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
	let code = 0;
	const quiet = values.has('s') && !values.has('S');
	for (const [i, text] of urls.entries()) {
		call.check();
		const url = parseUrl(text);
		if ('code' in url) {
			if (!quiet) call.err(`curl: (${url.code}) ${url.message}\n`);
			code = url.code;
			continue;
		}
		const began = call.lab.now;
		let result = await exchange(call, space, parsed, url);
		for (
			let left = Number(values.get('retry') ?? 0);
			left > 0 &&
			(result.code === 28 ||
				(result.code === 7 && values.has('retry-connrefused')) ||
				(result.code > 0 && values.has('retry-all-errors')));
			left--
		) {
			const pause = Number(values.get('retry-delay') ?? 1);
			call.err(
				`Warning: Transient problem: ${result.code === 28 ? 'timeout' : result.code === 7 ? 'connection refused' : '(retrying all errors)'} Will retry in ${pause} seconds. ${left} retries left.\n`,
			);
			await call.sleep(pause * 1e6);
			result = await exchange(call, space, parsed, url);
		}
		const shown = utf8(values.has('i') || values.has('I') ? (result.head ?? '') : '');
		const body = values.has('I') ? new Uint8Array(0) : (result.body ?? new Uint8Array(0));
		const all = new Uint8Array(shown.length + body.length);
		all.set(shown);
		all.set(body, shown.length);
		const outputs = parsed.all('o');
		const path = values.has('O')
			? url.target.replace(/\?.*$/, '').split('/').at(-1)
			: outputs[Math.min(i, outputs.length - 1)];
		if (values.has('O') && !path && result.code === 0) {
			call.err('curl: Remote file name has no length!\n');
			code = 23;
			continue;
		}
		const toFile = path !== undefined && path !== '-';
		if (!values.has('s') && !values.has('no-progress-meter') && (toFile || !call.tty))
			call.err(meter(body.length, call.lab.now - began));
		if (toFile && result.code === 0) {
			if (path !== '/dev/null') await call.files.write(path!, all);
		} else if (all.length > 0) call.out(textOf(all));
		if (values.has('w')) {
			const format = values.get('w')!;
			const read = format.startsWith('@') ? await call.files.read(format.slice(1)) : undefined;
			call.out(writeOut(read ?? format, result.facts));
		}
		if (result.code !== 0 && !quiet) call.err(`curl: (${result.code}) ${result.message}\n`);
		code = result.code;
	}
	return code;
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
