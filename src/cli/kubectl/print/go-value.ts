/** JSON as Go prints it: encoding/json with indentation, `%v` and `%#v` of package fmt. */
import { isMap, sortedKeys } from './read.ts';

const sorted = (_: string, value: unknown): unknown =>
	isMap(value) ? Object.fromEntries(sortedKeys(value).map((key) => [key, value[key]])) : value;

/** encoding/json escapes what HTML would read, and two separators (encode.go `htmlSafeSet`). */
const escapeHtml = (json: string): string =>
	json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** As `kubectl -o json` prints: keys sorted, four blanks (cli-runtime pkg/printers/json.go @ v0.24.0). */
export const goJson = (value: unknown, indent: number | string = 4): string =>
	escapeHtml(JSON.stringify(value, sorted, indent));

/** `%v`. */
export function plain(value: unknown): string {
	if (value === null || value === undefined) return '<nil>';
	if (Array.isArray(value)) return `[${value.map(plain).join(' ')}]`;
	if (isMap(value))
		return `map[${sortedKeys(value)
			.map((key) => `${key}:${plain(value[key])}`)
			.join(' ')}]`;
	return String(value);
}

/** `%#v` of decoded JSON. */
export function syntax(value: unknown): string {
	if (value === null || value === undefined) return 'interface {}(nil)';
	if (Array.isArray(value)) return `[]interface {}{${value.map(syntax).join(', ')}}`;
	if (isMap(value))
		return `map[string]interface {}{${sortedKeys(value)
			.map((key) => `${JSON.stringify(key)}:${syntax(value[key])}`)
			.join(', ')}}`;
	return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
