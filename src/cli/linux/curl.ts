/**
 * curl 7.81: HTTP to whatever listens. Messages and exit codes: docs/libcurl/libcurl-errors, lib/connect.c, lib/multi.c,
 * src/tool_getparam.c, src/tool_writeout.c @ curl-7_81_0.
 */
import { deviceByName } from '../../sim/linux/index.ts';
import { formatIp, type Ip, parseIp, utf8 } from '../../sim/wire/index.ts';
import type { Call, Tool } from '../tool.ts';
import { dial } from './dial.ts';
import { isTls, textOf, tlsPlain, tlsRecord } from './http.ts';
import { hasTool } from './images.ts';
import { resolve } from './resolve.ts';
import { type Space, withSpace } from './space.ts';
import { decimals, ERRNO, getopt, type Options } from './words.ts';

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
];

const TRY = "curl: try 'curl --help' or 'curl --manual' for more information\n";

interface Url {
	readonly text: string;
	readonly tls: boolean;
	readonly host: string;
	readonly port: number;
	/** Whether the port stood there. */
	readonly explicit: boolean;
	readonly target: string;
}

function parseUrl(text: string): Url | { readonly code: number; readonly message: string } {
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
	if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
		return { code: 1, message: `Protocol "${scheme}" not supported or disabled in libcurl` };
	const rest = scheme === undefined ? text : text.slice(scheme.length + 3);
	const match = /^(?:[^/?#@]*@)?([^/?#:]*)(?::([^/?#]*))?([^#]*)/.exec(rest)!;
	const [, host = '', port, path = ''] = match;
	if (port !== undefined && !/^\d*$/.test(port))
		return { code: 3, message: 'URL using bad/illegal format or missing URL' };
	if (host === '' || /\s/.test(text) || (port !== undefined && Number(port) > 65535))
		return { code: 3, message: 'URL using bad/illegal format or missing URL' };
	const tls = scheme === 'https';
	return {
		text,
		tls,
		host,
		port: port ? Number(port) : tls ? 443 : 80,
		explicit: Boolean(port),
		target: path === '' ? '/' : path.startsWith('?') ? `/${path}` : path,
	};
}

/** `{a,b}` and `[1-3]`, curl's own. */
function globbed(text: string): readonly string[] {
	const match = /\{([^{}]*)\}|\[(\d+)-(\d+)\]/.exec(text);
	if (!match) return [text];
	const [all, list, from, to] = match;
	const words =
		list !== undefined
			? list.split(',')
			: Array.from({ length: Math.min(1000, Math.max(0, Number(to) - Number(from) + 1)) }, (_, i) =>
					String(Number(from) + i),
				);
	return words.flatMap((word) => globbed(text.slice(0, match.index) + word + text.slice(match.index + all.length)));
}

/** Version by the system it came with; before 7.80 the error of connect() had no time in it. */
const versionAt = (call: Call): string => (call.place.kind === 'node' ? '7.74.0' : '7.81.0');

const failedText = (call: Call, { host, port }: Url, ms: number, why: string): string =>
	call.place.kind === 'node'
		? `Failed to connect to ${host} port ${port}: ${why}`
		: `Failed to connect to ${host} port ${port} after ${ms} ms: ${why}`;

interface Exchange {
	code: number;
	message?: string;
	/** What `-w` prints. */
	readonly facts: Map<string, string | number>;
	body?: Uint8Array;
	head?: string;
}

async function requestBody(
	call: Call,
	options: Options,
): Promise<string | undefined | { readonly code: number; readonly message: string }> {
	const parts: string[] = [];
	for (const name of ['d', 'data-raw', 'data-binary', 'data-urlencode', 'json'])
		for (const value of options.all(name)) {
			if (value.startsWith('@') && name !== 'data-raw') {
				const path = value.slice(1);
				const text = path === '-' ? call.stdin : await call.files.read(path);
				if (text === undefined) {
					call.err(`Warning: Couldn't read data from file "${path}", this makes an empty POST.\n`);
					parts.push('');
					continue;
				}
				parts.push(name === 'd' ? text.replace(/[\r\n]/g, '') : text);
			} else parts.push(name === 'data-urlencode' ? encodeURIComponent(value) : value);
		}
	return parts.length > 0 ? parts.join('&') : undefined;
}

async function addressOf(call: Call, space: Space, options: Options, url: Url): Promise<Ip | undefined> {
	for (const entry of options.all('resolve')) {
		const [, host, port, address] = /^[+-]?([^:]+):(\d+):(.+)$/.exec(entry) ?? [];
		if ((host === url.host || host === '*') && Number(port) === url.port)
			return parseIp(address!.replace(/[[\]]/g, ''));
	}
	const found = await resolve(call, space, url.host);
	return 'ip' in found ? found.ip : undefined;
}

async function exchange(call: Call, space: Space, options: Options, url: Url): Promise<Exchange> {
	const { values } = options;
	const verbose = (text: string): void => {
		if (values.has('v')) call.err(`${text}\n`);
	};
	const began = call.lab.now;
	const facts: Exchange['facts'] = new Map<string, string | number>([
		['http_code', '000'],
		['response_code', '000'],
		['num_connects', 0],
		['url', url.text],
		[
			'url_effective',
			/^https?:/.test(url.text)
				? url.text
				: `http://${url.text}${url.target === '/' && !url.text.endsWith('/') ? '/' : ''}`,
		],
		['remote_ip', ''],
		['remote_port', 0],
		['local_ip', ''],
		['local_port', 0],
		['size_download', 0],
		['size_header', 0],
		['size_request', 0],
		['http_version', 0],
		['num_redirects', 0],
		['content_type', ''],
		['scheme', url.tls ? 'HTTPS' : 'HTTP'],
	]);
	const seconds = (us: number): string => decimals(us / 1e6, 6);
	const time = (name: string, us: number): void => void facts.set(name, seconds(us));
	for (const name of [
		'time_namelookup',
		'time_connect',
		'time_appconnect',
		'time_pretransfer',
		'time_starttransfer',
		'time_redirect',
	])
		time(name, 0);
	const fail = (code: number, message: string): Exchange => {
		time('time_total', call.lab.now - began);
		facts.set('exitcode', code);
		facts.set('errormsg', message);
		return { code, message, facts };
	};

	const ip = await addressOf(call, space, options, url);
	if (ip === undefined) {
		verbose(`* Could not resolve host: ${url.host}`);
		verbose('* Closing connection 0');
		return fail(6, `Could not resolve host: ${url.host}`);
	}
	const lookup = call.lab.now - began;
	time('time_namelookup', lookup);
	let src: Ip | undefined;
	const from = values.get('interface');
	if (from !== undefined) {
		const name = from.replace(/^(?:if|host)!/, '');
		src = parseIp(name) ?? deviceByName(space.ns(), name)?.addresses[0]?.ip;
		if (src === undefined) return fail(45, `Couldn't bind to '${name}'`);
	}
	const sport = values.get('local-port');
	const ports = /^(\d+)(?:-(\d+))?$/.exec(sport ?? '');
	if (sport !== undefined && (!ports || Number(ports[1]) < 1 || Number(ports[1]) > 65535))
		return fail(2, `option --local-port: expected a proper numerical parameter`);
	const limit = Number(values.get('m') ?? 0) * 1e6;
	const connectLimit = Number(values.get('connect-timeout') ?? 0) * 1e6;
	const given = await requestBody(call, options);
	if (typeof given === 'object') return fail(given.code, given.message);
	const inQuery = given !== undefined && values.has('G');
	const body = inQuery ? undefined : given;
	const target = inQuery ? `${url.target}${url.target.includes('?') ? '&' : '?'}${given}` : url.target;
	const method = values.get('X') ?? (values.has('I') ? 'HEAD' : body === undefined ? 'GET' : 'POST');
	const own = new Map<string, string>([
		['Host', `${url.host}${url.explicit && url.port !== (url.tls ? 443 : 80) ? `:${url.port}` : ''}`],
		...(values.has('u') ? [['Authorization', `Basic ${btoa(values.get('u')!)}`] as const] : []),
		['User-Agent', values.get('A') ?? `curl/${versionAt(call)}`],
		['Accept', values.has('json') ? 'application/json' : '*/*'],
	]);
	if (body !== undefined) {
		own.set('Content-Length', String(utf8(body).length));
		own.set('Content-Type', values.has('json') ? 'application/json' : 'application/x-www-form-urlencoded');
	}
	const extra: string[] = [];
	for (const header of options.all('H')) {
		const name = header.slice(0, Math.max(0, header.search(/[:;]/)));
		const known = [...own.keys()].find((key) => key.toLowerCase() === name.toLowerCase());
		if (header.slice(name.length + 1).trim() === '' && header[name.length] === ':') known && own.delete(known);
		else if (known) own.set(known, header.slice(name.length + 1).trim());
		else extra.push(header.endsWith(';') ? `${name}:` : header);
	}
	const head = [
		`${method} ${target} HTTP/${values.has('0') ? '1.0' : '1.1'}`,
		...[...own].map(([key, value]) => `${key}: ${value}`),
		...extra,
	];
	const request = utf8(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`);
	const address = formatIp(ip);
	verbose(`*   Trying ${address}:${url.port}...`);
	const done = await dial(call, space, {
		protocol: 'tcp',
		dst: ip,
		dport: url.port,
		data: url.tls ? tlsRecord(request) : request,
		deadline: Math.min(limit > lookup ? limit - lookup : Number.POSITIVE_INFINITY, connectLimit || 300e6),
		...(src === undefined ? {} : { src }),
		...(ports ? { sport: Number(ports[1]) } : {}),
	});
	if (!('client' in done))
		return done.errno === 'EADDRINUSE'
			? fail(45, 'bind failed with errno 98: Address already in use')
			: fail(7, "Couldn't connect to server");
	const { client, connected, errno, took } = done;
	const reply = client.outcome?.reply ?? new Uint8Array(0);
	const ms = Math.floor((call.lab.now - began) / 1000);
	if (client.outcome?.result !== 'connected' && connected === undefined) {
		const why = ERRNO[errno ?? ''];
		if (errno === undefined) {
			verbose(`* Connection timed out after ${ms} milliseconds`);
			verbose('* Closing connection 0');
			return fail(28, `Connection timed out after ${ms} milliseconds`);
		}
		// connect() refused at once: no packet went.
		if (took === 0 && errno !== 'ECONNREFUSED' && errno !== 'ETIMEDOUT') {
			verbose(`* Immediate connect fail for ${address}: ${why}`);
			verbose('* Closing connection 0');
			return fail(
				errno === 'EADDRNOTAVAIL' && src !== undefined ? 45 : 7,
				errno === 'EADDRNOTAVAIL' && src !== undefined
					? `bind failed with errno 99: ${why}`
					: "Couldn't connect to server",
			);
		}
		verbose(`* connect to ${address} port ${url.port} failed: ${why}`);
		verbose(`* ${failedText(call, url, ms, why!)}`);
		verbose('* Closing connection 0');
		return fail(errno === 'ETIMEDOUT' ? 28 : 7, failedText(call, url, ms, why!));
	}
	facts.set('num_connects', 1);
	facts.set('remote_ip', address);
	facts.set('remote_port', url.port);
	facts.set('local_ip', formatIp(client.local?.ip ?? 0));
	facts.set('local_port', client.local?.port ?? 0);
	time('time_connect', lookup + (connected ?? took));
	time('time_pretransfer', lookup + (connected ?? took));
	time('time_starttransfer', lookup + took);
	verbose(`* Connected to ${url.host} (${address}) port ${url.port} (#0)`);
	if (url.tls) {
		if (reply.length > 0 && !isTls(reply)) {
			verbose('* Closing connection 0');
			return fail(35, 'error:0A00010B:SSL routines::wrong version number');
		}
		if (!values.has('k') && !values.has('cacert')) {
			verbose('* Closing connection 0');
			return fail(
				60,
				`SSL certificate problem: unable to get local issuer certificate
More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.`,
			);
		}
		verbose('* (TLS: the simulator exchanges no handshake and encrypts nothing)');
	}
	for (const line of [...head, '']) verbose(`> ${line}`);
	facts.set('size_request', request.length);
	if (errno === 'ECONNRESET') {
		verbose('* Recv failure: Connection reset by peer');
		verbose('* Closing connection 0');
		return fail(56, 'Recv failure: Connection reset by peer');
	}
	const octets = url.tls ? tlsPlain(reply) : reply;
	if (octets.length === 0) {
		if (limit > 0 && call.lab.now - began >= limit) {
			verbose(`* Operation timed out after ${ms} milliseconds with 0 bytes received`);
			verbose('* Closing connection 0');
			return fail(28, `Operation timed out after ${ms} milliseconds with 0 bytes received`);
		}
		verbose('* Empty reply from server');
		verbose('* Closing connection 0');
		return fail(52, 'Empty reply from server');
	}
	return readReply(call, options, url, octets, {
		facts,
		fail,
		verbose,
		total: () => time('time_total', call.lab.now - began),
	});
}

function readReply(
	call: Call,
	options: Options,
	url: Url,
	octets: Uint8Array,
	at: {
		facts: Exchange['facts'];
		fail(code: number, message: string): Exchange;
		verbose(text: string): void;
		total(): void;
	},
): Exchange {
	const { facts, fail, verbose } = at;
	const text = textOf(octets);
	const status = /^HTTP\/(\d(?:\.\d)?) (\d{3})/.exec(text);
	if (!status) return fail(1, 'Received HTTP/0.9 when not allowed');
	const end = text.indexOf('\r\n\r\n');
	const head = text.slice(0, end < 0 ? text.length : end + 4);
	const body = octets.subarray(utf8(head).length);
	verbose('* Mark bundle as not supporting multiuse');
	if (status[1] === '1.0') verbose('* HTTP 1.0, assume close after body');
	for (const line of head.replace(/\r\n$/, '').split('\r\n')) verbose(`< ${line}`);
	if (!call.tty && body.length > 0) verbose(`{ [${body.length} bytes data]`);
	facts.set('http_code', status[2]!);
	facts.set('response_code', status[2]!);
	facts.set('http_version', status[1]!.replace('1.0', '1'));
	facts.set('size_header', utf8(head).length);
	facts.set('size_download', options.values.has('I') ? 0 : body.length);
	facts.set('content_type', /^content-type:\s*(.*)$/im.exec(head)?.[1]?.trim() ?? '');
	if (options.values.has('f') && Number(status[2]) >= 400) {
		verbose(`* The requested URL returned error: ${status[2]}`);
		verbose('* Closing connection 0');
		return fail(22, `The requested URL returned error: ${status[2]}`);
	}
	verbose(status[1] === '1.0' ? '* Closing connection 0' : `* Connection #0 to host ${url.host} left intact`);
	at.total();
	facts.set('exitcode', 0);
	facts.set('errormsg', '');
	return { code: 0, facts, head, body };
}

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
			left > 0 && (result.code === 28 || (result.code === 7 && values.has('retry-connrefused')));
			left--
		) {
			const pause = Number(values.get('retry-delay') ?? 1);
			call.err(
				`Warning: Transient problem: ${result.code === 28 ? 'timeout' : 'connection refused'} Will retry in ${pause} seconds. ${left} retries left.\n`,
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
	run: (call) => withSpace(call, (space) => run(call, space)),
};
