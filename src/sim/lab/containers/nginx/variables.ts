/** nginx's variables: src/http/ngx_http_variables.c @ release-1.23. */
import { SECOND } from '../../time.ts';
import { nearest } from './config.ts';
import { type Blocks, type Turn, WORKER } from './turn.ts';

/** A word with its variables in their places. */
export function expand(turn: Turn, text: string, path: string, blocks: Blocks): string {
	return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) =>
		variable(turn, (braced ?? plain)!, path, blocks),
	);
}

function variable(turn: Turn, name: string, path: string, blocks: Blocks): string {
	const { request, host, server } = turn;
	const set = turn.variables.get(name);
	if (set !== undefined) return set;
	const header = (key: string): string => request.headers.get(key) ?? '';
	const args = request.query;
	switch (name) {
		case 'uri':
		case 'document_uri':
			return path;
		case 'request_uri':
			return `${request.path}${args === '' ? '' : `?${args}`}`;
		case 'args':
		case 'query_string':
			return args;
		case 'is_args':
			return args === '' ? '' : '?';
		case 'host':
			return header('host').replace(/:\d+$/, '') || (server.names[0] ?? '');
		case 'http_host':
			return header('host');
		case 'hostname':
			return host.hostname;
		case 'remote_addr':
		case 'realip_remote_addr':
			return request.client;
		case 'remote_port':
			return String(request.clientPort);
		case 'server_addr':
			return host.ip;
		case 'server_port':
			return String(request.port);
		case 'server_name':
			return server.names[0] ?? '';
		case 'server_protocol':
			return request.version;
		case 'scheme':
			return 'http';
		case 'request_method':
			return request.method;
		case 'request':
			return `${request.method} ${variable(turn, 'request_uri', path, blocks)} ${request.version}`;
		case 'request_body':
			return request.body;
		case 'proxy_add_x_forwarded_for': {
			const before = header('x-forwarded-for');
			return before === '' ? request.client : `${before}, ${request.client}`;
		}
		case 'nginx_version':
			return turn.version;
		case 'document_root':
			return nearest(blocks, 'root')?.args[0] ?? '/etc/nginx/html';
		case 'pid':
			return String(WORKER);
		case 'msec':
			return String(host.epoch + Math.floor(host.now / SECOND));
	}
	if (name.startsWith('arg_')) return new RegExp(`(?:^|&)${name.slice(4)}=([^&]*)`).exec(args)?.[1] ?? '';
	if (name.startsWith('http_')) return header(name.slice(5).replaceAll('_', '-'));
	return '';
}
