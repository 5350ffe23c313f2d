/** Values of a template: which of them are true, and how they are written. */

/** What a template walks over: JSON, where a missing thing is undefined. */
export type Data = unknown;

export const isMap = (value: Data): value is { readonly [key: string]: Data } =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Empty in Go's sense: false, 0, nil, and collections without content. */
export function truth(value: Data): boolean {
	if (value === undefined || value === null || value === false || value === 0 || value === '') return false;
	if (Array.isArray(value)) return value.length > 0;
	return isMap(value) ? Object.keys(value).length > 0 : true;
}

/** `%v`. */
export function show(value: Data): string {
	if (value === undefined) return '<no value>';
	if (value === null) return '<nil>';
	if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`;
	if (isMap(value))
		return `map[${Object.keys(value)
			.sort()
			.map((key) => `${key}:${show(value[key])}`)
			.join(' ')}]`;
	return String(value);
}

/** JSON with its keys in order, as Go's encoder writes maps. */
export const sortedJson = (value: Data): string =>
	JSON.stringify(value, (_, item: unknown) =>
		isMap(item)
			? Object.fromEntries(
					Object.keys(item)
						.sort()
						.map((key) => [key, item[key]]),
				)
			: item,
	) ?? 'null';
