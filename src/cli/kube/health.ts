/**
 * `/healthz`, `/livez` and `/readyz` of the API server, and the checks they are made of.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/server/healthz/healthz.go, pkg/server/{config,healthz}.go;
 * pkg/controlplane/instance.go, cmd/kube-apiserver/app/aggregator.go @ v1.24.0 … v1.33.0.
 */
import { minorOf } from '../../sim/kube/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';
import type { RestAnswer } from './rest.ts';

/** In the server's order; `@26` from that minor on, `@-32` up to that one; `r` for readyz only. */
const CHECKS = `
ping
log
etcd
etcd-readiness r
informer-sync r
poststarthook/start-apiserver-admission-initializer @27
poststarthook/start-kube-apiserver-admission-initializer @-26
poststarthook/generic-apiserver-start-informers
poststarthook/priority-and-fairness-config-consumer
poststarthook/priority-and-fairness-filter
poststarthook/storage-object-count-tracker-hook @26
poststarthook/start-apiextensions-informers
poststarthook/start-apiextensions-controllers
poststarthook/crd-informer-synced
poststarthook/start-system-namespaces-controller @27
poststarthook/start-service-ip-repair-controllers @28
poststarthook/bootstrap-controller @-32
poststarthook/rbac/bootstrap-roles
poststarthook/scheduling/bootstrap-system-priority-classes
poststarthook/priority-and-fairness-config-producer
poststarthook/start-cluster-authentication-info-controller
poststarthook/start-kube-apiserver-identity-lease-controller @26
poststarthook/start-kube-apiserver-identity-lease-garbage-collector @26
poststarthook/start-legacy-token-tracking-controller @26
poststarthook/start-kubernetes-service-cidr-controller @33
poststarthook/aggregator-reload-proxy-client-cert
poststarthook/start-kube-aggregator-informers
poststarthook/apiservice-registration-controller
poststarthook/apiservice-status-available-controller @-29
poststarthook/apiservice-status-local-available-controller @30
poststarthook/apiservice-status-remote-available-controller @30
poststarthook/apiservice-discovery-controller @27
poststarthook/kube-apiserver-autoregistration
autoregister-completion
poststarthook/apiservice-openapi-controller
poststarthook/apiservice-openapiv3-controller
shutdown r
`;

function checksOf(minor: number, page: string): readonly string[] {
	return CHECKS.trim()
		.split('\n')
		.filter((line) => page === 'readyz' || !line.endsWith(' r'))
		.filter((line) => {
			const [, from = '', to] = /@(\d*)(?:-(\d+))?/.exec(line) ?? [];
			return minor >= Number(from || 0) && minor <= Number(to ?? 99);
		})
		.map((line) => line.split(' ')[0]!);
}

/** The answer of a health page; undefined for other paths. A server that answers has all its checks in order. */
export function healthAt(cluster: Cluster, path: string, query: URLSearchParams): RestAnswer | undefined {
	const [, page, name] = /^\/(healthz|livez|readyz)(?:\/(.+))?$/.exec(path) ?? [];
	if (page === undefined) return undefined;
	const checks = checksOf(minorOf(cluster.api.version), page);
	const fails = (check: string): boolean => cluster.etcdFault !== undefined && /^etcd(?:-readiness)?$/.test(check);
	if (name !== undefined && checks.includes(name) && fails(name))
		return {
			status: 500,
			text: 'internal server error: error getting data from etcd: context deadline exceeded\n',
		};
	if (name !== undefined)
		return checks.includes(name) ? { status: 200, text: 'ok' } : { status: 404, text: '404 page not found\n' };
	const excluded = query.getAll('exclude');
	const told = (check: string): string =>
		excluded.includes(check)
			? `[+]${check} excluded: ok`
			: fails(check)
				? `[-]${check} failed: reason withheld`
				: `[+]${check} ok`;
	const lines = checks.map(told);
	const failed = checks.some((check) => fails(check) && !excluded.includes(check));
	const unknown = excluded.filter((check) => !checks.includes(check));
	if (unknown.length > 0)
		lines.push(
			`warn: some health checks cannot be excluded: no matches for ${unknown.map((one) => JSON.stringify(one)).join(', ')}`,
		);
	if (failed) return { status: 500, text: `${lines.join('\n')}\n${page} check failed\n` };
	return { status: 200, text: query.has('verbose') ? `${lines.join('\n')}\n${page} check passed\n` : 'ok' };
}
