/**
 * How a part of an object is owned: as a whole, field by field, or item by item.
 *
 * Source: k8s.io/kube-openapi pkg/schemaconv/smd.go @ the release of k8s v1.24 (from `x-kubernetes-list-type`,
 * `x-kubernetes-map-type` and the patch strategies of k8s.io/api); what has no schema is deduced
 * (structured-merge-diff typed/parser.go `__untyped_deduced_`): maps by field, lists as a whole.
 */
import { isRecord } from '../json.ts';
import type { Resource } from '../object.ts';
import { type Field, rootType, type Type, typeOf } from '../schema/read.ts';

export type Shape =
	/** A scalar, or what is atomic. */
	| { readonly kind: 'leaf' }
	| {
			readonly kind: 'map';
			/** The shape of a field, and whether the type has it by name: what is left of such a field owns its parents. */
			field(name: string): { readonly shape: Shape; readonly named: boolean } | undefined;
	  }
	/** Items by key; without keys, a set of plain values. */
	| { readonly kind: 'list'; readonly keys: readonly string[]; readonly item: Shape };

const LEAF: Shape = { kind: 'leaf' };

/** Without a schema: told by the value when it is looked at. */
const DEDUCED: Shape = { kind: 'map', field: () => ({ shape: DEDUCED, named: false }) };

/** Types that are owned as a whole (`+structType=atomic` of k8s.io/api). */
const ATOMIC = new Set([
	'EndpointAddress',
	'EndpointPort',
	'KeySelector',
	'LabelSelector',
	'LocalObjectReference',
	'NodeSelector',
	'NodeSelectorTerm',
	'ObjectFieldSelector',
	'ObjectReference',
	'ResourceFieldSelector',
	'RoleRef',
	'TypedLocalObjectReference',
]);
/** Maps of texts that are owned as a whole (`+mapType=atomic`). */
const ATOMIC_MAPS = new Set(['nodeSelector', 'selector', 'matchLabels']);
/** Lists with more keys than strategic merge patches know (`+listMapKey`). */
const KEYS: Readonly<Record<string, readonly string[]>> = {
	ContainerPort: ['containerPort', 'protocol'],
	ServicePort: ['port', 'protocol'],
	TopologySpreadConstraint: ['topologyKey', 'whenUnsatisfiable'],
};
/** Keys that need not be written. */
export const KEY_DEFAULTS: Readonly<Record<string, unknown>> = { protocol: 'TCP' };

const SCALARS = new Set(['s', 'i', 'b', 'q', 'x', 't']);

const structs = new Map<Type, Shape>();

const structOf = (type: Type): Shape => {
	let found = structs.get(type);
	if (found === undefined) {
		found = {
			kind: 'map',
			field: (name) => {
				const field = type.fields.get(name);
				if (field) return { shape: shapeOf(field), named: true };
				return type.open ? { shape: DEDUCED, named: true } : undefined;
			},
		};
		structs.set(type, found);
	}
	return found;
};

const ofType = (name: string): Shape => {
	if (SCALARS.has(name)) return LEAF;
	if (ATOMIC.has(name)) return LEAF;
	if (name === 'm' || name === 'y') return { kind: 'map', field: () => ({ shape: LEAF, named: false }) };
	const type = typeOf(name);
	return type === undefined ? DEDUCED : structOf(type);
};

const shapeOf = (field: Field): Shape => {
	if (field.shape === 'list') {
		if (field.mergeKey === undefined) return LEAF;
		const keys = KEYS[field.type] ?? (field.mergeKey === '' ? [] : [field.mergeKey]);
		return { kind: 'list', keys, item: ofType(field.type) };
	}
	if (field.shape === 'map') {
		const item = ofType(field.type);
		return { kind: 'map', field: () => ({ shape: item, named: false }) };
	}
	if (field.type === 'm' && ATOMIC_MAPS.has(field.name)) return LEAF;
	return ofType(field.type);
};

/** The shape of a kind's objects. */
export const shapeOfKind = (resource: Pick<Resource, 'kind'>): Shape => {
	const type = rootType(resource.kind);
	return type === undefined ? DEDUCED : structOf(type);
};

/** Where a shape is deduced, a value says what it is. */
export const settled = (shape: Shape, ...values: readonly unknown[]): Shape => {
	if (shape !== DEDUCED) return shape;
	return values.every((value) => value === undefined || value === null || isRecord(value)) ? DEDUCED : LEAF;
};
