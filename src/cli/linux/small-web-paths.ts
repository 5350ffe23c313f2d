/** A request's path, a file's type by its end, and an answer's octets, for the small web servers. */
import { utf8 } from '../../sim/wire/index.ts';
import type { HttpRequest } from './http.ts';

export const join = (head: readonly string[], body: Uint8Array): Uint8Array => {
	const first = utf8(`${head.join('\r\n')}\r\n\r\n`);
	const out = new Uint8Array(first.length + body.length);
	out.set(first);
	out.set(body, first.length);
	return out;
};

export function pathOf(request: HttpRequest): string | undefined {
	try {
		const path = decodeURIComponent(request.path);
		const parts: string[] = [];
		for (const part of path.split('/')) {
			if (part === '..') {
				if (parts.length === 0) return undefined;
				parts.pop();
			} else if (part !== '.' && part !== '') parts.push(part);
		}
		return `/${parts.join('/')}${path.endsWith('/') && parts.length > 0 ? '/' : ''}`;
	} catch {
		return undefined;
	}
}

export const extension = (path: string): string => /\.([^./]+)$/.exec(path)?.[1] ?? '';
