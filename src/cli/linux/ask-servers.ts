/** In what order BIND's clients ask the servers of /etc/resolv.conf, and what they say of those that do not answer. */
import { formatIp, type Ip } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';
import { imageAt } from './images.ts';
import { type Asked, type AskOptions, ask } from './resolve.ts';
import type { Space } from './space.ts';

/** Of the image: Ubuntu's on nodes and the laptop, Alpine 3.16's, Debian jessie's. */
export function bindVersion({ place, lab }: Pick<Call, 'place' | 'lab'>): string {
	const image = imageAt(place, lab);
	if (image === undefined) return '9.18.1-1ubuntu1.2-Ubuntu';
	return /jessie/.test(image) ? '9.9.5-9+deb8u19-Debian' : '9.16.33';
}

/** Up to 9.16 the clients used sockets that hear of no ICMP error, and said nothing of single attempts. */
export const isOldBind = (call: Pick<Call, 'place' | 'lab'>): boolean => !bindVersion(call).startsWith('9.18');

/** What they say when nobody answered (bin/dig/dighost.c @ v9.16.33 connect_timeout(), v9.18.1 _cancel_lookup()). */
export const unreachable = (call: Pick<Call, 'place' | 'lab'>): string =>
	isOldBind(call) ? ';; connection timed out; no servers could be reached\n' : ';; no servers could be reached\n';

const REASONS: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connection refused',
	EHOSTUNREACH: 'host unreachable',
	ENETUNREACH: 'network unreachable',
	EPERM: 'no permission',
};

/** A failed attempt of 9.18's. */
const failure = ({ errno }: Asked, server: Ip, port: number): string =>
	`;; communications error to ${formatIp(server)}#${port}: ${errno === undefined ? 'timed out' : (REASONS[errno] ?? 'end of file')}\n`;

export interface Attempts {
	readonly servers: readonly Ip[];
	readonly tries: number;
	readonly options: AskOptions;
}

export interface Answered {
	readonly asked: Asked;
	/** Who answered, or was asked last. */
	readonly server: Ip;
}

/**
 * 9.18 asks the first server as often as it tries at all, each further one once: of the lookup's retries none is left by then.
 * 9.16 goes through all of them each time, and gives each but the last a second (SERVER_TIMEOUT).
 */
export async function askServers(
	call: Call,
	space: Space,
	question: { readonly name: string; readonly type: number },
	{ servers, tries, options }: Attempts,
): Promise<Answered> {
	const old = isOldBind(call);
	const rounds = old
		? Array.from({ length: tries }, () => servers).flat()
		: [...Array<Ip>(tries - 1).fill(servers[0]!), ...servers];
	let last: Answered = { asked: { size: 0, took: 0 }, server: servers[0]! };
	for (const [i, server] of rounds.entries()) {
		const impatient = old && !options.tcp && (i + 1) % servers.length !== 0;
		const timeout = impatient ? 1e6 : options.timeout;
		const began = call.lab.now;
		const asked = await ask(call, space, server, question, { ...options, timeout });
		last = { asked, server };
		if (asked.message) return last;
		if (old && !options.tcp && asked.errno !== undefined)
			await call.sleep(Math.max(0, timeout - (call.lab.now - began)));
		if (!old || options.tcp) call.out(failure(asked, server, options.port ?? 53));
	}
	return last;
}
