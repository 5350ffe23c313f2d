/** RFC 6902, with the refusals of evanphx/json-patch @ v4.12.0, which the API server uses. */
import { clone, type Draft, equal, isRecord, put } from './json.ts';
import type { ApiInput, ApiResult, ApiStatus, Json } from './object.ts';
import { badRequest } from './status.ts';

const refuse = (message: string): ApiStatus => ({
	code: 422,
	reason: 'Invalid',
	message: 'the server rejected our request due to an error in our request',
	causes: [{ field: '', message }],
});

const parts = (pointer: string): readonly string[] =>
	pointer
		.split('/')
		.slice(1)
		.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

type Container = Draft | unknown[];

const child = (node: unknown, key: string): unknown =>
	Array.isArray(node) ? node[Number(key)] : isRecord(node) && Object.hasOwn(node, key) ? node[key] : undefined;

/** The container of what a pointer names, and the last key. */
const find = (root: unknown, path: readonly string[]): Container | undefined => {
	let node: unknown = root;
	for (const key of path.slice(0, -1)) node = child(node, key);
	return isRecord(node) || Array.isArray(node) ? node : undefined;
};

const has = (node: Container, key: string): boolean =>
	Array.isArray(node) ? /^\d+$/.test(key) && Number(key) < node.length : Object.hasOwn(node, key);

const add = (node: Container, key: string, value: unknown): boolean => {
	if (!Array.isArray(node)) {
		put(node, key, value);
		return true;
	}
	const index = key === '-' ? node.length : Number(key);
	if (!Number.isInteger(index) || index < 0 || index > node.length) return false;
	node.splice(index, 0, value);
	return true;
};

const take = (node: Container, key: string): void => {
	if (Array.isArray(node)) node.splice(Number(key), 1);
	else delete node[key];
};

/** Applies the operations one after the other; the first that fails is the error. */
export const applyJsonPatch = (object: unknown, patch: Json): ApiResult<ApiInput> => {
	if (!Array.isArray(patch))
		return {
			error: badRequest(
				`error decoding patch: json: cannot unmarshal ${isRecord(patch) ? 'object' : typeof patch} into Go value of type jsonpatch.Patch`,
			),
		};
	let root = clone(object) as unknown;
	for (const operation of patch) {
		if (!isRecord(operation)) return { error: badRequest('error decoding patch: operation is not an object') };
		const op = String(operation.op ?? '');
		const pointer = String(operation.path ?? '');
		const path = parts(pointer);
		const key = path[path.length - 1] ?? '';
		const missing = (): ApiResult<ApiInput> => ({
			error: refuse(`${op} operation does not apply: doc is missing path: "${pointer}": missing value`),
		});
		const node = find(root, path);
		switch (op) {
			case 'add':
				if (path.length === 0) root = clone(operation.value);
				else if (!node || !add(node, key, clone(operation.value))) return missing();
				break;
			case 'remove':
				if (!node || !has(node, key))
					return { error: refuse(`remove operation does not apply: doc is missing path: "${pointer}": missing value`) };
				take(node, key);
				break;
			case 'replace':
				if (!node || !has(node, key))
					return {
						error: refuse(`replace operation does not apply: doc is missing key: ${pointer}: missing value`),
					};
				if (Array.isArray(node)) node[Number(key)] = clone(operation.value);
				else put(node, key, clone(operation.value));
				break;
			case 'move':
			case 'copy': {
				const from = parts(String(operation.from ?? ''));
				const source = find(root, from);
				const last = from[from.length - 1] ?? '';
				if (!source || !has(source, last) || !node) return missing();
				const value = child(source, last);
				if (op === 'move') take(source, last);
				if (!add(node, key, clone(value))) return missing();
				break;
			}
			case 'test':
				if (!node || !equal(child(node, key) ?? null, operation.value ?? null))
					return { error: refuse(`testing value ${pointer} failed: test failed`) };
				break;
			default:
				return { error: refuse(`Unexpected kind: ${op || 'unknown'}`) };
		}
	}
	return { value: root as ApiInput };
};
