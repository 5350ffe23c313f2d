/** What busybox's httpd answers (networking/httpd.c @ 1_35_0). */
import { utf8 } from '../../sim/wire/index.ts';
import type { Answering, Reply } from './small-web.ts';
import { extension, join, pathOf } from './small-web-paths.ts';

/** networking/httpd.c, suffixTable and the table of http_response. */
const BUSYBOX_TYPES: Readonly<Record<string, string>> = {
	txt: 'text/plain',
	h: 'text/plain',
	c: 'text/plain',
	cc: 'text/plain',
	cpp: 'text/plain',
	htm: 'text/html',
	html: 'text/html',
	jpg: 'image/jpeg',
	jpeg: 'image/jpeg',
	gif: 'image/gif',
	png: 'image/png',
	svg: 'image/svg+xml',
	css: 'text/css',
	js: 'application/javascript',
	wav: 'audio/wav',
	avi: 'video/x-msvideo',
	qt: 'video/quicktime',
	mov: 'video/quicktime',
	mpe: 'video/mpeg',
	mpeg: 'video/mpeg',
	mid: 'audio/midi',
	midi: 'audio/midi',
	mp3: 'audio/mpeg',
};
const BUSYBOX_SAID: Readonly<Record<number, readonly [name: string, text: string]>> = {
	302: ['Found', ''],
	400: ['Bad Request', 'Unsupported method'],
	403: ['Forbidden', ''],
	404: ['Not Found', 'The requested URL was not found'],
	501: ['Not Implemented', 'The requested method is not recognized'],
};

/** @param home without a slash at its end; @param verbose how often `-v` was given */
export const busyboxAnswers =
	(home: string, verbose: number): Answering =>
	(request, files, peer, when, now) => {
		const head = (status: number, reason: string, type: string): string[] => [
			`HTTP/1.1 ${status} ${reason}`,
			`Date: ${when(now)}`,
			'Connection: close',
			`Content-type: ${type}`,
		];
		const from = `[::ffff:${peer.replace(':', ']:')}`;
		const log = (status: number): readonly string[] => [
			...(verbose > 2 && request ? [`httpd: ${from}: url:${request.path}`] : []),
			...(verbose > 0 ? [`${from}: response:${status}`] : []),
		];
		const say = (status: number, more: readonly string[] = []): Reply => {
			const [reason, text] = BUSYBOX_SAID[status]!;
			const body = utf8(
				`<HTML><HEAD><TITLE>${status} ${reason}</TITLE></HEAD>\n<BODY><H1>${status} ${reason}</H1>\n${text}\n</BODY></HTML>\n`,
			);
			return { status, octets: join([...head(status, reason, 'text/html'), ...more], body), log: log(status) };
		};
		if (!request) return say(400);
		const path = pathOf(request);
		if (path === undefined) return say(404);
		if (!['GET', 'HEAD'].includes(request.method)) return say(501);
		let file = `${home}${path}`;
		if (files.kind(file.replace(/(.)\/$/, '$1')) === 'directory') {
			if (!path.endsWith('/')) return say(302, [`Location: ${path}/`]);
			file = `${file}index.html`;
		}
		const body = files.kind(file) === 'file' ? files.read(file) : undefined;
		if (!body) return say(404);
		const type = BUSYBOX_TYPES[extension(file)] ?? 'application/octet-stream';
		const at = files.time(file);
		return {
			status: 200,
			log: log(200),
			octets: join(
				[
					...head(200, 'OK', type),
					'Accept-Ranges: bytes',
					`Last-Modified: ${when(at)}`,
					`ETag: "${Math.floor(at / 1e6).toString(16)}-${body.length.toString(16)}"`,
					`Content-Length: ${body.length}`,
				],
				request.method === 'HEAD' ? new Uint8Array(0) : body,
			),
		};
	};
