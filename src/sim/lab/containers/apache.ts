/** httpd with the image's own configuration: files of htdocs. Source: modules/http, modules/generators @ 2.4.54. */
import { utf8 } from '../../wire/index.ts';
import type { Disk } from '../disk/disk.ts';
import { SECOND } from '../time.ts';
import { dateLine, httpDate, readHttpDate, type WebAnswer, type WebHost, type WebRequest } from './http.ts';

const ROOT = '/usr/local/apache2/htdocs';

const TYPES: Readonly<Record<string, string>> = {
	html: 'text/html',
	htm: 'text/html',
	css: 'text/css',
	js: 'application/javascript',
	json: 'application/json',
	txt: 'text/plain',
	xml: 'application/xml',
	svg: 'image/svg+xml',
	png: 'image/png',
	jpg: 'image/jpeg',
};

const ERRORS: Readonly<Record<number, readonly [reason: string, text: string]>> = {
	301: ['Moved Permanently', ''],
	400: ['Bad Request', 'Your browser sent a request that this server could not understand.<br />\n'],
	403: ['Forbidden', "You don't have permission to access this resource."],
	404: ['Not Found', 'The requested URL was not found on this server.'],
	405: ['Method Not Allowed', ''],
	416: [
		'Requested Range Not Satisfiable',
		'None of the range-specifier values in the Range\nrequest-header field overlap the current extent\nof the selected resource.',
	],
	501: ['Not Implemented', ''],
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Methods httpd has numbers for (http_protocol.c). */
const METHODS =
	/^(?:GET|HEAD|PUT|POST|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK)$/;

/** ap_set_keepalive(): HTTP/1.1 goes on unless it is told not to, HTTP/1.0 ends. */
export function apacheAnswer(disk: Disk, host: WebHost, version: string, request: WebRequest): WebAnswer {
	const answer = answered(disk, host, version, request);
	const word = (request.headers.get('connection') ?? '').toLowerCase();
	const older = request.version !== 'HTTP/1.1';
	if (older && word.includes('keep-alive'))
		return {
			...answer,
			headers: beforeType(answer.headers, ['Keep-Alive: timeout=5, max=100', 'Connection: Keep-Alive']),
		};
	if (!older && !word.includes('close') && answer.status !== 400) return answer;
	return { ...answer, headers: beforeType(answer.headers, ['Connection: close']), closes: true };
}

function beforeType(headers: readonly string[], more: readonly string[]): readonly string[] {
	const at = headers.findIndex((line) => line.startsWith('Content-Type:'));
	return at < 0 ? [...headers, ...more] : [...headers.slice(0, at), ...more, ...headers.slice(at)];
}

/** One part of a body, `none` where there is no such part; undefined where all of it is asked for. */
function rangeOf(text: string | undefined, length: number): readonly [from: number, to: number] | 'none' | undefined {
	const [, first, last] = /^bytes=\s*(\d*)-(\d*)\s*$/.exec(text ?? '') ?? [];
	if (first === undefined || (first === '' && last === '')) return undefined;
	const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
	const to = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
	if (first !== '' && last !== '' && Number(last) < from) return undefined;
	return from >= length || to < from ? 'none' : [from, to];
}

function answered(disk: Disk, host: WebHost, version: string, request: WebRequest): WebAnswer {
	const head = [dateLine(host), `Server: Apache/${version} (Unix)`];
	const failed = (status: number, more: readonly string[] = [], text = ERRORS[status]![1]): WebAnswer => {
		const [reason] = ERRORS[status]!;
		const body = utf8(
			`<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${reason}</title>\n</head><body>\n<h1>${reason}</h1>\n<p>${text}</p>\n</body></html>\n`,
		);
		return {
			status,
			reason,
			headers: [...head, ...more, `Content-Length: ${body.length}`, 'Content-Type: text/html; charset=iso-8859-1'],
			body: request.method === 'HEAD' ? new Uint8Array(0) : body,
		};
	};
	if (request.method === 'TRACE') {
		const lines = (request.raw ?? []).map(([name, value]) => `${name}: ${value}\r\n`).join('');
		const query = request.query === '' ? '' : `?${request.query}`;
		const echo = utf8(`TRACE ${request.path}${query} ${request.version}\r\n${lines}\r\n`);
		const headers = [...head, `Content-Length: ${echo.length}`, 'Content-Type: message/http'];
		return { status: 200, reason: 'OK', headers, body: echo };
	}
	if (!METHODS.test(request.method))
		return failed(
			501,
			['Allow: HEAD,GET,POST,OPTIONS,TRACE'],
			`${escaped(request.method)} not supported for current URL.<br />\n`,
		);
	let path: string;
	try {
		path = decodeURIComponent(request.path);
	} catch {
		return failed(400);
	}
	if (path.split('/').includes('..')) return failed(400);
	const name = `${ROOT}${path}`;
	const stat = disk.stat(name);
	if (stat?.kind === 'directory' && !path.endsWith('/')) {
		const to = `http://${request.headers.get('host') ?? host.ip}${path}/`;
		return failed(301, [`Location: ${to}`], `The document has moved <a href="${escaped(to)}">here</a>.`);
	}
	if (!stat) return failed(404);
	if (/(?:^|\/)\.ht/.test(path)) return failed(403);
	const index = `${name}index.html`;
	if (stat.kind === 'directory' && !disk.stat(index)) {
		// Options Indexes, without FancyIndexing.
		const names = disk.list(name) ?? [];
		const rows = names
			.filter((entry) => !entry.startsWith('.'))
			.map((entry) => {
				const shown = disk.stat(`${name}${entry}`)?.kind === 'directory' ? `${entry}/` : entry;
				return `<li><a href="${encodeURI(shown)}"> ${escaped(shown)}</a></li>\n`;
			});
		const up = path === '/' ? '' : '<li><a href="../"> Parent Directory</a></li>\n';
		const body = utf8(
			`<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<html>\n <head>\n  <title>Index of ${escaped(path.replace(/(.)\/$/, '$1'))}</title>\n </head>\n <body>\n<h1>Index of ${escaped(path.replace(/(.)\/$/, '$1'))}</h1>\n<ul>${up}${rows.join('')}</ul>\n</body></html>\n`,
		);
		return {
			status: 200,
			reason: 'OK',
			headers: [...head, `Content-Length: ${body.length}`, 'Content-Type: text/html;charset=ISO-8859-1'],
			body: request.method === 'HEAD' ? new Uint8Array(0) : body,
		};
	}
	const file = stat.kind === 'directory' ? index : name;
	const body = disk.readOctets(file);
	if (!body) return failed(403);
	if (!['GET', 'HEAD', 'POST', 'OPTIONS'].includes(request.method))
		return failed(
			405,
			['Allow: HEAD,GET,POST,OPTIONS,TRACE'],
			`The requested method ${request.method} is not allowed for this URL.`,
		);
	if (request.method === 'OPTIONS')
		return {
			status: 200,
			reason: 'OK',
			headers: [...head, 'Allow: HEAD,GET,POST,OPTIONS,TRACE', 'Content-Length: 0', 'Content-Type: text/html'],
			body: new Uint8Array(0),
		};
	const { at } = disk.stat(file)!;
	const type = TYPES[/\.([^./]+)$/.exec(file)?.[1] ?? ''];
	const micros = (host.epoch * SECOND + at).toString(16);
	const etag = `"${body.length.toString(16)}-${micros}"`;
	const since = readHttpDate(request.headers.get('if-modified-since') ?? '');
	const known = request.headers.get('if-none-match');
	const seconds = host.epoch + Math.floor(at / SECOND);
	const unchanged =
		known === undefined
			? since !== undefined && since >= seconds
			: known === '*' || known.split(/\s*,\s*/).some((own) => own.replace(/^W\//, '') === etag);
	if (unchanged && request.method !== 'POST')
		return { status: 304, reason: 'Not Modified', headers: [...head, `ETag: ${etag}`], body: new Uint8Array(0) };
	const condition = request.headers.get('if-range');
	const asked = condition === undefined || condition === etag || readHttpDate(condition) === seconds;
	const range = asked && request.method !== 'POST' ? rangeOf(request.headers.get('range'), body.length) : undefined;
	if (range === 'none') return failed(416, [`Content-Range: bytes */${body.length}`]);
	const part = range ? body.slice(range[0], range[1] + 1) : body;
	return {
		status: range ? 206 : 200,
		reason: range ? 'Partial Content' : 'OK',
		headers: [
			...head,
			`Last-Modified: ${httpDate(host.epoch, at)}`,
			`ETag: ${etag}`,
			'Accept-Ranges: bytes',
			`Content-Length: ${part.length}`,
			...(range ? [`Content-Range: bytes ${range[0]}-${range[1]}/${body.length}`] : []),
			...(type === undefined ? [] : [`Content-Type: ${type}`]),
		],
		body: request.method === 'HEAD' ? new Uint8Array(0) : part,
	};
}
