/** traefik/whoami, once containous/whoami: app.go at v1.8.0 and its flags. */
import type { WebRequest } from '../http.ts';
import { type App, iso, wallClock } from './app.ts';
import { type GoReply, goError, goFlags, goLog, goServer } from './go.ts';
import { sentence } from './unsimulated.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** textproto.CanonicalMIMEHeaderKey(). */
const canonical = (name: string): string =>
	name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => `${dash}${letter.toUpperCase()}`);

/** Headers by their canonical names, sorted, without those that http.Request has fields for. */
function headersOf(request: WebRequest): ReadonlyMap<string, readonly string[]> {
	const raw = request.raw ?? [...request.headers];
	const out = new Map<string, string[]>();
	for (const [name, value] of raw) {
		const key = canonical(name);
		if (key === 'Host' || key === 'Transfer-Encoding') continue;
		out.set(key, [...(out.get(key) ?? []), value]);
	}
	return new Map([...out].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const targetOf = ({ path, query }: WebRequest): string => (query === '' ? path : `${path}?${query}`);

/** http.Request.Write(): the request as a client would write it; a body of known length has its header first. */
function written(request: WebRequest): string {
	const headers = headersOf(request);
	const agent = headers.get('User-Agent')?.[0] ?? 'Go-http-client/1.1';
	const lines = [
		`${request.method} ${targetOf(request)} HTTP/1.1`,
		`Host: ${request.headers.get('host') ?? ''}`,
		`User-Agent: ${agent}`,
		...(headers.has('Content-Length') ? [`Content-Length: ${headers.get('Content-Length')![0]}`] : []),
	];
	for (const [name, values] of headers)
		if (name !== 'User-Agent' && name !== 'Content-Length' && name !== 'Trailer')
			for (const value of values) lines.push(`${name}: ${value}`);
	return `${lines.join('\r\n')}\r\n\r\n${request.body}`;
}

/** encoding/json's text of a string. */
const json = (value: unknown): string =>
	JSON.stringify(value).replace(
		/[<>&\u2028\u2029]/g,
		(char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);

export const whoami: App = ({ argv, env, host }) => {
	const parsed = goFlags(argv, [
		{ name: 'cacert', type: 'string', usage: 'give me a CA chain, enforces mutual TLS' },
		{ name: 'cert', type: 'string', usage: 'give me a certificate' },
		{ name: 'key', type: 'string', usage: 'give me a key' },
		{ name: 'name', type: 'string', usage: 'give me a name', default: env.WHOAMI_NAME ?? '' },
		{ name: 'port', type: 'string', usage: 'give me a port number', default: env.WHOAMI_PORT_NUMBER || '80' },
		{ name: 'verbose', type: 'bool', usage: 'Enable verbose logging' },
	]);
	if ('code' in parsed) return parsed;
	const { values } = parsed;
	if (values.get('cert') && values.get('key'))
		return { lines: ['(this lab does not simulate whoami with TLS: it ends here)'], code: 1 };
	const port = values.get('port') ?? (env.WHOAMI_PORT_NUMBER || '80');
	const name = values.get('name') ?? env.WHOAMI_NAME ?? '';
	const verbose = values.get('verbose') === 'true';
	let health = 200;
	const addresses = (request: WebRequest): readonly string[] => request.network?.addresses() ?? ['127.0.0.1', host.ip];

	function reply(request: WebRequest, path: string): GoReply {
		const peer = `${request.client}:${request.clientPort}`;
		switch (path) {
			case '/bench':
				return { body: '1', headers: ['Connection: keep-alive', 'Content-Type: text/plain'] };
			case '/api': {
				const headers = Object.fromEntries(headersOf(request));
				const host_ = request.headers.get('host') ?? '';
				const data = {
					hostname: host.hostname,
					ip: addresses(request),
					...(Object.keys(headers).length > 0 ? { headers } : {}),
					url: targetOf(request),
					...(host_ === '' ? {} : { host: host_ }),
					method: request.method,
					...(name === '' ? {} : { name }),
				};
				return { body: `${json(data)}\n`, headers: ['Content-Type: application/json'] };
			}
			case '/health': {
				if (request.method !== 'POST') return { status: health, body: '' };
				const code = Number(request.body.trim());
				if (!/^\s*-?\d+\s*$/.test(request.body))
					return goError(400, request.body === '' ? 'EOF' : 'the simulator reads a number here, and nothing else');
				health = code;
				return { body: '', lines: () => [`Update health check status code [${code}]`] };
			}
			case '/data':
			case '/echo':
				return { status: 501, body: sentence(`whoami's ${path}`) };
			default: {
				const lines = [
					...(name === '' ? [] : [`Name: ${name}`]),
					`Hostname: ${host.hostname}`,
					...addresses(request).map((ip) => `IP: ${ip}`),
					`RemoteAddr: ${peer}`,
				];
				return { body: `${lines.join('\n')}\n${written(request)}` };
			}
		}
	}

	return {
		lines: [goLog(wallClock(host), `Starting up on port ${port}`)],
		web: {
			listens: [{ port: Number(port), protocol: 'TCP' }],
			answer: (request) =>
				goServer(host, request, (path) => {
					const made = reply(request, path);
					if (!verbose) return made;
					return {
						...made,
						lines: (at) => {
							const [year, month, day] = iso(at).slice(0, 10).split('-');
							const stamp = `${day}/${MONTHS[Number(month) - 1]}/${year}:${iso(at).slice(11, 19)} +0000`;
							return [
								...(made.lines?.(at) ?? []),
								goLog(
									at,
									`${request.client}:${request.clientPort} - - [${stamp}] "${request.method} ${path} ${request.version}" - -`,
								),
							];
						},
					};
				}),
		},
	};
};
