/**
 * cluster-info is signed with every token that is for it, and tokens go when they end.
 *
 * Source: kubernetes pkg/controller/bootstrap/{bootstrapsigner,tokencleaner}.go @ v1.24.0.
 */
import { type ApiObject, parseTime } from '../../api/index.ts';
import { BOOTSTRAP_PREFIX, BOOTSTRAP_TYPE, detachedSignature, fieldOf, JWS_PREFIX } from '../bootstrap/tokens.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, one, removeOne, same } from '../cluster/kinds.ts';
import { SECOND } from '../time.ts';
import type { Controller } from './loop.ts';

const isToken = ({ kind, type, metadata: { namespace } }: ApiObject): boolean =>
	kind === 'Secret' && type === BOOTSTRAP_TYPE && namespace === 'kube-system';

interface ConfigMap extends ApiObject {
	readonly data?: Readonly<Record<string, string>>;
}

/** Seconds until a token ends; undefined where it does not. */
const leftOf = (secret: ApiObject, now: number): number | undefined => {
	const end = parseTime(fieldOf(secret, 'expiration'));
	return end === undefined ? undefined : end - now;
};

export function bootstrapSignerController(cluster: ClusterContext): Controller {
	const { api } = cluster;
	return {
		name: 'bootstrapsigner',
		keys({ object }) {
			const { name, namespace } = object.metadata;
			const isInfo = object.kind === 'ConfigMap' && namespace === 'kube-public' && name === 'cluster-info';
			return isInfo || isToken(object) ? ['cluster-info'] : [];
		},
		reconcile() {
			const info = one<ConfigMap>(api, 'configmaps', 'kube-public', 'cluster-info');
			const content = info?.data?.kubeconfig;
			if (info === undefined || content === undefined) return undefined;
			const others = Object.entries(info.data ?? {}).filter(([key]) => !key.startsWith(JWS_PREFIX));
			const signed = all<ApiObject>(api, 'secrets', { namespace: 'kube-system' })
				.filter(
					(secret) =>
						isToken(secret) &&
						fieldOf(secret, 'usage-bootstrap-signing') === 'true' &&
						(leftOf(secret, api.now()) ?? 1) > 0,
				)
				.map((secret) => {
					const id = fieldOf(secret, 'token-id');
					return [`${JWS_PREFIX}${id}`, detachedSignature(content, id, fieldOf(secret, 'token-secret'))] as const;
				});
			const data = Object.fromEntries([...others, ...signed].sort(([a], [b]) => (a < b ? -1 : 1)));
			if (!same(data, info.data)) api.update({ ...info, data } as never);
			return undefined;
		},
	};
}

export function tokenCleanerController(cluster: ClusterContext): Controller {
	const { api } = cluster;
	return {
		name: 'tokencleaner',
		keys: ({ type, object }) => (type !== 'DELETED' && isToken(object) ? [object.metadata.name] : []),
		reconcile(name) {
			const secret = one<ApiObject>(api, 'secrets', 'kube-system', name);
			const left = secret && name.startsWith(BOOTSTRAP_PREFIX) ? leftOf(secret, api.now()) : undefined;
			if (left === undefined) return undefined;
			if (left > 0) return left * SECOND;
			removeOne(api, 'secrets', 'kube-system', name);
			return undefined;
		},
	};
}
