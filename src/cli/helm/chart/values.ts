/**
 * Values of a chart and those below it, and which of these are switched on.
 *
 * Source: helm pkg/chartutil/{coalesce,dependencies}.go @ v3.9.4.
 */
import { type Data, isTable } from '../../gotemplate/index.ts';
import type { Chart, Dependency } from './load.ts';
import { parseVersion, satisfies } from './semver.ts';
import { table } from './sprig-values.ts';

type Tree = { [key: string]: Data };

const copy = (value: Data): Data =>
	Array.isArray(value)
		? value.map(copy)
		: isTable(value)
			? table(Object.entries(value).map(([key, item]) => [key, copy(item)] as const))
			: value;

/** `into` counts; what it lacks comes from the other; null takes a key away. */
function fill(into: Tree, from: Data, warn: (text: string) => void, path: string): void {
	if (!isTable(from)) return;
	for (const [key, value] of Object.entries(from)) {
		const at = path === '' ? key : `${path}.${key}`;
		if (!Object.hasOwn(into, key))
			Object.defineProperty(into, key, { value: copy(value), enumerable: true, configurable: true, writable: true });
		else if (into[key] === null) delete into[key];
		else if (isTable(value)) {
			if (isTable(into[key])) fill(into[key] as Tree, value, warn, at);
			else warn(`warning: cannot overwrite table with non table for ${at} (${JSON.stringify(value)})`);
		} else if (isTable(into[key]) && value !== null) warn(`warning: skipped value for ${at}: Not a table.`);
	}
}

function globals(into: Tree, from: Tree): void {
	const have = isTable(into.global) ? (into.global as Tree) : {};
	const above = isTable(from.global) ? from.global : {};
	const out = copy(above) as Tree;
	fill(out, have, () => undefined, '');
	into.global = out;
}

/** What was given over what the chart has, with a table for each chart below it. */
export function coalesce(chart: Chart, given: Data, warn: (text: string) => void): Tree {
	const out = copy(given) as Tree;
	fill(out, chart.values as Data, warn, chart.metadata.name);
	for (const child of chart.dependencies) {
		const { name } = child.metadata;
		const own: Tree = isTable(out[name]) ? (out[name] as Tree) : {};
		globals(own, out);
		out[name] = coalesce(child, own, warn);
	}
	return out;
}

const at = (values: Tree, path: string): Data =>
	path
		.split('.')
		.reduce<Data>((value, key) => (isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined), values);

function enabled(dependency: Dependency, values: Tree, path: string): boolean {
	let on = true;
	const tags = values.tags;
	if (isTable(tags)) {
		const said = (dependency.tags ?? []).map((tag) => tags[tag]).filter((value) => typeof value === 'boolean');
		if (said.length > 0) on = said.includes(true);
	}
	for (const condition of (dependency.condition ?? '').split(',').map((text) => text.trim())) {
		const value = condition === '' ? undefined : at(values, path + condition);
		if (typeof value === 'boolean') return value;
	}
	return on;
}

/** The chart with those dependencies only that are on, under their aliases. */
export function withEnabled(chart: Chart, given: Data, path = ''): Chart {
	const wanted = chart.metadata.dependencies ?? [];
	if (wanted.length === 0 && chart.dependencies.length === 0) return chart;
	const fits = (child: Chart, { name, version = '' }: Dependency): boolean =>
		child.metadata.name === name &&
		(version === '' || satisfies(version, parseVersion(child.metadata.version)) === true);
	const named = chart.dependencies.filter((child) => !wanted.some((one) => fits(child, one)));
	const asked = wanted.flatMap((one) => {
		const child = chart.dependencies.find((other) => fits(other, one));
		return child
			? [{ one, child: one.alias ? { ...child, metadata: { ...child.metadata, name: one.alias } } : child }]
			: [];
	});
	const all = { ...chart, dependencies: [...named, ...asked.map(({ child }) => child)] };
	const values = coalesce(all, given, () => undefined);
	const on = [...named, ...asked.filter(({ one }) => enabled(one, values, path)).map(({ child }) => child)];
	const merged = copy(chart.values ?? {}) as Tree;
	for (const { one, child } of asked)
		for (const item of on.includes(child) ? (one['import-values'] ?? []) : []) {
			const source = isTable(item) ? String(item.child) : `exports.${String(item)}`;
			const target = isTable(item) ? String(item.parent) : '.';
			const found = at(
				coalesce(child, {}, () => undefined),
				source,
			);
			if (!isTable(found)) continue;
			const nested =
				target === '.' ? found : target.split('.').reduceRight<Data>((inner, key) => table([[key, inner]]), found);
			fill(merged, nested, () => undefined, '');
		}
	return {
		...chart,
		values: merged as Chart['values'],
		dependencies: on.map((child) => withEnabled(child, at(values, child.metadata.name) ?? {}, '')),
	};
}

/** Dependencies of Chart.yaml that are not in charts/ (action.CheckDependencies). */
export function missing(chart: Chart): readonly string[] {
	return (chart.metadata.dependencies ?? [])
		.map(({ name }) => name)
		.filter((name) => !chart.dependencies.some((child) => child.metadata.name === name));
}
