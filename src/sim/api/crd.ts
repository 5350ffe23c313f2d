/**
 * CustomResourceDefinitions: the resource each makes, and what the server adds to them.
 *
 * Source: k8s.io/apiextensions-apiserver pkg/apis/apiextensions/v1/defaults.go, pkg/controller/{status,establish} @
 * v0.24.0.
 */
import { type Draft, fill, isRecord, sub, subs, text, texts, within } from './json.ts';
import type { ApiObject, PrinterColumn, Resource } from './object.ts';
import { VERBS } from './verbs.ts';

/** Columns of a custom resource without additionalPrinterColumns. */
const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** `v2` before `v1` before `v2beta1` before `v1alpha1` (k8s.io/apimachinery pkg/version CompareKubeAwareVersionStrings). */
const compareVersions = (a: string, b: string): number => {
	const rank = (version: string): readonly [number, number, number] => {
		const m = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
		if (!m) return [-1, 0, 0];
		return [m[2] === undefined ? 2 : m[2] === 'beta' ? 1 : 0, Number(m[1]), Number(m[3] ?? 0)];
	};
	const [x, y] = [rank(a), rank(b)];
	for (let i = 0; i < 3; i++) if (x[i] !== y[i]) return y[i]! - x[i]!;
	return a < b ? -1 : a > b ? 1 : 0;
};

const readColumn = (column: Draft): PrinterColumn => ({
	name: text(column, 'name') ?? '',
	type: (text(column, 'type') ?? 'string') as PrinterColumn['type'],
	jsonPath: text(column, 'jsonPath') ?? '',
	...(typeof column.priority === 'number' && column.priority !== 0 ? { priority: column.priority } : {}),
});

/** Warnings of deprecated versions (apiextensions-apiserver pkg/apiserver/customresource_handler.go). */
const warningsOf = (group: string, kind: string, versions: readonly Draft[]): Readonly<Record<string, string>> => {
	const out: Record<string, string> = {};
	for (const version of versions) {
		if (version.deprecated !== true) continue;
		const name = text(version, 'name') ?? '';
		const better = versions.find(
			(other) => other.deprecated !== true && compareVersions(text(other, 'name') ?? '', name) < 0,
		);
		out[name] =
			text(version, 'deprecationWarning') ??
			`${group}/${name} ${kind} is deprecated${better ? `; use ${group}/${text(better, 'name')} ${kind}` : ''}`;
	}
	return out;
};

/** The resource a definition makes; undefined when it serves no version. */
export const crdResource = (definition: ApiObject): Resource | undefined => {
	const spec = sub(definition, 'spec');
	const names = sub(spec, 'names');
	const versions = subs(spec, 'versions')
		.filter((version) => version.served === true)
		.sort((a, b) => compareVersions(text(a, 'name') ?? '', text(b, 'name') ?? ''));
	const preferred = versions[0];
	if (preferred === undefined) return undefined;
	const columns = subs(preferred, 'additionalPrinterColumns').map(readColumn);
	const subresources = sub(preferred, 'subresources');
	const { specReplicasPath, statusReplicasPath, labelSelectorPath } = sub(subresources, 'scale');
	return {
		group: text(spec, 'group') ?? '',
		version: text(preferred, 'name') ?? '',
		kind: text(names, 'kind') ?? '',
		plural: text(names, 'plural') ?? '',
		singular: text(names, 'singular') ?? (text(names, 'kind') ?? '').toLowerCase(),
		shortNames: texts(names, 'shortNames'),
		namespaced: text(spec, 'scope') === 'Namespaced',
		categories: texts(names, 'categories'),
		verbs: VERBS,
		served: versions.map((version) => text(version, 'name') ?? ''),
		custom: true,
		selectable: Object.fromEntries(
			versions.map((version) => [
				text(version, 'name') ?? '',
				subs(version, 'selectableFields').map((field) => (text(field, 'jsonPath') ?? '').replace(/^\./, '')),
			]),
		),
		warnings: warningsOf(text(spec, 'group') ?? '', text(names, 'kind') ?? '', versions),
		subresources: [
			...(isRecord(subresources.status) ? (['status'] as const) : []),
			...(isRecord(subresources.scale) ? (['scale'] as const) : []),
		],
		// Cilium's kinds have types of their own in `schema`; of the definition only the alternatives are looked at.
		[text(spec, 'group') === 'cilium.io' ? 'choices' : 'schemas']: Object.fromEntries(
			versions.map((version) => [text(version, 'name') ?? '', sub(version, 'schema', 'openAPIV3Schema')]),
		),
		...(typeof specReplicasPath === 'string' && typeof statusReplicasPath === 'string'
			? {
					scalePaths: {
						spec: specReplicasPath,
						status: statusReplicasPath,
						...(typeof labelSelectorPath === 'string' ? { selector: labelSelectorPath } : {}),
					},
				}
			: {}),
		columns: [{ name: 'Name', type: 'string', jsonPath: '.metadata.name' }, ...(columns.length > 0 ? columns : [AGE])],
	};
};

/** Names that may be left out, and the conversion. */
export const defaultCrd = (object: Draft): void => {
	const spec = within(object, 'spec');
	const names = within(spec, 'names');
	fill(names, 'singular', (text(names, 'kind') ?? '').toLowerCase());
	fill(names, 'listKind', `${text(names, 'kind') ?? ''}List`);
	fill(spec, 'conversion', { strategy: 'None' });
};

/** Status once the controllers have looked at it, which takes them no time here. */
export const acceptedCrd = (object: Draft, timestamp: string): Draft => ({
	acceptedNames: sub(object, 'spec', 'names'),
	conditions: [
		{
			lastTransitionTime: timestamp,
			message: 'no conflicts found',
			reason: 'NoConflicts',
			status: 'True',
			type: 'NamesAccepted',
		},
		{
			lastTransitionTime: timestamp,
			message: 'the initial names have been accepted',
			reason: 'InitialNamesAccepted',
			status: 'True',
			type: 'Established',
		},
	],
	storedVersions: subs(object, 'spec', 'versions')
		.filter((version) => version.storage === true)
		.map((version) => text(version, 'name') ?? ''),
});
