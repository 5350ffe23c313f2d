/**
 * Directives of nginx's modules as its packages build them: where they stand, and how many words they take.
 *
 * Source: the tables of ngx_command_t in nginx src @ release-1.23.4; what came later stands in LATER.
 */

/** What a directive is in one of the modules that have it. */
export interface Command {
	/**
	 * Letters of the blocks: m main, e events; of http h, s server, l location, i `if` in location, f `if` in server,
	 * x limit_except, u upstream; of stream H, S, U; of mail M, L; * anywhere.
	 */
	readonly contexts: string;
	readonly block: boolean;
	/** Numbers of words, `F` for on or off, `+1` for one or more. */
	readonly takes: string;
	/** n number, z size, t time, e one of a list, s text. */
	readonly kind: string;
}

/** `contexts takes kind` (takes with B: a block) to names. */
const TABLE: Readonly<Record<string, string>> = {
	'* 1': 'include',
	'H +2': 'log_format',
	'H 1 n': 'variables_hash_max_size variables_hash_bucket_size map_hash_max_size map_hash_bucket_size',
	'H 2': 'limit_conn_zone',
	'H B0': 'server',
	'H B1': 'upstream',
	'H B12': 'geo',
	'H B2': 'map split_clients',
	'HS +1': 'error_log resolver access_log proxy_ssl_protocols ssl_protocols ssl_alpn',
	'HS 1':
		'allow deny proxy_upload_rate proxy_download_rate proxy_ssl_name proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_password_file set_real_ip_from ssl_certificate ssl_certificate_key ssl_password_file ssl_session_ticket_key',
	'HS 1 e': 'limit_conn_log_level ssl_verify_client',
	'HS 1 n': 'proxy_requests proxy_responses proxy_next_upstream_tries proxy_ssl_verify_depth ssl_verify_depth',
	'HS 1 s':
		'proxy_ssl_ciphers proxy_ssl_trusted_certificate proxy_ssl_crl ssl_dhparam ssl_ecdh_curve ssl_ciphers ssl_client_certificate ssl_trusted_certificate ssl_crl',
	'HS 1 t':
		'resolver_timeout proxy_protocol_timeout preread_timeout proxy_connect_timeout proxy_timeout proxy_next_upstream_timeout ssl_handshake_timeout ssl_session_timeout',
	'HS 1 z': 'preread_buffer_size proxy_buffer_size proxy_downstream_buffer proxy_upstream_buffer',
	'HS 12': 'proxy_bind ssl_session_cache',
	'HS 1234': 'open_log_file_cache',
	'HS 2': 'limit_conn proxy_ssl_conf_command ssl_conf_command',
	'HS F':
		'tcp_nodelay limit_conn_dry_run proxy_socket_keepalive proxy_next_upstream proxy_protocol proxy_half_close proxy_ssl proxy_ssl_session_reuse proxy_ssl_server_name proxy_ssl_verify ssl_prefer_server_ciphers ssl_session_tickets ssl_preread',
	'L +1': 'listen',
	'L 1': 'protocol',
	'M B0': 'server',
	'ML +1':
		'error_log resolver imap_capabilities imap_auth pop3_capabilities pop3_auth smtp_capabilities smtp_auth ssl_protocols',
	'ML 1':
		'auth_http set_real_ip_from starttls ssl_certificate ssl_certificate_key ssl_password_file ssl_session_ticket_key',
	'ML 1 e': 'ssl_verify_client',
	'ML 1 n': 'max_errors ssl_verify_depth',
	'ML 1 s': 'server_name ssl_dhparam ssl_ecdh_curve ssl_ciphers ssl_client_certificate ssl_trusted_certificate ssl_crl',
	'ML 1 t': 'auth_http_timeout timeout resolver_timeout proxy_timeout smtp_greeting_delay ssl_session_timeout',
	'ML 1 z': 'imap_client_buffer proxy_buffer smtp_client_buffer',
	'ML 12': 'ssl_session_cache',
	'ML 2': 'auth_http_header ssl_conf_command',
	'ML F':
		'auth_http_pass_client_cert proxy proxy_pass_error_message xclient proxy_smtp_auth proxy_protocol ssl ssl_prefer_server_ciphers ssl_session_tickets',
	'S +1': 'listen',
	'S 1': 'proxy_pass return',
	'S 2': 'set',
	'U +1': 'server',
	'U 0': 'least_conn',
	'U 012': 'random',
	'U 12': 'hash zone',
	'e 1': 'worker_connections use debug_connection',
	'e 1 n': 'epoll_events worker_aio_requests',
	'e 1 t': 'accept_mutex_delay',
	'e F': 'multi_accept accept_mutex',
	'h +2': 'fastcgi_cache_path log_format proxy_cache_path scgi_cache_path uwsgi_cache_path',
	'h 1 n':
		'map_hash_max_size map_hash_bucket_size variables_hash_max_size variables_hash_bucket_size server_names_hash_max_size server_names_hash_bucket_size',
	'h 1 z': 'http2_recv_buffer_size',
	'h 2': 'limit_conn_zone',
	'h 3': 'limit_req_zone',
	'h B0': 'server',
	'h B1': 'upstream',
	'h B12': 'geo',
	'h B2': 'charset_map map split_clients',
	'hs +1': 'ssl_protocols',
	'hs 1':
		'ssl_certificate ssl_certificate_key ssl_password_file ssl_session_ticket_key ssl_ocsp_cache http2_max_requests http2_max_field_size http2_max_header_size http2_recv_timeout http2_idle_timeout',
	'hs 1 e': 'ssl_verify_client',
	'hs 1 n': 'ssl_verify_depth http2_max_concurrent_streams http2_max_concurrent_pushes http2_streams_index_size',
	'hs 1 s':
		'ssl_dhparam ssl_ecdh_curve ssl_ciphers ssl_client_certificate ssl_trusted_certificate ssl_crl ssl_ocsp_responder ssl_stapling_file ssl_stapling_responder',
	'hs 1 t': 'ssl_session_timeout client_header_timeout',
	'hs 1 z':
		'ssl_buffer_size connection_pool_size request_pool_size client_header_buffer_size http2_pool_size http2_body_preread_size',
	'hs 12': 'ssl_session_cache',
	'hs 2': 'ssl_conf_command large_client_header_buffers',
	'hs F':
		'ssl ssl_prefer_server_ciphers ssl_session_tickets ssl_stapling ssl_stapling_verify ssl_early_data ssl_reject_handshake ignore_invalid_headers merge_slashes underscores_in_headers',
	'hs F e': 'ssl_ocsp',
	'hsfli F': 'rewrite_log uninitialized_variable_warn',
	'hsl +1':
		'addition_types ancient_browser charset_types dav_methods fastcgi_cache_bypass fastcgi_no_cache fastcgi_cache_valid fastcgi_cache_use_stale fastcgi_cache_methods fastcgi_next_upstream fastcgi_ignore_headers grpc_next_upstream grpc_ignore_headers grpc_ssl_protocols gzip_types index memcached_next_upstream proxy_cache_bypass proxy_no_cache proxy_cache_valid proxy_cache_use_stale proxy_cache_methods proxy_next_upstream proxy_ignore_headers proxy_ssl_protocols scgi_cache_bypass scgi_no_cache scgi_cache_valid scgi_cache_use_stale scgi_cache_methods scgi_next_upstream scgi_ignore_headers ssi_types sub_filter_types uwsgi_cache_bypass uwsgi_no_cache uwsgi_cache_valid uwsgi_cache_use_stale uwsgi_cache_methods uwsgi_next_upstream uwsgi_ignore_headers uwsgi_ssl_protocols error_log resolver gzip_proxied gzip_disable',
	'hsl 1':
		'auth_request modern_browser_value ancient_browser_value fastcgi_split_path_info fastcgi_store fastcgi_cache fastcgi_cache_key fastcgi_pass_header fastcgi_hide_header fastcgi_catch_stderr grpc_pass_header grpc_hide_header grpc_ssl_name grpc_ssl_certificate grpc_ssl_certificate_key grpc_ssl_password_file mirror proxy_store proxy_method proxy_cache proxy_cache_key proxy_pass_header proxy_hide_header proxy_ssl_name proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_password_file set_real_ip_from real_ip_header scgi_store scgi_cache scgi_cache_key scgi_pass_header scgi_hide_header secure_link secure_link_md5 userid_expires userid_mark uwsgi_store uwsgi_cache uwsgi_cache_key uwsgi_cache_background_update uwsgi_pass_header uwsgi_hide_header uwsgi_ssl_name uwsgi_ssl_certificate uwsgi_ssl_certificate_key uwsgi_ssl_password_file aio directio http2_push',
	'hsl 1 e':
		'autoindex_format gzip_static limit_conn_log_level limit_req_log_level proxy_http_version userid client_body_in_file_only satisfy lingering_close server_tokens if_modified_since gzip_http_version',
	'hsl 1 n':
		'min_delete_depth fastcgi_cache_min_uses fastcgi_next_upstream_tries grpc_next_upstream_tries grpc_ssl_verify_depth gzip_comp_level limit_conn_status limit_req_status memcached_next_upstream_tries memcached_gzip_flag proxy_headers_hash_max_size proxy_headers_hash_bucket_size proxy_cache_min_uses proxy_next_upstream_tries proxy_ssl_verify_depth scgi_cache_min_uses scgi_next_upstream_tries userid_service uwsgi_modifier1 uwsgi_modifier2 uwsgi_cache_min_uses uwsgi_next_upstream_tries uwsgi_ssl_verify_depth types_hash_max_size types_hash_bucket_size keepalive_requests max_ranges open_file_cache_min_uses',
	'hsl 1 s':
		'add_before_body add_after_body fastcgi_index grpc_ssl_ciphers grpc_ssl_trusted_certificate grpc_ssl_crl proxy_set_body proxy_ssl_ciphers proxy_ssl_trusted_certificate proxy_ssl_crl secure_link_secret userid_name userid_domain userid_path userid_p3p uwsgi_string uwsgi_ssl_ciphers uwsgi_ssl_trusted_certificate uwsgi_ssl_crl default_type',
	'hsl 1 t':
		'fastcgi_connect_timeout fastcgi_send_timeout fastcgi_read_timeout fastcgi_cache_lock_timeout fastcgi_cache_lock_age fastcgi_next_upstream_timeout grpc_connect_timeout grpc_send_timeout grpc_read_timeout grpc_next_upstream_timeout memcached_connect_timeout memcached_send_timeout memcached_read_timeout memcached_next_upstream_timeout proxy_connect_timeout proxy_send_timeout proxy_read_timeout proxy_cache_lock_timeout proxy_cache_lock_age proxy_next_upstream_timeout scgi_connect_timeout scgi_send_timeout scgi_read_timeout scgi_cache_lock_timeout scgi_cache_lock_age scgi_next_upstream_timeout uwsgi_connect_timeout uwsgi_send_timeout uwsgi_read_timeout uwsgi_cache_lock_timeout uwsgi_cache_lock_age uwsgi_next_upstream_timeout client_body_timeout send_timeout keepalive_time auth_delay lingering_time lingering_timeout open_file_cache_valid resolver_timeout',
	'hsl 1 z':
		'fastcgi_send_lowat fastcgi_buffer_size fastcgi_busy_buffers_size fastcgi_limit_rate fastcgi_cache_max_range_offset fastcgi_max_temp_file_size fastcgi_temp_file_write_size grpc_buffer_size gzip_window gzip_hash postpone_gzipping gzip_min_length memcached_buffer_size mp4_buffer_size mp4_max_buffer_size proxy_send_lowat proxy_buffer_size proxy_busy_buffers_size proxy_limit_rate proxy_cache_max_range_offset proxy_max_temp_file_size proxy_temp_file_write_size scgi_buffer_size scgi_busy_buffers_size scgi_limit_rate scgi_cache_max_range_offset scgi_max_temp_file_size scgi_temp_file_write_size slice ssi_min_file_chunk ssi_value_length uwsgi_buffer_size uwsgi_busy_buffers_size uwsgi_limit_rate uwsgi_cache_max_range_offset uwsgi_max_temp_file_size uwsgi_temp_file_write_size client_max_body_size client_body_buffer_size sendfile_max_chunk subrequest_output_buffer_size read_ahead directio_alignment send_lowat postpone_output http2_chunk_size',
	'hsl 12':
		'modern_browser fastcgi_bind grpc_bind memcached_bind proxy_redirect proxy_cookie_domain proxy_cookie_path proxy_bind scgi_bind uwsgi_bind keepalive_timeout keepalive_disable open_file_cache disable_symlinks',
	'hsl 123':
		'dav_access fastcgi_store_access limit_req proxy_store_access scgi_store_access userid_flags uwsgi_store_access',
	'hsl 1234':
		'fastcgi_temp_path open_log_file_cache proxy_cookie_flags proxy_temp_path scgi_temp_path uwsgi_temp_path client_body_temp_path',
	'hsl 2':
		'auth_request_set fastcgi_buffers grpc_set_header grpc_ssl_conf_command gunzip_buffers gzip_buffers limit_conn proxy_set_header proxy_buffers proxy_ssl_conf_command scgi_buffers sub_filter uwsgi_buffers uwsgi_ssl_conf_command output_buffers',
	'hsl 23': 'fastcgi_param scgi_param uwsgi_param',
	'hsl B0': 'types',
	'hsl F':
		'autoindex autoindex_localtime autoindex_exact_size create_full_put_path fastcgi_buffering fastcgi_request_buffering fastcgi_ignore_client_abort fastcgi_socket_keepalive fastcgi_pass_request_headers fastcgi_pass_request_body fastcgi_intercept_errors fastcgi_force_ranges fastcgi_cache_lock fastcgi_cache_revalidate fastcgi_cache_background_update fastcgi_keep_conn grpc_socket_keepalive grpc_intercept_errors grpc_ssl_session_reuse grpc_ssl_server_name grpc_ssl_verify gunzip gzip_no_buffer limit_conn_dry_run limit_req_dry_run memcached_socket_keepalive mirror_request_body mp4_start_key_frame proxy_buffering proxy_request_buffering proxy_ignore_client_abort proxy_socket_keepalive proxy_intercept_errors proxy_pass_request_headers proxy_pass_request_body proxy_force_ranges proxy_cache_lock proxy_cache_revalidate proxy_cache_convert_head proxy_cache_background_update proxy_ssl_session_reuse proxy_ssl_server_name proxy_ssl_verify real_ip_recursive scgi_buffering scgi_request_buffering scgi_ignore_client_abort scgi_socket_keepalive scgi_pass_request_headers scgi_pass_request_body scgi_intercept_errors scgi_force_ranges scgi_cache_lock scgi_cache_revalidate scgi_cache_background_update ssi_silent_errors ssi_ignore_recycled_buffers ssi_last_modified sub_filter_once sub_filter_last_modified uwsgi_buffering uwsgi_request_buffering uwsgi_ignore_client_abort uwsgi_socket_keepalive uwsgi_pass_request_headers uwsgi_pass_request_body uwsgi_intercept_errors uwsgi_force_ranges uwsgi_cache_lock uwsgi_cache_revalidate uwsgi_ssl_session_reuse uwsgi_ssl_server_name uwsgi_ssl_verify client_body_in_single_buffer aio_write tcp_nopush tcp_nodelay reset_timedout_connection absolute_redirect server_name_in_redirect port_in_redirect msie_padding msie_refresh log_not_found log_subrequest recursive_error_pages chunked_transfer_encoding etag open_file_cache_errors open_file_cache_events gzip_vary http2_push_preload',
	'hsli +2': 'error_page',
	'hsli 1': 'charset source_charset root limit_rate limit_rate_after',
	'hsli 1 s': 'post_action',
	'hsli 12': 'expires',
	'hsli 23': 'add_header add_trailer',
	'hsli F': 'override_charset gzip ssi sendfile',
	'hslix +1': 'access_log',
	'hslx 1': 'allow deny auth_basic auth_basic_user_file',
	'l 0': 'empty_gif flv mp4 internal',
	'l 1': 'alias',
	'l B+1': 'limit_except',
	'l F': 'random_index',
	'li 1': 'fastcgi_pass grpc_pass memcached_pass scgi_pass uwsgi_pass',
	'lix 1': 'proxy_pass',
	'm +1': 'worker_cpu_affinity error_log',
	'm 1': 'worker_processes worker_priority env load_module ssl_engine',
	'm 1 e': 'debug_points',
	'm 1 n': 'worker_rlimit_nofile',
	'm 1 s': 'pid lock_file working_directory',
	'm 1 t': 'timer_resolution worker_shutdown_timeout',
	'm 1 z': 'worker_rlimit_core',
	'm 12': 'user',
	'm 23': 'thread_pool',
	'm B0': 'events http mail stream',
	'm F': 'daemon master_process pcre_jit',
	's +1': 'listen server_name',
	'sfli 0': 'break',
	'sfli 12': 'return',
	'sfli 2': 'set',
	'sfli 23': 'rewrite',
	'sl +1': 'valid_referers',
	'sl +2': 'try_files',
	'sl 01': 'stub_status',
	'sl 1 n': 'referer_hash_max_size referer_hash_bucket_size',
	'sl B+1': 'if',
	'sl B12': 'location',
	'u +1': 'server',
	'u 0': 'ip_hash least_conn',
	'u 012': 'random',
	'u 1': 'keepalive',
	'u 1 n': 'keepalive_requests',
	'u 1 t': 'keepalive_time keepalive_timeout',
	'u 12': 'hash zone',
};

/** Directives of later versions, by the minor of nginx they came with. */
const LATER: readonly (readonly [minor: number, key: string, names: string])[] = [
	[25, 'hs F', 'http2'],
	[25, 'hs 1 n', 'http3_max_concurrent_streams'],
	[25, 'hs F', 'http3 http3_hq quic_gso quic_retry'],
	[25, 'S 1', 'pass'],
	[27, 'hsl F', 'proxy_pass_trailers'],
	[27, 'u +1', 'resolver'],
	[27, 'u 1 t', 'resolver_timeout'],
	[27, 'U +1', 'resolver'],
	[27, 'U 1 t', 'resolver_timeout'],
	[29, 'h +1', 'early_hints'],
];

/** Words that a directive with a list of them takes. */
export const WORDS: Readonly<Record<string, string>> = {
	autoindex_format: 'html json jsonp xml',
	gzip_static: 'off on always',
	proxy_http_version: '1.0 1.1',
	gzip_http_version: '1.0 1.1',
	satisfy: 'all any',
	lingering_close: 'off on always',
	server_tokens: 'off on build',
	if_modified_since: 'off exact before',
	client_body_in_file_only: 'off on clean',
	limit_req_log_level: 'info notice warn error',
	limit_conn_log_level: 'info notice warn error',
	ssl_verify_client: 'off on optional optional_no_ca',
	userid: 'off log v1 on',
};

let made: Map<string, Command[]> | undefined;

/** All that a name may be; undefined of what is no directive. @param minor of nginx's version: 23 */
export function commandsOf(name: string, minor: number): readonly Command[] | undefined {
	if (!made) {
		const all = new Map<string, Command[]>();
		const add = (key: string, names: string): void => {
			const [contexts = '', takes = '', kind = ''] = key.split(' ');
			const command = { contexts, block: takes.startsWith('B'), takes: takes.replace(/^B/, ''), kind };
			for (const one of names.split(' ')) all.set(one, [...(all.get(one) ?? []), command]);
		};
		for (const key of Object.keys(TABLE)) add(key, TABLE[key]!);
		made = all;
	}
	const later = LATER.filter(([since, , names]) => minor >= since && names.split(' ').includes(name)).map(
		([, key]): Command => {
			const [contexts = '', takes = '', kind = ''] = key.split(' ');
			return { contexts, block: false, takes, kind };
		},
	);
	const known = made.get(name);
	return later.length > 0 ? [...(known ?? []), ...later] : known;
}

/** Whether a command takes so many words. */
export const takes = ({ takes: rule }: Command, count: number): boolean =>
	rule === 'F' ? count === 1 : rule.startsWith('+') ? count >= Number(rule.slice(1)) : rule.includes(String(count));
