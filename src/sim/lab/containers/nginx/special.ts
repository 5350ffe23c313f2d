/** Pages nginx writes itself, and their titles (src/http/ngx_http_special_response.c, ngx_http_header_filter_module.c @ 1.23). */
import { utf8 } from '../../../wire/index.ts';
import { wordOf } from './nearest.ts';
import type { Turn } from './turn.ts';

/** ngx_http_status_lines; nothing of what is not there. */
export const STATUS_LINES: Readonly<Record<number, string>> = {
	200: 'OK',
	201: 'Created',
	202: 'Accepted',
	204: 'No Content',
	206: 'Partial Content',
	301: 'Moved Permanently',
	302: 'Moved Temporarily',
	303: 'See Other',
	304: 'Not Modified',
	307: 'Temporary Redirect',
	308: 'Permanent Redirect',
	400: 'Bad Request',
	401: 'Unauthorized',
	402: 'Payment Required',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Not Allowed',
	406: 'Not Acceptable',
	408: 'Request Time-out',
	409: 'Conflict',
	410: 'Gone',
	411: 'Length Required',
	412: 'Precondition Failed',
	413: 'Request Entity Too Large',
	414: 'Request-URI Too Large',
	415: 'Unsupported Media Type',
	416: 'Requested Range Not Satisfiable',
	421: 'Misdirected Request',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	501: 'Not Implemented',
	502: 'Bad Gateway',
	503: 'Service Temporarily Unavailable',
	504: 'Gateway Time-out',
	505: 'HTTP Version Not Supported',
	507: 'Insufficient Storage',
};

/** Titles that are not the status's own words. */
const TITLES: Readonly<Record<number, string>> = {
	302: '302 Found',
	401: '401 Authorization Required',
	494: '400 Request Header Or Cookie Too Large',
	495: '400 The SSL certificate error',
	496: '400 No required SSL certificate was sent',
	497: '400 The plain HTTP request was sent to HTTPS port',
	498: '404 Not Found',
};

const WITHOUT_PAGE = new Set([200, 201, 202, 204, 206, 304]);

/** `nginx/1.23.1`, or without its version. */
export const signature = ({ blocks, version }: Turn): string =>
	wordOf(blocks, 'server_tokens', 'on') === 'off' ? 'nginx' : `nginx/${version}`;

/** The page of a status; undefined of those that have none. */
export function pageOf(turn: Turn, code: number): Uint8Array | undefined {
	const line = STATUS_LINES[code];
	const title = TITLES[code] ?? (line === undefined || WITHOUT_PAGE.has(code) ? undefined : `${code} ${line}`);
	if (title === undefined) return undefined;
	const [head, detail] =
		code >= 494 && code <= 497 ? ['400 Bad Request', `<center>${title.slice(4)}</center>\r\n`] : [title, ''];
	return utf8(
		`<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${head}</h1></center>\r\n${detail}<hr><center>${signature(turn)}</center>\r\n</body>\r\n</html>\r\n`,
	);
}
