/** URLs as curl takes them: without a scheme, with lists and ranges (lib/urlapi.c, src/tool_urlglob.c @ curl-7_81_0). */

export interface Url {
	readonly text: string;
	readonly tls: boolean;
	readonly host: string;
	readonly port: number;
	/** Whether the port stood there. */
	readonly explicit: boolean;
	readonly target: string;
	/** `name:password` before the host. */
	readonly user?: string;
}

/** What Ubuntu's and Alpine's libcurl speak besides. */
const LIBCURL = new Set(
	'dict file ftp ftps gopher gophers imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb smbs smtp smtps telnet tftp'.split(
		' ',
	),
);

/** `lacks`: curl could, and the lab cannot. */
export function parseUrl(
	text: string,
): Url | { readonly code: number; readonly message: string; readonly lacks?: boolean } {
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
	if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
		return {
			code: 1,
			message: LIBCURL.has(scheme)
				? `the simulator's curl speaks http and https, not ${scheme}`
				: `Protocol "${scheme}" not supported or disabled in libcurl`,
			lacks: LIBCURL.has(scheme),
		};
	const rest = scheme === undefined ? text : text.slice(scheme.length + 3);
	const match = /^(?:([^/?#@]*)@)?(\[[0-9a-f:.]+(?:%\w+)?\]|[^/?#:]*)(?::([^/?#]*))?([^#]*)/i.exec(rest)!;
	const [, user, host = '', port, path = ''] = match;
	if (port !== undefined && !/^\d*$/.test(port))
		return { code: 3, message: 'URL using bad/illegal format or missing URL' };
	if (host === '' || /\s/.test(text) || (port !== undefined && Number(port) > 65535))
		return { code: 3, message: 'URL using bad/illegal format or missing URL' };
	const tls = scheme === 'https';
	return {
		text,
		tls,
		host,
		port: port ? Number(port) : tls ? 443 : 80,
		explicit: Boolean(port),
		target: path === '' ? '/' : path.startsWith('?') ? `/${path}` : path,
		...(user === undefined ? {} : { user: decodeURIComponent(user) }),
	};
}

/** A URL of those that a pattern means, and what stands in it for each list and range. */
export interface Globbed {
	readonly text: string;
	readonly words: readonly string[];
}

const RANGE = /^\[(?:(\d+)-(\d+)|([a-z])-([a-z])|([A-Z])-([A-Z]))(?::(\d+))?\]/;
/** Most URLs of one pattern here; curl has no such bound. */
const MOST = 1000;

/** What a range means; undefined where it is none. */
function rangeOf([, from, to, a, b, c, d, by = '1']: RegExpExecArray): readonly string[] | undefined {
	const [first, last] =
		from !== undefined ? [Number(from), Number(to)] : [(a ?? c)!.charCodeAt(0), (b ?? d)!.charCodeAt(0)];
	const step = Number(by);
	if (first > last || step < 1 || (last - first) / step > MOST) return undefined;
	const numbers = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
	if (from === undefined) return numbers.map((code) => String.fromCharCode(code));
	// As wide as the first is written.
	return numbers.map((n) => String(n).padStart(from.length, '0'));
}

/** `{a,b}`, `[1-3]`, `[01-10:2]` and `[a-z]`, curl's own; or what is wrong with it (src/tool_urlglob.c @ curl-7_81_0). */
export function globbed(text: string): readonly Globbed[] | { readonly message: string } {
	let all: Globbed[] = [{ text: '', words: [] }];
	const bad = (what: string, at: number) => ({
		message: `${what} in URL position ${at}:\n${text}\n${' '.repeat(at - 1)}^`,
	});
	for (let i = 0; i < text.length; ) {
		const rest = text.slice(i);
		const list = /^\{([^{}]*)\}/.exec(rest);
		const range = list ? null : RANGE.exec(rest);
		let words = list?.[1]?.split(',') ?? (range ? rangeOf(range) : undefined);
		let length = (list ?? range)?.[0].length ?? 1;
		if (rest[0] === '{' && !list) return bad('unmatched brace', i + 1);
		if (rest[0] === '[' && !words) {
			const [literal] = /^\[(?:[0-9a-f]*:[0-9a-f:.]*(?:%\w+)?|)\]/i.exec(rest) ?? [];
			if (literal === undefined) return bad('bad range', i + 2);
			words = undefined;
			length = literal.length;
		}
		const part = rest.slice(0, length);
		if (!words) for (const [n, one] of all.entries()) all[n] = { ...one, text: one.text + part };
		else {
			const each = words;
			all = all.flatMap((one) => each.map((word) => ({ text: one.text + word, words: [...one.words, word] })));
		}
		i += length;
	}
	return all;
}

/** Where a `Location:` leads from a URL. */
export function redirectUrl({ tls, host, port, explicit, target }: Url, location: string): string {
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return location.replaceAll(' ', '%20');
	const scheme = tls ? 'https' : 'http';
	if (location.startsWith('//')) return `${scheme}:${location}`;
	const base = `${scheme}://${host}${explicit ? `:${port}` : ''}`;
	const path = target.replace(/[?#].*$/, '');
	const to = location.startsWith('/')
		? location
		: location.startsWith('?')
			? `${path}${location}`
			: `${path.replace(/[^/]*$/, '')}${location}`;
	return `${base}${to.replaceAll(' ', '%20')}`;
}
