/**
 * Paths as names of files, what a directory holds, and types by endings.
 *
 * Source: nginx src/http/ngx_http_parse.c, ngx_http_core_module.c, modules/ngx_http_autoindex_module.c @ release-1.23.
 */
import { formatMicroTime } from '../../../api/index.ts';
import { utf8 } from '../../../wire/index.ts';
import type { Disk } from '../../disk/disk.ts';
import { SECOND } from '../../time.ts';
import { httpDate } from '../http.ts';
import { isOn, nearest, wordOf } from './nearest.ts';
import type { Turn } from './turn.ts';
import { argument, expand, rootOf } from './variables.ts';

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

/** The file a path stands for: below `root`, or as `alias` says (ngx_http_map_uri_to_path()). */
export function fileName(turn: Turn, path: string): string {
	const { location, blocks } = turn;
	const alias = turn.within && blocks[0]?.some(({ name }) => name === 'root') ? undefined : location?.alias;
	if (!alias) return `${rootOf(turn)}${path}`;
	const text = expand(turn, alias.text);
	return alias.path === undefined ? text : `${text}${path.slice(alias.path.length)}`;
}

export const errno = (disk: Disk, path: string): string =>
	disk.readFault(path) === 'EACCES' ? '13: Permission denied' : '2: No such file or directory';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

interface Entry {
	readonly name: string;
	readonly folder: boolean;
	readonly size: number;
	/** Microseconds. */
	readonly at: number;
}

const escapedHtml = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** ngx_escape_uri() of a name in a link. */
const escapedUri = (text: string): string =>
	encodeURIComponent(text).replace(/%(?:2C|40|24|26|2B|3D|21|3B|2F)/g, (code) => decodeURIComponent(code));

/** Octets as `1K`, `12M` where `autoindex_exact_size` is off. */
function roughly(size: number): string {
	if (size > 1024 * 1024 * 1024 - 1) {
		const whole = Math.floor(size / (1024 * 1024 * 1024));
		return `${String(whole + (size % (1024 * 1024 * 1024) > 512 * 1024 * 1024 - 1 ? 1 : 0)).padStart(6)}G`;
	}
	if (size > 1024 * 1024 - 1) {
		const rest = size % (1024 * 1024) > (1024 * 1024) / 2 - 1 ? 1 : 0;
		return `${String(Math.floor(size / (1024 * 1024)) + rest).padStart(6)}M`;
	}
	if (size > 9999) return `${String(Math.floor(size / 1024) + (size % 1024 > 511 ? 1 : 0)).padStart(6)}K`;
	return ` ${String(size).padStart(6)}`;
}

/** `autoindex on`: its page, or the list in the format that was asked for. */
export function listing(turn: Turn, name: string, path: string): { readonly body: Uint8Array; readonly type: string } {
	const { disk, host, blocks } = turn;
	const entries = (disk.list(name) ?? [])
		.filter((entry) => !entry.startsWith('.'))
		.map((entry): Entry => {
			const stat = disk.stat(`${name}${entry}`);
			return { name: entry, folder: stat?.kind === 'directory', size: stat?.size ?? 0, at: stat?.at ?? 0 };
		});
	const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
	const sorted = [
		...entries.filter(({ folder }) => folder).sort(byName),
		...entries.filter(({ folder }) => !folder).sort(byName),
	];
	const format = wordOf(blocks, 'autoindex_format', 'html');
	if (format === 'json' || format === 'jsonp') {
		const rows = sorted.map(
			(entry) =>
				`{ "name":${JSON.stringify(entry.name)}, "type":"${entry.folder ? 'directory' : 'file'}", "mtime":"${httpDate(host.epoch, entry.at)}"${entry.folder ? '' : `, "size":${entry.size}`} }`,
		);
		const list = `[\r\n${rows.join(',\r\n')}\r\n]`;
		const callback = format === 'jsonp' ? argument(turn.args, 'callback') : '';
		return callback === ''
			? { body: utf8(list), type: 'application/json' }
			: { body: utf8(`/* callback */\r\n${callback}(${list});`), type: 'application/javascript' };
	}
	if (format === 'xml') {
		const rows = sorted.map((entry) => {
			const time = `${formatMicroTime(host.epoch + Math.floor(entry.at / SECOND), 0).slice(0, 19)}Z`;
			return `<${entry.folder ? 'directory' : 'file'} mtime="${time}"${entry.folder ? '' : ` size="${entry.size}"`}>${escapedHtml(entry.name)}</${entry.folder ? 'directory' : 'file'}>\r\n`;
		});
		return {
			body: utf8(`<?xml version="1.0"?>\r\n<list>\r\n${rows.join('')}</list>\r\n`),
			type: 'text/xml; charset=utf-8',
		};
	}
	const exact = isOn(blocks, 'autoindex_exact_size', true);
	const rows = sorted.map(({ name: own, folder, size, at }) => {
		const shown = own.length > 50 ? `${own.slice(0, 47)}..&gt;` : `${escapedHtml(own)}${folder ? '/' : ''}`;
		const pad = own.length > 50 ? ' ' : ' '.repeat(Math.max(0, 51 - own.length - (folder ? 1 : 0)));
		const [, day = '', month = '', year = '', time = ''] = httpDate(host.epoch, at).split(' ');
		const length = folder
			? exact
				? '-'.padStart(19)
				: '-'.padStart(7)
			: exact
				? String(size).padStart(19)
				: roughly(size);
		return `<a href="${escapedUri(own)}${folder ? '/' : ''}">${shown}</a>${pad}${day}-${MONTHS.includes(month) ? month : ''}-${year} ${time.slice(0, 5)} ${length}\r\n`;
	});
	const title = escapedHtml(path);
	return {
		body: utf8(
			`<html>\r\n<head><title>Index of ${title}</title></head>\r\n<body>\r\n<h1>Index of ${title}</h1><hr><pre><a href="../">../</a>\r\n${rows.join('')}</pre><hr></body>\r\n</html>\r\n`,
		),
		type: 'text/html',
	};
}

/** Type by the ending of a path. */
export function typeOf({ config, blocks }: Turn, path: string): string {
	const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase();
	const own = blocks.find((block) => block !== config.http && block.some(({ name }) => name === 'types'));
	const types = own
		? new Map(
				own
					.filter(({ name }) => name === 'types')
					.flatMap(({ block = [] }) => block)
					.flatMap(({ name, args }) => args.map((word) => [word, name] as const)),
			)
		: config.types;
	return (ending === undefined ? undefined : types.get(ending)) ?? wordOf(blocks, 'default_type', 'text/plain');
}

/** `text/html; charset=utf-8` where `charset` says so, for its types (ngx_http_charset_filter_module.c). */
export function withCharset({ blocks }: Turn, type: string): string {
	const charset = wordOf(blocks, 'charset');
	if (charset === '' || charset === 'off' || /;\s*charset=/i.test(type)) return type;
	const types = nearest(blocks, 'charset_types')?.args ?? [
		'text/xml',
		'text/plain',
		'text/vnd.wap.wml',
		'application/javascript',
		'application/rss+xml',
	];
	return type === 'text/html' || types.includes(type) || types.includes('*') ? `${type}; charset=${charset}` : type;
}
