/**
 * The formats of `-o`, and the flags that go with them.
 *
 * Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/genericclioptions/print_flags.go,
 * kubectl/pkg/cmd/get/get_flags.go @ v0.24.0.
 */
import type { Flag } from '../../cobra/index.ts';

/** In the order of the help; those with `=` take what stands after it. */
const OBJECTS = [
	'json',
	'yaml',
	'name',
	'go-template=',
	'go-template-file=',
	'template=',
	'templatefile=',
	'jsonpath=',
	'jsonpath-as-json=',
	'jsonpath-file=',
];
const TABLES = ['custom-columns=', 'custom-columns-file=', 'wide'];

const namesOf = (formats: readonly string[]): readonly string[] => formats.map((format) => format.replace('=', ''));

/** What commands that write print objects in, in the order of the message about one that is not there. */
export const PRINT_FORMATS: readonly string[] = namesOf(OBJECTS).toSorted();
/** What `get` prints them in. */
export const GET_FORMATS: readonly string[] = namesOf([...OBJECTS, ...TABLES]).toSorted();

const flags = (formats: readonly string[]): readonly Flag[] => [
	{
		name: 'output',
		short: 'o',
		type: 'string',
		usage: `Output format. One of: (${namesOf(formats).join(', ')}).`,
	},
	{
		name: 'template',
		type: 'string',
		usage: 'Template string or path to template file to use when -o=go-template, -o=go-template-file.',
	},
	{
		name: 'allow-missing-template-keys',
		type: 'bool',
		default: 'true',
		usage: 'If true, ignore any errors in templates when a field or map key is missing in the template.',
	},
	{
		name: 'show-managed-fields',
		type: 'bool',
		usage: 'If true, keep the managedFields when printing objects in JSON or YAML format.',
	},
];

/** Of commands that write. */
export const PRINT_FLAGS: readonly Flag[] = flags(OBJECTS);
/** Of commands that read. */
export const OUTPUT_FLAGS: readonly Flag[] = flags([...OBJECTS, ...TABLES]);

/** What may stand after `-o`: names that are the same as another are left out. */
export const FORMAT_WORDS: readonly string[] = GET_FORMATS.filter((name) => !name.startsWith('template')).map(
	(name) => [...OBJECTS, ...TABLES].find((format) => format.replace('=', '') === name)!,
);
