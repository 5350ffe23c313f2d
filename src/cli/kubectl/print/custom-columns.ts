/**
 * `-o custom-columns=NAME:.metadata.name,…`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/get/customcolumn.go @ v0.24.0.
 */
import { fail } from '../kube.ts';
import { plain } from './go-value.ts';
import { findPath, JsonPathError, relaxedPath } from './jsonpath/index.ts';

export interface CustomColumn {
	readonly header: string;
	readonly path: string;
}

const pathOf = (text: string): string => {
	if (text === '') return '';
	try {
		return relaxedPath(text);
	} catch (fault) {
		return fail((fault as Error).message);
	}
};

/** From the command line. */
export function columnsOf(spec: string): readonly CustomColumn[] {
	if (spec === '') return fail('custom-columns format specified but no custom columns given');
	return spec.split(',').map((part): CustomColumn => {
		const colon = part.indexOf(':');
		if (colon < 0) return fail(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
		return { header: part.slice(0, colon), path: pathOf(part.slice(colon + 1)) };
	});
}

/** From a file: a line of headers, a line of paths. */
export function columnsOfFile(content: string): readonly CustomColumn[] {
	const [first, second] = content.split('\n');
	const what = (line: string): never =>
		fail(
			`invalid template, missing ${line} line. Expected format is one line of space separated headers, one line of space separated column specs.`,
		);
	if (first === undefined || content === '') return what('header');
	if (second === undefined) return what('spec');
	const words = (line: string): readonly string[] => line.split(/\s+/).filter((word) => word !== '');
	const headers = words(first);
	const specs = words(second);
	if (headers.length !== specs.length)
		return fail(`number of headers (${headers.length}) and field specifications (${specs.length}) don't match`);
	return headers.map((header, i) => ({ header, path: pathOf(specs[i]!) }));
}

/** One row: all values of a column joined by commas. */
export function customRow(columns: readonly CustomColumn[], object: unknown): readonly string[] {
	return columns.map(({ path }) => {
		try {
			const found = path === '' ? [] : findPath(path, object);
			return found.length === 0 ? '<none>' : found.map(plain).join(',');
		} catch (fault) {
			if (fault instanceof JsonPathError) return fail(fault.message);
			throw fault;
		}
	});
}
