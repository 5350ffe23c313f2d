/** The server's tables: columns and cells of every kind, as `kubectl get` prints them. */
import { isRecord } from '../json.ts';
import { readPath } from '../json-path.ts';
import type { ApiObject, PrinterColumn, Resource, Table } from '../object.ts';
import { age } from '../time.ts';
import { clusterPrinters } from './cluster.ts';
import { networkPrinters } from './network.ts';
import { podPrinter } from './pod.ts';
import type { Printer } from './printer.ts';
import { workloadPrinters } from './workloads.ts';

export { podStatus } from './pod.ts';

const byMinor = new Map<number, ReadonlyMap<string, Printer>>();

const printersOf = (minor: number): ReadonlyMap<string, Printer> => {
	let found = byMinor.get(minor);
	if (found === undefined) {
		found = new Map(
			Object.entries({ Pod: podPrinter, ...workloadPrinters(minor), ...networkPrinters, ...clusterPrinters(minor) }),
		);
		byMinor.set(minor, found);
	}
	return found;
};

/** Events begin with their time; everything else with its name. */
const NAMELESS = new Set(['Event']);

/** Columns of a built-in kind's table; undefined for one that has the name and the age only. */
export const serverColumns = (kind: string, minor: number): readonly PrinterColumn[] | undefined => {
	const printer = printersOf(minor).get(kind);
	if (printer === undefined) return undefined;
	const [plain = '', wide = ''] = printer.columns.split('|');
	const column = (name: string, priority: number): PrinterColumn => ({
		name,
		type: 'string',
		jsonPath: '',
		...(priority === 0 ? {} : { priority }),
	});
	return [
		...(NAMELESS.has(kind) ? [] : [column('Name', 0)]),
		...(plain === '' ? [] : plain.split(',').map((name) => column(name, 0))),
		...(wide === '' ? [] : wide.split(',').map((name) => column(name, 1))),
	];
};

/** A custom resource's cell (apiextensions-apiserver pkg/registry/customresource/tableconvertor). */
const customCell = (object: ApiObject, column: PrinterColumn, now: number): string => {
	if (column.jsonPath === '.metadata.name') return object.metadata.name;
	const found = readPath(object, column.jsonPath);
	if (found.length === 0) return '';
	const value = found[0];
	if (column.type === 'date') return typeof value === 'string' ? age(now, value) : '<unknown>';
	if (value === null || value === undefined) return '';
	if (column.type === 'boolean' || column.type === 'integer' || column.type === 'number')
		return typeof value === 'object' ? '' : String(value);
	return found.map((item) => (isRecord(item) || Array.isArray(item) ? JSON.stringify(item) : String(item))).join(' ');
};

const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** A table of objects of one resource. */
export const printTable = (resource: Resource, objects: readonly ApiObject[], now: number, minor: number): Table => {
	const printer = resource.custom ? undefined : printersOf(minor).get(resource.kind);
	if (printer !== undefined) {
		const columns = serverColumns(resource.kind, minor)!.map(({ name, priority = 0 }) => ({ name, priority }));
		const named = !NAMELESS.has(resource.kind);
		const context = { now, minor };
		return {
			columns,
			rows: objects.map((object) => {
				const cells = printer.row(object, context).map(String);
				return named ? [printer.name?.(object) ?? object.metadata.name, ...cells] : cells;
			}),
		};
	}
	const columns = resource.columns ?? [{ name: 'Name', type: 'string', jsonPath: '.metadata.name' }, AGE];
	return {
		columns: columns.map(({ name, priority = 0 }) => ({ name, priority })),
		rows: objects.map((object) => columns.map((column) => customCell(object, column, now))),
	};
};
