/**
 * Programs in Go: their flags, their logs, and what their web servers write.
 *
 * Source: flag/flag.go, log/log.go, net/http/{server,header,sniff}.go @ go1.18.
 */
import { utf8 } from '../../../wire/index.ts';
import { dateLine, type WebAnswer, type WebHost, type WebRequest } from '../http.ts';
import { iso } from './app.ts';

/** The standard logger's line: `2022/08/31 10:00:05 text`. */
export const goLog = (at: number, text: string): string =>
	`${iso(at).slice(0, 19).replaceAll('-', '/').replace('T', ' ')} ${text}`;

/** klog's line of what goes through the standard logger (k8s.io/klog/v2, process 1). */
export const klogLine = (at: number, text: string): string =>
	`I${iso(at).slice(5, 7)}${iso(at).slice(8, 10)} ${iso(at).slice(11, 26)}       1 log.go:195] ${text}`;

const REASONS: Readonly<Record<number, string>> = {
	200: 'OK',
	201: 'Created',
	202: 'Accepted',
	204: 'No Content',
	301: 'Moved Permanently',
	302: 'Found',
	303: 'See Other',
	304: 'Not Modified',
	307: 'Temporary Redirect',
	308: 'Permanent Redirect',
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	412: 'Precondition Failed',
	417: 'Expectation Failed',
	418: "I'm a teapot",
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	501: 'Not Implemented',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};

export interface GoReply {
	readonly status?: number;
	readonly body: string;
	/** What its handler set, `Name: value`. */
	readonly headers?: readonly string[];
	/** Lines of its log, at microseconds since 1970. */
	lines?(at: number): readonly string[];
	/** The program ended before it answered: the connection just ends. */
	readonly gone?: boolean;
}

/** DetectContentType(), of text. */
const sniffed = (body: string): string =>
	/^\s*<(?:!DOCTYPE HTML|HTML|HEAD|SCRIPT|IFRAME|H1|DIV|FONT|TABLE|A|STYLE|TITLE|B|BODY|BR|P|!--)[\s>]/i.test(body)
		? 'text/html; charset=utf-8'
		: /^\s*<\?xml/.test(body)
			? 'text/xml; charset=utf-8'
			: 'text/plain; charset=utf-8';

/** cw.writeHeader(): what the handler set, sorted; then date, length, type, connection. */
export function goAnswer(host: WebHost, request: WebRequest, reply: GoReply): WebAnswer {
	const { status = 200, headers = [] } = reply;
	const bodiless = status === 204 || status === 304 || status < 200;
	const body = utf8(bodiless ? '' : reply.body);
	const typed = headers.some((line) => /^content-type:/i.test(line));
	const word = (request.headers.get('connection') ?? '').toLowerCase();
	const older = request.version === 'HTTP/1.0';
	const keeps = older ? word.includes('keep-alive') : !word.includes('close');
	const closing = headers.some((line) => /^connection:\s*close/i.test(line)) || !keeps;
	const own = headers.filter((line) => !/^connection:/i.test(line) || !closing);
	return {
		status,
		reason: REASONS[status] ?? `status code ${status}`,
		...(older ? { version: 'HTTP/1.0' } : {}),
		headers: [
			...[...own].sort((a, b) => (a < b ? -1 : 1)),
			dateLine(host),
			...(bodiless ? [] : [`Content-Length: ${body.length}`]),
			...(typed || body.length === 0 ? [] : [`Content-Type: ${sniffed(reply.body)}`]),
			...(closing && !older ? ['Connection: close'] : []),
			...(older && !closing ? ['Connection: keep-alive'] : []),
		],
		body: request.method === 'HEAD' ? new Uint8Array(0) : body,
		closes: closing,
		...(reply.gone ? { silent: true } : {}),
		...(reply.lines ? { lines: (at: number) => reply.lines!(at) } : {}),
	};
}

/** http.Error(). */
export const goError = (status: number, text: string): GoReply => ({
	status,
	body: `${text}\n`,
	headers: ['Content-Type: text/plain; charset=utf-8', 'X-Content-Type-Options: nosniff'],
});

export const notFound: GoReply = goError(404, '404 page not found');

/** http.Redirect(). */
export function goRedirect(request: WebRequest, to: string, status: number): GoReply {
	// A path of its own begins where the request's folder is.
	const folder = request.path.slice(0, request.path.lastIndexOf('/') + 1);
	const location = /^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(to) ? to : `${folder}${to}`;
	const gets = request.method === 'GET' || request.method === 'HEAD';
	const escaped = location
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&#34;');
	const reason = REASONS[status] ?? '';
	return {
		status,
		body: request.method === 'GET' ? `<a href="${escaped}">${reason}</a>.\n\n` : '',
		headers: [`Location: ${location}`, ...(gets ? ['Content-Type: text/html; charset=utf-8'] : [])],
	};
}

/** path.Clean() of a request's path, with the slash at its end kept (server.go cleanPath()). */
function cleanPath(path: string): string {
	const out: string[] = [];
	for (const part of path.split('/')) {
		if (part === '' || part === '.') continue;
		if (part === '..') out.pop();
		else out.push(part);
	}
	const clean = `/${out.join('/')}`;
	return path.endsWith('/') && clean !== '/' ? `${clean}/` : clean;
}

/** What a server answers whose ServeMux asks `handle` (a path is clean then); what is no request gets what Go says to it. */
export function goServer(host: WebHost, request: WebRequest, handle: (path: string) => GoReply): WebAnswer {
	const bad = request.first !== undefined ? '400 Bad Request' : undefined;
	const nameless =
		request.version === 'HTTP/1.1' && !request.headers.has('host')
			? '400 Bad Request: missing required Host header'
			: undefined;
	const fault = bad ?? nameless;
	if (fault !== undefined)
		return {
			status: 400,
			reason: fault.slice(4),
			headers: ['Content-Type: text/plain; charset=utf-8', 'Connection: close'],
			body: utf8(fault),
			closes: true,
			quiet: true,
		};
	const clean = cleanPath(request.path);
	const query = request.query === '' ? '' : `?${request.query}`;
	if (clean !== request.path && request.method !== 'CONNECT')
		return goAnswer(host, request, goRedirect(request, `${clean}${query}`, 301));
	let path = clean;
	try {
		path = decodeURIComponent(clean);
	} catch {
		// A path that is no UTF-8 stays as it came.
	}
	return goAnswer(host, request, handle(path));
}

/** Flags of package `flag`: what each is, in the order of its usage. */
export interface GoFlag {
	readonly name: string;
	readonly type: 'string' | 'int' | 'bool';
	readonly usage: string;
	readonly default?: string;
}

const usageOf = ({ name, type, usage, default: value = '' }: GoFlag): string => {
	const shown = type === 'string' ? ` (default ${JSON.stringify(value)})` : ` (default ${value})`;
	return `  -${name}${type === 'bool' ? '' : ` ${type}`}\n    \t${usage}${value === '' || value === '0' ? '' : shown}`;
};

/**
 * flag.Parse(): values and what is left, or the lines and the code it ends with.
 *
 * @param argv the program's name first
 */
export function goFlags(
	argv: readonly string[],
	flags: readonly GoFlag[],
):
	| { readonly values: ReadonlyMap<string, string>; readonly rest: readonly string[] }
	| { readonly lines: readonly string[]; readonly code: number } {
	const [program = '', ...words] = argv;
	const sorted = [...flags].sort((a, b) => (a.name < b.name ? -1 : 1));
	const fail = (...why: readonly string[]) => ({
		lines: [...why, `Usage of ${program}:`, ...sorted.flatMap((flag) => usageOf(flag).split('\n'))],
		code: why.length === 0 ? 0 : 2,
	});
	const values = new Map<string, string>();
	for (let i = 0; i < words.length; i++) {
		const word = words[i]!;
		if (word.length < 2 || !word.startsWith('-')) return { values, rest: words.slice(i) };
		if (word === '--') return { values, rest: words.slice(i + 1) };
		const [, name = '', , given] = /^--?([^=]*)(=(.*))?$/s.exec(word) ?? [];
		if (name === '' || name.startsWith('-')) return fail(`bad flag syntax: ${word}`);
		const flag = flags.find((f) => f.name === name);
		if (!flag) return name === 'h' || name === 'help' ? fail() : fail(`flag provided but not defined: -${name}`);
		if (flag.type === 'bool') {
			const value = given ?? 'true';
			if (!/^(?:1|0|t|f|T|F|true|false|TRUE|FALSE|True|False)$/.test(value))
				return fail(`invalid boolean value ${JSON.stringify(value)} for -${name}: parse error`);
			values.set(name, /^(?:1|t)/i.test(value) ? 'true' : 'false');
			continue;
		}
		const value = given ?? words[++i];
		if (value === undefined) return fail(`flag needs an argument: -${name}`);
		if (flag.type === 'int' && !/^[+-]?\d+$/.test(value))
			return fail(`invalid value ${JSON.stringify(value)} for flag -${name}: parse error`);
		values.set(name, value);
	}
	return { values, rest: [] };
}

/** time.Duration's text of nanoseconds below a second: `21.809µs`, `1.2ms`. */
export const shortDuration = (nanoseconds: number): string =>
	nanoseconds < 1000
		? `${nanoseconds}ns`
		: nanoseconds < 1_000_000
			? `${nanoseconds / 1000}µs`
			: `${nanoseconds / 1_000_000}ms`;

/** The port of an address to listen on: `:5678`. */
export const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));
