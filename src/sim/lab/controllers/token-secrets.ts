/**
 * Tokens that Secrets of type kubernetes.io/service-account-token keep: filled in when the Secret names its account,
 * gone with the account.
 *
 * Source: kubernetes pkg/controller/serviceaccount/tokens_controller.go @ v1.24.0.
 */
import { base64, legacyToken } from '../../api/index.ts';
import { authorityOf } from '../cluster/authority.ts';
import type { ClusterContext } from '../cluster/context.ts';
import type { ObjectView } from '../cluster/kinds.ts';
import { all, one, removeOne, splitKey } from '../cluster/read.ts';
import type { Controller } from './loop.ts';

const TYPE = 'kubernetes.io/service-account-token';
const ACCOUNT = 'kubernetes.io/service-account.name';
const UID = 'kubernetes.io/service-account.uid';

interface Secret extends ObjectView {
	readonly type?: string;
	readonly data?: Readonly<Record<string, string>>;
}

export const tokenSecretController = (cluster: ClusterContext): Controller => {
	const { api } = cluster;
	const keyOf = ({ metadata }: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string =>
		`${metadata.namespace}/${metadata.name}`;
	return {
		name: 'serviceaccount-token',
		keys({ type, object }) {
			if (object.kind === 'Secret') return type !== 'DELETED' && object.type === TYPE ? [keyOf(object)] : [];
			if (object.kind !== 'ServiceAccount') return [];
			return all<Secret>(api, 'secrets', { namespace: object.metadata.namespace })
				.filter((secret) => secret.type === TYPE && secret.metadata.annotations?.[ACCOUNT] === object.metadata.name)
				.map(keyOf);
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const secret = one<Secret>(api, 'secrets', namespace, name);
			const wanted = secret?.metadata.annotations?.[ACCOUNT];
			if (!secret || wanted === undefined) return undefined;
			const account = one<ObjectView>(api, 'serviceaccounts', namespace, wanted);
			const uid = secret.metadata.annotations?.[UID];
			if (!account || (uid !== undefined && uid !== account.metadata.uid)) {
				removeOne(api, 'secrets', namespace, name);
				return undefined;
			}
			if (secret.data?.token !== undefined && uid !== undefined) return undefined;
			const token = legacyToken(api, {
				namespace,
				account: { name: wanted, uid: account.metadata.uid },
				secret: name,
			});
			api.update({
				...secret,
				metadata: { ...secret.metadata, annotations: { ...secret.metadata.annotations, [UID]: account.metadata.uid } },
				data: {
					...secret.data,
					'ca.crt': base64(authorityOf(cluster).pem),
					namespace: base64(namespace),
					token: base64(token),
				},
			});
			return undefined;
		},
	};
};
