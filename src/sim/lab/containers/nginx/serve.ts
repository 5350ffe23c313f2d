/**
 * What nginx answers a request: status line, headers and body of what was found.
 *
 * Source: nginx src/http/ngx_http_header_filter_module.c, ngx_http_special_response.c,
 * modules/ngx_http_{headers,not_modified,range}_filter_module.c @ release-1.23.
 */
import { utf8 } from '../../../wire/index.ts';
import type { Disk } from '../../disk/disk.ts';
import { SECOND } from '../../time.ts';
import { dateLine, httpDate, REASONS, readHttpDate, type WebAnswer, type WebHost, type WebRequest } from '../http.ts';
import { type Config, nearest, nearestAll } from './config.ts';
import { clean, typeOf } from './files.ts';
import { find, serverFor } from './find.ts';
import type { Found, NginxStats, Turn } from './turn.ts';
import { expand } from './variables.ts';

const page = (code: number, version: string): Uint8Array => {
	const title = `${code} ${code === 302 ? 'Found' : code === 416 ? REASONS[416] : (REASONS[code] ?? '')}`;
	return utf8(
		`<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${version}</center>\r\n</body>\r\n</html>\r\n`,
	);
};

/** An answer, with all its headers in nginx's order; undefined when no server listens on the port. */
export function nginxAnswer(
	config: Config,
	disk: Disk,
	host: WebHost,
	version: string,
	stats: NginxStats,
	request: WebRequest,
): WebAnswer | undefined {
	const given = (request.headers.get('host') ?? '').replace(/:\d+$/, '').toLowerCase();
	const server = serverFor(config, request.port, given);
	if (!server) return undefined;
	const answer = answerOf({ config, disk, host, version, stats, request, server, variables: new Map() });
	return { ...answer, server: server.names[0] ?? '' };
}

function answerOf(turn: Turn): WebAnswer {
	const { server, stats, request, version, host } = turn;
	stats.accepted++;
	stats.requests++;
	const path = clean(request.path);
	const bad = path === undefined || (request.version === 'HTTP/1.1' && !request.headers.has('host'));
	let found: Found = bad ? { status: 400, blocks: server.around } : find(turn, path);
	const shown = nearest(found.blocks, 'server_tokens')?.args[0] === 'off' ? 'nginx' : `nginx/${version}`;
	let file = path ?? '';
	let code = found.status;
	// error_page: a page of one's own, by an internal redirect.
	if (found.status >= 300 && found.status !== 304 && found.body === undefined && !found.passed) {
		const rule = nearestAll(found.blocks, 'error_page').find(({ args }) =>
			args.slice(0, -1).includes(String(found.status)),
		);
		if (rule) {
			const target = rule.args.at(-1)!;
			const change = rule.args.find((word) => word.startsWith('='));
			const { complaint } = found;
			if (target.startsWith('/') && !bad) {
				const next = find(
					{ ...turn, request: { ...request, method: request.method === 'HEAD' ? 'HEAD' : 'GET' } },
					target,
					1,
				);
				if (next.status < 300) {
					found = { ...next, complaint: complaint ?? next.complaint, ...(found.took ? { took: found.took } : {}) };
					file = target;
					code = change === undefined ? code : Number(change.slice(1)) || next.status;
				}
			} else if (/^https?:/.test(target)) {
				found = { status: 302, location: target, blocks: found.blocks, complaint };
				code = 302;
			}
		}
	}
	if (found.passed) {
		const kept = found.passed.headers.filter((line) => !/^(?:server|date|connection|x-accel-.*):/i.test(line));
		return {
			status: code,
			reason: found.passed.reason,
			headers: [
				`Server: ${shown}`,
				dateLine(host),
				...kept,
				'Connection: keep-alive',
				...added(turn, found, code, file),
			],
			body: found.passed.body,
			...quietness(found),
		};
	}
	const isFile = found.at !== undefined;
	let body = found.body ?? (code === 204 ? new Uint8Array(0) : page(code, shown));
	const headers = [`Server: ${shown}`, dateLine(host)];
	const type = found.type ?? (isFile ? typeOf(turn, found.file ?? file, found.blocks) : 'text/html');
	const about: string[] = [];
	if (isFile) {
		const seconds = host.epoch + Math.floor(found.at! / SECOND);
		const modified = httpDate(host.epoch, found.at!);
		const etag = `"${seconds.toString(16)}-${body.length.toString(16)}"`;
		const since = readHttpDate(request.headers.get('if-modified-since') ?? '');
		const known = request.headers.get('if-none-match');
		if (code === 200 && (known === undefined ? since === seconds : known.includes(etag))) {
			return {
				status: 304,
				reason: REASONS[304]!,
				headers: [...headers, `Last-Modified: ${modified}`, 'Connection: keep-alive', `ETag: ${etag}`],
				body: new Uint8Array(0),
				...quietness(found),
			};
		}
		about.push(`Last-Modified: ${modified}`, 'Connection: keep-alive', `ETag: ${etag}`);
		const range = code === 200 ? rangeOf(request.headers.get('range'), body.length) : undefined;
		if (range) {
			const whole = body.length;
			body = body.slice(range[0], range[1] + 1);
			code = 206;
			about.push(`Content-Range: bytes ${range[0]}-${range[1]}/${whole}`);
		} else if (code === 200) about.push('Accept-Ranges: bytes');
	} else about.push(keeps(code) ? 'Connection: keep-alive' : 'Connection: close');
	if (found.location !== undefined) {
		const hostName = request.headers.get('host')?.replace(/:\d+$/, '') || server.names[0] || host.hostname;
		const absolute = /^\w+:\/\//.test(found.location);
		const plain = nearest(found.blocks, 'absolute_redirect')?.args[0] === 'off';
		const port =
			request.port === 80 || nearest(found.blocks, 'port_in_redirect')?.args[0] === 'off' ? '' : `:${request.port}`;
		about.unshift(
			`Location: ${absolute || plain || !found.location.startsWith('/') ? found.location : `http://${hostName}${port}${found.location}`}`,
		);
		about.push(about.splice(0, 1)[0]!);
	}
	const reason = REASONS[code] ?? '';
	const bodiless = code === 204;
	return {
		status: code,
		reason,
		headers: [
			...headers,
			...(bodiless ? [] : [`Content-Type: ${type}`, `Content-Length: ${body.length}`]),
			...about,
			...added(turn, found, code, file),
		],
		body: request.method === 'HEAD' ? new Uint8Array(0) : body,
		...quietness(found),
	};
}

const keeps = (code: number): boolean => ![400, 413, 414, 497, 500, 501].includes(code);

/** add_header: with `always`, or of these statuses only. */
function added(turn: Turn, found: Found, code: number, path: string): readonly string[] {
	return nearestAll(found.blocks, 'add_header')
		.filter(({ args }) => args[2] === 'always' || [200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(code))
		.map(({ args }) => `${args[0]}: ${expand(turn, args[1]!, path, found.blocks)}`);
}

function quietness({ blocks, complaint, took }: Found): Pick<WebAnswer, 'complaint' | 'quiet' | 'took'> {
	const off = nearest(blocks, 'access_log')?.args[0] === 'off';
	const silent =
		complaint !== undefined &&
		nearest(blocks, 'log_not_found')?.args[0] === 'off' &&
		/failed \(2|is not found/.test(complaint);
	return {
		...(complaint === undefined || silent ? {} : { complaint }),
		...(off ? { quiet: true } : {}),
		...(took ? { took } : {}),
	};
}

function rangeOf(header: string | undefined, length: number): readonly [number, number] | undefined {
	const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
	if (from === '' && to === '') return undefined;
	const first = from === '' ? Math.max(0, length - Number(to)) : Number(from);
	const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1);
	return first <= last ? [first, last] : undefined;
}
