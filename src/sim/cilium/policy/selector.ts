/** Who a selector means. pkg/labels/labels.go, pkg/policy/api/{selector,entity}.go @ v1.12.1, v1.18.3. */
import type { LabelSelector, PolicyEntity } from '../../kube/index.ts';

/** Labels with their source in front: `k8s:app` -> `web`, `reserved:host` -> ``. */
export type Labels = ReadonlyMap<string, string>;

/** A key asks for its source; `any` is pleased with each. */
const labelOf = (labels: Labels, key: string): string | undefined => {
	if (!key.startsWith('any:')) return labels.get(key);
	const name = key.slice('any:'.length);
	for (const [own, value] of labels) if (own.slice(own.indexOf(':') + 1) === name) return value;
	return undefined;
};

/** Whether a selector means these labels: all of its requirements hold. */
export const selects = (selector: LabelSelector, labels: Labels): boolean =>
	selector.every(({ key, operator, values }) => {
		const value = labelOf(labels, key);
		const within = value !== undefined && (operator.endsWith('In') ? values.includes(value) : true);
		return operator === 'In' || operator === 'Exists' ? within : !within;
	});

/** Reserved labels that an entity means; undefined: everybody. */
const RESERVED: Readonly<Record<PolicyEntity, readonly string[] | undefined>> = {
	all: undefined,
	world: ['world'],
	cluster: ['host', 'remote-node', 'init', 'ingress', 'health', 'unmanaged', 'kube-apiserver'],
	host: ['host'],
	init: ['init'],
	ingress: ['ingress'],
	unmanaged: ['unmanaged'],
	'remote-node': ['remote-node'],
	health: ['health'],
	none: [],
	'kube-apiserver': ['kube-apiserver'],
};

/** EntitySelectorMapping; "cluster" is whatever has the cluster's label too. */
export const isEntity = (entity: PolicyEntity, labels: Labels): boolean => {
	const reserved = RESERVED[entity];
	if (!reserved || reserved.some((name) => labels.has(`reserved:${name}`))) return true;
	return entity === 'cluster' && labels.has('k8s:io.cilium.k8s.policy.cluster');
};

export const isEverybody = (entity: PolicyEntity): boolean => RESERVED[entity] === undefined;
