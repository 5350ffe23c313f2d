/**
 * `kubectl proxy`: the API server at a port of the laptop, for whoever has no credentials.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/proxy/proxy.go, pkg/proxy/proxy_server.go,
 * staging/src/k8s.io/apiserver/pkg/endpoints/handlers/negotiation/negotiate.go (isPrettyPrint) @ v0.24.0.
 */
import type { Cluster } from '../../../sim/lab/index.ts';
import { parseIp } from '../../../sim/wire/index.ts';
import type { Command } from '../../cobra/index.ts';
import { klog } from '../../kube/klog.ts';
import { targetOf } from '../../kube/rest.ts';
import { answerAs, written } from '../../linux/api-server.ts';
import { type Answer, type HttpRequest, http, readRequest } from '../../linux/http.ts';
import { openLocalPort } from '../../local-ports.ts';
import { command, fail, type Kube } from '../kube.ts';
import { bindError, freePort, hostPort, isConnected, type ListenAddress } from './listen.ts';
import { throughServer } from './through-server.ts';

/** As long as a lab may wait for anything. */
const FOREVER = 365 * 86_400e6;

const ACCEPT_HOSTS = '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$';
const ACCEPT_PATHS = '^.*';
const REJECT_PATHS = '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach';
const REJECT_METHODS = '^$';

const plain = (status: number, body: string): Answer => ({ status, type: 'text/plain; charset=utf-8', body });

/** Regular expressions of a flag; kubectl stops at one that cannot be read. */
function patterns(words: string): readonly RegExp[] {
	return words.split(',').map((word) => {
		try {
			return new RegExp(word);
		} catch {
			return fail(`Error creating regexp filter: error parsing regexp: ${word}`);
		}
	});
}

/** Whether a request may pass. */
type Filter = (request: HttpRequest) => boolean;

function filterOf({ flags }: Kube['run']): Filter {
	if (flags.on('disable-filter')) return () => true;
	const [hosts, accept, reject, methods] = ['accept-hosts', 'accept-paths', 'reject-paths', 'reject-methods'].map(
		(name) => patterns(flags.text(name)),
	) as [readonly RegExp[], readonly RegExp[], readonly RegExp[], readonly RegExp[]];
	const some = (list: readonly RegExp[], word: string): boolean => list.some((one) => one.test(word));
	return ({ headers, path, method }) => {
		const host = (headers.get('host') ?? '').replace(/:\d+$/, '');
		return some(hosts, host) && some(accept, path) && !some(reject, path) && !some(methods, method);
	};
}

/** What the laptop's port answers. */
function respond(
	kube: Kube,
	cluster: Cluster,
	prefix: string,
	filter: Filter,
	octets: Uint8Array,
): Uint8Array | undefined {
	const request = readRequest(octets);
	if (!request) return http(plain(400, '400 Bad Request'));
	if (!filter(request)) return http(plain(403, 'Forbidden\n'), request);
	if (!`${request.path}/`.startsWith(prefix)) return http(plain(404, '404 page not found\n'), request);
	const path = `/${request.path.slice(prefix.length)}`;
	const query = new URLSearchParams(request.query);
	const target = targetOf(cluster, path);
	if (
		target?.rest[0] === 'proxy' &&
		target.name !== undefined &&
		['services', 'pods'].includes(target.resource.plural)
	) {
		const behind = path.slice(path.indexOf('/proxy') + '/proxy'.length);
		if (behind === '') return http({ ...plain(301, ''), headers: [`Location: ${request.path}/`] }, request);
		const answer = throughServer(kube.run.call.lab, cluster, target, behind, { ...request, path });
		return 'octets' in answer ? answer.octets : http(written(answer, request, query), request);
	}
	return http(answerAs({ ...request, path }, cluster, kube.who), request);
}

async function proxy(kube: Kube): Promise<number> {
	const { call, flags } = kube.run;
	const { lab } = call;
	if (flags.text('www')) return fail("the lab's proxy serves no files of its own: leave --www away");
	if (flags.given('unix-socket')) return fail('the lab has no sockets of files: give a --port');
	const host = flags.text('address');
	const at: ListenAddress = { host, ip: parseIp(host), local: false };
	const asked = flags.number('port');
	const prefix = flags.text('api-prefix').replace(/\/*$/, '/');
	const filter = filterOf(kube.run);
	const port = asked === 0 ? freePort(lab, at) : asked;
	const error = bindError(lab, at, port);
	if (error !== undefined) return fail(`listen tcp ${hostPort(at, port)}: ${error}`);
	if (flags.on('disable-filter'))
		klog(
			kube.run,
			'W',
			'proxy.go:175',
			'Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious',
		);
	call.out(`Starting to serve on ${hostPort(at, port)}\n`);
	const unreachable = (): Uint8Array => http(plain(502, ''));
	const stop = openLocalPort(lab, {
		owner: 'kubectl',
		ip: at.ip,
		host,
		port,
		answer: (octets) =>
			octets.length === 0
				? undefined
				: isConnected(lab, kube.cluster)
					? respond(kube, kube.cluster, prefix, filter, octets)
					: unreachable(),
	});
	try {
		for (;;) await call.until(() => false, FOREVER);
	} finally {
		stop();
	}
}

const text = (name: string, value: string, usage: string) => ({ name, type: 'string', default: value, usage }) as const;

export const proxyCommand: Command = {
	name: 'proxy',
	use: '[--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
	short: 'Run a proxy to the Kubernetes API server',
	long: 'Creates a proxy server or application-level gateway between localhost and the Kubernetes API server. It also allows serving static content over specified HTTP path. All incoming data enters through one port and gets forwarded to the remote Kubernetes API server port, except for the path matching the static content path.',
	example: `  # To proxy all of the Kubernetes API and nothing else
  kubectl proxy --api-prefix=/

  # To proxy the entire Kubernetes API at a different root
  # You can get pods info with 'curl localhost:8001/custom/api/v1/pods'
  kubectl proxy --api-prefix=/custom/

  # Run a proxy to the Kubernetes API server on an arbitrary local port
  # The chosen port for the server will be output to stdout
  kubectl proxy --port=0`,
	flags: [
		text('accept-hosts', ACCEPT_HOSTS, 'Regular expression for hosts that the proxy should accept.'),
		text('accept-paths', ACCEPT_PATHS, 'Regular expression for paths that the proxy should accept.'),
		text('address', '127.0.0.1', 'The IP address on which to serve on.'),
		text('api-prefix', '/', 'Prefix to serve the proxied API under.'),
		{
			name: 'disable-filter',
			type: 'bool',
			usage:
				'If true, disable request filtering in the proxy. This is dangerous, and can leave you vulnerable to XSRF attacks, when used with an accessible port.',
		},
		{
			name: 'port',
			short: 'p',
			type: 'int',
			default: '8001',
			usage: 'The port on which to run the proxy. Set to 0 to pick a random port.',
		},
		text(
			'reject-methods',
			REJECT_METHODS,
			"Regular expression for HTTP methods that the proxy should reject (example --reject-methods='POST,PUT,PATCH').",
		),
		text(
			'reject-paths',
			REJECT_PATHS,
			'Regular expression for paths that the proxy should reject. Paths specified here will be rejected even accepted by --accept-paths.',
		),
		{
			name: 'append-server-path',
			type: 'bool',
			usage: 'If true, enables automatic path appending of the kube context server path to each request.',
		},
		{
			name: 'keepalive',
			type: 'duration',
			default: '0s',
			usage:
				'keepalive specifies the keep-alive period for an active network connection. Set to 0 to disable keepalive.',
		},
		{
			name: 'www',
			short: 'w',
			type: 'string',
			usage: 'Also serve static files from the given directory under the specified prefix.',
		},
		{
			name: 'www-prefix',
			short: 'P',
			type: 'string',
			default: '/static/',
			usage: 'Prefix to serve static files under, if static file directory is specified.',
		},
		{ name: 'unix-socket', short: 'u', type: 'string', usage: 'Unix socket on which to run the proxy.' },
	],
	run: command(proxy),
};
