/** HTTP as far as a learner's curl meets it: requests read, answers written, and what the course's images say. */
import type { Cluster } from '../../sim/lab/index.ts';
import type { Endpoint, Respond } from '../../sim/linux/index.ts';
import { formatIp, utf8 } from '../../sim/wire/index.ts';

export interface HttpRequest {
	readonly method: string;
	readonly path: string;
	readonly query: string;
	readonly version: string;
	readonly headers: ReadonlyMap<string, string>;
	/** As it came, first line and headers. */
	readonly head: string;
	readonly body: string;
}

export interface Answer {
	readonly status: number;
	readonly type: string;
	readonly body: string;
	/** More headers, after the first. */
	readonly headers?: readonly string[];
	/** `Server:` */
	readonly server?: string;
}

const REASONS: Readonly<Record<number, string>> = {
	200: 'OK',
	201: 'Created',
	301: 'Moved Permanently',
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	409: 'Conflict',
	415: 'Unsupported Media Type',
	422: 'Unprocessable Entity',
	500: 'Internal Server Error',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
};

/** Text of octets; one character for each that is no UTF-8. */
export const textOf = (octets: Uint8Array): string => new TextDecoder().decode(octets);

export function readRequest(octets: Uint8Array): HttpRequest | undefined {
	const text = textOf(octets);
	const end = text.indexOf('\r\n\r\n');
	const head = end < 0 ? text : text.slice(0, end);
	const match = /^([A-Z]+) (\S+) (HTTP\/\d(?:\.\d)?)/.exec(head);
	if (!match) return undefined;
	const headers = new Map<string, string>();
	for (const line of head.split('\r\n').slice(1)) {
		const colon = line.indexOf(':');
		if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
	}
	const target = match[2]!.replace(/^https?:\/\/[^/]*/, '') || '/';
	const question = target.indexOf('?');
	return {
		method: match[1]!,
		path: question < 0 ? target : target.slice(0, question),
		query: question < 0 ? '' : target.slice(question + 1),
		version: match[3]!,
		headers,
		head,
		body: end < 0 ? '' : text.slice(end + 4),
	};
}

/** An answer as octets. HEAD gets no body. */
export function http(answer: Answer, request?: HttpRequest): Uint8Array {
	const body = utf8(answer.body);
	const lines = [
		`HTTP/1.1 ${answer.status} ${REASONS[answer.status] ?? ''}`,
		...(answer.server ? [`Server: ${answer.server}`] : []),
		`Content-Type: ${answer.type}`,
		`Content-Length: ${body.length}`,
		...(answer.headers ?? []),
		'',
		'',
	];
	return utf8(lines.join('\r\n') + (request?.method === 'HEAD' ? '' : answer.body));
}

/**
 * TLS without its cipher: the request and the answer each travel as one record of application data (RFC 8446 5.1), in
 * clear, and no handshake is exchanged. Plain HTTP gets what Go's server says to it.
 */
const APPLICATION_DATA = 23;

export function tlsRecord(octets: Uint8Array): Uint8Array {
	const out = new Uint8Array(octets.length + 5);
	out.set([APPLICATION_DATA, 3, 3, (octets.length >>> 8) & 0xff, octets.length & 0xff]);
	out.set(octets, 5);
	return out;
}

export const isTls = (octets: Uint8Array): boolean => octets[0] === APPLICATION_DATA && octets[1] === 3;
export const tlsPlain = (octets: Uint8Array): Uint8Array => octets.subarray(5);

export const tlsAround =
	(respond: Respond): Respond =>
	(octets, peer, local) => {
		if (!isTls(octets))
			return utf8('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
		const answer = respond(tlsPlain(octets), peer, local);
		return answer && tlsRecord(answer);
	};

const plain = (body: string, status = 200): Answer => ({ status, type: 'text/plain; charset=utf-8', body });

/** index.html of nginx (docs/html/index.html @ release-1.23). */
export const NGINX_INDEX = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;

/** conf/mime.types @ release-1.23, of what a learner serves. */
const MIME: Readonly<Record<string, string>> = {
	'': 'text/html',
	css: 'text/css',
	html: 'text/html',
	htm: 'text/html',
	js: 'application/javascript',
	json: 'application/json',
	svg: 'image/svg+xml',
	txt: 'text/plain',
	xml: 'text/xml',
};

const typeOf = (path: string): string => {
	const ending = path.endsWith('/') ? '' : (/\.([^./]+)$/.exec(path)?.[1] ?? 'none');
	return Object.hasOwn(MIME, ending) ? MIME[ending]! : 'application/octet-stream';
};

const nginxError = (status: number, what: string): Answer => ({
	status,
	type: 'text/html',
	server: 'nginx/1.23.1',
	body: `<html>\r\n<head><title>${status} ${what}</title></head>\r\n<body>\r\n<center><h1>${status} ${what}</h1></center>\r\n<hr><center>nginx/1.23.1</center>\r\n</body>\r\n</html>\r\n`,
});

/** cilium/starwars (the deathstar of Cilium's policy guide): its API answers two requests and names its methods. */
const DEATHSTAR: Readonly<Record<string, string>> = {
	'GET /v1/': `{"name":"Death Star","hostname":"","model":"DS-1 Orbital Battle Station","manufacturer":"Imperial Department of Military Research, Sienar Fleet Systems","cost_in_credits":"1000000000000","length":"120000","crew":"342953","passengers":"843342","cargo_capacity":"1000000000000","hyperdrive_rating":"4.0","starship_class":"Deep Space Mobile Battlestation","api":["GET   /v1","GET   /v1/healthz","POST  /v1/request-landing","PUT   /v1/cargobay","GET   /v1/hyper-matter-reactor/status","PUT   /v1/exhaust-port"]}\n`,
	'POST /v1/request-landing': 'Ship landed\n',
	'PUT /v1/exhaust-port':
		'Panic: deathstar exploded\n\ngoroutine 1 [running]:\nmain.HandleGarbage(0x2080c3f50, 0x2, 0x4, 0x425c0, 0x5, 0xa)\n',
};

/** What an image's program says; undefined for those that echo who asks, which the World answers for itself. */
export function appAnswer(
	image: string,
	request: HttpRequest,
	at: {
		readonly pod: string;
		readonly namespace: string;
		readonly peer: Endpoint;
		/** What is in the file that nginx reads for a path. */
		readonly page?: (path: string) => string | undefined;
	},
): Answer | undefined {
	const name = image.replace(/[:@][^/]*$/, '');
	const { method, path, query } = request;
	if (/(?:^|\/)nginx$/.test(name)) {
		if (method !== 'GET' && method !== 'HEAD') return nginxError(405, 'Not Allowed');
		const index = path === '/' || path === '/index.html' ? NGINX_INDEX : undefined;
		const body = at.page ? at.page(path) : index;
		if (body === undefined) return path === '/' ? nginxError(403, 'Forbidden') : nginxError(404, 'Not Found');
		return {
			status: 200,
			type: typeOf(path),
			server: 'nginx/1.23.1',
			body,
			headers: ['Accept-Ranges: bytes'],
		};
	}
	if (/(?:^|\/)httpd$/.test(name))
		return path === '/'
			? {
					status: 200,
					type: 'text/html',
					server: 'Apache/2.4.54 (Unix)',
					body: '<html><body><h1>It works!</h1></body></html>\n',
				}
			: {
					status: 404,
					type: 'text/html; charset=iso-8859-1',
					server: 'Apache/2.4.54 (Unix)',
					body: '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n',
				};
	if (/starwars$/.test(name)) {
		const body = DEATHSTAR[`${method} ${path.replace(/^\/v1$/, '/v1/')}`];
		return body === undefined ? plain('404 page not found\n', 404) : plain(body);
	}
	if (/hello-app$/.test(name)) return plain(`Hello, world!\nVersion: 1.0.0\nHostname: ${at.pod}\n`);
	if (/whoami$/.test(name))
		return plain(
			`Hostname: ${at.pod}\nIP: 127.0.0.1\nRemoteAddr: ${formatIp(at.peer.ip)}:${at.peer.port}\n${request.head.replaceAll('\r', '')}\n\n`,
		);
	if (/agnhost$/.test(name)) {
		if (path === '/hostname' || path === '/hostName') return plain(at.pod);
		if (path === '/clientip') return plain(`${formatIp(at.peer.ip)}:${at.peer.port}`);
		if (path === '/healthz') return plain('');
		if (path === '/echo') return plain(new URLSearchParams(query).get('msg') ?? '');
		return path === '/' ? plain(at.pod) : plain('404 page not found\n', 404);
	}
	return undefined;
}

/** The API server to somebody without credentials: system:public-info-viewer may read health and version (RBAC bootstrap policy). */
export function apiAnswer({ path, method, headers }: HttpRequest, cluster: Cluster): Answer {
	const json = (status: number, body: unknown): Answer => ({
		status,
		type: 'application/json',
		body: JSON.stringify(body, undefined, 2) + (status === 200 ? '' : '\n'),
		headers: ['Cache-Control: no-cache, private'],
	});
	const refused = (status: number, reason: string, message: string): Answer =>
		json(status, {
			kind: 'Status',
			apiVersion: 'v1',
			metadata: {},
			status: 'Failure',
			message,
			reason,
			...(reason === 'Forbidden' ? { details: {} } : {}),
			code: status,
		});
	if (headers.has('authorization')) return refused(401, 'Unauthorized', 'Unauthorized');
	if (path === '/healthz' || path === '/livez' || path === '/readyz') return plain('ok');
	if (path === '/version' || path === '/version/') {
		const gitVersion = cluster.api.version;
		const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
		return json(200, { major, minor, gitVersion, platform: 'linux/amd64' });
	}
	const verb = method === 'GET' ? 'get' : method === 'POST' ? 'post' : method.toLowerCase();
	return refused(403, 'Forbidden', `forbidden: User "system:anonymous" cannot ${verb} path "${path}"`);
}
