/**
 * What a path finds in a value.
 *
 * Source: kubernetes staging/src/k8s.io/client-go/util/jsonpath/jsonpath.go @ v0.24.0 (AllowMissingKeys).
 */
import { JsonPathError, type Side, type Step, type Value } from './path.ts';

export const isMap = (value: Value): value is { readonly [key: string]: Value } =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The values the steps lead to, from each of the values given; `strict`: a field that none of them has is an error. */
export function walk(values: readonly Value[], steps: readonly Step[], root: Value, strict = false): Value[] {
	const found = (step: Step | undefined, list: Value[]): Value[] => {
		if (strict && step?.kind === 'field' && list.length === 0) throw new JsonPathError(`${step.name} is not found`);
		return list;
	};
	let at = [...values];
	for (let i = 0; i < steps.length; i++) {
		const step = steps[i]!;
		if (step.kind === 'descend') {
			const next = steps[i + 1];
			const below: Value[] = [];
			const visit = (value: Value): void => {
				below.push(value);
				for (const child of Array.isArray(value)
					? value
					: isMap(value)
						? Object.keys(value)
								.sort()
								.map((k) => value[k])
						: [])
					visit(child);
			};
			for (const value of at) visit(value);
			at = found(next, next ? below.flatMap((value) => one(value, next, root)) : below);
			i++;
			continue;
		}
		at = found(
			step,
			at.flatMap((value) => one(value, step, root)),
		);
	}
	return at;
}

function one(value: Value, step: Step, root: Value): Value[] {
	switch (step.kind) {
		case 'field':
			return isMap(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
		case 'all':
			return Array.isArray(value)
				? value
				: isMap(value)
					? Object.keys(value)
							.sort()
							.map((key) => value[key])
					: [];
		case 'union':
			return step.paths.flatMap((path) => walk([value], path, root));
		case 'slice':
			return slice(value, step);
		case 'filter':
			return (Array.isArray(value) ? value : isMap(value) ? [value] : []).filter((item) => holds(item, step, root));
		default:
			return [];
	}
}

/** evalArray(): both ends may count from the last, and must be in the list unless nothing is asked for. */
function slice(value: Value, step: Extract<Step, { readonly kind: 'slice' }>): Value[] {
	if (!Array.isArray(value)) {
		if (value === undefined || value === null) return [];
		throw new JsonPathError(`${goType(value)} is not array or slice`);
	}
	const size = value.length;
	const place = (n: number): number => (n < 0 ? n + size : n);
	const from = place(step.from ?? 0);
	const to = step.single ? from + 1 : place(step.to ?? size);
	if (from === to) return [];
	const outside = (index: number): never => {
		throw new JsonPathError(`array index out of bounds: index ${index}, length ${size}`);
	};
	if (from >= size || from < 0) outside(from);
	if (to > size || to < 0) outside(to - 1);
	if (from > to) throw new JsonPathError(`starting index ${from} is greater than ending index ${to}`);
	if (step.step !== undefined && step.step <= 0) throw new JsonPathError('step must be > 0');
	const out: Value[] = [];
	for (let i = from; i < to; i += step.step ?? 1) out.push(value[i]);
	return out;
}

/** What a value that came as JSON is in Go. */
const goType = (value: Value): string =>
	typeof value === 'string'
		? 'string'
		: typeof value === 'boolean'
			? 'bool'
			: typeof value === 'number'
				? Number.isInteger(value)
					? 'int64'
					: 'float64'
				: 'map[string]interface {}';

function holds(item: Value, step: Extract<Step, { readonly kind: 'filter' }>, root: Value): boolean {
	const get = (of: Side): Value[] => ('path' in of ? walk([item], of.path, root) : [of.literal]);
	const [left] = get(step.left);
	if (step.operator === 'exists') return get(step.left).length > 0;
	if (get(step.left).length === 0) return false;
	const [right] = get(step.right);
	const a = left as never;
	const b = right as never;
	switch (step.operator) {
		case '==':
			return left === right;
		case '!=':
			return left !== right;
		case '<':
			return a < b;
		case '>':
			return a > b;
		case '<=':
			return a <= b;
		default:
			return a >= b;
	}
}
