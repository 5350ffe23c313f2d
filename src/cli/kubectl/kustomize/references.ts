/**
 * Names in one object that mean another: they follow when that one is renamed.
 *
 * Source: kustomize api/internal/accumulator/namereferencetransformer.go, api/filters/nameref @ kustomize/v4.5.4.
 */
import { isRecord } from '../../../sim/api/index.ts';
import { REFERENCES } from './fields.ts';
import { atPath, type Draft, gvkOf, nameOf, namespaceOf, type Resource, selected } from './resource.ts';
import { text } from './values.ts';

/** Nothing and `default` are one namespace (kyaml/resid EffectiveNamespace()). */
const same = (a: string, b: string): boolean => (a || 'default') === (b || 'default');
const alike = (a: string, b: string): boolean => a === '' || b === '' || a === b;

/** The maps at a path, in lists each of them. */
function nodesAt(value: unknown, path: readonly string[]): readonly Draft[] {
	if (Array.isArray(value)) return value.flatMap((item) => nodesAt(item, path));
	if (!isRecord(value)) return [];
	return path.length === 0 ? [value] : nodesAt(value[path[0]!], path.slice(1));
}

/** Names that mean other objects follow them (nameReferenceTransformer). */
export function fixReferences(resources: readonly Resource[]): void {
	const wanted = (
		referrer: Resource,
		kinds: readonly string[],
		name: unknown,
		namespace?: string,
	): Resource | undefined => {
		if (typeof name !== 'string') return undefined;
		const own = [...referrer.names.map((id) => id.namespace), namespaceOf(referrer.object)];
		const found = resources.filter(
			(one) =>
				kinds.includes(gvkOf(one.object).kind) &&
				one.names.some((id) => id.name === name) &&
				(namespace !== undefined
					? namespace === '' ||
						[...one.names.map((id) => id.namespace), namespaceOf(one.object)].some((own) => same(own, namespace))
					: namespaceOf(one.object) === '' ||
						namespaceOf(referrer.object) === '' ||
						own.includes(namespaceOf(one.object))),
		);
		if (found.length <= 1) return found[0];
		// Several were called so: those of the same base have the same prefixes and suffixes.
		return (
			found.find((one) => one.prefixes === referrer.prefixes && one.suffixes === referrer.suffixes) ??
			found.find((one) => alike(one.prefixes, referrer.prefixes) && alike(one.suffixes, referrer.suffixes)) ??
			found[0]
		);
	};
	for (const referrer of resources)
		for (const { kinds, specs } of REFERENCES)
			for (const spec of specs) {
				if (!selected(spec, referrer.object)) continue;
				if (spec.path.at(-1) === 'subjects' || spec.path.at(-1) === 'service') {
					for (const node of nodesAt(referrer.object, spec.path)) {
						if (spec.path.at(-1) === 'subjects' && node.kind !== 'ServiceAccount') continue;
						const found = wanted(referrer, kinds, node.name, text(node.namespace));
						if (!found) continue;
						node.name = nameOf(found.object);
						if (namespaceOf(found.object)) node.namespace = namespaceOf(found.object);
					}
					continue;
				}
				const kindOf = (): string => {
					const holder =
						spec.path[0] === 'roleRef'
							? referrer.object.roleRef
							: (referrer.object.spec as Draft | undefined)?.scaleTargetRef;
					return isRecord(holder) ? text(holder.kind) : '';
				};
				const typed = spec.path[0] === 'roleRef' || spec.path.includes('scaleTargetRef');
				if (typed && !kinds.includes(kindOf())) continue;
				const of = typed ? [kindOf()] : kinds;
				atPath(referrer.object, spec.path, false, (old) => {
					const found = wanted(referrer, of, old);
					return found ? nameOf(found.object) : old;
				});
			}
}
