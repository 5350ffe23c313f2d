import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES: Record<string, string> = {
	'.css': 'text/css; charset=utf-8',
	'.html': 'text/html; charset=utf-8',
	'.ico': 'image/x-icon',
	'.jpg': 'image/jpeg',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json; charset=utf-8',
	'.map': 'application/json; charset=utf-8',
	'.mjs': 'text/javascript; charset=utf-8',
	'.pcapng': 'application/x-pcapng',
	'.png': 'image/png',
	'.svg': 'image/svg+xml; charset=utf-8',
	'.txt': 'text/plain; charset=utf-8',
	'.wasm': 'application/wasm',
	'.webmanifest': 'application/manifest+json; charset=utf-8',
	'.webp': 'image/webp',
	'.woff2': 'font/woff2',
	'.xml': 'application/xml; charset=utf-8',
	'.yaml': 'text/yaml; charset=utf-8',
	'.yml': 'text/yaml; charset=utf-8',
	'.zip': 'application/zip',
};

export interface ServeOptions {
	/** The folder to serve. */
	root: string;
	/** The path it stands under: `/`, or `/any/sub path/`. */
	base?: string;
	/** The port to take; 0 for any. With `search`, the next ones are tried when it is taken. */
	port?: number;
	search?: boolean;
	/** Told each request that is not answered with 200 or 304. */
	onMiss?: (path: string, status: number) => void;
}

export interface ServedSite {
	/** The address of the site's first page, the base path percent-encoded. */
	url: string;
	port: number;
	close(): Promise<void>;
}

const withSlashes = (base: string): string => `/${base}/`.replace(/\/+/g, '/');

interface Answer {
	status: number;
	file?: string;
	headers?: Record<string, string>;
}

/** What a request gets: a file, a redirect to the folder's own address, or an error. */
function find(root: string, base: string, method: string, url: string): Answer {
	if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { allow: 'GET, HEAD' } };
	let path: string;
	try {
		path = decodeURIComponent(url.replace(/[?#].*$/, ''));
	} catch {
		return { status: 400 };
	}
	if (`${path}/` === base) return { status: 301, headers: { location: encodeURI(base) } };
	if (!path.startsWith(base) || path.includes('\0')) return { status: 404 };
	const top = normalize(join(root, '.'));
	const file = normalize(join(root, path.slice(base.length)));
	if (file !== top && !file.startsWith(top.endsWith(sep) ? top : top + sep)) return { status: 404 };
	const stat = statSync(file, { throwIfNoEntry: false });
	if (stat?.isFile() && !path.endsWith('/')) return { status: 200, file };
	if (!stat?.isDirectory()) return { status: 404 };
	if (!path.endsWith('/')) return { status: 301, headers: { location: encodeURI(`${path.split('/').at(-1)}/`) } };
	const index = join(file, 'index.html');
	return statSync(index, { throwIfNoEntry: false })?.isFile() ? { status: 200, file: index } : { status: 404 };
}

/**
 * Serve a folder of static files on 127.0.0.1, as any web host would: index pages, types by extension, nothing
 * else. Rejects when no port could be taken.
 */
export async function serve(options: ServeOptions): Promise<ServedSite> {
	const base = withSlashes(options.base ?? '/');
	const server = createServer((request: IncomingMessage, response: ServerResponse) => {
		const { status, file, headers } = find(options.root, base, request.method ?? '', request.url ?? '/');
		if (file === undefined) {
			options.onMiss?.(request.url ?? '', status);
			response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${status}\n`);
			return;
		}
		response.writeHead(status, {
			'content-type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
			'content-length': statSync(file).size,
			'cache-control': 'no-cache',
			'x-content-type-options': 'nosniff',
		});
		if (request.method === 'HEAD') response.end();
		else {
			const stream = createReadStream(file);
			stream.on('error', () => response.destroy());
			stream.pipe(response);
		}
	});
	const listen = (port: number): Promise<boolean> =>
		new Promise((resolve, reject) => {
			const failed = (error: NodeJS.ErrnoException): void => {
				server.off('listening', ready);
				if (error.code === 'EADDRINUSE') resolve(false);
				else reject(error);
			};
			const ready = (): void => {
				server.off('error', failed);
				resolve(true);
			};
			server.once('error', failed).once('listening', ready).listen(port, '127.0.0.1');
		});
	const first = options.port ?? 0;
	const last = options.search ? first + 99 : first;
	for (let port = first; port <= last; port++) {
		if (!(await listen(port))) continue;
		const taken = (server.address() as { port: number }).port;
		return {
			url: `http://127.0.0.1:${taken}${encodeURI(base)}`,
			port: taken,
			close: () =>
				new Promise((resolve) => {
					server.close(() => resolve());
					server.closeAllConnections();
				}),
		};
	}
	throw new Error(first === last ? `port ${first} is taken` : `no free port from ${first} to ${last}`);
}
