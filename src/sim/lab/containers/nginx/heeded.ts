/**
 * Which directives do something here. Of those that nginx knows and the lab gives no effect, some would show in what is
 * answered: they are told of when the configuration is read.
 */
import type { Directive } from './read.ts';

/**
 * What would change answers, logs or who may connect. All others are heeded, or decide what nobody sees here: buffers,
 * hash tables, sockets' options, the event loop, files kept open, thresholds of time for slow clients.
 */
const WITHOUT_EFFECT =
	'add_trailer addition_types ancient_browser charset_map client_body_in_file_only create_full_put_path dav_access dav_methods flv gunzip image_filter js_content js_header_filter js_body_filter js_access js_import js_set js_var limit_rate mirror modern_browser mp4 override_charset post_action perl proxy_bind proxy_cache_background_update proxy_cache_convert_head proxy_cache_lock proxy_cache_max_range_offset proxy_cache_revalidate proxy_force_ranges proxy_ssl_certificate proxy_ssl_verify proxy_store random_index secure_link secure_link_md5 secure_link_secret slice source_charset ssi ssl_ocsp ssl_verify_client ssl_client_certificate ssl_reject_handshake ssl_stapling userid xslt_stylesheet fastcgi_pass uwsgi_pass scgi_pass grpc_pass memcached_pass http3 http2_push http2_push_preload limit_conn_dry_run xclient auth_http smtp_auth imap_auth pop3_auth proxy_protocol ssl_preread limit_conn load_module proxy_upload_rate proxy_download_rate';

/** Names in the order they came. `off` and what has no effect by itself is left out. */
export function unheeded(directives: Iterable<Directive>): readonly string[] {
	const known = new Set(WITHOUT_EFFECT.split(' '));
	const out = new Set<string>();
	for (const { name, args } of directives) {
		if (known.has(name) && args[0] !== 'off' && !(name === 'limit_rate' && args[0] === '0')) out.add(name);
		if (name === 'mail') out.add(name);
		if (name === 'listen' && args.includes('udp')) out.add('listen … udp');
		if (name === 'listen' && args.includes('proxy_protocol')) out.add('listen … proxy_protocol');
		if (name === 'listen' && args[0]!.startsWith('unix:')) out.add('listen unix:');
		if ((name === 'access_log' || name === 'error_log') && args[0]!.startsWith('syslog:')) out.add(`${name} syslog:`);
	}
	return [...out];
}
