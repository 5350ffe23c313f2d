/** Whereto curl connects: `--connect-to`, `--resolve`, and the name service within its limits. */
import { type Ip, parseIp } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';
import type { Url } from './curl-url.ts';
import { resolve } from './resolve.ts';
import type { Space } from './space.ts';
import type { Options } from './words.ts';

/** What `--connect-to` says of a URL: an empty field stands for any host, for any port, or for what the URL has. */
function connectTo(options: Options, url: Url): { readonly host?: string; readonly port?: number } {
	for (const entry of options.all('connect-to')) {
		const [, host, port, to, toPort] = /^([^:]*):(\d*):(\[[^\]]*\]|[^:]*):(\d*)$/.exec(entry) ?? [];
		if (host === undefined || (host !== '' && host !== url.host) || (port !== '' && Number(port) !== url.port))
			continue;
		return { ...(to ? { host: to } : {}), ...(toPort ? { port: Number(toPort) } : {}) };
	}
	return {};
}

/** Host and port a connection goes to. */
export const connectAt = (options: Options, url: Url): { readonly host: string; readonly port: number } => ({
	host: url.host,
	port: url.port,
	...connectTo(options, url),
});

/** Address that `--resolve` has for a host and port. */
const resolved = (options: Options, host: string, port: number): string | undefined => {
	for (const entry of options.all('resolve')) {
		const [, name, number, address] = /^[+-]?([^:]+):(\d+):(.+)$/.exec(entry) ?? [];
		if ((name === host || name === '*') && Number(number) === port) return address!.replace(/[[\]]/g, '');
	}
	return undefined;
};

/** Lines of -v in front of a connection (lib/hostip.c Curl_loadhostpairs(), lib/url.c parse_connect_to_slist() @ curl-7_81_0). */
export function toldFirst(options: Options, url: Url): readonly string[] {
	const { host, port } = connectTo(options, url);
	const at = connectAt(options, url);
	return [
		...options.all('resolve').flatMap((entry) => (entry.startsWith('-') ? [] : [`* Added ${entry} to DNS cache`])),
		...(host === undefined ? [] : [`* Connecting to hostname: ${host}`]),
		...(port === undefined ? [] : [`* Connecting to port: ${port}`]),
		...(resolved(options, at.host, at.port) === undefined ? [] : [`* Hostname ${at.host} was found in DNS cache`]),
	];
}

export async function addressOf(
	call: Call,
	space: Space,
	options: Options,
	url: Url,
	until: number,
): Promise<Ip | 'late' | undefined> {
	const { host, port } = connectAt(options, url);
	const given = resolved(options, host, port);
	return given === undefined ? lookUp(call, space, host, until) : parseIp(given);
}

async function lookUp(call: Call, space: Space, name: string, until: number): Promise<Ip | 'late' | undefined> {
	const found = await resolve(call, space, name, until);
	return 'ip' in found ? found.ip : found.error === 'late' ? 'late' : undefined;
}
