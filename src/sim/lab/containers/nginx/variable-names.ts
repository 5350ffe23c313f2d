/** Names of variables that nginx's modules have, and those a configuration makes. */
import type { Directive } from './read.ts';
import { groupNames } from './words.ts';

/** src/http/ngx_http_variables.c and the modules' own @ 1.23. */
const NAMES =
	'https ancient_browser args binary_remote_addr body_bytes_sent bytes_sent connection connection_requests connection_time connections_active connections_reading connections_waiting connections_writing content_length content_type date_gmt date_local document_root document_uri fastcgi_path_info fastcgi_script_name gzip_ratio host hostname http2 http3 invalid_referer is_args limit_conn_status limit_rate limit_req_status memcached_key modern_browser msec msie nginx_version pid pipe proxy_add_x_forwarded_for proxy_host proxy_internal_body_length proxy_internal_chunked proxy_port proxy_protocol_addr proxy_protocol_port proxy_protocol_server_addr proxy_protocol_server_port query_string realip_remote_addr realip_remote_port realpath_root remote_addr remote_port remote_user request request_body request_body_file request_completion request_filename request_id request_length request_method request_time request_uri scheme secure_link secure_link_expires server_addr server_name server_port server_protocol slice_range ssl_alpn_protocol ssl_cipher ssl_ciphers ssl_client_cert ssl_client_escaped_cert ssl_client_fingerprint ssl_client_i_dn ssl_client_raw_cert ssl_client_s_dn ssl_client_s_dn_legacy ssl_client_i_dn_legacy ssl_client_serial ssl_client_v_end ssl_client_v_remain ssl_client_v_start ssl_client_verify ssl_curve ssl_curves ssl_early_data ssl_protocol ssl_server_name ssl_session_id ssl_session_reused status tcpinfo_rcv_space tcpinfo_rtt tcpinfo_rttvar tcpinfo_snd_cwnd time_iso8601 time_local uid_got uid_reset uid_set upstream_addr upstream_bytes_received upstream_bytes_sent upstream_cache_status upstream_connect_time upstream_header_time upstream_last_modified upstream_response_length upstream_response_time upstream_status uri';

const FAMILY = /^(?:arg|http|cookie|sent_http|sent_trailer|upstream_http|upstream_trailer|upstream_cookie)_/;

/** Names in a text: `$name`, `${name}`. */
export const namesIn = (text: string): readonly string[] =>
	[...text.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)].map(([, braced, plain]) => (braced ?? plain)!);

/** What `set`, `map`, named groups and such bring. */
export function ownVariables(directives: Iterable<Directive>): ReadonlySet<string> {
	const own = new Set<string>();
	for (const { name, args, block = [] } of directives) {
		if (/^(?:map|geo|split_clients|perl_set|js_set)$/.test(name)) own.add((args.at(-1) ?? '').slice(1));
		if (name === 'set' || name === 'auth_request_set' || name === 'js_var') own.add(args[0]!.slice(1));
		if (name === 'location' || name === 'server_name' || name === 'rewrite' || name === 'if')
			for (const word of args) for (const group of groupNames(word)) own.add(group);
		if (name === 'map') for (const line of block) for (const group of groupNames(line.name)) own.add(group);
	}
	return own;
}

/** The first name that is nobody's (ngx_http_variables_init_vars()). */
export function unknownVariable(directives: Iterable<Directive>, own: ReadonlySet<string>): string | undefined {
	const known = new Set(NAMES.split(' '));
	for (const { name, args, block = [] } of directives) {
		if (/^(?:location|server_name|listen|valid_referers|gzip_disable|env|include|upstream|types)$/.test(name)) continue;
		const words =
			name === 'rewrite'
				? args.slice(1)
				: name === 'if'
					? args.filter((_, i) => i === 0 || !/^!?~/.test(args[i - 1] ?? ''))
					: name === 'map'
						? [...args, ...block.flatMap((line) => line.args)]
						: args;
		for (const word of words)
			for (const variable of namesIn(word))
				if (!known.has(variable) && !FAMILY.test(variable) && !own.has(variable) && !/^\d/.test(variable))
					return variable;
	}
	return undefined;
}
