/**
 * agnhost: one program with many servers in it.
 *
 * Source: kubernetes test/images/agnhost/{agnhost.go,netexec,serve-hostname,liveness,porter,pause} @ v1.24.0 (2.36 to
 * 2.39); its logs go through klog.
 */
import { utf8 } from '../../../wire/index.ts';
import { SECOND } from '../../time.ts';
import type { WebRequest } from '../http.ts';
import type { WebServer } from '../web.ts';
import { type App, type AppBegun, type AppStart, iso, wallClock } from './app.ts';
import { type GoReply, goRedirect, goServer, klogLine, notFound } from './go.ts';
import { sentence } from './unsimulated.ts';

/** Commands of the image that the lab does not have. */
const OTHERS =
	'audit-proxy connect crd-conversion-webhook dns-server-list dns-suffix entrypoint-tester etc-hosts fake-gitserver fake-registry-server grpc-health-checking guestbook inclusterclient logs-generator mounttest mtlsclient mtlsserver net nettest no-snat-test no-snat-test-proxy port-forward-tester resource-consumer-controller tcp-reset test-service-account-issuer-discovery test-webserver webhook'.split(
		' ',
	);

type Flags = Readonly<Record<string, string>>;

/** cobra's flags, those of klog among them; undefined values of flags that are missing. */
function flagsOf(
	words: readonly string[],
	known: Flags,
): { readonly values: Flags } | { readonly fault: string; readonly rest: readonly string[] } {
	const values: Record<string, string> = { ...known };
	for (let i = 0; i < words.length; i++) {
		const word = words[i]!;
		if (!word.startsWith('--')) return { fault: `unknown command ${JSON.stringify(word)} for "app"`, rest: words };
		const [, name = '', , given] = /^--([^=]*)(=(.*))?$/s.exec(word) ?? [];
		if (!Object.hasOwn(known, name)) {
			if (KLOG.has(name)) {
				if (given === undefined && !BOOLEAN.has(name)) i++;
				continue;
			}
			return { fault: `unknown flag: --${name}`, rest: words };
		}
		const boolean = known[name] === 'true' || known[name] === 'false';
		const value = given ?? (boolean ? 'true' : words[++i]);
		if (value === undefined) return { fault: `flag needs an argument: --${name}`, rest: words };
		if (/^-?\d+$/.test(known[name]!) && !/^[+-]?\d+$/.test(value))
			return {
				fault: `invalid argument ${JSON.stringify(value)} for "--${name}" flag: strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`,
				rest: words,
			};
		values[name] = value;
	}
	return { values };
}

const KLOG = new Set(
	'add_dir_header alsologtostderr log_backtrace_at log_dir log_file log_file_max_size logtostderr one_output skip_headers skip_log_headers stderrthreshold v vmodule'.split(
		' ',
	),
);
const BOOLEAN = new Set(
	'add_dir_header alsologtostderr logtostderr one_output skip_headers skip_log_headers'.split(' '),
);

/** Fields of a query and of a form's body; the body's come first (http.Request.FormValue). */
function formOf({ query, body, headers, method }: WebRequest): (name: string) => string {
	const form = /^(?:POST|PUT|PATCH)$/.test(method) && /x-www-form-urlencoded/.test(headers.get('content-type') ?? '');
	const first = new URLSearchParams(form ? body : '');
	const second = new URLSearchParams(query);
	return (name) => first.get(name) ?? second.get(name) ?? '';
}

/** time.Time's text, with its monotonic clock: `2022-08-31 10:00:05.123456789 +0000 UTC m=+3.000000001`. */
function goTime(at: number, began: number, beyond: number): string {
	const nano = String(beyond).padStart(3, '0');
	const fraction = `${iso(at).slice(20, 26)}${nano}`.replace(/0+$/, '');
	const since = at - began;
	const monotonic = `${Math.floor(since / SECOND)}.${String(since % SECOND).padStart(6, '0')}${nano}`;
	return `${iso(at).slice(0, 10)} ${iso(at).slice(11, 19)}${fraction === '' ? '' : `.${fraction}`} +0000 UTC m=+${monotonic}`;
}

/** Spans of Go that people write: `5s`, `1m30s`, `250ms`; microseconds, undefined of what is none. */
function durationOf(text: string): number | undefined {
	const units: Readonly<Record<string, number>> = { h: 3.6e9, m: 6e7, s: 1e6, ms: 1000, us: 1, µs: 1, ns: 0.001 };
	if (text === '0') return 0;
	if (!/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
	let sum = 0;
	for (const [, number, unit] of text.matchAll(/([\d.]+)(ms|us|µs|ns|h|m|s)/g)) sum += Number(number) * units[unit!]!;
	return Math.round(sum);
}

function netexec(start: AppStart, words: readonly string[]): AppBegun {
	const { host, draw } = start;
	const flags = flagsOf(words, {
		'http-port': '8080',
		'udp-port': '8081',
		'sctp-port': '-1',
		'tls-cert-file': '',
		'tls-private-key-file': '',
		'http-override': '',
		'udp-listen-addresses': '',
	});
	if ('fault' in flags) return refused(flags.fault);
	const { values } = flags;
	for (const name of ['sctp-port', 'tls-cert-file', 'http-override', 'udp-listen-addresses'])
		if (values[name] !== '' && values[name] !== '-1')
			return { lines: [`(this lab does not simulate agnhost netexec --${name}: it ends here)`], code: 1 };
	const port = Number(values['http-port']);
	const udp = Number(values['udp-port']);
	const began = wallClock(host);

	function reply(request: WebRequest, path: string): GoReply {
		const form = formOf(request);
		const peer = `${request.client}:${request.clientPort}`;
		const says = (text: string, more: Partial<GoReply> & { body: string }): GoReply => ({
			...more,
			lines: (at) => [klogLine(at, text)],
		});
		switch (path) {
			case '/clientip':
				return says('GET /clientip', { body: peer });
			case '/hostname':
			case '/hostName':
				return says(`GET ${path}`, { body: host.hostname });
			case '/healthz':
				return says('GET /healthz', { body: '', ...(udp === -1 ? { status: 412 } : {}) });
			case '/echo': {
				const [msg, code] = [form('msg'), form('code')];
				const text = `GET /echo?msg=${msg}&code=${code}`;
				if (code === '') return says(text, { body: msg });
				if (!/^[+-]?\d+$/.test(code))
					return says(text, { body: `argument 'code' must be an integer or empty, got ${JSON.stringify(code)}\n` });
				return says(text, { body: msg, status: Number(code) });
			}
			case '/redirect': {
				const [location, code] = [form('location'), form('code')];
				const text = `${request.method} /redirect?msg=${location}&code=${code}`;
				if (code !== '' && !/^[+-]?\d+$/.test(code))
					return says(text, { body: `argument 'code' must be an integer or empty, got ${JSON.stringify(code)}\n` });
				return says(text, goRedirect(request, location, code === '' ? 302 : Number(code)));
			}
			case '/shutdown':
				start.exit(0);
				return says('GET /shutdown', { body: '', gone: true });
			case '/exit':
				return exits(start, form, (text, body, gone) => says(text, { body, ...(gone ? { gone } : {}) }));
			case '/dial':
			case '/shell':
			case '/upload':
				return { status: 501, body: sentence(`agnhost's ${path}`) };
			default:
				return says('GET /', { body: `NOW: ${goTime(wallClock(host), began, draw(1, 999))}` });
		}
	}

	const at = began;
	return {
		lines: [
			klogLine(at, `Started HTTP server on port ${port}`),
			...(udp === -1 ? [] : [klogLine(at + draw(80, 400), `Started UDP server on port  ${udp}`)]),
		],
		web: {
			listens: [{ port, protocol: 'TCP' }, ...(udp === -1 ? [] : [{ port: udp, protocol: 'UDP' } as const])],
			answer: (request) => goServer(host, request, (path) => reply(request, path)),
			datagram: ({ text, client, clientPort }) => {
				const asked = text.trim().toLowerCase();
				const peer = `${client}:${clientPort}`;
				const says = (line: string, body?: string) => ({
					...(body === undefined ? {} : { octets: utf8(body) }),
					lines: (now: number) => [klogLine(now, line)],
				});
				if (asked === 'hostname') return says('Sending udp hostName response', host.hostname);
				if (asked === 'clientip') return says(`Sending clientip back to UDP client ${peer}`, peer);
				// A word alone was trimmed of what makes it a command.
				if (asked.startsWith('echo ')) return says(`Echoing ${asked.slice(5)} to UDP client ${peer}`, asked.slice(5));
				return asked === '' ? { lines: () => [] } : says(`Unknown UDP command received from ${peer}: ${asked}`);
			},
		},
	};
}

/** `/exit`: at once, or later. */
function exits(
	{ exit }: AppStart,
	form: (name: string) => string,
	says: (text: string, body: string, gone: boolean) => GoReply,
): GoReply {
	const [code, timeout, wait] = [form('code'), form('timeout'), form('wait')];
	const text = `GET /exit?code=${code}&timeout=${timeout}&wait=${wait}`;
	const [allowed, waits] = [timeout, wait].map((span) => (span === '' ? 0 : durationOf(span)));
	const must = (name: string, what: string, value: string): GoReply =>
		says(text, `argument '${name}' must be ${what} or empty, got ${JSON.stringify(value)}\n`, false);
	if (allowed === undefined) return must('timeout', 'a valid golang duration', timeout);
	if (waits === undefined) return must('wait', 'a valid golang duration', wait);
	if (code !== '' && !/^[+-]?\d+$/.test(code)) return must('code', 'an integer [0-127]', code);
	if (allowed > 0 || waits > 0) return { status: 501, body: sentence("agnhost's /exit with a span of time") };
	exit(Number(code));
	const said = says(text, '', true);
	return {
		...said,
		lines: (at) => [
			...said.lines!(at),
			klogLine(
				at,
				`Will begin shutdown in 0s, allowing 0s for connections to close, then will exit with ${Number(code)}`,
			),
		],
	};
}

function serveHostname({ host }: AppStart, words: readonly string[]): AppBegun {
	const flags = flagsOf(words, { tcp: 'false', udp: 'false', http: 'true', close: 'false', port: '9376' });
	if ('fault' in flags) return refused(flags.fault);
	const { tcp, udp, http, close, port } = flags.values;
	const at = wallClock(host);
	if (http === 'true' && (tcp === 'true' || udp === 'true'))
		return { lines: [klogLine(at, "Can't server TCP/UDP mode and HTTP mode at the same time")], code: 1 };
	const web: WebServer = {
		listens: [
			...(http === 'true' || tcp === 'true' ? [{ port: Number(port), protocol: 'TCP' } as const] : []),
			...(udp === 'true' ? [{ port: Number(port), protocol: 'UDP' } as const] : []),
		],
		answer: (request) =>
			goServer(host, request, () => ({
				body: host.hostname,
				...(close === 'true' ? { headers: ['Connection: close'] } : {}),
				lines: (now) => [klogLine(now, `HTTP request from ${request.client}:${request.clientPort}`)],
			})),
		// The lab's servers speak when they are spoken to: this one would speak first.
		...(tcp === 'true'
			? {
					stream: ({ client, clientPort }) => ({
						octets: utf8(host.hostname),
						took: 0,
						ends: true,
						lines: (now: number) => [klogLine(now, `TCP request from ${client}:${clientPort}`)],
					}),
				}
			: {}),
		datagram: ({ client, clientPort }) => ({
			octets: utf8(host.hostname),
			lines: (now) => [klogLine(now, `UDP request from ${client}:${clientPort}`)],
		}),
	};
	return {
		lines: [klogLine(at, `Serving on port ${port}.`)],
		ends: (now) => [
			klogLine(now, 'Shutting down after receiving signal: terminated.'),
			klogLine(now, 'Awaiting pod deletion.'),
		],
		stays: true,
		web,
	};
}

/** Well for ten seconds. */
function liveness({ host }: AppStart, words: readonly string[]): AppBegun {
	const flags = flagsOf(words, {});
	if ('fault' in flags) return refused(flags.fault);
	const began = wallClock(host);
	const reply = (request: WebRequest, path: string): GoReply => {
		const micros = wallClock(host) - began;
		if (path === '/started') return { body: spanOf(micros) };
		if (path === '/healthz')
			return micros > 10 * SECOND ? { status: 500, body: `error: ${micros / SECOND}` } : { body: 'ok' };
		if (path === '/redirect') {
			const to = new URLSearchParams(request.query).get('loc') ?? '';
			return goRedirect(request, decodeURIComponent(to), 302);
		}
		return notFound;
	};
	return {
		lines: [],
		web: {
			listens: [{ port: 8080, protocol: 'TCP' }],
			answer: (request) => goServer(host, request, (path) => reply(request, path)),
		},
	};
}

/** time.Duration's text of a second or more: `1m3.5s`. */
function spanOf(micros: number): string {
	const whole = Math.floor(micros / SECOND);
	const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
	const fraction = String(micros % SECOND)
		.padStart(6, '0')
		.replace(/0+$/, '');
	return `${hours > 0 ? `${hours}h` : ''}${whole >= 60 ? `${minutes}m` : ''}${whole % 60}${fraction === '' ? '' : `.${fraction}`}s`;
}

/** A server for each variable that names a port. */
function porter({ host, env }: AppStart, words: readonly string[]): AppBegun {
	const flags = flagsOf(words, { 'json-response': 'false' });
	if ('fault' in flags) return refused(flags.fault);
	const at = wallClock(host);
	const lines: string[] = [];
	const pages = new Map<number, string>();
	const datagrams = new Map<number, string>();
	for (const [key, value] of Object.entries(env)) {
		const [, kind = '', number] = /^SERVE_(TCP_|UDP_|TLS_|SCTP_)?PORT_(\d+)$/.exec(key) ?? [];
		if (number === undefined) continue;
		if (kind === 'UDP_') {
			datagrams.set(Number(number), value);
			lines.push(klogLine(at, `Started UDP server on port ${number}`));
		} else if (kind === 'TLS_' || kind === 'SCTP_')
			lines.push(`(this lab does not simulate ${key}: its port is closed)`);
		else pages.set(Number(number), value);
	}
	const json = flags.values['json-response'] === 'true';
	return {
		lines,
		web: {
			listens: [
				...[...pages.keys()].map((port) => ({ port, protocol: 'TCP' }) as const),
				...[...datagrams.keys()].map((port) => ({ port, protocol: 'UDP' }) as const),
			],
			answer: (request) => {
				const value = pages.get(request.port) ?? '';
				// No mux is in front of it: paths are as they came.
				return goServer(host, { ...request, path: '/' }, () =>
					json
						? {
								body: JSON.stringify({ Method: request.method, Body: value }),
								headers: ['Content-Type: application/json'],
							}
						: { body: value },
				);
			},
			datagram: ({ port }) => ({ octets: utf8(datagrams.get(port) ?? ''), lines: () => [] }),
		},
	};
}

/** cobra's words; main() does not look at the error, so the program ends well. */
const refused = (fault: string): AppBegun => ({
	lines: fault.startsWith('unknown command')
		? [`Error: ${fault}`, "Run 'app --help' for usage."]
		: [`Error: ${fault}`, "(this lab does not have agnhost's usage)"],
	code: 0,
});

export const agnhost: App = (start) => {
	const [, command, ...words] = start.argv;
	switch (command) {
		case 'netexec':
			return netexec(start, words);
		case 'serve-hostname':
			return serveHostname(start, words);
		case 'liveness':
			return liveness(start, words);
		case 'porter':
			return porter(start, words);
		case 'pause':
			return { lines: ['Paused'], web: NOTHING };
		default:
			if (command === undefined || command.startsWith('-') || command === 'help')
				return { lines: ["(this lab does not have agnhost's usage)"], code: 0 };
			if (!OTHERS.includes(command)) return refused(`unknown command ${JSON.stringify(command)} for "app"`);
			return {
				lines: [`(this lab does not simulate agnhost ${command}: it waits, and opens no port)`],
				web: NOTHING,
			};
	}
};

const NOTHING: WebServer = { listens: [], answer: () => undefined };

/** registry.k8s.io/serve_hostname, from which agnhost's command was made: the same server in an image of its own. */
export const serveHostnameImage: App = (start) => serveHostname(start, start.argv.slice(1));
