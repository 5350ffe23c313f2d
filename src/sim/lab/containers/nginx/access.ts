/** Who may: allow and deny, passwords, other requests that say so, limits (src/http/modules @ 1.23). */

import { passwordFits } from './digests.ts';
import { isOn, nearest, nearestAll, wordOf } from './nearest.ts';
import { complain, type Level, type Turn } from './turn.ts';
import { credentials, expand } from './variables.ts';
import { covers } from './words.ts';

/** A status that refuses; 0 of who may; undefined where nothing is asked. */
type Verdict = number | undefined;

function rules(turn: Turn): Verdict {
	for (const block of turn.blocks) {
		const own = block.filter(({ name }) => name === 'allow' || name === 'deny');
		if (own.length === 0) continue;
		for (const { name, args } of own) {
			if (!covers(args[0]!, turn.client)) continue;
			if (name === 'allow') return 0;
			if (wordOf(turn.blocks, 'satisfy') !== 'any') complain(turn, 'error', 'access forbidden by rule');
			return 403;
		}
		return undefined;
	}
	return undefined;
}

/** ngx_http_auth_basic_handler(). */
function password(turn: Turn): Verdict {
	const { blocks, disk } = turn;
	const realmWord = wordOf(blocks, 'auth_basic', 'off');
	const fileWord = nearest(blocks, 'auth_basic_user_file')?.args[0];
	if (realmWord === 'off' || fileWord === undefined) return undefined;
	const realm = expand(turn, realmWord);
	if (realm === 'off') return undefined;
	const challenge = (): Verdict => {
		turn.headers.push(['WWW-Authenticate', `Basic realm="${realm}"`]);
		return 401;
	};
	const given = credentials(turn);
	if (!given) {
		if (turn.request.headers.has('authorization'))
			complain(turn, 'info', 'no user/password was provided for basic authentication');
		return challenge();
	}
	const [user, word] = given;
	const named = expand(turn, fileWord);
	const path = named.startsWith('/') ? named : `/etc/nginx/${named}`;
	const text = disk.read(path);
	if (text === undefined) {
		const denied = disk.readFault(path) === 'EACCES';
		complain(
			turn,
			denied ? 'crit' : 'error',
			`open() "${path}" failed (${denied ? '13: Permission denied' : '2: No such file or directory'})`,
		);
		return denied ? 500 : 403;
	}
	for (const line of text.split('\n')) {
		const [name, hash] = line.replace(/\r$/, '').split(':');
		if (name !== user || hash === undefined || line.startsWith('#')) continue;
		const fits = passwordFits(word, hash);
		if (fits === undefined) {
			complain(
				turn,
				'crit',
				"this lab's nginx knows passwords in apr1 (htpasswd -m), $1$, {SHA}, {SSHA} and {PLAIN} only",
			);
			return 500;
		}
		if (fits) return 0;
		complain(turn, 'error', `user "${user}": password mismatch`);
		return challenge();
	}
	complain(turn, 'error', `user "${user}" was not found in "${path}"`);
	return challenge();
}

/** All that stand in the access phase, by `satisfy`. @param ask sends a request to a path of this server: its status */
export function access(turn: Turn, ask: (path: string) => number): number {
	const any = wordOf(turn.blocks, 'satisfy', 'all') === 'any';
	const target = wordOf(turn.blocks, 'auth_request', 'off');
	const checks: readonly (() => Verdict)[] = [
		() => rules(turn),
		() => password(turn),
		() => {
			if (target === 'off') return undefined;
			const status = ask(expand(turn, target));
			if (status >= 200 && status < 300) return 0;
			if (status === 401 || status === 403) return status;
			complain(turn, 'error', `auth request unexpected status: ${status}`);
			return 500;
		},
	];
	let refused = 0;
	for (const check of checks) {
		const verdict = check();
		if (verdict === undefined) continue;
		if (!any) {
			if (verdict !== 0) return verdict;
		} else if (verdict === 0) {
			const at = turn.headers.findIndex(([name]) => name === 'WWW-Authenticate');
			if (at >= 0) turn.headers.splice(at, 1);
			return 0;
		} else if (verdict === 403 || verdict === 401) {
			// The weaker word is kept: 401 shows how to come in.
			if (refused !== 401) refused = verdict;
		} else return verdict;
	}
	if (refused === 403) complain(turn, 'error', 'access forbidden by rule');
	return refused;
}

const number = (words: readonly string[], name: string): number | undefined => {
	const found = words.find((word) => word.startsWith(`${name}=`));
	return found === undefined ? undefined : Number(found.slice(name.length + 1));
};

/** limit_req: a leaking bucket for each key (ngx_http_limit_req_lookup()); a status that refuses, or how long it waits. */
export function limited(turn: Turn): { readonly status: number } | { readonly waits: number } {
	const { config, blocks, stats, host } = turn;
	const level = wordOf(blocks, 'limit_req_log_level', 'error') as Level;
	const dry = isOn(blocks, 'limit_req_dry_run');
	let waits = 0;
	for (const { args } of nearestAll(blocks, 'limit_req')) {
		const zone = args.find((word) => word.startsWith('zone='))!.slice(5);
		const made = config.http.find(
			(d) => d.name === 'limit_req_zone' && d.args.some((word) => word.startsWith(`zone=${zone}:`)),
		);
		if (!made) continue;
		const key = expand(turn, made.args[0]!);
		if (key === '') continue;
		const [, count = '1', unit = 's'] =
			/^rate=(\d+)r\/([sm])$/.exec(made.args.find((word) => word.startsWith('rate=')) ?? '') ?? [];
		// Thousandths of a request: a second.
		const rate = Math.floor((Number(count) * 1000) / (unit === 'm' ? 60 : 1));
		const burst = (number(args, 'burst') ?? 0) * 1000;
		const delay = args.includes('nodelay') ? burst : (number(args, 'delay') ?? 0) * 1000;
		const now = Math.floor(host.now / 1000);
		const known = stats.limits.get(`${zone}\0${key}`);
		let excess = 0;
		if (known) {
			const ms = Math.max(0, now - known.last);
			excess = Math.max(0, known.excess - Math.floor((rate * ms) / 1000) + 1000);
			if (excess > burst) {
				const shown = `${Math.floor(excess / 1000)}.${String(excess % 1000).padStart(3, '0')}`;
				complain(turn, level, `limiting requests${dry ? ', dry run' : ''}, excess: ${shown} by zone "${zone}"`);
				if (!dry) return { status: Number(wordOf(blocks, 'limit_req_status', '503')) };
				continue;
			}
			Object.assign(known, { excess, last: ms > 0 ? now : known.last });
		} else stats.limits.set(`${zone}\0${key}`, { excess: 0, last: now });
		if (excess > delay) {
			const shown = `${Math.floor(excess / 1000)}.${String(excess % 1000).padStart(3, '0')}`;
			const weaker: Readonly<Record<string, Level>> = { error: 'warn', warn: 'notice', notice: 'info', info: 'info' };
			complain(
				turn,
				weaker[level] ?? 'warn',
				`delaying request${dry ? ', dry run' : ''}, excess: ${shown}, by zone "${zone}"`,
			);
			if (!dry) waits = Math.max(waits, Math.floor(((excess - delay) * 1000) / rate) * 1000);
		}
	}
	return { waits };
}
