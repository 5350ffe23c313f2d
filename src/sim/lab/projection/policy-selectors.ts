/** Selectors and networks of policies, as an agent reads them. pkg/policy/api/selector.go @ v1.12.1, v1.18.3. */
import type { LabelRequirement, LabelSelector, PolicyPeer } from '../../kube/index.ts';
import { type Prefix, parsePrefix } from '../../wire/index.ts';

export interface ApiSelector {
	readonly matchLabels?: Readonly<Record<string, string>>;
	readonly matchExpressions?: readonly {
		readonly key: string;
		readonly operator: LabelRequirement['operator'];
		readonly values?: readonly string[];
	}[];
}

export interface IpBlock {
	readonly cidr?: string;
	readonly except?: readonly string[];
}

/** Labels that stand for where a pod is. */
export const POD_NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
export const NAMESPACE_LABELS = 'k8s:io.cilium.k8s.namespace.labels.';

export const inNamespace = (namespace: string): LabelRequirement => ({
	key: POD_NAMESPACE,
	operator: 'In',
	values: [namespace],
});
export const ANY_POD: LabelRequirement = { key: POD_NAMESPACE, operator: 'Exists', values: [] };

export const requirements = (selector: ApiSelector | undefined, keyOf: (key: string) => string): LabelSelector => [
	...Object.entries(selector?.matchLabels ?? {}).map(
		([key, value]): LabelRequirement => ({ key: keyOf(key), operator: 'In', values: [value] }),
	),
	...(selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => ({
		key: keyOf(key),
		operator,
		values,
	})),
];

export const ofKubernetes = (key: string): string => `k8s:${key}`;
/** `k8s:app` and `reserved:host` say their source, `app` does not. */
const SOURCE = /^(?:k8s|reserved|any|cidr|container|unspec):/;
export const withSource = (key: string): string => (SOURCE.test(key) ? key : `any:${key}`);

const prefixes = (texts: readonly (string | undefined)[]): readonly Prefix[] =>
	texts.flatMap((text) => (text === undefined ? [] : (parsePrefix(text.includes('/') ? text : `${text}/32`) ?? [])));

export const cidrPeers = ({ cidr, except = [] }: IpBlock): readonly PolicyPeer[] =>
	prefixes([cidr]).map((prefix) => ({ kind: 'cidr' as const, prefix, except: prefixes(except) }));
