/** What nginx refuses of single directives as it reads them: their setters' words (src/http, src/http/modules @ 1.23). */
import type { Directive } from './read.ts';
import { Refusal } from './refusal.ts';
import { readSize, readTime, regex } from './words.ts';

export const where = ({ file, line }: Directive): string => `in ${file}:${line}`;

/** @throws Refusal of a pattern that is none */
export function compiled(source: string, directive: Directive, flags = ''): RegExp {
	try {
		return regex(source, flags);
	} catch {
		throw new Refusal(`pcre2_compile() failed: ${patternFault(source)} ${where(directive)}`);
	}
}

/** PCRE2's words of what is wrong with a pattern (pcre2_error.c), and where. */
function patternFault(source: string): string {
	const at = (words: string, rest: string): string => `${words} in "${source}"${rest === '' ? '' : ` at "${rest}"`}`;
	const names = new Set<string>();
	for (const m of source.matchAll(/\(\?P?<([A-Za-z_]\w*)>/g)) {
		if (names.has(m[1]!))
			return at(
				'two named subpatterns have the same name (PCRE2_DUPNAMES not set)',
				source.slice(m.index + m[0].length - 2),
			);
		names.add(m[1]!);
	}
	let depth = 0;
	for (let i = 0; i < source.length; i++) {
		const char = source[i]!;
		if (char === '\\') {
			if (++i >= source.length) return at('\\ at end of pattern', '');
		} else if (char === '[') {
			const end = source.indexOf(']', i + (source[i + 1] === '^' ? 3 : 2));
			if (end < 0) return at('missing terminating ] for character class', '');
			i = end;
		} else if (char === '(') depth++;
		else if (char === ')' && --depth < 0) return at('unmatched closing parenthesis', source.slice(i));
		else if (/[*+?]/.test(char) && (i === 0 || /[(|]/.test(source[i - 1]!)) && !(char === '?' && source[i - 1] === '('))
			return at('quantifier does not follow a repeatable item', source.slice(i));
	}
	return depth > 0 ? at('missing closing parenthesis', '') : at('syntax the simulator does not know', '');
}

/** ngx_http_core_listen(), ngx_parse_url(). */
function listen(directive: Directive): void {
	const [address = '', ...flags] = directive.args;
	if (address.startsWith('unix:')) return;
	const v6 = /^\[(.*)\](?::(.*))?$/.exec(address);
	const [, host = '', digits] = v6 ?? /^(?:([^:]*):)?(\d+)$/.exec(address) ?? /^([^:]*)(?::(.*))?$/.exec(address)!;
	const port = digits === undefined ? 80 : Number(digits);
	const plain = v6 || digits !== undefined || /^[\d.]+$/.test(address) ? undefined : address;
	if (digits !== undefined && (!/^\d+(?:-\d+)?$/.test(digits) || port < 1 || port > 65535))
		throw new Refusal(`invalid port in "${address}" of the "listen" directive ${where(directive)}`);
	for (const flag of flags)
		if (
			!/^(?:default_server|default|ssl|http2|spdy|quic|udp|proxy_protocol|deferred|bind|reuseport|ipv6only=(?:on|off)|backlog=\d+|rcvbuf=\w+|sndbuf=\w+|fastopen=\d+|so_keepalive=\S+|setfib=\d+|accept_filter=\w+)$/.test(
				flag,
			)
		)
			throw new Refusal(`invalid parameter "${flag}" ${where(directive)}`);
	if (plain !== undefined && plain !== 'localhost' && plain !== '*')
		throw new Refusal(`host not found in "${address}" of the "listen" directive ${where(directive)}`);
	if (host !== '' && !v6 && !/^[\d.*]+$/.test(host) && host !== 'localhost')
		throw new Refusal(`host not found in "${address}" of the "listen" directive ${where(directive)}`);
}

/** ngx_http_rewrite_if_condition(). */
function condition(directive: Directive): void {
	const words = conditionWords(directive);
	const [first = ''] = words;
	const invalid = (text: string): Refusal => new Refusal(`invalid condition "${text}" ${where(directive)}`);
	if (!directive.args[0]!.startsWith('(')) throw invalid(directive.args[0]!);
	if (!directive.args.at(-1)!.endsWith(')')) throw invalid(directive.args.at(-1)!);
	if (first.startsWith('$')) {
		if (words.length === 2) throw invalid(first);
		if (words.length === 1) return;
		const [, operator = '', right] = words;
		if (right === undefined || words.length > 3) throw invalid(first);
		if (/^!?~\*?$/.test(operator)) compiled(right, directive, operator.includes('*') ? 'i' : '');
		else if (operator !== '=' && operator !== '!=')
			throw new Refusal(`unexpected "${operator}" in condition ${where(directive)}`);
		return;
	}
	if (!/^!?-[fdex]$/.test(first)) throw invalid(first);
	if (words.length !== 2) throw invalid(first);
}

/** Words of a condition without its parentheses. */
export function conditionWords({ args }: Directive): readonly string[] {
	const words = [...args];
	words[0] = words[0]!.replace(/^\(/, '');
	words[words.length - 1] = words.at(-1)!.replace(/\)$/, '');
	return words.filter((word, i) => word !== '' || (i > 0 && i < words.length - 1) || words.length === 3);
}

type Check = (directive: Directive, context: string) => void;

const variableName: Check = (directive) => {
	const [name = ''] = directive.args;
	if (!name.startsWith('$') || name.length < 2)
		throw new Refusal(`invalid variable name "${name}" ${where(directive)}`);
};

const lastVariable: Check = (directive) => {
	const name = directive.args.at(-1)!;
	if (!name.startsWith('$')) throw new Refusal(`invalid variable name "${name}" ${where(directive)}`);
};

const parameters =
	(rule: RegExp, from: number): Check =>
	(directive) => {
		for (const word of directive.args.slice(from))
			if (!rule.test(word)) throw new Refusal(`invalid parameter "${word}" ${where(directive)}`);
	};

/** Words of a list (ngx_conf_set_bitmask_slot()). */
const values =
	(list: string): Check =>
	(directive) => {
		for (const word of directive.args)
			if (!list.split(' ').includes(word)) throw new Refusal(`invalid value "${word}" ${where(directive)}`);
	};

/** One word alone is one of these. */
const single =
	(rule: RegExp): Check =>
	({ args, ...directive }) => {
		if (args.length === 1 && !rule.test(args[0]!))
			throw new Refusal(`invalid parameter "${args[0]}" ${where({ ...directive, args })}`);
	};

const LEVELS = /^(?:debug|info|notice|warn|error|crit|alert|emerg|debug_\w+)$/;

const CHECKS: Readonly<Record<string, Check>> = {
	listen,
	if: condition,
	set: variableName,
	map: lastVariable,
	geo: lastVariable,
	split_clients: lastVariable,
	rewrite(directive) {
		const { args } = directive;
		compiled(args[0]!, directive);
		if (args[2] !== undefined && !/^(?:last|break|redirect|permanent)$/.test(args[2]))
			throw new Refusal(`invalid parameter "${args[2]}" ${where(directive)}`);
	},
	return(directive) {
		const [code = '', text] = directive.args;
		if (/^\d+$/.test(code)) {
			if (Number(code) > 999) throw new Refusal(`invalid return code "${code}" ${where(directive)}`);
		} else if (text !== undefined || !/^(?:https?:\/\/|\$scheme)/.test(code))
			throw new Refusal(`invalid return code "${code}" ${where(directive)}`);
	},
	server_name(directive) {
		for (const name of directive.args) {
			if (name.startsWith('/')) throw new Refusal(`server name "${name}" is invalid ${where(directive)}`);
			if (name.startsWith('~')) {
				if (name.length === 1) throw new Refusal(`empty regex in server name "${name}" ${where(directive)}`);
				compiled(name.slice(1), directive);
			}
		}
	},
	location(directive) {
		const [modifier = '', path] = directive.args;
		if (path === undefined) {
			const m = /^(?:~\*|~)(.+)$/.exec(modifier);
			if (m) compiled(m[1]!, directive, modifier.startsWith('~*') ? 'i' : '');
			return;
		}
		if (!['=', '^~', '~', '~*'].includes(modifier))
			throw new Refusal(`invalid location modifier "${modifier}" ${where(directive)}`);
		if (modifier.startsWith('~')) compiled(path, directive, modifier === '~*' ? 'i' : '');
	},
	error_page(directive) {
		const codes = directive.args.slice(0, -1);
		const last = codes.at(-1)!;
		const change = last.startsWith('=') ? codes.pop() : undefined;
		if (change !== undefined && !/^=\d*$/.test(change))
			throw new Refusal(`invalid value "${change}" ${where(directive)}`);
		for (const code of codes) {
			if (!/^\d+$/.test(code)) throw new Refusal(`invalid value "${code}" ${where(directive)}`);
			if (code === '499' || Number(code) < 300 || Number(code) > 599)
				throw new Refusal(
					code === '499'
						? `value "499" must not be used ${where(directive)}`.replace(
								' must not be used',
								' must be between 300 and 599',
							)
						: `value "${code}" must be between 300 and 599 ${where(directive)}`,
				);
		}
	},
	try_files(directive) {
		const last = directive.args.at(-1)!;
		if (last.startsWith('=') && (!/^=\d+$/.test(last) || Number(last.slice(1)) > 999))
			throw new Refusal(`invalid code "${last}" ${where(directive)}`);
	},
	allow: addressRule,
	deny: addressRule,
	limit_req(directive) {
		for (const word of directive.args) {
			if (/^zone=.+/.test(word) || word === 'nodelay') continue;
			const [, name, value] = /^(burst|delay)=(.*)$/.exec(word) ?? [];
			if (name === undefined) throw new Refusal(`invalid parameter "${word}" ${where(directive)}`);
			if (!/^\d+$/.test(value!) || (name === 'burst' && value === '0'))
				throw new Refusal(`invalid ${name} value "${word}" ${where(directive)}`);
		}
		if (!directive.args.some((word) => word.startsWith('zone=')))
			throw new Refusal(`"limit_req" must have "zone" parameter ${where(directive)}`);
	},
	limit_req_zone: zoneOf('limit_req_zone'),
	limit_conn_zone: zoneOf('limit_conn_zone'),
	expires(directive) {
		const word = directive.args.at(-1)!;
		if (directive.args.length === 2 && directive.args[0] !== 'modified')
			throw new Refusal(
				`invalid value "${directive.args[0]}" ${where(directive)}`.replace(/^invalid value.*/, (all) => all),
			);
		if (/^(?:epoch|max|off)$/.test(word) || word.includes('$')) return;
		const time = word.startsWith('@') ? readTime(word.slice(1)) : readTime(word.replace(/^[+-]/, ''));
		if (time === undefined) throw new Refusal(`"expires" directive invalid value ${where(directive)}`);
		if (word.startsWith('@') && time > 86_400e6)
			throw new Refusal(`"expires" directive daily time value must be less than 24 hours ${where(directive)}`);
	},
	error_log(directive) {
		for (const level of directive.args.slice(1))
			if (!LEVELS.test(level)) throw new Refusal(`invalid log level "${level}" ${where(directive)}`);
	},
	log_format(directive) {
		const [, way = ''] = directive.args;
		if (way.startsWith('escape=') && !/^escape=(?:default|json|none)$/.test(way))
			throw new Refusal(`unknown log format escaping "${way.slice(7)}" ${where(directive)}`);
	},
	access_log(directive) {
		const [path = '', , ...rest] = directive.args;
		if (path === 'off' && directive.args.length > 1)
			throw new Refusal(`invalid parameter "${directive.args[1]}" ${where(directive)}`);
		for (const word of rest)
			if (!/^(?:buffer=\d+[kKmM]?|flush=.+|gzip(?:=[1-9])?|if=.+)$/.test(word))
				throw new Refusal(`invalid parameter "${word}" ${where(directive)}`);
	},
	keepalive_timeout(directive) {
		for (const word of directive.args)
			if (readTime(word) === undefined)
				throw new Refusal(`"keepalive_timeout" directive invalid value ${where(directive)}`);
	},
	client_max_body_size(directive) {
		if (readSize(directive.args[0]!) === undefined)
			throw new Refusal(`"client_max_body_size" directive invalid value ${where(directive)}`);
	},
	worker_connections(directive) {
		if (!/^\d+$/.test(directive.args[0]!))
			throw new Refusal(`invalid number "${directive.args[0]}" in "worker_connections" directive ${where(directive)}`);
	},
	worker_processes(directive) {
		if (!/^(?:auto|\d+)$/.test(directive.args[0]!))
			throw new Refusal(
				`"worker_processes" directive invalid value ${where(directive)}`.replace(
					'directive invalid value',
					'directive invalid value',
				),
			);
	},
	random(directive) {
		const [two, method] = directive.args;
		if (two !== undefined && two !== 'two') throw new Refusal(`invalid parameter "${two}" ${where(directive)}`);
		if (method !== undefined && method !== 'least_conn' && !/^least_time/.test(method))
			throw new Refusal(`invalid parameter "${method}" ${where(directive)}`);
	},
	hash: parameters(/^consistent$/, 1),
	proxy_next_upstream: values(
		'error timeout invalid_header non_idempotent http_500 http_502 http_503 http_504 http_403 http_404 http_429 updating off',
	),
	dav_methods: values('off PUT DELETE MKCOL COPY MOVE'),
	ssl_protocols: values('SSLv2 SSLv3 TLSv1 TLSv1.1 TLSv1.2 TLSv1.3'),
	gzip_comp_level(directive) {
		if (Number(directive.args[0]) < 1 || Number(directive.args[0]) > 9)
			throw new Refusal(`value must be between 1 and 9 ${where(directive)}`);
	},
	limit_except(directive) {
		for (const word of directive.args)
			if (
				!/^(?:GET|HEAD|POST|PUT|DELETE|MKCOL|COPY|MOVE|OPTIONS|PROPFIND|PROPPATCH|LOCK|UNLOCK|PATCH|TRACE)$/i.test(word)
			)
				throw new Refusal(`invalid method "${word}" ${where(directive)}`);
	},
	proxy_redirect: single(/^(?:off|default|false)$/),
	proxy_cookie_path: single(/^off$/),
	proxy_cookie_domain: single(/^off$/),
	disable_symlinks: parameters(/^(?:on|off|if_not_owner|from=.+)$/, 0),
	set_real_ip_from(directive) {
		const [word = ''] = directive.args;
		if (word !== 'unix:' && !word.includes(':') && !/^[\d./]+$/.test(word))
			throw new Refusal(`host not found in set_real_ip_from "${word}" ${where(directive)}`);
	},
	resolver(directive) {
		for (const word of directive.args)
			if (
				!/^(?:valid|ipv6|ipv4|status_zone)=/.test(word) &&
				!/^(?:[\d.]+(?::\d+)?|\[.*\](?::\d+)?)$/.test(word) &&
				word !== 'localhost' &&
				!/(?:^|\.)(?:svc|local)(?:$|[.:])/.test(word)
			)
				throw new Refusal(`host not found in resolver "${word}" ${where(directive)}`);
	},
	add_header(directive) {
		const [, , always] = directive.args;
		if (always !== undefined && always !== 'always')
			throw new Refusal(`invalid parameter "${always}" ${where(directive)}`);
	},
	proxy_cache_path(directive) {
		if (!directive.args.some((word) => /^keys_zone=[^:]+:.+/.test(word)))
			throw new Refusal(`"proxy_cache_path" must have "keys_zone" parameter ${where(directive)}`);
		const levels = directive.args.find((word) => word.startsWith('levels='));
		if (levels !== undefined && !/^levels=[12](?::[12]){0,2}$/.test(levels))
			throw new Refusal(`invalid "levels" "${levels}" ${where(directive)}`);
		parameters(
			/^(?:levels=.+|use_temp_path=(?:on|off)|keys_zone=.+|inactive=.+|max_size=.+|min_free=.+|(?:manager|loader)_(?:files|sleep|threshold)=.+)$/,
			1,
		)(directive, 'h');
	},
};

function addressRule(directive: Directive): void {
	const [word = ''] = directive.args;
	if (word === 'all' || word === 'unix:' || word.includes(':')) return;
	const [address = '', length] = word.split('/');
	const fits = /^\d+\.\d+\.\d+\.\d+$/.test(address) && address.split('.').every((n) => Number(n) < 256);
	if (!fits || (length !== undefined && !(/^\d+$/.test(length) && Number(length) <= 32)))
		throw new Refusal(`invalid parameter "${word}" ${where(directive)}`);
}

function zoneOf(name: string): Check {
	return (directive) => {
		for (const word of directive.args.slice(1)) {
			const [, size] = /^zone=[^:]+:(.*)$/.exec(word) ?? [];
			if (size !== undefined) {
				const octets = readSize(size);
				if (octets === undefined) throw new Refusal(`invalid zone size "${word}" ${where(directive)}`);
				if (octets < 8 * 4096) throw new Refusal(`zone "${word}" is too small ${where(directive)}`);
			} else if (/^zone=/.test(word)) throw new Refusal(`invalid zone size "${word}" ${where(directive)}`);
			else if (/^rate=/.test(word)) {
				if (!/^rate=[1-9]\d*(?:r\/[sm])?$/.test(word)) throw new Refusal(`invalid rate "${word}" ${where(directive)}`);
			} else throw new Refusal(`invalid parameter "${word}" ${where(directive)}`);
		}
		if (!directive.args.some((word) => word.startsWith('zone=')))
			throw new Refusal(`"${name}" must have "zone" parameter ${where(directive)}`);
	};
}

/** @throws Refusal */
export function check(directive: Directive, context: string): void {
	for (const word of directive.args) {
		const [, open] = /\$\{(\w+)(?!\w|\})/.exec(word) ?? [];
		if (open !== undefined && !/^(?:location|server_name|if|rewrite)$/.test(directive.name))
			throw new Refusal(`the closing bracket in "${open}" variable is missing ${where(directive)}`);
	}
	// Those of stream and mail have checks of their own in nginx, and the same words for a port.
	if (
		/[HSUML]/.test(context) &&
		!/^(?:listen|error_log|allow|deny|map|geo|split_clients|log_format)$/.test(directive.name)
	)
		return;
	if (Object.hasOwn(CHECKS, directive.name)) CHECKS[directive.name]!(directive, context);
}
