/** httpd with the image's own configuration: files of htdocs. Source: modules/http, modules/generators @ 2.4.54. */
import { utf8 } from '../../wire/index.ts';
import type { Disk } from '../disk/disk.ts';
import { SECOND } from '../time.ts';
import { dateLine, httpDate, type WebAnswer, type WebHost, type WebRequest } from './http.ts';

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
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function apacheAnswer(disk: Disk, host: WebHost, version: string, request: WebRequest): WebAnswer {
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
	const { at } = disk.stat(file)!;
	const type = TYPES[/\.([^./]+)$/.exec(file)?.[1] ?? ''];
	const micros = (host.epoch * SECOND + at).toString(16);
	return {
		status: 200,
		reason: 'OK',
		headers: [
			...head,
			`Last-Modified: ${httpDate(host.epoch, at)}`,
			`ETag: "${body.length.toString(16)}-${micros}"`,
			'Accept-Ranges: bytes',
			`Content-Length: ${body.length}`,
			...(type === undefined ? [] : [`Content-Type: ${type}`]),
		],
		body: request.method === 'HEAD' ? new Uint8Array(0) : body,
	};
}
