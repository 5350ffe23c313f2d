/** What Python's http.server answers (Lib/http/server.py @ 3.10). */
import { utf8 } from '../../sim/wire/index.ts';
import type { Answering, Reply } from './small-web.ts';
import { extension, join, pathOf } from './small-web-paths.ts';

/** Lib/mimetypes.py, the common ones. */
const PYTHON_TYPES: Readonly<Record<string, string>> = {
	html: 'text/html',
	htm: 'text/html',
	css: 'text/css',
	csv: 'text/csv',
	txt: 'text/plain',
	py: 'text/x-python',
	js: 'application/javascript',
	json: 'application/json',
	xml: 'text/xml',
	svg: 'image/svg+xml',
	png: 'image/png',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	gif: 'image/gif',
	pdf: 'application/pdf',
	zip: 'application/zip',
	gz: 'application/gzip',
	z: 'application/octet-stream',
	sh: 'application/x-sh',
	c: 'text/plain',
	h: 'text/plain',
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

export const pythonAnswers =
	(home: string, version: string): Answering =>
	(request, files, peer, when, now) => {
		const [client = ''] = peer.split(':');
		const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(when(now))!;
		const stamp = `${client} - - [${day}/${MONTHS.includes(month!) ? month : ''}/${year} ${time}]`;
		const query = request?.query ? `?${request.query}` : '';
		const line = request ? `${request.method} ${request.path}${query} ${request.version}` : '';
		const head = (status: number, reason: string): string[] => [
			`HTTP/1.0 ${status} ${reason}`,
			`Server: SimpleHTTP/0.6 Python/${version}`,
			`Date: ${when(now)}`,
		];
		const fail = (status: number, reason: string, message: string, enumName: string, why: string): Reply => {
			const body = utf8(
				`<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN"\n        "http://www.w3.org/TR/html4/strict.dtd">\n<html>\n    <head>\n        <meta http-equiv="Content-Type" content="text/html;charset=utf-8">\n        <title>Error response</title>\n    </head>\n    <body>\n        <h1>Error response</h1>\n        <p>Error code: ${status}</p>\n        <p>Message: ${escaped(message)}.</p>\n        <p>Error code explanation: ${enumName} - ${why}.</p>\n    </body>\n</html>\n`,
			);
			return {
				status,
				log: [`${stamp} code ${status}, message ${message}`, `${stamp} "${line}" ${status} -`],
				octets: join(
					[
						...head(status, reason),
						'Connection: close',
						'Content-Type: text/html;charset=utf-8',
						`Content-Length: ${body.length}`,
					],
					request?.method === 'HEAD' ? new Uint8Array(0) : body,
				),
			};
		};
		if (!request)
			return fail(
				400,
				'Bad request syntax',
				'Bad request syntax',
				'HTTPStatus.BAD_REQUEST',
				'Bad request syntax or unsupported method',
			);
		if (!['GET', 'HEAD'].includes(request.method)) {
			const said = `Unsupported method ('${request.method}')`;
			return fail(501, said, said, 'HTTPStatus.NOT_IMPLEMENTED', 'Server does not support this operation');
		}
		const path = pathOf(request) ?? '/';
		const done = (type: string, body: Uint8Array, more: readonly string[]): Reply => ({
			status: 200,
			log: [`${stamp} "${line}" 200 -`],
			octets: join(
				[...head(200, 'OK'), `Content-type: ${type}`, `Content-Length: ${body.length}`, ...more],
				request.method === 'HEAD' ? new Uint8Array(0) : body,
			),
		});
		let file = `${home}${path}`;
		if (files.kind(file.replace(/(.)\/$/, '$1')) === 'directory') {
			if (!path.endsWith('/'))
				return {
					status: 301,
					log: [`${stamp} "${line}" 301 -`],
					octets: join(
						[...head(301, 'Moved Permanently'), `Location: ${path}/${query}`, 'Content-Length: 0'],
						new Uint8Array(0),
					),
				};
			const index = ['index.html', 'index.htm'].find((name) => files.kind(`${file}${name}`) === 'file');
			if (index === undefined) {
				const title = escaped(`Directory listing for ${path}`);
				const rows = files.list(file.replace(/(.)\/$/, '$1')).map((name) => {
					const shown = files.kind(`${file}${name}`) === 'directory' ? `${name}/` : name;
					return `<li><a href="${encodeURIComponent(shown).replaceAll('%2F', '/')}">${escaped(shown)}</a></li>\n`;
				});
				return done(
					'text/html; charset=utf-8',
					utf8(
						`<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n<title>${title}</title>\n</head>\n<body>\n<h1>${title}</h1>\n<hr>\n<ul>\n${rows.join('')}</ul>\n<hr>\n</body>\n</html>\n`,
					),
					[],
				);
			}
			file = `${file}${index}`;
		}
		const body = files.kind(file) === 'file' ? files.read(file) : undefined;
		if (!body)
			return fail(404, 'File not found', 'File not found', 'HTTPStatus.NOT_FOUND', 'Nothing matches the given URI');
		return done(PYTHON_TYPES[extension(file)] ?? 'application/octet-stream', body, [
			`Last-Modified: ${when(files.time(file))}`,
		]);
	};
