/** What is wrong with a configuration although each of its directives is right: nginx reads it to the end, and refuses it. */
import type { Disk } from '../../disk/disk.ts';
import { where } from './check.ts';
import type { Server } from './config.ts';
import type { LogFormat } from './log-format.ts';
import { everything } from './nearest.ts';
import type { Directive } from './read.ts';
import { Refusal } from './refusal.ts';
import type { Upstream } from './upstreams.ts';

/** proxy_pass, with or without a slash behind its host, where none may be (ngx_http_proxy_pass()). */
function passChecked(directive: Directive, location: readonly string[] | undefined): void {
	const target = directive.args[0]!;
	const url = /^https?:\/\/[^/]+(\/.*)?$/.exec(target);
	if (!url) throw new Refusal(`invalid URL prefix ${where(directive)}`);
	const pattern = location && (/^~\*?$/.test(location[0]!) || /^(?:~|@)/.test(location[0]!));
	if (url[1] !== undefined && !target.includes('$') && pattern)
		throw new Refusal(
			`"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block ${where(directive)}`,
		);
}

/** Hosts of the servers behind, and what is wrong with where requests go. @throws Refusal */
export function checkTargets(
	block: readonly Directive[],
	upstreams: ReadonlyMap<string, Upstream>,
	resolves: (host: string) => boolean,
	kind: 'http' | 'stream',
): void {
	for (const directive of everything(block)) {
		const { name, args } = directive;
		if (name === 'upstream')
			for (const server of directive.block?.filter((d) => d.name === 'server') ?? []) {
				const host = (server.args[0] ?? '').replace(/:\d+$/, '');
				if (kind === 'stream' && !/:\d+$|^unix:/.test(server.args[0] ?? ''))
					throw new Refusal(`no port in upstream "${server.args[0]}" ${where(server)}`);
				if (!host.startsWith('unix') && !resolves(host))
					throw new Refusal(`host not found in upstream "${server.args[0]}" ${where(server)}`);
			}
		if (name !== 'proxy_pass' || args[0]!.includes('$')) continue;
		const url = /^(?:(https?):\/\/)?(\[[^\]]+\]|[^/:]+)(?::(\d+))?/.exec(args[0]!);
		const host = url?.[2] ?? '';
		if (upstreams.has(host) || host === 'unix') continue;
		if (kind === 'stream' && url?.[3] === undefined)
			throw new Refusal(`no port in upstream "${args[0]}" ${where(directive)}`);
		if (!resolves(host))
			throw new Refusal(
				`host not found in upstream "${host}${kind === 'stream' ? `:${url?.[3]}` : ''}" ${where(directive)}`,
			);
	}
}

/** A location's own proxy_pass, and those of its `if`s. */
export function checkPasses(block: readonly Directive[], location?: readonly string[]): void {
	for (const directive of block) {
		if (directive.name === 'proxy_pass') passChecked(directive, location);
		if (directive.name === 'location') checkPasses(directive.block ?? [], directive.args);
		else if (directive.name === 'if' || directive.name === 'limit_except') checkPasses(directive.block ?? [], ['~']);
		else if (directive.name === 'server') checkPasses(directive.block ?? []);
	}
}

/** Certificates and keys (ngx_ssl_certificate()). @throws Refusal */
export function checkFiles(disk: Disk, http: readonly Directive[], minor: number): ReadonlyMap<string, string> {
	const texts = new Map<string, string>();
	const said = (path: string): string =>
		minor >= 25
			? `SSL: error:80000002:system library::No such file or directory:calling fopen(${path}, r) error:10000080:BIO routines::no such file`
			: `SSL: error:02001002:system library:fopen:No such file or directory:fopen('${path}','r') error:2006D080:BIO routines:BIO_new_file:no such file`;
	for (const { name, args } of everything(http)) {
		if (name !== 'ssl_certificate' && name !== 'ssl_certificate_key') continue;
		if (args[0]!.includes('$')) continue;
		const path = args[0]!.startsWith('/') ? args[0]! : `/etc/nginx/${args[0]}`;
		const text = disk.read(path);
		if (text !== undefined) texts.set(args[0]!, text);
		const what = name.endsWith('key') ? 'cannot load certificate key' : 'cannot load certificate';
		if (text === undefined) throw new Refusal(`${what} "${path}": BIO_new_file() failed (${said(path)})`);
		if (!text.includes('-----BEGIN '))
			throw new Refusal(
				name.endsWith('key')
					? `${what} "${path}": PEM_read_bio_PrivateKey() failed (SSL: error:0909006C:PEM routines:get_name:no start line:Expecting: ANY PRIVATE KEY)`
					: `${what} "${path}": PEM_read_bio_X509_AUX() failed (SSL: error:0909006C:PEM routines:get_name:no start line:Expecting: TRUSTED CERTIFICATE)`,
			);
	}
	for (const { name, block = [] } of http) {
		if (name !== 'server') continue;
		const listen = block.find((d) => d.name === 'listen' && d.args.includes('ssl'));
		const has = (word: string): boolean => [...block, ...http].some((d) => d.name === word);
		if (listen && !has('ssl_certificate') && !has('ssl_reject_handshake'))
			throw new Refusal(`no "ssl_certificate" is defined for the "listen ... ssl" directive ${where(listen)}`);
		const on = block.find((d) => d.name === 'ssl' && d.args[0] === 'on');
		if (on && !has('ssl_certificate'))
			throw new Refusal(`no "ssl_certificate" is defined for the "ssl" directive ${where(on)}`);
		if (listen && !has('ssl_certificate_key') && has('ssl_certificate')) {
			const certificate = [...block, ...http].find((d) => d.name === 'ssl_certificate')!;
			throw new Refusal(`no "ssl_certificate_key" is defined for certificate "${certificate.args[0]}"`);
		}
	}
	return texts;
}

/** Zones that limits and caches name, and formats of logs. @throws Refusal */
export function checkNames(http: readonly Directive[], formats: ReadonlyMap<string, LogFormat>): void {
	const zone = (words: readonly string[], key: string): string | undefined =>
		words.map((word) => new RegExp(`^${key}=([^:]+)`).exec(word)?.[1]).find((name) => name !== undefined);
	const zones = (name: string, key: string): readonly (string | undefined)[] =>
		http.filter((d) => d.name === name).map((d) => zone(d.args, key));
	const rates = zones('limit_req_zone', 'zone');
	const counts = zones('limit_conn_zone', 'zone');
	const caches = zones('proxy_cache_path', 'keys_zone');
	for (const directive of everything(http)) {
		const { name, args } = directive;
		if (name === 'limit_req' && !rates.includes(zone(args, 'zone')))
			throw new Refusal(`zero size shared memory zone "${zone(args, 'zone')}"`);
		if (name === 'limit_conn' && !counts.includes(args[0]))
			throw new Refusal(`zero size shared memory zone "${args[0]}"`);
		if (name === 'proxy_cache' && args[0] !== 'off' && !args[0]!.includes('$') && !caches.includes(args[0]))
			throw new Refusal(`"proxy_cache" zone "${args[0]}" is unknown`);
		if (
			name === 'access_log' &&
			args[1] !== undefined &&
			!/^(?:buffer|flush|gzip|if)(?:=|$)/.test(args[1]) &&
			!formats.has(args[1])
		)
			throw new Refusal(`unknown log format "${args[1]}" ${where(directive)}`);
	}
}

/** Addresses, ports and names of servers, as ngx_http_add_listen() and ngx_http_server_names() see them. */
export function checkListens(servers: readonly Server[]): readonly string[] {
	const warnings: string[] = [];
	const seen = new Set<string>();
	const firsts = new Set<string>();
	for (const { listens, names, own } of servers)
		for (const { ip, port, first } of listens.filter((l) => l.ip !== '')) {
			const at = `${ip}:${port}`;
			const listen = own.findLast((d) => d.name === 'listen' && d.args[0]!.endsWith(String(port)));
			if (listens.filter((l) => l.ip === ip && l.port === port).length > 1)
				throw new Refusal(`a duplicate listen ${at} ${listen ? where(listen) : ''}`);
			if (first && firsts.has(at))
				throw new Refusal(`a duplicate default server for ${at} ${listen ? where(listen) : ''}`);
			if (first) firsts.add(at);
			for (const name of names) {
				if (seen.has(`${at} ${name}`)) warnings.push(`[warn] 1#1: conflicting server name "${name}" on ${at}, ignored`);
				seen.add(`${at} ${name}`);
			}
		}
	return warnings;
}
