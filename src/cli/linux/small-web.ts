/**
 * Web servers that a container may be told to run: busybox's httpd (networking/httpd.c @ 1_35_0) and Python's
 * http.server (Lib/http/server.py @ 3.10). They listen as long as they run, and answer by their files.
 */
import { dockerDisk, httpDate, type Lab, stateAt } from '../../sim/lab/index.ts';
import { isLinuxError, type Listener, listen, type Namespace, type Respond, unlisten } from '../../sim/linux/index.ts';
import { formatIp, parseIp, utf8 } from '../../sim/wire/index.ts';
import { FOREVER } from '../shell/clock.ts';
import type { Call } from '../tool.ts';
import { type HttpRequest, readRequest } from './http.ts';
import { spaceOf } from './space.ts';

/** What a server reads its files from, at the moment it is asked. */
export interface WebFiles {
	/** Absolute paths; undefined of what is not there or may not be read. */
	kind(path: string): 'file' | 'directory' | undefined;
	read(path: string): Uint8Array | undefined;
	list(path: string): readonly string[];
	/** Virtual microseconds at which it was written last. */
	time(path: string): number;
}

export function webFilesAt({ place, lab }: Call): WebFiles | undefined {
	const disk = () => {
		if (place.kind === 'container') {
			const container = lab.docker.find(place.id);
			return container && dockerDisk(lab, container).disk;
		}
		const cluster = place.kind === 'pod' ? lab.cluster(place.cluster) : undefined;
		return place.kind === 'pod' && cluster
			? stateAt(cluster, place.namespace, place.pod, place.container)?.disk
			: undefined;
	};
	if (place.kind !== 'pod' && place.kind !== 'container') return undefined;
	return {
		kind(path) {
			const kind = disk()?.stat(path)?.kind;
			return kind === 'file' || kind === 'directory' ? kind : undefined;
		},
		read: (path) => disk()?.readOctets(path),
		list: (path) => [...(disk()?.list(path) ?? [])].sort(),
		time: (path) => disk()?.stat(path)?.at ?? 0,
	};
}

export interface Reply {
	readonly status: number;
	readonly octets: Uint8Array;
	/** Lines for its log. */
	readonly log?: readonly string[];
}

/** Answers one request; `when` is a date of HTTP's of a virtual time. */
export type Answering = (
	request: HttpRequest | undefined,
	files: WebFiles,
	peer: string,
	when: (micros: number) => string,
	now: number,
) => Reply;

const join = (head: readonly string[], body: Uint8Array): Uint8Array => {
	const first = utf8(`${head.join('\r\n')}\r\n\r\n`);
	const out = new Uint8Array(first.length + body.length);
	out.set(first);
	out.set(body, first.length);
	return out;
};

/** Waits for requests on a port until it is ended, or goes on in the background when `apart`. */
export async function serveWeb(
	call: Call,
	what: {
		readonly name: string;
		readonly address?: string;
		readonly port: number;
		readonly apart?: boolean;
		readonly busy: string;
	},
	answering: Answering,
): Promise<number> {
	const space = spaceOf(call);
	const files = webFilesAt(call);
	if (!space || !files) {
		call.err(`${what.name}: this lab serves files from containers only\n`);
		return 1;
	}
	const came: string[] = [];
	const { lab } = call;
	const when = (micros: number): string => httpDate(lab.epoch, micros);
	const respond = (data: Uint8Array, peer: { readonly ip: number; readonly port: number }): Uint8Array => {
		const { octets, log = [] } = answering(
			readRequest(data),
			files,
			`${formatIp(peer.ip)}:${peer.port}`,
			when,
			lab.now,
		);
		if (!what.apart) came.push(...log);
		return octets;
	};
	const ip = what.address === undefined ? 0 : (parseIp(what.address) ?? 0);
	const named = namedPort(call, space.ns(), what.port);
	if (named !== undefined) {
		const answers = answersOf(lab);
		answers.set(named, respond);
		if (what.apart) return 0;
		try {
			await tell(call, came);
		} finally {
			if (answers.get(named) === respond) answers.delete(named);
		}
	}
	const make = () =>
		space.change((net, ns) =>
			listen(net, ns, { protocol: 'tcp', port: what.port, ip, owner: what.name, closes: 'server', respond }),
		);
	let made = make();
	// What went on in the background of a container that has ended is gone with it.
	if (isLinuxError(made)) {
		const left = space
			.ns()
			.sockets.listeners.get(6 * 65_536 + what.port)
			?.find((one) => one.owner === what.name && apart.has(one));
		if (left && apart.get(left) !== runOf(call)) {
			space.change((net, ns) => unlisten(net, ns, left));
			made = make();
		}
	}
	if (isLinuxError(made)) {
		call.err(`${what.busy}\n`);
		return 1;
	}
	const listener: Listener = made;
	if (what.apart) {
		apart.set(listener, runOf(call));
		return 0;
	}
	try {
		return await tell(call, came);
	} finally {
		space.change((net, ns) => unlisten(net, ns, listener));
	}
}

/** Writes the log as it comes, without end. */
async function tell(call: Call, came: string[]): Promise<never> {
	for (;;) {
		await call.until(() => came.length > 0, FOREVER);
		for (const line of came.splice(0)) call.err(`${line}\n`);
	}
}

/**
 * Answers of servers whose port the pod's own command line names: the lab has that port open by itself (`listens` of
 * sim/lab/software/guest.ts), and `servers.ts` gives it the answers of whoever runs behind it.
 */
const named = new WeakMap<Lab, Map<string, Respond>>();

const answersOf = (lab: Lab): Map<string, Respond> => {
	const known = named.get(lab) ?? new Map<string, Respond>();
	named.set(lab, known);
	return known;
};

const namedKey = (ns: string, port: number): string => `${ns} ${port}`;

/** Key of a port that the lab opened for the call's pod. */
function namedPort({ place }: Call, ns: Namespace, port: number): string | undefined {
	const list = ns.sockets.listeners.get(6 * 65_536 + port) ?? [];
	return place.kind === 'pod' && list.some(({ owner }) => owner === place.pod) ? namedKey(ns.name, port) : undefined;
}

/** What a server that runs behind a pod's port answers; undefined where none does. */
export const answerAt = (lab: Lab, ns: string, port: number): Respond | undefined =>
	named.get(lab)?.get(namedKey(ns, port));

/** Servers in the background, with the run of the container they belong to. */
const apart = new WeakMap<Listener, string>();

function runOf({ place, lab }: Call): string {
	if (place.kind === 'container') return `${place.id} ${lab.docker.find(place.id)?.started}`;
	if (place.kind !== 'pod') return '';
	const all = lab.cluster(place.cluster)?.running({ namespace: place.namespace, name: place.pod });
	return all?.find((c) => c.name === place.container)?.id ?? '';
}

function pathOf(request: HttpRequest): string | undefined {
	try {
		const path = decodeURIComponent(request.path);
		const parts: string[] = [];
		for (const part of path.split('/')) {
			if (part === '..') {
				if (parts.length === 0) return undefined;
				parts.pop();
			} else if (part !== '.' && part !== '') parts.push(part);
		}
		return `/${parts.join('/')}${path.endsWith('/') && parts.length > 0 ? '/' : ''}`;
	} catch {
		return undefined;
	}
}

const extension = (path: string): string => /\.([^./]+)$/.exec(path)?.[1] ?? '';

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
