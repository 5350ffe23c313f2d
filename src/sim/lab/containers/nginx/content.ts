/** What answers a path: files, indexes, lists, and small handlers (src/http/modules/ngx_http_{static,index,autoindex,stub_status,try_files}_module.c @ 1.23). */
import { utf8 } from '../../../wire/index.ts';
import { SECOND } from '../../time.ts';
import { errno, fileName, listing, typeOf } from './files.ts';
import { isOn, nearest } from './nearest.ts';
import type { Directive } from './read.ts';
import type { Outcome, Turn } from './turn.ts';
import { complain } from './turn.ts';
import { expand } from './variables.ts';

/** A path to go on with as if it had been asked for. */
export interface Inward {
	readonly to: string;
	readonly args: string;
}

export const isInward = (outcome: Outcome | Inward): outcome is Inward =>
	typeof outcome === 'object' && 'to' in outcome;

/** A text with its arguments behind a question mark. */
export const inward = (text: string, otherwise: string): Inward => {
	const mark = text.indexOf('?');
	return mark < 0 ? { to: text, args: otherwise } : { to: text.slice(0, mark), args: text.slice(mark + 1) };
};

/** try_files: the path that is there, or where its last word leads; undefined when the path was found. */
export function tried(turn: Turn, { args }: Directive): Outcome | Inward | { readonly named: string } | undefined {
	const last = args.at(-1)!;
	for (const word of args.slice(0, -1)) {
		const wanted = expand(turn, word);
		const name = fileName(turn, wanted.replace(/(.)\/$/, '$1'));
		const stat = turn.disk.stat(name === '' ? '/' : name);
		if (!stat || (stat.kind === 'directory') !== word.endsWith('/')) continue;
		turn.uri = word.endsWith('/') ? wanted.slice(0, -1) : wanted;
		return undefined;
	}
	if (last.startsWith('=')) return Number(last.slice(1));
	if (last.startsWith('@')) return { named: last };
	return inward(expand(turn, last), '');
}

const status = ({ stats }: Turn): string =>
	`Active connections: 1 \nserver accepts handled requests\n ${stats.accepted} ${stats.accepted} ${stats.requests} \nReading: 0 Writing: 1 Waiting: 0 \n`;

/** ngx_empty_gif. */
const GIF = '47494638396101000100800100000000ffffff21f90401000001002c00000000010001000002024c01003b'.match(/../g)!;

/** Handlers that need nobody else; undefined when the location has none. */
export function handled(turn: Turn, name: string): Outcome | undefined {
	const reads = turn.method === 'GET' || turn.method === 'HEAD';
	if (name === 'stub_status') return reads ? { status: 200, body: utf8(status(turn)), type: 'text/plain' } : 405;
	if (name === 'empty_gif')
		return reads
			? {
					status: 200,
					body: Uint8Array.from(GIF, (octet) => Number.parseInt(octet, 16)),
					type: 'image/gif',
					at: (23_349_600 - turn.host.epoch) * SECOND,
					plain: true,
				}
			: 405;
	return undefined;
}

/** A file, a directory's index, or a list of it. */
export function served(turn: Turn): Outcome | Inward {
	const { uri, method, disk } = turn;
	const said = isOn(turn.blocks, 'log_not_found', true);
	if (uri.endsWith('/')) {
		if (['GET', 'HEAD', 'POST'].includes(method)) {
			const index = indexed(turn, said);
			if (index !== undefined) return index;
		}
		const name = fileName(turn, uri);
		if (isOn(turn.blocks, 'autoindex') && (method === 'GET' || method === 'HEAD')) {
			if (disk.list(name)) return { status: 200, ...listing(turn, name, uri), unsized: true };
			const why = errno(disk, name);
			if (why.startsWith('13') || said) complain(turn, 'error', `opendir() "${name}" failed (${why})`);
			return why.startsWith('13') ? 403 : 404;
		}
		if (!['GET', 'HEAD', 'POST'].includes(method)) return 405;
		complain(turn, 'error', `directory index of "${name}" is forbidden`);
		return 403;
	}
	if (!['GET', 'HEAD', 'POST'].includes(method)) return 405;
	const name = fileName(turn, uri);
	const stat = disk.stat(name);
	if (stat?.kind === 'directory') {
		turn.redirect = `${encodeURI(uri)}/${turn.args === '' ? '' : `?${turn.args}`}`;
		return 301;
	}
	const body = disk.readOctets(name);
	if (!stat || !body) {
		const why = errno(disk, name);
		if (said || why.startsWith('13')) complain(turn, 'error', `open() "${name}" failed (${why})`);
		return why.startsWith('13') ? 403 : 404;
	}
	if (method === 'POST') return 405;
	return { status: 200, body, at: stat.at, type: typeOf(turn, uri), ranges: true };
}

/** ngx_http_index_handler(). */
function indexed(turn: Turn, said: boolean): Outcome | Inward | undefined {
	const { uri, disk } = turn;
	const folder = fileName(turn, uri);
	let tested = false;
	for (const word of nearest(turn.blocks, 'index')?.args ?? ['index.html']) {
		const wanted = expand(turn, word);
		if (wanted.startsWith('/')) return { to: wanted, args: turn.args };
		const path = `${folder}${wanted}`;
		const stat = disk.stat(path);
		if (stat) return { to: `${uri}${wanted}`, args: turn.args };
		const why = errno(disk, path);
		if (why.startsWith('13')) {
			complain(turn, 'error', `"${path}" is forbidden (${why})`);
			return 403;
		}
		if (tested) continue;
		tested = true;
		if (disk.stat(folder.replace(/(.)\/$/, '$1'))?.kind === 'directory') continue;
		if (said) complain(turn, 'error', `"${path}" is not found (2: No such file or directory)`);
		return 404;
	}
	return undefined;
}
