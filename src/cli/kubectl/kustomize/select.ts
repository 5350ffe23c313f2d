/** Which objects a target of a patch or a replacement means. Source: api/resmap/reswrangler.go Select() @ kustomize/v4.5.4. */
import { isRecord, parseSelector, selects } from '../../../sim/api/index.ts';
import { type Draft, gvkOf, KustomizeError, metaOf, nameOf, namespaceOf, type Resource } from './resource.ts';

const matches = (pattern: unknown, value: string): boolean => {
	if (typeof pattern !== 'string' || pattern === '') return true;
	try {
		return new RegExp(`^(?:${pattern})$`).test(value);
	} catch {
		throw new KustomizeError(`error parsing regexp: ${pattern}`);
	}
};

/** ResMap.Select: names and namespaces as they are and as they were. */
export function select(resources: readonly Resource[], target: Draft): readonly Resource[] {
	const chosen = (selector: unknown, labels: unknown): boolean => {
		if (typeof selector !== 'string' || selector === '') return true;
		const parsed = parseSelector(selector);
		if (parsed.error !== undefined) throw new KustomizeError(parsed.error);
		return selects(parsed.value, isRecord(labels) ? (labels as Record<string, string>) : {});
	};
	return resources.filter(({ object, names }) => {
		const gvk = gvkOf(object);
		const ids = [...names, { name: nameOf(object), namespace: namespaceOf(object) }];
		return (
			matches(target.group, gvk.group) &&
			matches(target.version, gvk.version) &&
			matches(target.kind, gvk.kind) &&
			ids.some((id) => matches(target.name, id.name) && matches(target.namespace, id.namespace)) &&
			chosen(target.labelSelector, metaOf(object).labels) &&
			chosen(target.annotationSelector, metaOf(object).annotations)
		);
	});
}
