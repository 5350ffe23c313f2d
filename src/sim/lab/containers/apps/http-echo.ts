/** hashicorp/http-echo: main.go, handlers.go, server.go @ v0.2.3, v1.0.0. */
import { utf8 } from '../../../wire/index.ts';
import type { WebRequest } from '../http.ts';
import { type App, wallClock } from './app.ts';
import { type GoReply, goFlags, goLog, goServer, portOf, shortDuration } from './go.ts';

export const httpEcho: App = ({ argv, env, tag, host, draw }) => {
	const newer = /^1(?:\.|$)/.test(tag);
	const version = newer ? '1.0.0' : (/^0\.2\.\d/.exec(tag)?.[0] ?? '0.2.3');
	const parsed = goFlags(argv, [
		{ name: 'listen', type: 'string', usage: 'address and port to listen', default: ':5678' },
		...(newer
			? [{ name: 'status-code', type: 'int', usage: 'http response code, e.g.: 200', default: '200' } as const]
			: []),
		{ name: 'text', type: 'string', usage: 'text to put on the webpage' },
		{ name: 'version', type: 'bool', usage: 'display version information' },
	]);
	if ('code' in parsed) return parsed;
	const { values, rest } = parsed;
	if (values.get('version') === 'true')
		// The commit it was built from is not known here.
		return { lines: [`http-echo v${version} (the simulator does not know of which commit)`], code: 0 };
	const text = values.get('text') || (newer ? (env.ECHO_TEXT ?? '') : '');
	if (text === '')
		return { lines: [newer ? 'Missing -text option or ECHO_TEXT env var!' : 'Missing -text option!'], code: 127 };
	if (rest.length > 0) return { lines: ['Too many arguments!'], code: 127 };
	const status = Number(values.get('status-code') ?? 200);
	const address = values.get('listen') ?? ':5678';
	const headers = ['X-App-Name: http-echo', `X-App-Version: ${version}`];
	const echo = (request: WebRequest, path: string): GoReply => {
		const took = shortDuration(draw(8000, 60_000));
		const body = `${text}\n`;
		const said = utf8(body).length;
		return {
			status,
			body,
			headers,
			lines: (at) => [
				goLog(
					at,
					`${request.headers.get('host') ?? ''} ${request.client}:${request.clientPort} "${request.method} ${path} ${request.version}" ${status} ${said} "${request.headers.get('user-agent') ?? ''}" ${took}`,
				),
			],
		};
	};
	const at = wallClock(host);
	const begins = newer ? `[INFO] server is listening on ${address}` : `Server is listening on ${address}`;
	return {
		lines: [goLog(at, begins)],
		// v0.2.3 knows no other signal than SIGINT.
		stays: !newer,
		ends: (now) => [
			goLog(now, newer ? '[INFO] received interrupt, shutting down...' : '[ERR] Unknown signal terminated'),
		],
		web: {
			listens: [{ port: portOf(address), protocol: 'TCP' }],
			answer: (request) =>
				goServer(host, request, (path) =>
					path === '/health' ? { body: '{"status":"ok"}\n', headers } : echo(request, path),
				),
		},
	};
};
