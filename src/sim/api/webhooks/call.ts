/**
 * The call: whom the API server connects to, and in which words it fails.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/util/webhook/client.go, pkg/util/proxy/proxy.go (ResolveCluster:
 * kubeadm leaves --enable-aggregator-routing off), client-go rest/request.go, apimachinery
 * pkg/api/errors/errors.go NewGenericServerResponse @ v1.24.0; Go's net/http and crypto/tls.
 */
import { type Draft, isRecord, subs, text } from '../json.ts';
import type { Context } from '../strategy.ts';
import { plain, urlParts } from './configuration.ts';
import { trustFault } from './trust.ts';

/** A connection of the API server to somewhere, by whoever runs the packets. */
export interface CallOut {
	/** Address or name. */
	readonly host: string;
	readonly port: number;
	/** What is sent within TLS. */
	readonly text: string;
	/** Microseconds it may take. */
	readonly timeout: number;
}

export type CalledOut = {
	/** Microseconds it took. */
	readonly took: number;
} & (
	| /** `dial tcp 10.96.0.7:443: connect: connection refused`, `context deadline exceeded`, `EOF`. */
	{ readonly error: string }
	/** What came back within TLS, and the certificates that came with it. */
	| { readonly chain: readonly Uint8Array[]; readonly text: string }
);

export interface Answered {
	readonly took: number;
	/** Why there is no answer. */
	readonly error?: string;
	/** The status of an answer that is an error. */
	readonly code?: number;
	readonly body?: string;
	/** The client could not even be made. */
	readonly noClient?: boolean;
}

interface Target {
	/** As it stands in the URL, with its port. */
	readonly shown: string;
	/** Name the certificate has to have. */
	readonly name: string;
	readonly path: string;
	/** Where to, or why nowhere. */
	readonly to: { readonly host: string; readonly port: number } | { readonly error: string };
}

const cleaned = (path: string): string =>
	`/${path
		.split('/')
		.filter((part) => part !== '' && part !== '.')
		.join('/')}`;

/** ResolveCluster(): the ClusterIP; kube-proxy or Cilium know what is behind it. */
const resolved = (service: Draft, port: number, { get }: Pick<Context, 'get'>): Target['to'] => {
	const name = text(service, 'name') ?? '';
	const found = get('services', text(service, 'namespace'), name);
	if (!found) return { error: `service ${JSON.stringify(name)} not found` };
	// The server itself is near (NewLoopbackServiceResolver).
	if (name === 'kubernetes' && text(service, 'namespace') === 'default') return { host: '127.0.0.1', port: 6443 };
	const type = text(found, 'spec', 'type') ?? 'ClusterIP';
	const ip = text(found, 'spec', 'clusterIP') ?? '';
	if (type === 'ExternalName') return { host: text(found, 'spec', 'externalName') ?? '', port };
	if (ip === 'None') return { error: 'cannot route to service with ClusterIP "None"' };
	if (!subs(found, 'spec', 'ports').some((one) => one.port === port))
		return { error: `no service port ${port} found for service ${JSON.stringify(name)}` };
	return { host: ip, port };
};

const targetOf = (client: Draft, context: Pick<Context, 'get'>): Target => {
	if (isRecord(client.service)) {
		const { service } = client;
		const port = Number(service.port ?? 443);
		const name = `${text(service, 'name') ?? ''}.${text(service, 'namespace') ?? ''}.svc`;
		const path = cleaned(text(service, 'path') ?? '');
		return { shown: `${name}:${port}`, name, path, to: resolved(service, port, context) };
	}
	const { host, path } = urlParts(text(client, 'url') ?? '') ?? { host: '', path: '' };
	const [, name = host, port = ''] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
	return { shown: host, name, path: cleaned(path), to: { host: name, port: Number(port || 443) } };
};

/** What client-go makes of a status that is no success. */
const STATUSES: Readonly<Record<number, string>> = {
	400: 'the server rejected our request for an unknown reason',
	401: 'the server has asked for the client to provide credentials',
	404: 'the server could not find the requested resource',
	405: 'the server does not allow this method on the requested resource',
	409: 'the server reported a conflict',
	422: 'the server rejected our request due to an error in our request',
	429: 'the server has received too many requests and has asked us to try again later',
	503: 'the server is currently unable to handle the request',
	504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

const statusFault = (code: number, type: string, body: string): string => {
	// Only text is told: isTextResponse().
	const said = /^text\//.test(type) || type === '' ? body.trim() : 'unknown';
	if (code === 403 || code === 415) return said;
	if (code === 406)
		return said === '' || said === 'unknown'
			? 'the server was unable to respond with a content type that the client supports'
			: said;
	const known = STATUSES[code];
	if (known !== undefined) return known;
	return code >= 500
		? `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`
		: `the server responded with the status code ${code} but did not return more information`;
};

const HEADERS = 'User-Agent: kube-apiserver-admission';

const octets = (body: string): number => new TextEncoder().encode(body).length;

/** Go's %q of a first line. */
const MALFORMED = 'net/http: HTTP/1.x transport connection broken: malformed HTTP response';

/**
 * Posts a review.
 *
 * @param now seconds since 1970 @param minor of the server, whose Go has the words
 */
export const post = (
	client: Draft,
	seconds: number,
	body: string,
	context: Pick<Context, 'get' | 'minor'>,
	now: number,
	callOut: ((call: CallOut) => CalledOut | undefined) | undefined,
): Answered => {
	const bundle = plain(text(client, 'caBundle') ?? '');
	if (bundle !== '' && !/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.test(bundle))
		return {
			took: 0,
			noClient: true,
			error: 'unable to load root certificates: unable to parse bytes as PEM block',
		};
	const { shown, name, path, to } = targetOf(client, context);
	const query = `?timeout=${seconds}s`;
	const failed = (why: string, took = 0): Answered => ({
		took,
		error: `Post ${JSON.stringify(`https://${shown}${path}${query}`)}: ${why}`,
	});
	if ('error' in to) return failed(to.error);
	const request = [
		`POST ${path}${query} HTTP/1.1`,
		`Host: ${shown}`,
		HEADERS,
		`Content-Length: ${octets(body)}`,
		'Accept: application/json, */*',
		'Content-Type: application/json',
		'Accept-Encoding: gzip',
	];
	const called = callOut?.({
		...to,
		text: `${request.join('\r\n')}\r\n\r\n${body}`,
		timeout: seconds * 1e6,
	}) ?? { took: 0, error: `dial tcp ${to.host}:${to.port}: connect: connection refused` };
	const { took } = called;
	if ('error' in called) return failed(called.error, took);
	// x509.SystemCertPool() of the image: nobody of the lab is in it.
	const fault = trustFault(called.chain, bundle, name, now);
	if (fault !== undefined) {
		const unsaid = fault.startsWith('tls:') || context.minor < 27;
		return failed(unsaid ? fault : `tls: failed to verify certificate: ${fault}`, took);
	}
	const [head = '', ...rest] = called.text.split('\r\n\r\n');
	const [first = '', ...headers] = head.split('\r\n');
	const code = Number(/^HTTP\/\d\.\d (\d{3})/.exec(first)?.[1] ?? 0);
	if (called.text === '') return failed('EOF', took);
	if (code === 0) return failed(`${MALFORMED} ${JSON.stringify(first)}`, took);
	const came = rest.join('\r\n\r\n');
	const type = headers.find((line) => /^content-type:/i.test(line))?.replace(/^[^:]*:\s*/, '') ?? '';
	if (code < 200 || code > 206) return { took, code, error: statusFault(code, type, came) };
	if (came === '') return { took, error: `0-length response with status code: ${code} and content type: ${type}` };
	return { took, code, body: came };
};
