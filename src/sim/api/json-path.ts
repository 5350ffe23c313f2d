/**
 * JSONPath as additionalPrinterColumns use it: `.a.b`, `.a['b']`, `.a[0]`, `[*]`, `[?(@.type=="Ready")]`, `\.` in names.
 *
 * Source: k8s.io/client-go util/jsonpath @ v0.24.0, the part that a path outside braces can use.
 */
import { isRecord } from './json.ts';

type Step =
	| { readonly kind: 'key'; readonly key: string }
	| { readonly kind: 'index'; readonly index: number }
	| { readonly kind: 'all' }
	| { readonly kind: 'filter'; readonly path: readonly Step[]; readonly operator: string; readonly value: string };

const parsed = new Map<string, readonly Step[]>();

const parse = (path: string): readonly Step[] => {
	const steps: Step[] = [];
	let i = 0;
	while (i < path.length) {
		const c = path[i]!;
		if (c === '.') {
			i++;
			continue;
		}
		if (c === '[') {
			const end = closing(path, i);
			const inner = path.slice(i + 1, end);
			i = end + 1;
			const filter = /^\?\(\s*@(.*?)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|(\S+?))\s*\)$/.exec(inner);
			if (filter) {
				const value = filter[3] ?? filter[4] ?? filter[5] ?? '';
				steps.push({ kind: 'filter', path: parse(filter[1]!), operator: filter[2]!, value });
			} else if (inner === '*') steps.push({ kind: 'all' });
			else if (/^-?\d+$/.test(inner)) steps.push({ kind: 'index', index: Number(inner) });
			else steps.push({ kind: 'key', key: inner.replace(/^['"]|['"]$/g, '') });
			continue;
		}
		let key = '';
		while (i < path.length && path[i] !== '.' && path[i] !== '[') {
			if (path[i] === '\\') i++;
			key += path[i++] ?? '';
		}
		steps.push(key === '*' ? { kind: 'all' } : { kind: 'key', key });
	}
	return steps;
};

/** Where the bracket opened at `start` ends; brackets in quotes do not count. */
const closing = (path: string, start: number): number => {
	let depth = 0;
	let quote = '';
	for (let i = start; i < path.length; i++) {
		const c = path[i]!;
		if (quote !== '') {
			if (c === quote) quote = '';
		} else if (c === '"' || c === "'") quote = c;
		else if (c === '[') depth++;
		else if (c === ']' && --depth === 0) return i;
	}
	return path.length;
};

const walk = (values: readonly unknown[], steps: readonly Step[]): readonly unknown[] => {
	let here = values;
	for (const step of steps) {
		const next: unknown[] = [];
		for (const value of here) {
			if (step.kind === 'key') {
				if (isRecord(value) && Object.hasOwn(value, step.key)) next.push(value[step.key]);
			} else if (step.kind === 'index') {
				if (Array.isArray(value)) {
					const item = value.at(step.index);
					if (item !== undefined) next.push(item);
				}
			} else {
				const items = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
				if (step.kind === 'all') next.push(...items);
				else
					next.push(
						...items.filter((item) => {
							const [found] = walk([item], step.path);
							return (found !== undefined && String(found) === step.value) === (step.operator === '==');
						}),
					);
			}
		}
		here = next;
	}
	return here;
};

/** All values a path finds. */
export const readPath = (object: unknown, path: string): readonly unknown[] => {
	let steps = parsed.get(path);
	if (steps === undefined) {
		steps = parse(path);
		parsed.set(path, steps);
	}
	return walk([object], steps);
};
