/**
 * RFC 6902 as evanphx/json-patch does it, which the API server and kubectl use: its refusals, indices from the end, and
 * a `replace` of a key that is not there, which sets it.
 *
 * Source: github.com/evanphx/json-patch patch.go @ v4.12.0, k8s.io/apiserver pkg/endpoints/handlers/patch.go @ v1.24.0.
 */
import { clone, type Draft, equal, isRecord, put } from './json.ts';
import type { ApiInput, ApiResult, ApiStatus, Json } from './object.ts';
import { badRequest } from './status.ts';

const refuse = (message: string): ApiStatus => ({
	code: 422,
	reason: 'Invalid',
	message: 'the server rejected our request due to an error in our request',
	causes: [{ field: '', message }],
});

/** Why an operation does not apply; the first ends the patch. */
class Fault extends Error {}

const MISSING = 'missing value';

type Container = Draft | unknown[];

const keysOf = (pointer: string): readonly string[] =>
	pointer
		.split('/')
		.slice(1)
		.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

const notThere = (index: number): never => {
	throw new Fault(`Unable to access invalid index: ${index}: invalid index referenced`);
};

/** strconv.Atoi. */
function number(key: string): number {
	if (!/^[+-]?\d+$/.test(key)) throw new Fault(`strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`);
	return Number(key);
}

/** The place in a list of `length` that a key means; a negative one counts from the end. */
function indexOf(key: string, length: number): number {
	const index = number(key);
	if (index >= length || index < -length) return notThere(index);
	return index < 0 ? index + length : index;
}

/** What stands under a key; undefined where an object has none. */
const get = (node: Container, key: string): unknown =>
	Array.isArray(node) ? node[indexOf(key, node.length)] : Object.hasOwn(node, key) ? node[key] : undefined;

function set(node: Container, key: string, value: unknown): void {
	if (Array.isArray(node)) node[indexOf(key, node.length)] = value;
	else put(node, key, value);
}

function add(node: Container, key: string, value: unknown): void {
	if (!Array.isArray(node)) put(node, key, value);
	else if (key === '-') node.push(value);
	else {
		within(/^[+-]?\d+$/.test(key) ? '' : `value was not a proper array index: '${key}': `, () =>
			node.splice(indexOf(key, node.length + 1), 0, value),
		);
	}
}

function remove(node: Container, key: string): void {
	if (Array.isArray(node)) node.splice(indexOf(key, node.length), 1);
	else if (Object.hasOwn(node, key)) delete node[key];
	else throw new Fault(`Unable to remove nonexistent key: ${key}: ${MISSING}`);
}

/** The container of what a pointer names, and the last key; undefined where there is none. */
function find(root: unknown, pointer: string): { readonly node: Container; readonly key: string } | undefined {
	const keys = keysOf(pointer);
	const key = keys.at(-1);
	if (key === undefined) return undefined;
	let node: unknown = root;
	for (const step of keys.slice(0, -1)) {
		try {
			node = isRecord(node) || Array.isArray(node) ? get(node, step) : undefined;
		} catch (fault) {
			if (!(fault instanceof Fault)) throw fault;
			return undefined;
		}
	}
	return isRecord(node) || Array.isArray(node) ? { node, key } : undefined;
}

/** Does something whose fault is told with a text before it. */
function within<T>(before: string, act: () => T): T {
	try {
		return act();
	} catch (fault) {
		throw fault instanceof Fault ? new Fault(`${before}${fault.message}`) : fault;
	}
}

/** The object after one operation. */
function applied(root: unknown, operation: Readonly<Record<string, unknown>>): unknown {
	const op = typeof operation.op === 'string' ? operation.op : 'unknown';
	const pointer = (): string => {
		if (typeof operation.path === 'string') return operation.path;
		throw new Fault(`${op} operation failed to decode path: ${MISSING}`);
	};
	const value = clone(operation.value ?? null);
	const at = (path: string, missing: string): { readonly node: Container; readonly key: string } => {
		const found = find(root, path);
		if (found) return found;
		throw new Fault(`${op} operation does not apply: ${missing}: ${MISSING}`);
	};
	switch (op) {
		case 'add': {
			const path = pointer();
			const { node, key } = at(path, `doc is missing path: ${JSON.stringify(path)}`);
			within(`error in add for path: '${path}': `, () => add(node, key, value));
			return root;
		}
		case 'remove': {
			const path = pointer();
			const { node, key } = at(path, `doc is missing path: ${JSON.stringify(path)}`);
			within(`error in remove for path: '${path}': `, () => remove(node, key));
			return root;
		}
		case 'replace': {
			const path = pointer();
			if (path === '') return value;
			const { node, key } = at(path, `doc is missing path: ${path}`);
			try {
				set(node, key, value);
			} catch (fault) {
				if (!(fault instanceof Fault)) throw fault;
				throw new Fault(`replace operation does not apply: doc is missing key: ${path}: ${MISSING}`);
			}
			return root;
		}
		case 'move':
		case 'copy': {
			if (typeof operation.from !== 'string')
				throw new Fault(`${op} operation failed to decode from: operation, missing from field: ${MISSING}`);
			const { from } = operation;
			const source = at(from, `doc is missing from path: ${from}`);
			const told = op === 'move' ? `error in move for path: '${source.key}': ` : `error in copy for from: '${from}': `;
			const taken = within(told, () => get(source.node, source.key)) ?? null;
			if (op === 'move') within(told, () => remove(source.node, source.key));
			const path = pointer();
			const { node, key } = at(path, `doc is missing destination path: ${path}`);
			within(`error in ${op} for path: '${path}': `, () => add(node, key, clone(taken)));
			return root;
		}
		case 'test': {
			const path = pointer();
			let found: unknown = root;
			if (path !== '') {
				const { node, key } = at(path, `is missing path: ${path}`);
				found = within(`error in test for path: '${path}': `, () => get(node, key)) ?? null;
			}
			if (!equal(found, value)) throw new Fault(`testing value ${path} failed: test failed`);
			return root;
		}
		default:
			throw new Fault(`Unexpected kind: ${op}`);
	}
}

/** How encoding/json names what it was given. */
const goKind = (value: unknown): string =>
	Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;

const undecoded = (value: unknown, type: 'Patch' | 'Operation'): { readonly error: ApiStatus } => ({
	error: badRequest(
		`error decoding patch: json: cannot unmarshal ${goKind(value)} into Go value of type jsonpatch.${type}`,
	),
});

/** Applies the operations one after the other; the first that fails is the error. */
export const applyJsonPatch = (object: unknown, patch: Json): ApiResult<ApiInput> => {
	const operations = patch ?? [];
	if (!Array.isArray(operations)) return undecoded(patch, 'Patch');
	const bad = operations.find((operation) => operation !== null && !isRecord(operation));
	if (bad !== undefined) return undecoded(bad, 'Operation');
	let root = clone(object) as unknown;
	try {
		for (const operation of operations) root = applied(root, (operation ?? {}) as Readonly<Record<string, unknown>>);
	} catch (fault) {
		if (!(fault instanceof Fault)) throw fault;
		return { error: refuse(fault.message) };
	}
	return { value: root as ApiInput };
};
