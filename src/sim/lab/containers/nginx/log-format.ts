/** `log_format`: how a line of the access log is written (src/http/modules/ngx_http_log_module.c @ 1.23). */
import { utf8 } from '../../../wire/index.ts';
import { where } from './check.ts';
import type { Directive } from './read.ts';
import { Refusal } from './refusal.ts';

export interface LogFormat {
	readonly text: string;
	readonly escaping: 'default' | 'json' | 'none';
}

const COMBINED =
	'$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

/** @throws Refusal of a name that is given twice */
export function logFormatsOf(http: readonly Directive[]): ReadonlyMap<string, LogFormat> {
	const out = new Map<string, LogFormat>([['combined', { text: COMBINED, escaping: 'default' }]]);
	for (const directive of http) {
		if (directive.name !== 'log_format') continue;
		const [name = '', ...words] = directive.args;
		if (out.has(name)) throw new Refusal(`duplicate "log_format" name "${name}" ${where(directive)}`);
		const way = /^escape=(default|json|none)$/.exec(words[0] ?? '')?.[1] as LogFormat['escaping'] | undefined;
		out.set(name, { text: (way === undefined ? words : words.slice(1)).join(''), escaping: way ?? 'default' });
	}
	return out;
}

/** Variables that are not there rather than empty: the log has a dash for them. */
const ABSENT =
	/^(?:(?:http|arg|cookie|sent_http|sent_trailer|upstream|ssl|proxy|secure_link)_.*|remote_user|gzip_ratio|content_length|content_type|request_body|slice_range|limit_req_status|limit_conn_status|invalid_referer)$/;

/** A value as the log writes it: `\xHH` for what is no plain letter, JSON's ways, or as it is. */
export function logged(name: string, value: string, way: LogFormat['escaping']): string {
	if (value === '') return way === 'default' && ABSENT.test(name) ? '-' : '';
	if (way === 'none') return value;
	if (way === 'json')
		return value.replace(/["\\\p{Cc}]/gu, (char) => {
			const short: Readonly<Record<string, string>> = {
				'"': '\\"',
				'\\': '\\\\',
				'\n': '\\n',
				'\r': '\\r',
				'\t': '\\t',
				'\b': '\\b',
				'\f': '\\f',
			};
			return (
				short[char] ??
				(char.charCodeAt(0) < 32 ? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}` : char)
			);
		});
	return Array.from(utf8(value), (octet) =>
		octet < 32 || octet === 0x22 || octet === 0x5c || octet > 126
			? `\\x${octet.toString(16).toUpperCase().padStart(2, '0')}`
			: String.fromCharCode(octet),
	).join('');
}
