/** One request of curl and its answer: resolve, connect, send, read (lib/connect.c, lib/multi.c @ curl-7_81_0). */

import { imageFacts, imageRelease } from '../../sim/lab/index.ts';
import { deviceByName } from '../../sim/linux/index.ts';
import { formatIp, type Ip, parseIp, utf8 } from '../../sim/wire/index.ts';
import { loadExpressionsOf } from '../kube/expressions.ts';
import type { Call } from '../tool.ts';
import { requestBody } from './curl-body.ts';
import { addressOf, connectAt, toldFirst } from './curl-connect.ts';
import { cookieHeader, type Jar } from './curl-cookies.ts';
import { type Exchange, readReply } from './curl-reply.ts';
import type { Url } from './curl-url.ts';
import { dial } from './dial.ts';
import { isTls, shownCertificates, textOf, tlsPlain, tlsRecord } from './http.ts';
import { imageAt } from './images.ts';

import type { Space } from './space.ts';
import { decimals, ERRNO, type Options } from './words.ts';

/** Version by the system it came with: bullseye's, bookworm's, jammy's. */
export function versionAt({ place, lab }: Call): string {
	if (place.kind === 'node') return '7.74.0';
	const image = imageAt(place, lab);
	if (image === undefined || imageFacts(image).system !== 'debian') return '7.81.0';
	return { '11': '7.74.0', '12': '7.88.1' }[imageRelease(image)] ?? '7.81.0';
}

/** Before 7.80 the error of connect() had no time in it; since 7.87 it is curl's own that is said (lib/connect.c). */
function failedText(call: Call, { host, port }: Pick<Url, 'host' | 'port'>, ms: number, why: string): string {
	const version = versionAt(call);
	if (version === '7.74.0') return `Failed to connect to ${host} port ${port}: ${why}`;
	const said = why === 'Connection timed out' ? 'Timeout was reached' : "Couldn't connect to server";
	return `Failed to connect to ${host} port ${port} after ${ms} ms: ${version === '7.88.1' ? said : why}`;
}

/** Headers of `-H`, and those of files: `-H @name`. */
async function customHeaders(call: Call, options: Options): Promise<readonly string[]> {
	const out: string[] = [];
	for (const word of options.all('H')) {
		if (!word.startsWith('@')) out.push(word);
		else {
			const text = word === '@-' ? call.stdin : await call.files.read(word.slice(1));
			out.push(...(text ?? '').split(/\r?\n/).filter((line) => line !== ''));
		}
	}
	return out;
}

/** @param go how a redirect changed what is asked: its method, and whether who asks is told */
export async function exchange(
	call: Call,
	space: Space,
	options: Options,
	url: Url,
	jar: Jar,
	go: { readonly method?: string; readonly bare?: boolean; readonly from?: number } = {},
): Promise<Exchange> {
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
		['size_upload', 0],
		['speed_download', 0],
		['speed_upload', 0],
		['num_headers', 0],
		['ssl_verify_result', 0],
		['http_connect', '000'],
		['proxy_ssl_verify_result', 0],
		['ftp_entry_path', ''],
		['redirect_url', ''],
		['referer', values.get('e') ?? ''],
		['method', ''],
		['urlnum', 0],
		['filename_effective', ''],
		['exitcode', 0],
		['errormsg', ''],
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

	const six = /^\[(.*)\]$/.exec(url.host)?.[1];
	if (six !== undefined) {
		// The kernel of the lab has addresses of IPv6, and no routes and no sockets for them.
		const loopback = six === '::1';
		verbose(`*   Trying ${six}:${url.port}...`);
		verbose(
			`* ${loopback ? `connect to ${six} port ${url.port} failed: Connection refused` : `Immediate connect fail for ${six}: Network is unreachable`}`,
		);
		verbose('* Closing connection 0');
		return fail(
			7,
			loopback ? failedText(call, { ...url, host: six }, 0, 'Connection refused') : "Couldn't connect to server",
		);
	}
	const limit = Number(values.get('m') ?? 0) * 1e6;
	const connectLimit = Number(values.get('connect-timeout') ?? 0) * 1e6;
	const until = began + Math.min(limit || Number.POSITIVE_INFINITY, connectLimit || 300e6);
	const at = connectAt(options, url);
	for (const line of toldFirst(options, url)) verbose(line);
	const ip =
		values.has('6') && parseIp(url.host) === undefined ? undefined : await addressOf(call, space, options, url, until);
	if (ip === 'late') {
		const late = `Resolving timed out after ${Math.floor((call.lab.now - began) / 1000)} milliseconds`;
		verbose(`* ${late}`);
		verbose('* Closing connection 0');
		return fail(28, late);
	}
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
	const given = await requestBody(call, options);
	if (values.has('T') && url.target.endsWith('/') && values.get('T') !== '-')
		url = { ...url, target: `${url.target}${values.get('T')!.split('/').at(-1)}` };
	if (given && 'code' in given) return fail(given.code, given.message);
	const inQuery = given !== undefined && values.has('G');
	// It may be an object for an API server.
	if (given && !inQuery) await loadExpressionsOf(textOf(given.octets));
	const bodied = go.method === undefined || (go.method !== 'GET' && go.method !== 'HEAD');
	const body = inQuery || !bodied ? undefined : given;
	const asked = values.get('request-target') ?? url.target;
	const target = inQuery ? `${asked}${asked.includes('?') ? '&' : '?'}${textOf(given.octets)}` : asked;
	const method =
		go.method ??
		values.get('X') ??
		(values.has('I') ? 'HEAD' : values.has('T') ? 'PUT' : body === undefined ? 'GET' : 'POST');
	facts.set('method', method);
	const user = values.get('u') ?? url.user;
	const range = values.get('r') ?? (go.from === undefined ? undefined : `${go.from}-`);
	const cookies = cookieHeader(jar, url.host, target, url.tls, Math.floor(call.lab.epoch + call.lab.now / 1e6));
	const own = new Map<string, string>([
		['Host', `${url.host}${url.explicit && url.port !== (url.tls ? 443 : 80) ? `:${url.port}` : ''}`],
		...(user !== undefined && !go.bare
			? [['Authorization', `Basic ${btoa(user.includes(':') ? user : `${user}:`)}`] as const]
			: []),
		...(range === undefined ? [] : [['Range', `bytes=${range}`] as const]),
		['User-Agent', values.get('A') ?? `curl/${versionAt(call)}`],
		['Accept', values.has('json') ? 'application/json' : '*/*'],
		...(values.has('compressed') ? [['Accept-Encoding', 'deflate, gzip, br, zstd'] as const] : []),
		...(values.has('e') ? [['Referer', values.get('e')!.replace(/;auto$/, '')] as const] : []),
		...(cookies === '' ? [] : [['Cookie', cookies] as const]),
	]);
	if (values.get('A') === '') own.delete('User-Agent');
	const behind: string[] = [];
	if (body !== undefined) {
		behind.push(`Content-Length: ${body.octets.length}`);
		if (body.type !== undefined) behind.push(`Content-Type: ${body.type}`);
	}
	const extra: string[] = [];
	for (const header of await customHeaders(call, options)) {
		const name = header.slice(0, Math.max(0, header.search(/[:;]/)));
		const low = name.toLowerCase();
		if (go.bare && (low === 'authorization' || low === 'cookie')) continue;
		const known = [...own.keys()].find((key) => key.toLowerCase() === low);
		const at = behind.findIndex((line) => line.toLowerCase().startsWith(`${low}:`));
		if (at >= 0) behind.splice(at, 1);
		const value = header.slice(name.length + 1).trim();
		if (known === 'Host' && value !== '') own.set('Host', value);
		else {
			if (known) own.delete(known);
			if (value !== '') extra.push(`${name}: ${value}`);
			else if (header[name.length] === ';') extra.push(`${name}:`);
		}
	}
	const head = [
		`${method} ${target} HTTP/${values.has('0') ? '1.0' : '1.1'}`,
		...[...own].map(([key, value]) => `${key}: ${value}`),
		...extra,
		...behind,
	];
	const first = utf8(`${head.join('\r\n')}\r\n\r\n`);
	const sent = body?.octets ?? new Uint8Array(0);
	const request = new Uint8Array(first.length + sent.length);
	request.set(first);
	request.set(sent, first.length);
	facts.set('size_upload', sent.length);
	const address = formatIp(ip);
	verbose(`*   Trying ${address}:${at.port}...`);
	const done = await dial(call, space, {
		protocol: 'tcp',
		dst: ip,
		dport: at.port,
		data: url.tls ? tlsRecord(request) : request,
		deadline: until - call.lab.now,
		...(src === undefined ? {} : { src }),
		...(ports ? { sport: Number(ports[1]) } : {}),
	});
	if (!('client' in done))
		return done.errno === 'EADDRINUSE'
			? fail(45, 'bind failed with errno 98: Address already in use')
			: fail(7, "Couldn't connect to server");
	const { client, connected, errno, took, told } = done;
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
		if (took === 0 && !told && errno !== 'ECONNREFUSED' && errno !== 'ETIMEDOUT') {
			verbose(`* Immediate connect fail for ${address}: ${why}`);
			verbose('* Closing connection 0');
			return fail(
				errno === 'EADDRNOTAVAIL' && src !== undefined ? 45 : 7,
				errno === 'EADDRNOTAVAIL' && src !== undefined
					? `bind failed with errno 99: ${why}`
					: "Couldn't connect to server",
			);
		}
		verbose(`* connect to ${address} port ${at.port} failed: ${why}`);
		verbose(`* ${failedText(call, at, ms, why!)}`);
		verbose('* Closing connection 0');
		return fail(errno === 'ETIMEDOUT' ? 28 : 7, failedText(call, at, ms, why!));
	}
	facts.set('num_connects', 1);
	facts.set('remote_ip', address);
	facts.set('remote_port', at.port);
	facts.set('local_ip', formatIp(client.local?.ip ?? 0));
	facts.set('local_port', client.local?.port ?? 0);
	time('time_connect', lookup + (connected ?? took));
	time('time_pretransfer', lookup + (connected ?? took));
	time('time_starttransfer', lookup + took);
	verbose(`* Connected to ${at.host} (${address}) port ${at.port} (#0)`);
	if (url.tls) {
		if (reply.length > 0 && !isTls(reply)) {
			verbose('* Closing connection 0');
			return fail(35, 'error:0A00010B:SSL routines::wrong version number');
		}
		const chain = shownCertificates(reply);
		const refused = (problem: string): Exchange => {
			verbose('* Closing connection 0');
			return fail(
				60,
				`${problem}
More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.`,
			);
		};
		const file = values.get('cacert');
		const authorities = file === undefined ? '' : await call.files.read(file);
		if (authorities === undefined)
			return fail(77, `error setting certificate verify locations:  CAfile: ${file} CApath: none`);
		if (chain.length > 0) {
			const { verify } = await import('./curl-tls.ts');
			const now = call.lab.epoch + call.lab.now / 1e6;
			const { problem, mismatch, told } = verify(chain, authorities, url.host, now);
			for (const line of told) verbose(line);
			if (!values.has('k')) {
				if (problem !== undefined) {
					facts.set('ssl_verify_result', problem === 'self-signed certificate' ? 18 : 20);
					return refused(`SSL certificate problem: ${problem}`);
				}
				if (mismatch !== undefined) return refused(mismatch);
				verbose('*  SSL certificate verify ok.');
			} else if (problem !== undefined)
				verbose(
					`*  SSL certificate verify result: ${problem} (${problem === 'self-signed certificate' ? 18 : 20}), continuing anyway.`,
				);
		} else if (!values.has('k') && file === undefined)
			return refused('SSL certificate problem: unable to get local issuer certificate');
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
		method,
		facts,
		fail,
		verbose,
		total: () => time('time_total', call.lab.now - began),
	});
}
