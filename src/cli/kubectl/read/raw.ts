/** `kubectl get --raw`: the paths of the API as far as the lab has something behind them. */
import { apiVersionOf } from '../../../sim/api/index.ts';
import { fail, type Kube, KubectlError, refuse } from '../kube.ts';

const HEALTH = ['/healthz', '/livez', '/readyz'];

export function getRaw(kube: Kube): number {
	const { call, flags, args } = kube.run;
	if (args.length > 0) return fail('arguments may not be passed when --raw is specified');
	if (flags.on('watch') || flags.on('watch-only') || flags.text('selector'))
		return fail('--raw may not be specified with other flags that filter the server request or alter the output');
	const path = flags.text('raw').split('?')[0]!;
	if (!path.startsWith('/'))
		throw new KubectlError(
			`error: --raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request\nSee '${kube.run.path} -h' for help and examples`,
		);
	if (HEALTH.includes(path)) call.out('ok');
	else call.out(JSON.stringify(objectsAt(kube, path)));
	return 0;
}

const nowhere = (): never =>
	refuse({ code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' });

/** `/api/v1/…` and `/apis/<group>/<version>/…`. */
function objectsAt(kube: Kube, path: string): unknown {
	const parts = path.split('/').slice(1);
	const root = parts.shift();
	if (root !== 'api' && root !== 'apis') return nowhere();
	const version = root === 'api' ? parts.shift() : `${parts.shift() ?? ''}/${parts.shift() ?? ''}`;
	let namespace: string | undefined;
	if (parts[0] === 'namespaces' && parts.length > 2) {
		namespace = parts[1];
		parts.splice(0, 2);
	}
	const [plural, name, ...rest] = parts;
	const resource = kube.api.resources().find((item) => item.plural === plural && apiVersionOf(item) === version);
	if (!resource || rest.length > 0 || (namespace !== undefined && !resource.namespaced)) return nowhere();
	if (name)
		return (
			kube.api.get(resource, namespace, name) ??
			refuse({
				code: 404,
				reason: 'NotFound',
				message: `${plural}${resource.group && `.${resource.group}`} "${name}" not found`,
			})
		);
	return {
		kind: `${resource.kind}List`,
		apiVersion: version,
		metadata: { resourceVersion: String(kube.api.revision) },
		items: kube.api
			.list(resource, namespace === undefined ? {} : { namespace })
			.map(({ kind: _, apiVersion: __, ...item }) => item),
	};
}
