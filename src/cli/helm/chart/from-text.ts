/** `fromYaml`, `fromJson` and the two for lists. Source: helm pkg/engine/funcs.go @ v3.9.4; encoding/json decode.go (words). */
import { type Data, isTable } from '../../gotemplate/index.ts';
import { goJsonFault, readManifests } from '../../kube/index.ts';

/** YAML as sigs.k8s.io/yaml reads it: `yes` is true there. What is wrong becomes a value. */
export function fromYaml(text: string, list: boolean): Data {
	const wrong = (words: string): Data => (list ? [words] : { Error: words });
	const found = readManifests(list ? `value:\n${text.replace(/^(?=.)/gm, ' ')}` : text, 'yaml');
	if ('error' in found) return wrong(found.error);
	if (!list) return found[0]?.value ?? {};
	const { value } = found[0]?.value ?? {};
	if (Array.isArray(value)) return value;
	if (value === null || value === undefined) return [];
	const kind = isTable(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;
	return wrong(
		`error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type []interface {}`,
	);
}

/** JSON; what is wrong becomes a value. */
export function fromJson(text: string, list: boolean): Data {
	const wrong = (words: string): Data => (list ? [words] : { Error: words });
	const fault = text.trim() === '' ? 'unexpected end of JSON input' : goJsonFault(text)?.words;
	// json.Unmarshal, unlike a stream's decoder, wants all of it.
	if (fault !== undefined) return wrong(fault === 'unexpected EOF' ? 'unexpected end of JSON input' : fault);
	const value: unknown = JSON.parse(text);
	if (value === null) return list ? [] : {};
	if (list ? Array.isArray(value) : isTable(value as Data)) return value as Data;
	const kind = Array.isArray(value)
		? 'array'
		: typeof value === 'object'
			? 'object'
			: typeof value === 'boolean'
				? 'bool'
				: typeof value;
	return wrong(
		`json: cannot unmarshal ${kind} into Go value of type ${list ? '[]interface {}' : 'map[string]interface {}'}`,
	);
}
