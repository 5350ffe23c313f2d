/** The language of a Corefile, what each plugin refuses, and the hash reload tells. */
import { describe, expect, test } from 'vitest';
import { jsonOf, parseCorefile } from '../../../../src/sim/lab/coredns/caddyfile.ts';
import { configOf, directivesOf } from '../../../../src/sim/lab/coredns/config.ts';
import { SETUPS } from '../../../../src/sim/lab/coredns/setup.ts';
import { hex, md5, sha512 } from '../../../../src/sim/trace/index.ts';
import { utf8 } from '../../../../src/sim/wire/index.ts';

const KUBEADM = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30
    loop
    reload
    loadbalance
}
`;

const FILE = '/etc/coredns/Corefile';
const around = {
	readFile: (path: string) => (path === '/etc/resolv.conf' ? 'nameserver 172.18.0.1\n' : undefined),
	log: () => undefined,
};
const read = (text: string, version = '1.8.6') =>
	configOf(FILE, parseCorefile(FILE, text, directivesOf(version)), SETUPS, directivesOf(version), around);
const plugins = (text: string) => read(text)[0]!.plugins.map(({ kind }) => kind);
const fault = (text: string, version?: string): string => {
	try {
		read(text, version);
		return '';
	} catch (error) {
		return (error as Error).message;
	}
};

test('kubeadm’s Corefile has the hashes that clusters everywhere log of it', () => {
	const json = utf8(jsonOf(parseCorefile(FILE, KUBEADM, undefined)));
	expect(hex(md5(json))).toBe('db32ca3650231d74073ff4cf814959a7');
	expect(hex(sha512(json))).toBe(
		'591cf328cccc12bc490481273e738df59329c62c0b729d94e8b61db9961c2fa5f046dd37f1cf888b953814040d180f52594972691cd6ff41be96639138a43908',
	);
});

describe('a Corefile', () => {
	test('has its plugins in the order questions pass them, whatever order they stand in', () => {
		expect(plugins('.:53 {\n loop\n forward . 1.1.1.1\n cache\n errors\n}')).toEqual([
			'errors',
			'cache',
			'loop',
			'forward',
		]);
	});

	test('may have one server without braces, several keys, comments, quotes and snippets', () => {
		expect(read('.\nwhoami').map(({ zones, port }) => [zones, port])).toEqual([[['.'], 53]]);
		const servers = read(
			'(common) {\n errors\n log\n}\na.org, b.org:5353 { # two\n import common\n whoami\n}\n10.0.0.0/23 {\n whoami\n}',
		);
		expect(servers.map(({ zones, port }) => [zones, port])).toEqual([
			[['a.org.'], 53],
			[['b.org.'], 5353],
			[['0.0.10.in-addr.arpa.', '1.0.10.in-addr.arpa.'], 53],
		]);
		expect(servers[0]!.plugins.map(({ kind }) => kind)).toEqual(['errors', 'log', 'whoami']);
	});

	test.each([
		['.:53 {\n errors\n foo\n}', `${FILE}:3 - Error during parsing: Unknown directive 'foo'`],
		['.:53 {\n errors', `${FILE}:2 - Syntax error: Unexpected token 'errors', expecting '}'`],
		['.:53 {\n health {\n  lameduck 5s\n', `${FILE}:3 - Error during parsing: Unexpected EOF`],
		['. {\n import nope\n}', `${FILE}:2 - Error during parsing: File to import not found: nope`],
		['a.org {\n whoami\n}\na.org {\n whoami\n}', 'cannot serve dns://a.org.:53 - it is already defined'],
		[
			'. {\n forward .\n}',
			`plugin/forward: ${FILE}:2 - Error during parsing: Wrong argument count or unexpected line ending after '.'`,
		],
		['. {\n forward . dns.google\n}', 'plugin/forward: not an IP address or file: "dns.google"'],
		[
			'. {\n forward . 1.1.1.1 {\n  policy best\n }\n}',
			`plugin/forward: ${FILE}:3 - Error during parsing: unknown policy 'best'`,
		],
		[
			'. {\n kubernetes cluster.local {\n  pod insecure\n }\n}',
			`plugin/kubernetes: ${FILE}:3 - Error during parsing: unknown property 'pod'`,
		],
		[
			'. {\n kubernetes cluster.local {\n  pods all\n }\n}',
			'plugin/kubernetes: wrong value for pods: all,  must be one of: disabled, verified, insecure',
		],
		['. {\n cache 0\n}', 'plugin/cache: cache TTL can not be zero or negative: 0'],
		['. {\n cache\n cache\n}', 'plugin/cache: this plugin can only be used once per Server Block'],
		['. {\n reload 1s\n}', 'plugin/reload: interval value must be greater or equal to 2s'],
		[
			'. {\n health {\n  lameduck 5\n }\n}',
			`plugin/health: unable to parse lameduck duration value: '5' : time: missing unit in duration "5"`,
		],
		['. {\n rewrite name regex (a a{1}\n}', 'plugin/rewrite: invalid regex matching pattern: (a'],
	])('%j is refused', (text, words) => {
		expect(fault(text)).toContain(words);
	});

	test('knows the directives of its release only', () => {
		expect(fault('. {\n view x {\n  expr true\n }\n}', '1.8.6')).toContain("Unknown directive 'view'");
		expect(fault('. {\n view x {\n  expr true\n }\n}', '1.10.1')).toBe('');
	});
});
