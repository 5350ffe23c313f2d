/**
 * Paths as names of files, what a directory holds, and types by endings.
 *
 * Source: nginx src/http/ngx_http_parse.c, ngx_http_core_module.c, modules/ngx_http_autoindex_module.c @ release-1.23.
 */
import { utf8 } from '../../../wire/index.ts';
import type { Disk } from '../../disk/disk.ts';
import { httpDate } from '../http.ts';
import { type Location, nearest } from './config.ts';
import type { Blocks, Turn } from './turn.ts';
import { expand } from './variables.ts';

/** Percent-decoded, dots and double slashes resolved; undefined of what goes above the root. */
export function clean(path: string): string | undefined {
	let decoded: string;
	try {
		decoded = decodeURIComponent(path);
	} catch {
		return undefined;
	}
	const parts: string[] = [];
	for (const part of decoded.split('/').slice(1)) {
		if (part === '..') {
			if (parts.length === 0) return undefined;
			parts.pop();
		} else if (part !== '.' && part !== '') parts.push(part);
	}
	return `/${parts.join('/')}${/\/(?:\.{1,2})?$/.test(decoded) && parts.length > 0 ? '/' : ''}`;
}

/** nginx runs its workers as its user; here as whoever runs the container, where that is not root. */
export function fileName(turn: Turn, location: Location | undefined, blocks: Blocks, path: string): string {
	const alias = location?.own.find(({ name }) => name === 'alias')?.args[0];
	if (alias !== undefined) {
		const text = expand(turn, alias, path, blocks);
		return location!.pattern ? path.replace(location!.pattern, text) : `${text}${path.slice(location!.path.length)}`;
	}
	const root = expand(turn, nearest(blocks, 'root')?.args[0] ?? 'html', path, blocks);
	return `${root.startsWith('/') ? root.replace(/\/$/, '') : `/etc/nginx/${root}`}${path}`;
}

export const errno = (disk: Disk, path: string): string =>
	disk.readFault(path) === 'EACCES' ? '13: Permission denied' : '2: No such file or directory';

/** `autoindex on`. */
export function listing(turn: Turn, name: string, path: string): Uint8Array {
	const { disk, host } = turn;
	const row = (entry: string): string => {
		const stat = disk.stat(`${name}${entry}`);
		const shown = stat?.kind === 'directory' ? `${entry}/` : entry;
		const label = shown.length > 50 ? `${shown.slice(0, 47)}..&gt;` : shown;
		const date = httpDate(host.epoch, stat?.at ?? 0).split(' ');
		return `<a href="${encodeURI(shown)}">${label}</a>${' '.repeat(Math.max(0, 51 - shown.length))}${date[1]}-${date[2]}-${date[3]} ${date[4]!.slice(0, 5)}${(stat?.kind === 'directory' ? '-' : String(stat?.size ?? 0)).padStart(20)}`;
	};
	const names = disk.list(name) ?? [];
	const isFolder = (entry: string): boolean => disk.stat(`${name}${entry}`)?.kind === 'directory';
	const shown = names.filter((entry) => !entry.startsWith('.'));
	const sorted = [...shown.filter(isFolder), ...shown.filter((entry) => !isFolder(entry))];
	return utf8(
		`<html>\r\n<head><title>Index of ${path}</title></head>\r\n<body>\r\n<h1>Index of ${path}</h1><hr><pre><a href="../">../</a>\r\n${sorted.map((entry) => `${row(entry)}\r\n`).join('')}</pre><hr></body>\r\n</html>\r\n`,
	);
}

/** Type by the ending of a path. */
export function typeOf({ config }: Turn, path: string, blocks: Blocks): string {
	const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase();
	const charset = nearest(blocks, 'charset')?.args[0];
	const type =
		(ending === undefined ? undefined : config.types.get(ending)) ??
		nearest(blocks, 'default_type')?.args[0] ??
		'text/plain';
	return charset !== undefined && charset !== 'off' && /^text\/|javascript|rss/.test(type)
		? `${type}; charset=${charset}`
		: type;
}
