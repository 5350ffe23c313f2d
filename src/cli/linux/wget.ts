/** `wget` 1.21 (src/http.c, retr.c, connect.c), and busybox's (networking/wget.c). */

import { formatIp } from '../../sim/wire/index.ts';
import type { Call, Tool } from '../tool.ts';
import { loadApiServer } from './api-later.ts';
import { textOf } from './http.ts';
import { hasTool, isBusybox } from './images.ts';
import { inetAton, notFound, resolve } from './resolve.ts';
import { type Space, withSpace } from './space.ts';
import { fetchPage, type Options, parse } from './wget-page.ts';
import { clock, decimals, getopt, getoptText, isoDate } from './words.ts';

const LONG = [
	'output-document=>O',
	'quiet=>q',
	'no-verbose',
	'timeout=>T',
	'tries=>t',
	'spider',
	'server-response=>S',
	'header=',
	'post-data=',
	'no-check-certificate',
	'user-agent=>U',
	'no-proxy',
	'version=>V',
	'help=>h',
	'debug=>d',
	'connect-timeout=',
	'verbose=>v',
	'post-file=',
	'referer=',
	'no-cache',
	'no-hsts',
	'no-dns-cache',
	'no-netrc',
	'no-config',
	'no-http-keep-alive',
	'no-iri',
	'progress=',
	'inet4-only=>4',
	'content-on-error',
	'content-disposition',
	'directory-prefix=>P',
];

/** Real ones that this wget does not do (src/main.c @ 1.21.2); `=` takes a value. */
const REFUSED =
	'background=>b execute=>e output-file=>o append-output=>a report-speed= input-file=>i force-html=>F base=>B config= rejected-log= retry-connrefused retry-on-http-error= continue=>c start-pos= show-progress timestamping=>N no-if-modified-since no-use-server-timestamps dns-timeout= read-timeout= wait=>w waitretry= random-wait quota=>Q bind-address= limit-rate= restrict-file-names= ignore-case inet6-only=>6 prefer-family= user= password= ask-password use-askpass= local-encoding= remote-encoding= unlink xattr force-directories=>x protocol-directories cut-dirs= http-user= http-password= default-page= adjust-extension=>E ignore-length compression= max-redirect= proxy-user= proxy-password= save-headers no-cookies load-cookies= save-cookies= keep-session-cookies method= body-data= body-file= auth-no-challenge secure-protocol= https-only certificate= certificate-type= private-key= private-key-type= ca-certificate= ca-directory= crl-file= pinnedpubkey= ciphers= hsts-file= ftp-user= ftp-password= no-remove-listing no-glob no-passive-ftp preserve-permissions retr-symlinks recursive=>r level=>l delete-after convert-links=>k backup-converted=>K mirror=>m page-requisites=>p accept=>A reject=>R accept-regex= reject-regex= domains=>D exclude-domains= span-hosts=>H relative=>L include-directories=>I exclude-directories=>X no-parent';

/** 1433 as `1.4K`, as wget writes lengths in brackets. */
const short = (n: number): string =>
	n < 1024 ? '' : n < 1_048_576 ? ` (${decimals(n / 1024, 1)}K)` : ` (${decimals(n / 1_048_576, 1)}M)`;

async function run(call: Call, space: Space): Promise<number> {
	const busybox = isBusybox('wget', call.place, call.lab);
	const refused = busybox ? [] : REFUSED.split(' ');
	const parsed = getopt(call.args, {
		short: `O:qT:t:SU:P:dhVY:n:v4${busybox ? 'c' : 'be:o:a:i:FB:cNw:Q:6xErl:kKmpA:R:D:HLI:X:'}`,
		long: [...LONG, ...refused],
	});
	if ('fault' in parsed) {
		call.err(
			`${getoptText('wget', parsed.fault)}Usage: wget [OPTION]... [URL]...\n\nTry \`wget --help' for more options.\n`,
		);
		return 2;
	}
	for (const entry of refused) {
		const [long = '', short] = entry.replace(/=$/, '').split('=>');
		if (!parsed.values.has(short ?? long)) continue;
		call.err(`wget: the simulator's wget does not do --${long}\n`);
		return 2;
	}
	const { args } = parsed;
	if (args.length === 0) {
		call.err("wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n");
		return 1;
	}
	let code = 0;
	for (const url of args)
		code = (busybox ? await busy(call, space, parsed, url) : await one(call, space, parsed, url)) || code;
	return code;
}

/** Where an answer leads (src/http.c, src/retr.c). */
function redirectOf(
	{ tls, host, port, path }: NonNullable<ReturnType<typeof parse>>,
	{ status, head }: { readonly status: number; readonly head: string },
): string | undefined {
	const location = /^location:\s*(.*?)\r?$/im.exec(head)?.[1];
	if (![301, 302, 303, 307, 308].includes(status) || !location) return undefined;
	if (/^https?:\/\//i.test(location)) return location;
	const base = `${tls ? 'https' : 'http'}://${host}${port === (tls ? 443 : 80) ? '' : `:${port}`}`;
	return `${base}${location.startsWith('/') ? location : `${path.replace(/[^/]*(?:\?.*)?$/, '')}${location}`}`;
}

/** @param before the connection of a redirect that is used again @param asked the path of what was asked for first */
async function one(
	call: Call,
	space: Space,
	options: Options,
	url: string,
	hops = 0,
	before?: ReturnType<typeof parse>,
	asked?: string,
): Promise<number> {
	const { values } = options;
	const brief = !values.has('q') && (values.has('no-verbose') || options.all('n').some((word) => word.includes('v')));
	const quiet = values.has('q') || brief;
	const say = (text: string): void => {
		if (!quiet) call.err(text);
	};
	const now = (): string => {
		const at = call.lab.epoch + call.lab.now / 1e6;
		return `${isoDate(at)} ${clock(at)}`;
	};
	const at = parse(url);
	if (!at) {
		call.err(`${url}: Invalid host name.\n`);
		return 1;
	}
	const saved = asked ?? at.path;
	const again = before?.host === at.host && before.port === at.port && before.tls === at.tls;
	const shown = `${at.tls ? 'https' : 'http'}://${at.host}${at.port === (at.tls ? 443 : 80) ? '' : `:${at.port}`}${at.path}`;
	if (values.has('spider')) say('Spider mode enabled. Check if remote file exists.\n');
	const tries = Math.max(1, Number(values.get('t') ?? 20) || 20);
	for (let attempt = 1; ; attempt++) {
		say(`--${now()}--  ${attempt > 1 ? `(try:${String(attempt).padStart(2)})  ` : ''}${shown}\n`);
		const numeric = inetAton(at.host);
		if (numeric === undefined && !again) say(`Resolving ${at.host} (${at.host})... `);
		const found = await resolve(call, space, at.host);
		if (!('ip' in found)) {
			const why = notFound(call, found.error);
			say(`failed: ${why}.\n`);
			say(`wget: unable to resolve host address ‘${at.host}’\n`);
			return 4;
		}
		const ip = formatIp(found.ip);
		if (numeric === undefined && !again) say(`${ip}\n`);
		if (again) say(`Reusing existing connection to ${at.host}:${at.port}.\n`);
		else
			say(
				`Connecting to ${at.host}${numeric === undefined ? ` (${at.host})|${ip}|` : at.host === ip ? '' : `|${ip}|`}:${at.port}... `,
			);
		const page = await fetchPage(call, space, options, at, found.ip, 'Wget/1.21.2');
		if ('failed' in page && !page.read) {
			say(`failed: ${page.failed}.\n`);
			// Refused and unreachable are final; what timed out is tried again.
			if (page.failed !== 'Connection timed out' || attempt >= tries) {
				if (page.failed === 'Connection timed out') say('Giving up.\n\n');
				return 4;
			}
			say('Retrying.\n\n');
			await call.sleep(Math.min(attempt, 10) * 1e6);
			continue;
		}
		if (!again) say('connected.\n');
		if ('failed' in page) {
			if (page.failed === 'certificate') {
				say(
					`ERROR: cannot verify ${at.host}'s certificate, issued by ‘CN=kubernetes’:\n  Unable to locally verify the issuer's authority.\nTo connect to ${at.host} insecurely, use \`--no-check-certificate'.\n`,
				);
				return 5;
			}
			say('HTTP request sent, awaiting response... No data received.\n');
			if (attempt >= tries) {
				say('Giving up.\n\n');
				return 4;
			}
			say('Retrying.\n\n');
			await call.sleep(Math.min(attempt, 10) * 1e6);
			continue;
		}
		say(`HTTP request sent, awaiting response... ${values.has('S') ? '\n' : ''}`);
		if (values.has('S'))
			say(
				`${page.head
					.trimEnd()
					.split('\r\n')
					.map((l) => `  ${l}\n`)
					.join('')}`,
			);
		else say(`${page.status} ${page.reason}\n`);
		const to = redirectOf(at, page);
		if (to !== undefined) {
			say(`Location: ${to} [following]\n`);
			if (hops >= 20) {
				say('20 redirections exceeded.\n');
				return 8;
			}
			return one(call, space, options, to, hops + 1, /^connection:\s*close/im.test(page.head) ? undefined : at, saved);
		}
		if (page.status >= 400) {
			say(`${now()} ERROR ${page.status}: ${page.reason}.\n\n`);
			if (brief) call.err(`${shown}:\n${now()} ERROR ${page.status}: ${page.reason}.\n`);
			return 8;
		}
		const type = /^content-type:\s*([^;\r\n]*)/im.exec(page.head)?.[1] ?? 'text/html';
		const given = /^content-length:\s*(\d+)/im.exec(page.head)?.[1];
		const length = given === undefined ? page.body.length : Number(given);
		say(`Length: ${given === undefined ? 'unspecified' : `${length}${short(length)}`} [${type}]\n`);
		if (values.has('spider')) {
			say('Remote file exists and could contain further links,\nbut recursion is disabled -- not retrieving.\n\n');
			return 0;
		}
		const output = values.get('O');
		let name =
			output ??
			(saved
				.split('/')
				.at(-1)!
				.replace(/^(?=\?)/, 'index.html') ||
				'index.html');
		const folder = values.get('P');
		if (output === undefined && folder !== undefined) name = `${folder.replace(/(.)\/$/, '$1')}/${name}`;
		if (output === undefined)
			for (let i = 1, stem = name; (await call.files.readBytes(name)) !== undefined; i++) name = `${stem}.${i}`;
		say(`Saving to: ‘${name === '-' ? 'STDOUT' : name}’\n\n`);
		if (name === '-') call.out(textOf(page.body));
		else if (folder !== undefined && output === undefined)
			await call.filesAt(call.place).write(name.startsWith('/') ? name : `${call.cwd}/${name}`, page.body);
		else if (name !== '/dev/null') await call.files.write(name, page.body);
		// Not on a terminal: one line of dots for each 50 K.
		say(
			`     0K ${'.'.repeat(Math.min(50, Math.max(1, Math.floor(length / 1024)))).padEnd(54)}${given === undefined ? '    ' : '100%'} ${speed(
				length,
				page.took,
			)
				.replace(/ (.).*$/, '$1')
				.padStart(5)}=0s\n\n`,
		);
		say(
			`${now()} (${speed(length, page.took)}) - ${name === '-' ? 'written to stdout' : `‘${name}’ saved`} [${page.body.length}${given === undefined ? '' : `/${length}`}]\n\n`,
		);
		if (brief)
			call.err(
				`${now()} URL:${shown} [${page.body.length}${given === undefined ? '' : `/${length}`}] -> "${name}" [1]\n`,
			);
		return 0;
	}
}

/** Rate as wget prints it (src/retr.c, retr_rate()): three digits, in KB or MB a second. */
function speed(length: number, took: number): string {
	let rate = (length * 1e6) / Math.max(1, took);
	let unit = 'B';
	for (const next of ['KB', 'MB', 'GB']) {
		if (rate < 1024) break;
		rate /= 1024;
		unit = next;
	}
	return `${decimals(rate, rate >= 99.95 ? 0 : rate >= 9.995 ? 1 : 2)} ${unit}/s`;
}

async function busy(
	call: Call,
	space: Space,
	options: Options,
	url: string,
	hops = 0,
	asked?: string,
): Promise<number> {
	const { values } = options;
	const say = (text: string): void => {
		if (!values.has('q')) call.err(text);
	};
	const at = parse(url);
	if (!at) {
		call.err(`wget: not an http or ftp url: ${url}\n`);
		return 1;
	}
	const found = await resolve(call, space, at.host);
	if (!('ip' in found)) {
		call.err(`wget: bad address '${at.host}'\n`);
		return 1;
	}
	const ip = formatIp(found.ip);
	say(
		`Connecting to ${at.host}${at.port === 80 && !/:\d+/.test(url.replace(/^https?:/, '')) ? '' : `:${at.port}`} (${ip}:${at.port})\n`,
	);
	const page = await fetchPage(call, space, options, at, found.ip, 'Wget');
	if ('failed' in page) {
		if (page.failed === 'certificate') call.err('wget: note: TLS certificate validation not implemented\n');
		call.err(
			page.read
				? 'wget: error getting response\n'
				: values.has('T') && page.failed === 'Connection timed out'
					? 'wget: download timed out\n'
					: `wget: can't connect to remote host (${ip}): ${page.failed === 'No route to host' ? 'Host is unreachable' : page.failed === 'Connection timed out' ? 'Operation timed out' : page.failed === 'Network is unreachable' ? 'Network unreachable' : page.failed}\n`,
		);
		return 1;
	}
	if (values.has('S'))
		call.err(
			page.head
				.trimEnd()
				.split('\r\n')
				.map((line) => `  ${line}\n`)
				.join(''),
		);
	const to = redirectOf(at, page);
	if (to !== undefined) {
		if (hops >= 5) {
			call.err('wget: too many redirections\n');
			return 1;
		}
		return busy(call, space, options, to, hops + 1, asked ?? at.path);
	}
	if (page.status >= 400) {
		const [line = ''] = page.head.split(/\r?\n/);
		call.err(`wget: server returned error: ${line}\n`);
		return 1;
	}
	if (values.has('spider')) {
		say('remote file exists\n');
		return 0;
	}
	const name = values.get('O') ?? ((asked ?? at.path).replace(/\?.*$/, '').split('/').at(-1) || 'index.html');
	if (name === '-') {
		say('writing to stdout\n');
		call.out(textOf(page.body));
	} else {
		if (values.get('O') === undefined && (await call.files.readBytes(name)) !== undefined) {
			call.err(`wget: can't open '${name}': File exists\n`);
			return 1;
		}
		say(`saving to '${name}'\n`);
		if (name !== '/dev/null') await call.files.write(name, page.body);
	}
	const n = page.body.length;
	say(
		`${(name === '-' ? '-' : name.slice(-20)).padEnd(20)} 100% |${'*'.repeat(32)}| ${String(n).padStart(5)}  0:00:00 ETA\n`,
	);
	say(name === '-' ? 'written to stdout\n' : `'${name}' saved\n`);
	return 0;
}

export const wget: Tool = {
	name: 'wget',
	at: hasTool('wget'),
	// An API server may be asked, which knows roles then.
	run: async (call) => {
		await loadApiServer();
		return withSpace(call, (space) => run(call, space));
	},
};
