/**
 * What kubectl tells of its requests with `-v=4` and more: one line each from 6, headers from 7, bodies from 8, a curl
 * command in the place of the request's headers from 9.
 *
 * Source: kubernetes staging/src/k8s.io/client-go/transport/round_trippers.go (DebugWrappers, RoundTrip),
 * rest/request.go (glogBody, truncateBody), kubectl/pkg/cmd/util/helpers.go (StandardErrorMessage) @ v0.24.0; its form
 * from 1.33 is round_trippers.go's @ v0.33.0. Go gives headers in no order; here each has its place.
 */
import { formatIp } from '../../sim/wire/index.ts';
import type { Run } from '../cobra/index.ts';
import { klog } from '../kube/klog.ts';
import { kubectlMinor, kubectlVersion, versionInfo } from './releases.ts';

export interface Sent {
	readonly method: string;
	/** With its query. */
	readonly path: string;
	readonly accept: string;
	readonly contentType?: string;
	/** What is sent; undefined for nothing. */
	readonly body?: unknown;
	/** Of the connection, when it is told. */
	readonly headers?: readonly (readonly [string, string])[];
}

export interface Got {
	readonly code: number;
	/** JSON, or the text as it came; absent for a stream. */
	readonly body?: unknown;
	readonly headers?: readonly (readonly [string, string])[];
}

const REASONS: Readonly<Record<number, string>> = {
	101: 'Switching Protocols',
	200: 'OK',
	201: 'Created',
	202: 'Accepted',
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	409: 'Conflict',
	410: 'Gone',
	415: 'Unsupported Media Type',
	422: 'Unprocessable Entity',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	503: 'Service Unavailable',
};

/** Line numbers of the sources, by kubectl's minor. */
const lines = (minor: number) => ({
	loader: minor < 25 ? 372 : minor < 28 ? 373 : 395,
	// The transport told of connections from 1.22 on.
	...(minor < 22
		? { url: 432, curl: 435, head: 438, header: 442, lookup: 0, dial: 0, timing: 454, statistics: 0, status: 457 }
		: {
				url: 463,
				curl: 466,
				head: 469,
				header: 473,
				lookup: 495,
				dial: 510,
				timing: 553,
				statistics: 570,
				status: 574,
			}),
	...(minor < 22 ? { back: 460, given: 463 } : { back: 577, given: 580 }),
	body: minor < 22 ? 1107 : minor < 24 ? 1181 : minor < 26 ? 1073 : minor < 27 ? 1154 : minor < 28 ? 1188 : 1212,
	helpers: minor < 22 ? 216 : minor < 24 ? 219 : minor < 26 ? 222 : 246,
});

/** From which minor on lines are key and value (contextual logging). */
const STRUCTURED = 33;

const bodyText = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

function truncated(text: string, level: number): string {
	const most = level >= 10 ? Number.POSITIVE_INFINITY : level === 9 ? 10_240 : 1024;
	return text.length <= most ? text : `${text.slice(0, most)} [truncated ${text.length - most} chars]`;
}

/** What net/http sends of itself stays out: these are the client's own. */
function headersOf(run: Run, { accept, contentType, headers = [] }: Sent): readonly (readonly [string, string])[] {
	const version = kubectlVersion(run.call.lab);
	const commit = versionInfo(version).gitCommit.slice(0, 7) || '$Format';
	return [
		['Accept', accept],
		...(contentType ? ([['Content-Type', contentType]] as const) : []),
		['User-Agent', `kubectl/${version} (linux/amd64) kubernetes/${commit}`],
		...headers,
	];
}

/** The log of one run of kubectl, as it goes on. */
export class RequestLog {
	readonly #run: Run;
	readonly #server: string;
	readonly #level: number;
	readonly #minor: number;
	/** Microseconds that requests have taken so far. */
	#spent = 1400;
	#connected = false;

	constructor(run: Run, server: string) {
		this.#run = run;
		this.#server = server;
		this.#level = run.flags.number('v');
		this.#minor = kubectlMinor(run.call.lab);
	}

	get loud(): boolean {
		return this.#level >= 6;
	}

	#say(where: string, text: string): void {
		klog(this.#run, 'I', where, text, this.#spent);
		this.#spent += 11;
	}

	#transport(line: number, text: string): void {
		this.#say(`round_trippers.go:${line}`, text);
	}

	#body(of: 'Request' | 'Response', body: unknown): void {
		if (this.#level < 8 || body === undefined) return;
		const text = truncated(bodyText(body), this.#level);
		if (this.#minor >= STRUCTURED) this.#say('type.go:165', `"${of} Body" body=${JSON.stringify(text)}`);
		else this.#say(`request.go:${lines(this.#minor).body}`, `${of} Body: ${text}`);
	}

	/** How long the server takes for a path, milliseconds. */
	#milliseconds(path: string): number {
		return 1 + this.#run.call.lab.random('kubectl', path, 9);
	}

	/** Tells of a request and its answer. */
	exchange(sent: Sent, got: Got): void {
		if (!this.loud) return;
		this.#body('Request', sent.body);
		const { method } = sent;
		const url = `${this.#server}${sent.path}`;
		const status = `${got.code} ${REASONS[got.code] ?? ''}`;
		const took = this.#milliseconds(sent.path);
		const headers = headersOf(this.#run, sent);
		const curl = `curl -v -X${method} ${headers.map(([k, v]) => ` -H ${JSON.stringify(`${k}: ${v}`)}`).join('')} '${url}'`;
		if (this.#minor >= STRUCTURED) this.#structured({ method, url, status, took, headers, curl }, got);
		else this.#plain({ method, url, status, took, headers, curl }, got);
		this.#connected = true;
		this.#body('Response', got.body);
	}

	#plain(at: Told, got: Got): void {
		const at_ = lines(this.#minor);
		const level = this.#level;
		const { method, url, status, took, headers } = at;
		if (level >= 9) this.#transport(at_.curl, this.#minor < 22 ? at.curl.replace('curl ', 'curl -k ') : at.curl);
		else if (level >= 7) {
			this.#transport(at_.url, `${method} ${url}`);
			this.#transport(at_.head, 'Request Headers:');
			for (const [key, value] of headers) this.#transport(at_.header, `    ${key}: ${value}`);
		}
		if (level >= 9 && at_.dial > 0 && !this.#connected) this.#dialled(at_);
		this.#spent += took * 1000;
		if (level >= 9 || level === 6) this.#transport(at_.timing, `${method} ${url} ${status} in ${took} milliseconds`);
		if (level >= 9 && at_.statistics > 0) {
			const begin = this.#connected ? 'GetConnection 0 ms' : `DNSLookup 0 ms Dial 0 ms TLSHandshake ${took >> 1} ms`;
			const server = took - (this.#connected ? 0 : took >> 1);
			this.#transport(
				at_.statistics,
				`HTTP Statistics: ${begin} ${server > 0 ? `ServerProcessing ${server} ms ` : ''}Duration ${took} ms`,
			);
		} else if (level === 7 || level === 8)
			this.#transport(at_.status, `Response Status: ${status} in ${took} milliseconds`);
		if (level < 8) return;
		this.#transport(at_.back, 'Response Headers:');
		for (const [key, value] of this.#given(got)) this.#transport(at_.given, `    ${key}: ${value}`);
	}

	/** The connection, which the first request makes. */
	#dialled(at: { readonly lookup: number; readonly dial: number }): void {
		const [, host = '', port = '443'] = /^https?:\/\/([^:/]+)(?::(\d+))?/.exec(this.#server) ?? [];
		let address = host;
		if (!/^[\d.]+$/.test(host)) {
			const container = this.#run.call.lab.docker.containers().find((one) => one.name === host);
			if (host !== 'localhost' && container?.ip === undefined) return;
			address = host === 'localhost' ? '127.0.0.1' : formatIp(container!.ip!);
			this.#transport(at.lookup, `HTTP Trace: DNS Lookup for ${host} resolved to [{${address} }]`);
		}
		this.#transport(at.dial, `HTTP Trace: Dial to tcp:${address}:${port} succeed`);
	}

	#structured({ method, url, status, took, headers, curl }: Told, got: Got): void {
		const level = this.#level;
		const list = (pairs: readonly (readonly [string, string])[]): string =>
			`<\n${pairs.map(([key, value]) => `\t${key}: ${value}\n`).join('')} >`;
		const of = `verb=${JSON.stringify(method)} url=${JSON.stringify(url)}`;
		if (level >= 9) this.#transport(527, `"Request" curlCommand=<\n\t${curl}\n >`);
		else if (level >= 7) this.#transport(527, `"Request" ${of} headers=${list(headers)}`);
		this.#spent += took * 1000;
		const given = level >= 8 ? ` headers=${list(this.#given(got))}` : '';
		this.#transport(632, `"Response" ${of} status=${JSON.stringify(status)}${given} milliseconds=${took}`);
	}

	/** Headers of an answer, as the API server gives them over HTTP/2: a length where it fits into one buffer. */
	#given({ body, code, headers = [] }: Got): readonly (readonly [string, string])[] {
		const { lab } = this.#run.call;
		const text = body === undefined ? undefined : bodyText(body);
		const octets = text === undefined ? 0 : new TextEncoder().encode(text).length + (typeof body === 'string' ? 0 : 1);
		const when = new Date(Math.floor((lab.epoch * 1e6 + lab.now + this.#spent) / 1000)).toUTCString();
		return [
			['Audit-Id', auditId(this.#run, this.#spent)],
			...(code === 101
				? []
				: ([
						['Cache-Control', 'no-cache, private'],
						['Content-Type', typeof body === 'object' ? 'application/json' : 'text/plain'],
					] as const)),
			...headers,
			...(octets > 0 && octets < 4096 ? ([['Content-Length', String(octets)]] as const) : []),
			['Date', when],
		];
	}

	/** `helpers.go:222] server response object: [{…}]`, which goes before the words of a refusal from `-v=4` on. */
	refused(status: unknown): void {
		if (this.#level < 4) return;
		const text = JSON.stringify(status, undefined, 2);
		const where = `helpers.go:${lines(this.#minor).helpers}`;
		if (this.#minor >= STRUCTURED)
			this.#say(where, `"Server response object" response=<\n\t${text.replaceAll('\n', '\n\t')}\n >`);
		else this.#say(where, `server response object: [${text}]`);
	}
}

interface Told {
	readonly method: string;
	readonly url: string;
	readonly status: string;
	readonly took: number;
	readonly headers: readonly (readonly [string, string])[];
	readonly curl: string;
}

/** Where the configuration came from: the first line of a run. */
export function loaded(run: Run, path: string): void {
	if (run.flags.number('v') < 6) return;
	const minor = kubectlMinor(run.call.lab);
	if (minor >= STRUCTURED) klog(run, 'I', `loader.go:402`, `Config loaded from file:  ${path}`);
	else klog(run, 'I', `loader.go:${lines(minor).loader}`, `Config loaded from file:  ${path}`);
}

/** A version 4 UUID, as the server gives one to each request (pkg/endpoints/filters/request_received_time.go, audit_init.go). */
function auditId(run: Run, salt: number): string {
	const { lab } = run.call;
	const hex = Array.from({ length: 31 }, (_, i) =>
		lab.random('kubectl', `audit ${lab.now} ${salt} ${i}`, 16).toString(16),
	).join('');
	const kind = '89ab'[lab.random('kubectl', `audit ${lab.now} ${salt}`, 4)]!;
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${kind}${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
}
