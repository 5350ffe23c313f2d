/** What nginx writes of a request: the error log's lines and the access log's (src/http/modules/ngx_http_log_module.c, ngx_http_request.c @ 1.23). */
import { formatMicroTime } from '../../../api/index.ts';
import type { Disk } from '../../disk/disk.ts';
import { SECOND } from '../../time.ts';
import { logged } from './log-format.ts';
import { nearestAll } from './nearest.ts';
import type { Directive } from './read.ts';
import type { Blocks, Level, Turn } from './turn.ts';
import { expand, variable } from './variables.ts';
import { WORKER } from './worker.ts';

const LEVELS: readonly string[] = ['emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug'];

/** Names of the container's own output, which the runtime keeps. */
const OUTPUT = /^\/(?:dev\/(?:stdout|stderr)|proc\/(?:1|self)\/fd\/[12])$/;

/** Writes to a file, or answers that it goes to the container's output. */
export function put(disk: Disk, path: string, line: string): boolean {
	const full = path.startsWith('/') ? path : `/etc/nginx/${path}`;
	const stat = disk.stat(full, true);
	const target = stat?.kind === 'link' ? (stat.target ?? full) : full;
	if (OUTPUT.test(target)) return true;
	if (target !== '/dev/null') disk.write(target, `${line}\n`, { append: true });
	return false;
}

/** Where errors of a level go: each error_log of the nearest block that lets it pass. */
function errorTargets(main: readonly Directive[], blocks: Blocks, level: Level): readonly string[] {
	const own = nearestAll([...blocks, main], 'error_log');
	const logs = own.length > 0 ? own.map(({ args }) => args) : [['/var/log/nginx/error.log']];
	return logs
		.filter(([, least = 'error']) => LEVELS.indexOf(level) <= LEVELS.indexOf(least))
		.map(([path = '']) => path)
		.filter((path) => !path.startsWith('syslog:') && !path.startsWith('memory:'));
}

/** `2022/08/31 10:00:05`. */
export const errorTime = (micros: number): string =>
	formatMicroTime(Math.floor(micros / SECOND), 0)
		.slice(0, 19)
		.replaceAll('-', '/')
		.replace('T', ' ');

/**
 * Lines for the container's output; those for files are written there.
 *
 * @param at microseconds since 1970 @param connection its number
 */
export function linesOf(turn: Turn, disk: Disk, at: number, connection: number): readonly string[] {
	const { request, server, config } = turn;
	const worker = turn.host.worker ?? WORKER;
	turn.connection = connection;
	const out: string[] = [];
	const url = `${request.path}${request.query === '' ? '' : `?${request.query}`}`;
	const line = request.first ?? `${request.method} ${url} ${request.version}`;
	const hostHeader = request.headers.get('host');
	const referer = request.headers.get('referer');
	for (const { level, text, more = '', sub, blocks } of turn.complaints) {
		const whole = `${errorTime(at)} [${level}] ${worker}#${worker}: *${connection} ${text}, client: ${turn.client}, server: ${server.names[0] ?? ''}, request: "${line}"${sub === undefined ? '' : `, subrequest: "${sub}"`}${more}${hostHeader === undefined ? '' : `, host: "${hostHeader}"`}${referer === undefined ? '' : `, referrer: "${referer}"`}`;
		for (const path of errorTargets(config.main, blocks, level))
			if (path === 'stderr' || put(disk, path, whole)) out.push(whole);
	}
	const own = nearestAll(turn.blocks, 'access_log');
	const logs = own.length > 0 ? own.map(({ args }) => args) : [['/var/log/nginx/access.log']];
	for (const [path = '', ...words] of logs) {
		if (path === 'off') return out;
		if (path.startsWith('syslog:')) continue;
		const condition = words.find((word) => word.startsWith('if='));
		if (condition !== undefined) {
			const value = expand(turn, condition.slice(3));
			if (value === '' || value === '0') continue;
		}
		const name = words.find((word) => !/^(?:if=|buffer=|flush=|gzip)/.test(word)) ?? 'combined';
		const format = config.formats.get(name);
		if (!format) continue;
		const { escaping } = format;
		const whole = format.text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => {
			const key = (braced ?? plain)!;
			const value = variable(turn, key);
			return logged(key, value, escaping);
		});
		if (put(disk, expand(turn, path), whole)) out.push(...whole.split('\n'));
	}
	return out;
}
