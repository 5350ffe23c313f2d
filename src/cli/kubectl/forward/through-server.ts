/**
 * The API server's own proxy: `…/services/<name>:<port>/proxy/…` and `…/pods/<name>:<port>/proxy/…`. It connects from
 * its node to an endpoint, not to the Service's address.
 *
 * Source: kubernetes pkg/registry/core/service/storage/storage.go (ResourceLocation), pkg/registry/core/pod/strategy.go
 * (ResourceLocation), staging/src/k8s.io/apimachinery/pkg/util/proxy/{upgradeaware,transport}.go @ v1.24.0.
 */
import type { Cluster, Lab } from '../../../sim/lab/index.ts';
import { connect, isLinuxError } from '../../../sim/linux/index.ts';
import { formatIp, parseIp, utf8 } from '../../../sim/wire/index.ts';
import { type RestAnswer, type RestTarget, refusal } from '../../kube/rest.ts';
import { type HttpRequest, isTls, tlsPlain, tlsRecord } from '../../linux/http.ts';
import { spaceAt } from '../../linux/space.ts';
import { send } from '../../linux/traffic.ts';
import { number, subs, text } from '../print/index.ts';

/** The dialer's patience, microseconds. */
const PATIENCE = 30e6;

interface Where {
	readonly tls: boolean;
	readonly ip: string;
	readonly port: number;
}

const away = (message: string): RestAnswer => refusal({ code: 503, reason: 'ServiceUnavailable', message });

/** `https:name:port`, `name:port`, `name`. */
function split(id: string): { readonly tls: boolean; readonly name: string; readonly port: string } {
	const parts = id.split(':');
	const [scheme, name, port] = parts.length === 3 ? parts : ['', parts[0], parts[1]];
	return { tls: scheme === 'https', name: name ?? '', port: port ?? '' };
}

/** An endpoint of a service. */
function ofService(lab: Lab, cluster: Cluster, namespace: string, id: string): Where | RestAnswer {
	const { tls, name, port } = split(id);
	const { api } = cluster;
	const service = api.get(api.find('services')!, namespace, name);
	if (!service)
		return refusal({ code: 404, reason: 'NotFound', message: `services ${JSON.stringify(name)} not found` });
	let portName = port;
	if (/^\d+$/.test(port)) {
		const found = subs(service, 'spec', 'ports').find((item) => number(item, 'port') === Number(port));
		if (!found) return away(`no service port ${port} found for service ${JSON.stringify(name)}`);
		portName = text(found, 'name');
	}
	const subsets = subs(api.get(api.find('endpoints')!, namespace, name), 'subsets');
	if (subsets.length === 0) return away(`no endpoints available for service ${JSON.stringify(name)}`);
	for (const subset of subsets) {
		const addresses = subs(subset, 'addresses');
		const found = subs(subset, 'ports').find((item) => text(item, 'name') === portName);
		const address = addresses[lab.random('proxy', `${lab.now} ${namespace}/${name}`, Math.max(1, addresses.length))];
		if (found && address) return { tls, ip: text(address, 'ip'), port: number(found, 'port') };
	}
	return away(`no endpoints available for service ${JSON.stringify(id)}`);
}

function ofPod(cluster: Cluster, namespace: string, id: string): Where | RestAnswer {
	const { tls, name, port } = split(id);
	const pod = cluster.api.get(cluster.api.find('pods')!, namespace, name);
	if (!pod) return refusal({ code: 404, reason: 'NotFound', message: `pods ${JSON.stringify(name)} not found` });
	const ip = text(pod, 'status', 'podIP');
	if (ip === '') return refusal({ code: 400, reason: 'BadRequest', message: 'address not allowed' });
	const first = subs(pod, 'spec', 'containers').flatMap((container) => subs(container, 'ports'))[0];
	return { tls, ip, port: port === '' ? number(first, 'containerPort') || 80 : Number(port) };
}

/**
 * Sends a request on and gives back what came, octets as they are; or what the API server says instead. `path` is what
 * stands behind `proxy`.
 */
export function throughServer(
	lab: Lab,
	cluster: Cluster,
	{ resource, namespace = '', name = '' }: RestTarget,
	path: string,
	request: HttpRequest,
): { readonly octets: Uint8Array } | RestAnswer {
	const where =
		resource.plural === 'services' ? ofService(lab, cluster, namespace, name) : ofPod(cluster, namespace, name);
	if (!('ip' in where)) return where;
	const node = cluster.nodes().find((machine) => machine.role === 'control-plane' && machine.running);
	const space = node && spaceAt({ kind: 'node', cluster: cluster.name, node: node.name }, lab);
	const ip = parseIp(where.ip);
	if (!space || ip === undefined) return away('error trying to reach service: no route to host');
	const target = `${where.ip}:${where.port}`;
	const own = new Map(request.headers);
	own.set('host', request.headers.get('host') ?? target);
	own.set('x-forwarded-for', `127.0.0.1${node.ip === undefined ? '' : `, ${formatIp(node.ip)}`}`);
	own.set('x-forwarded-uri', request.path);
	const query = request.query === '' ? '' : `?${request.query}`;
	const head = [
		`${request.method} ${path}${query} HTTP/1.1`,
		...[...own].map(([key, value]) => `${headerName(key)}: ${value}`),
	];
	const octets = utf8(`${head.join('\r\n')}\r\n\r\n${request.body}`);
	const { value } = send(space, (net, ns) =>
		connect(net, ns, {
			protocol: 'tcp',
			dst: ip,
			dport: where.port,
			data: where.tls ? tlsRecord(octets) : octets,
			deadline: PATIENCE,
		}),
	);
	const outcome = isLinuxError(value) ? undefined : value.outcome;
	if (outcome?.result !== 'connected') {
		const why =
			outcome?.errno === 'ECONNREFUSED'
				? 'connect: connection refused'
				: outcome?.errno === 'EHOSTUNREACH'
					? 'connect: no route to host'
					: 'i/o timeout';
		return away(`error trying to reach service: dial tcp ${target}: ${why}`);
	}
	if (outcome.reply.length === 0) return away('error trying to reach service: EOF');
	return { octets: isTls(outcome.reply) ? tlsPlain(outcome.reply) : outcome.reply };
}

/** `User-Agent` of `user-agent`. */
const headerName = (key: string): string => key.replace(/(^|-)[a-z]/g, (found) => found.toUpperCase());
