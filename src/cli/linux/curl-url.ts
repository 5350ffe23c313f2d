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

export function parseUrl(text: string): Url | { readonly code: number; readonly message: string } {
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
	if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
		return {
			code: 1,
			message: LIBCURL.has(scheme)
				? `the simulator's curl speaks http and https, not ${scheme}`
				: `Protocol "${scheme}" not supported or disabled in libcurl`,
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

/** `{a,b}` and `[1-3]`, curl's own. */
export function globbed(text: string): readonly string[] {
	const match = /\{([^{}]*)\}|\[(\d+)-(\d+)\]/.exec(text);
	if (!match) return [text];
	const [all, list, from, to] = match;
	const words =
		list !== undefined
			? list.split(',')
			: Array.from({ length: Math.min(1000, Math.max(0, Number(to) - Number(from) + 1)) }, (_, i) =>
					String(Number(from) + i),
				);
	return words.flatMap((word) => globbed(text.slice(0, match.index) + word + text.slice(match.index + all.length)));
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
