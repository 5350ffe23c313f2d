/** Directives of nginx's own modules (src/core, src/event, src/http @ release-1.23, as the packages build them). */

/** Blocks, and what they stand in. */
export const BLOCKS: Readonly<Record<string, readonly string[]>> = {
	events: ['main'],
	http: ['main'],
	stream: ['main'],
	mail: ['main'],
	server: ['http', 'upstream'],
	upstream: ['http'],
	location: ['server', 'location'],
	if: ['server', 'location'],
	limit_except: ['location'],
	types: ['http', 'server', 'location'],
	map: ['http'],
	geo: ['http'],
	split_clients: ['http'],
};

/** Directives that stand in no other block than these. */
export const ONLY: Readonly<Record<string, readonly string[]>> = {
	...Object.fromEntries(
		'user worker_processes worker_rlimit_nofile worker_priority worker_cpu_affinity worker_shutdown_timeout pid daemon master_process env load_module lock_file pcre_jit timer_resolution thread_pool working_directory debug_points ssl_engine worker_rlimit_core'
			.split(' ')
			.map((name) => [name, ['main']]),
	),
	...Object.fromEntries(
		'worker_connections multi_accept use accept_mutex accept_mutex_delay debug_connection worker_aio_requests'
			.split(' ')
			.map((name) => [name, ['events']]),
	),
	listen: ['server'],
	server_name: ['server'],
	alias: ['location'],
	internal: ['location'],
	proxy_pass: ['location', 'if', 'limit_except'],
	fastcgi_pass: ['location', 'if'],
	uwsgi_pass: ['location', 'if'],
	grpc_pass: ['location', 'if'],
	memcached_pass: ['location', 'if'],
	try_files: ['server', 'location'],
	return: ['server', 'location', 'if'],
	rewrite: ['server', 'location', 'if'],
	set: ['server', 'location', 'if'],
	break: ['server', 'location', 'if'],
	stub_status: ['server', 'location'],
	empty_gif: ['location'],
	log_format: ['http'],
	limit_req_zone: ['http'],
	limit_conn_zone: ['http'],
	proxy_cache_path: ['http'],
	fastcgi_cache_path: ['http'],
	map_hash_bucket_size: ['http'],
	map_hash_max_size: ['http'],
	server_names_hash_bucket_size: ['http'],
	server_names_hash_max_size: ['http'],
	variables_hash_bucket_size: ['http'],
	variables_hash_max_size: ['http'],
	least_conn: ['upstream'],
	ip_hash: ['upstream'],
	hash: ['upstream'],
	random: ['upstream'],
	keepalive: ['upstream'],
	keepalive_requests: ['upstream', 'http', 'server', 'location'],
	zone: ['upstream'],
};

/** Directives of http, server and location that are taken as they are. */
export const PLAIN: ReadonlySet<string> = new Set(
	`absolute_redirect access_log add_after_body add_before_body add_header add_trailer addition_types aio aio_write allow
ancient_browser ancient_browser_value auth_basic auth_basic_user_file auth_delay auth_request auth_request_set autoindex
autoindex_exact_size autoindex_format autoindex_localtime charset charset_map charset_types chunked_transfer_encoding
client_body_buffer_size client_body_in_file_only client_body_in_single_buffer client_body_temp_path client_body_timeout
client_header_buffer_size client_header_timeout client_max_body_size connection_pool_size create_full_put_path dav_access
dav_methods default_type deny directio directio_alignment disable_symlinks error_log error_page etag expires
fastcgi_bind fastcgi_buffer_size fastcgi_buffering fastcgi_buffers fastcgi_cache fastcgi_cache_key fastcgi_cache_valid
fastcgi_connect_timeout fastcgi_hide_header fastcgi_ignore_headers fastcgi_index fastcgi_intercept_errors fastcgi_param
fastcgi_read_timeout fastcgi_send_timeout fastcgi_split_path_info fastcgi_temp_path flv grpc_set_header gunzip gzip
gzip_buffers gzip_comp_level gzip_disable gzip_http_version gzip_min_length gzip_proxied gzip_static gzip_types gzip_vary
http2 http2_max_concurrent_streams if_modified_since ignore_invalid_headers image_filter include index js_content
js_import js_set keepalive_disable keepalive_time keepalive_timeout large_client_header_buffers limit_conn
limit_conn_log_level limit_conn_status limit_rate limit_rate_after limit_req limit_req_log_level limit_req_status
lingering_close lingering_time lingering_timeout log_not_found log_subrequest max_ranges merge_slashes min_delete_depth
mirror mirror_request_body modern_browser mp4 msie_padding msie_refresh open_file_cache open_file_cache_errors
open_file_cache_min_uses open_file_cache_valid open_log_file_cache output_buffers override_charset port_in_redirect
postpone_output proxy_bind proxy_buffer_size proxy_buffering proxy_buffers proxy_busy_buffers_size proxy_cache
proxy_cache_bypass proxy_cache_key proxy_cache_lock proxy_cache_methods proxy_cache_min_uses proxy_cache_use_stale
proxy_cache_valid proxy_connect_timeout proxy_cookie_domain proxy_cookie_flags proxy_cookie_path proxy_hide_header
proxy_http_version proxy_ignore_client_abort proxy_ignore_headers proxy_intercept_errors proxy_max_temp_file_size
proxy_method proxy_next_upstream proxy_next_upstream_timeout proxy_next_upstream_tries proxy_no_cache proxy_pass_header
proxy_pass_request_body proxy_pass_request_headers proxy_read_timeout proxy_redirect proxy_request_buffering
proxy_send_timeout proxy_set_body proxy_set_header proxy_ssl_certificate proxy_ssl_name proxy_ssl_protocols
proxy_ssl_server_name proxy_ssl_session_reuse proxy_ssl_trusted_certificate proxy_ssl_verify proxy_store
proxy_store_access proxy_temp_path random_index read_ahead real_ip_header real_ip_recursive recursive_error_pages
referer_hash_max_size request_pool_size reset_timedout_connection resolver resolver_timeout rewrite_log root satisfy
scgi_temp_path secure_link secure_link_md5 send_lowat send_timeout sendfile sendfile_max_chunk server_name_in_redirect
server_tokens set_real_ip_from slice source_charset ssi ssl ssl_buffer_size ssl_certificate ssl_certificate_key
ssl_ciphers ssl_client_certificate ssl_dhparam ssl_ecdh_curve ssl_prefer_server_ciphers ssl_protocols ssl_session_cache
ssl_session_tickets ssl_session_timeout ssl_stapling ssl_stapling_verify ssl_trusted_certificate ssl_verify_client
ssl_verify_depth stub_status sub_filter sub_filter_last_modified sub_filter_once sub_filter_types subrequest_output_buffer_size
tcp_nodelay tcp_nopush try_files types_hash_bucket_size types_hash_max_size underscores_in_headers
uninitialized_variable_warn uwsgi_param uwsgi_temp_path valid_referers xclient xslt_stylesheet`.split(/\s+/),
);

/** How many words a directive takes, where that is not one or more: `[from, to]`. */
export const COUNTS: Readonly<Record<string, readonly [number, number]>> = {
	listen: [1, 99],
	root: [1, 1],
	alias: [1, 1],
	proxy_pass: [1, 1],
	default_type: [1, 1],
	include: [1, 1],
	return: [1, 2],
	rewrite: [2, 3],
	set: [2, 2],
	internal: [0, 0],
	break: [0, 0],
	stub_status: [0, 1],
	empty_gif: [0, 0],
	ip_hash: [0, 0],
	least_conn: [0, 0],
	autoindex: [1, 1],
	sendfile: [1, 1],
	gzip: [1, 1],
	server_tokens: [1, 1],
	worker_connections: [1, 1],
	worker_processes: [1, 1],
	pid: [1, 1],
	user: [1, 2],
	proxy_set_header: [2, 2],
	add_header: [2, 3],
	try_files: [2, 99],
	error_page: [2, 99],
	keepalive_timeout: [1, 2],
	location: [1, 2],
	upstream: [1, 1],
	server: [0, 0],
	http: [0, 0],
	events: [0, 0],
	map: [2, 2],
	client_max_body_size: [1, 1],
	proxy_http_version: [1, 1],
	deny: [1, 1],
	allow: [1, 1],
};
