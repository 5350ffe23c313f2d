/**
 * The tables of `kubectl get`: the server's columns and cells, with what flags add.
 *
 * Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/printers/tableprinter.go @ v0.24.0.
 */
import { type ApiObject, type ApiServer, age, type Resource, type Table } from '../../../sim/api/index.ts';

export interface HumanOptions {
	readonly wide: boolean;
	/** A NAMESPACE column in front. */
	readonly withNamespace: boolean;
	/** Names as `pod/a`, when several kinds are printed. */
	readonly withKind: boolean;
	readonly showLabels: boolean;
	/** `-L`: keys whose values get a column. */
	readonly labelColumns: readonly string[];
	/** `--server-print=false`: kubectl's own table knows names and ages. */
	readonly plain?: boolean;
	/** `--output-watch-events`. */
	readonly event?: string;
}

export interface HumanTable {
	readonly header: readonly string[];
	readonly rows: readonly (readonly string[])[];
}

/** `deployment.apps/web`. */
export const kindName = (resource: Resource, name: string | undefined): string =>
	`${resource.kind.toLowerCase()}${resource.group === '' ? '' : `.${resource.group}`}/${name || '<unknown>'}`;

const labelsText = (labels: Readonly<Record<string, string>> | undefined): string => {
	const keys = Object.keys(labels ?? {}).sort();
	return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels![key]}`).join(',');
};

/** What kubectl makes of objects it has no table for (printers/tableprinter.go, printObjectMeta). */
const plainTable = (api: ApiServer, objects: readonly ApiObject[]): Table => ({
	columns: ['Name', 'Age'].map((name) => ({ name, priority: 0 })),
	rows: objects.map(({ metadata }) => [metadata.name, age(api.now(), metadata.creationTimestamp)]),
});

/** Flow schemas stand in the order they are tried in (pkg/printers/internalversion/printers.go, printFlowSchemaList). */
export const inTableOrder = (resource: Resource, objects: readonly ApiObject[]): readonly ApiObject[] =>
	resource.kind === 'FlowSchema'
		? [...objects].sort((a, b) => Number(a.spec?.matchingPrecedence) - Number(b.spec?.matchingPrecedence))
		: objects;

/** Rows of `kubectl get` as a person reads them: columns of the API server's table, and those that flags ask for. */
export function humanTable(
	api: ApiServer,
	resource: Resource,
	objects: readonly ApiObject[],
	options: HumanOptions,
): HumanTable {
	const { plain } = options;
	const table = plain ? plainTable(api, objects) : api.table(resource, objects);
	const kept = table.columns
		.map((column, index) => ({ ...column, index }))
		.filter((column) => options.wide || column.priority === 0);
	const header = [
		...(options.event === undefined ? [] : ['EVENT']),
		...(options.withNamespace ? ['NAMESPACE'] : []),
		...kept.map((column) => column.name.toUpperCase()),
		...options.labelColumns.map((key) => key.split('/').at(-1)!.toUpperCase()),
		...(options.showLabels ? ['LABELS'] : []),
	];
	const { event, withNamespace, withKind, labelColumns, showLabels } = options;
	// The server's rows are printed as they are when nothing is added to them or left out.
	const added = event !== undefined || withNamespace || withKind || showLabels || labelColumns.length > 0;
	if (!added && kept.length === table.columns.length) return { header, rows: table.rows };
	const rows = table.rows.map((row, i) => {
		const { metadata } = objects[i]!;
		const out: string[] = [];
		if (event !== undefined) out.push(event);
		if (withNamespace) out.push(metadata.namespace ?? '');
		for (const { index, name } of kept)
			out.push(withKind && name === 'Name' ? kindName(resource, row[index]!) : row[index]!);
		for (const key of labelColumns) out.push(metadata.labels?.[key] ?? '');
		if (showLabels) out.push(labelsText(metadata.labels));
		return out;
	});
	return { header, rows };
}
