/**
 * GET /metrics, as far as the lab counts: questions and answers, the cache's, which plugins there are (plugin/metrics/vars,
 * plugin/cache/metrics.go @ v1.8.6, v1.11.1). What tells of the process (go_…, process_…) and of time is not there.
 */
import type { Server } from './config.ts';
import { typeText } from './question.ts';

const TYPES = /^(?:A|AAAA|CNAME|DNSKEY|DS|HTTPS|MX|NAPTR|NS|PTR|SOA|SRV|SVCB|TXT|AXFR|IXFR|ANY)$/;

/** Types that have a label of their own (plugin/metrics/vars/monitor.go). */
export const monitored = (type: number): string => {
	const text = typeText(type);
	return TYPES.test(text) ? text : 'other';
};

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

const block = (name: string, help: string, kind: string, lines: readonly string[]): string =>
	lines.length === 0
		? ''
		: `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${[...lines]
				.sort()
				.map((line) => `${name}${line}\n`)
				.join('')}`;

export function metricsText(
	release: string,
	[go, commit]: readonly [string, string],
	servers: readonly Server[],
	counts: ReadonlyMap<string, number>,
): string {
	const of = (name: string): (readonly [string, number])[] =>
		[...counts]
			.filter(([key]) => key.startsWith(`${name} `))
			.map(([key, n]) => [key.slice(name.length + 1), n] as const);
	const named = (text: string): string =>
		text.replace(/rcode="(\d+)"/, (_, code: string) => `rcode="${RCODES[Number(code)] ?? code}"`);
	const cache = servers.find(({ plugins }) => plugins.some(({ kind }) => kind === 'cache'));
	const own = `server="dns://:${cache?.port}",zones="."`;
	return [
		block(
			'coredns_build_info',
			"A metric with a constant '1' value labeled by version, revision, and goversion from which CoreDNS was built.",
			'gauge',
			[`{goversion="${go}",revision="${commit}",version="${release}"} 1`],
		),
		block(
			'coredns_cache_hits_total',
			'The count of cache hits.',
			'counter',
			of('cache_hits').map(([type, n]) => `{${own.replace(/,.*/, '')},type="${type}",zones="."} ${n}`),
		),
		block(
			'coredns_cache_misses_total',
			'The count of cache misses. Deprecated, derive misses from cache hits/requests counters.',
			'counter',
			of('cache_misses').map(([, n]) => `{${own}} ${n}`),
		),
		block(
			'coredns_dns_requests_total',
			'Counter of DNS requests made per zone, protocol and family.',
			'counter',
			of('requests').map(([labels, n]) => `{${labels}} ${n}`),
		),
		block(
			'coredns_dns_responses_total',
			'Counter of response status codes.',
			'counter',
			of('responses').map(([labels, n]) => `{${named(labels)}} ${n}`),
		),
		block(
			'coredns_plugin_enabled',
			'A metric that indicates whether a plugin is enabled on per server and zone basis.',
			'gauge',
			servers.flatMap(({ plugins, port, zones }) =>
				plugins
					.filter(({ kind }) => kind !== 'lameduck')
					.flatMap((plugin) =>
						zones.map(
							(zone) =>
								`{name="${'name' in plugin ? plugin.name : plugin.kind}",server="dns://:${port}",zone="${zone}"} 1`,
						),
					),
			),
		),
	].join('');
}
