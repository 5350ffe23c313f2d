/**
 * `--sort-by`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/get/sorter.go @ v0.24.0 (isLess, NewTableSorter); natural order
 * of github.com/fvbommel/sortorder @ v1.0.1.
 */
import { fail } from '../kube.ts';
import { findPath, JsonPathError, relaxedPath } from './jsonpath/index.ts';
import { quantityOf } from './quantity.ts';

/** Digits compare as numbers, everything else by code unit. */
export function naturalLess(a: string, b: string): boolean {
	let i = 0;
	let j = 0;
	const digit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';
	while (i < a.length && j < b.length) {
		if (digit(a[i]) && digit(b[j])) {
			while (a[i] === '0') i++;
			while (b[j] === '0') j++;
			const fromA = i;
			const fromB = j;
			while (digit(a[i])) i++;
			while (digit(b[j])) j++;
			if (i - fromA !== j - fromB) return i - fromA < j - fromB;
			const left = a.slice(fromA, i);
			const right = b.slice(fromB, j);
			if (left !== right) return left < right;
		} else {
			if (a[i] !== b[j]) return a[i]! < b[j]!;
			i++;
			j++;
		}
	}
	return a.length - i < b.length - j;
}

function compare(a: unknown, b: unknown): number {
	// What is nothing comes first: `lastTimestamp` of events that newer clients wrote.
	if (a === null || b === null) return Number(a !== null) - Number(b !== null);
	if (typeof a === 'number' && typeof b === 'number') return a - b;
	const left = String(a);
	const right = String(b);
	const x = quantityOf(left);
	const y = quantityOf(right);
	if (x !== undefined && y !== undefined) return x - y;
	return naturalLess(left, right) ? -1 : naturalLess(right, left) ? 1 : 0;
}

/** Objects in the order of a field; those without it first. Throws kubectl's words for a bad path. */
export function sortObjects<T>(objects: readonly T[], path: string): readonly T[] {
	let field: string;
	let keyed: { readonly object: T; readonly value: unknown; readonly found: boolean }[];
	try {
		field = relaxedPath(path);
		keyed = objects.map((object) => {
			const found = findPath(field, object);
			return { object, value: found[0], found: found.length > 0 };
		});
	} catch (fault) {
		if (fault instanceof JsonPathError) return fail(fault.message);
		throw fault;
	}
	if (objects.length === 0) return objects;
	if (!keyed.some((item) => item.found))
		return fail(`couldn't find any field with path ${JSON.stringify(field)} in the list of objects`);
	const first = keyed.find((item) => item.found)!.value;
	if (typeof first === 'object' && first !== null && keyed.length > 1)
		return fail(
			`Field ${field} in *unstructured.Unstructured is an unsortable type: interface, err: unsortable type: ${Array.isArray(first) ? '[]interface {}' : 'map[string]interface {}'}`,
		);
	return keyed
		.sort((a, b) => (a.found && b.found ? compare(a.value, b.value) : Number(a.found) - Number(b.found)))
		.map((item) => item.object);
}
