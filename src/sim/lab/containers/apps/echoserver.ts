/**
 * echoserver: OpenResty's nginx with a page made by Lua.
 *
 * Source: kubernetes test/images/echoserver/{nginx.conf,run.sh} @ v1.24.0; for 1.4 and 1.10, which were built from
 * ingress-nginx images/echoheaders, what people's terminals printed of them, down to the octets that nginx logged.
 */
import { utf8 } from '../../../wire/index.ts';
import { dateLine, type WebAnswer, type WebHost, type WebRequest } from '../http.ts';
import { type App, type AppStart, iso } from './app.ts';
import { chunks } from './node.ts';
import { sentence } from './unsimulated.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** nginx and ngx_lua of a tag. */
function versionsOf(tag: string): readonly [nginx: string, lua: string] {
	if (/^2\.[0-2]/.test(tag)) return ['1.12.2', '10010'];
	if (/^2\./.test(tag)) return ['1.14.2', '10015'];
	return /^1\.(?:[5-9]|10)/.test(tag) ? ['1.13.3', '10008'] : ['1.10.0', '10001'];
}

/** template.escape(), which leaves slashes as they are. */
const escaped = (text: string): string =>
	text.replace(/["><'&]/g, (char) => ({ '"': '&quot;', '>': '&gt;', '<': '&lt;', "'": '&#39;', '&': '&amp;' })[char]!);

const targetOf = ({ path, query }: WebRequest): string => (query === '' ? path : `${path}?${query}`);

function uri(request: WebRequest): string {
	const host = (request.headers.get('host') ?? '').replace(/:\d+$/, '').toLowerCase();
	return `${request.tls ? 'https' : 'http'}://${host || '_'}:${request.port}${targetOf(request)}`;
}

/** ngx.req.get_headers(), its keys sorted. */
function headersOf(request: WebRequest): readonly (readonly [name: string, value: string])[] {
	const raw = request.raw ?? [...request.headers];
	return raw
		.map(([name, value]) => [name.toLowerCase(), value] as const)
		.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function older(request: WebRequest, [nginx, lua]: readonly [string, string]): string {
	return `${[
		'CLIENT VALUES:',
		`client_address=${request.client}`,
		`command=${request.method}`,
		`real path=${targetOf(request)}`,
		`query=${request.query || 'nil'}`,
		`request_version=${request.version.slice(5)}`,
		`request_uri=${uri(request)}`,
		'',
		'SERVER VALUES:',
		`server_version=nginx: ${nginx} - lua: ${lua}`,
		'',
		'HEADERS RECEIVED:',
		...headersOf(request).map(([name, value]) => `${name}=${value}`),
		'BODY:',
	].join('\n')}\n${request.body || '-no body in request-'}`;
}

function newer(
	request: WebRequest,
	[nginx, lua]: readonly [string, string],
	env: Readonly<Record<string, string>>,
	host: WebHost,
	tag: string,
): string {
	const value = (name: string): string => escaped(env[name] ?? 'N/A');
	const pod = env.POD_NAME
		? [
				`\tnode name:\t${value('NODE_NAME')}`,
				`\tpod name:\t${value('POD_NAME')}`,
				`\tpod namespace:\t${value('POD_NAMESPACE')}`,
				`\tpod IP:\t${value('POD_IP')}`,
			]
		: ['\t-no pod information available-'];
	// The page of 2.x has two blanks behind each header.
	const end = tag.startsWith('2') ? '  ' : '';
	return `\n\n${[
		`Hostname: ${escaped(env.HOSTNAME ?? host.hostname)}`,
		'',
		'Pod Information:',
		...pod,
		'',
		'Server values:',
		`\tserver_version=nginx: ${nginx} - lua: ${lua}`,
		'',
		'Request Information:',
		`\tclient_address=${request.client}`,
		`\tmethod=${request.method}`,
		`\treal path=${escaped(targetOf(request))}`,
		`\tquery=${escaped(request.query)}`,
		`\trequest_version=${request.version.slice(5)}`,
		`\trequest_scheme=${request.tls ? 'https' : 'http'}`,
		`\trequest_uri=${escaped(uri(request))}`,
		'',
		'Request Headers:',
		...headersOf(request).map(([name, text]) => `\t${name}=${escaped(text)}${end}`),
		'',
		'Request Body:',
		escaped(request.body) || '\t-no body in request-',
	].join('\n')}\n\n`;
}

/** nginx's log in its `combined` format; what was sent has the lengths of the chunks in it. */
function logged(request: WebRequest, at: number, status: number, sent: number): string {
	const [year, month, day] = iso(at).slice(0, 10).split('-');
	const stamp = `${day}/${MONTHS[Number(month) - 1]}/${year}:${iso(at).slice(11, 19)} +0000`;
	const line = request.first ?? `${request.method} ${targetOf(request)} ${request.version}`;
	const { headers } = request;
	return `${request.client} - - [${stamp}] "${line}" ${status} ${sent} "${headers.get('referer') ?? '-'}" "${headers.get('user-agent') ?? '-'}"`;
}

function answered(host: WebHost, request: WebRequest, page: string, nginx: string): WebAnswer {
	if (request.first !== undefined) {
		const body = utf8(
			`<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body bgcolor="white">\r\n<center><h1>400 Bad Request</h1></center>\r\n<hr><center>nginx/${nginx}</center>\r\n</body>\r\n</html>\r\n`,
		);
		return {
			status: 400,
			reason: 'Bad Request',
			headers: [
				`Server: nginx/${nginx}`,
				dateLine(host),
				'Content-Type: text/html',
				`Content-Length: ${body.length}`,
				'Connection: close',
			],
			body,
			closes: true,
			lines: (at) => [logged(request, at, 400, body.length)],
		};
	}
	const chunked = request.version === 'HTTP/1.1';
	const keeps = chunked && !/close/i.test(request.headers.get('connection') ?? '');
	const body = request.method === 'HEAD' ? new Uint8Array(0) : utf8(chunked ? chunks([page]) : page);
	return {
		status: 200,
		reason: 'OK',
		// Its own name is a header of the page's, so it stands last (ngx_http_header_filter).
		headers: [
			dateLine(host),
			'Content-Type: text/plain',
			...(chunked ? ['Transfer-Encoding: chunked'] : []),
			`Connection: ${keeps ? 'keep-alive' : 'close'}`,
			'Server: echoserver',
		],
		body,
		closes: !keeps,
		lines: (at) => [logged(request, at, 200, body.length)],
	};
}

/** run.sh and what OpenSSL 1.0 writes while it looks for two primes. */
const begins = ({ draw }: AppStart): readonly string[] => [
	'Generating self-signed cert',
	'Generating a 2048 bit RSA private key',
	`${'.'.repeat(draw(2, 140))}+++`,
	`${'.'.repeat(draw(2, 140))}+++`,
	"writing new private key to '/certs/privateKey.key'",
	'-----',
	'Starting nginx',
];

const TLS = 8443;

export const echoserver: App = (start) => {
	const { env, tag, host } = start;
	const versions = versionsOf(tag);
	const old = !/^(?:1\.(?:[5-9]|10)|2\.)/.test(tag);
	return {
		lines: old ? [] : begins(start),
		web: {
			listens: [{ port: 8080, protocol: 'TCP' }, ...(old ? [] : [{ port: TLS, protocol: 'TCP' } as const])],
			stream: ({ port }) =>
				port === TLS
					? { octets: utf8(sentence('echoserver over TLS')), took: 0, ends: true, lines: () => [] }
					: undefined,
			answer: (request) =>
				answered(host, request, old ? older(request, versions) : newer(request, versions, env, host, tag), versions[0]),
		},
	};
};
