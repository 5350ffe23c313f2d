/**
 * Values that a schema restricts beyond their type, and how the server says that one is not allowed.
 *
 * Source: k8s.io/kube-openapi pkg/validation/{errors,validate,strfmt}, apiextensions-apiserver
 * pkg/apiserver/validation/validation.go @ v0.24.0 for the texts.
 */
import { parseInterface } from '../../wire/index.ts';
import type { Field } from './read.ts';

/** Patterns by the name that types use; upstream's, as they stand in the definitions. */
const PATTERNS: Readonly<Record<string, string>> = {
	cidr4:
		'^(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)\\.){3}(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)\\/([0-9]|[1-2][0-9]|3[0-2])$',
	fqdn: '^([-a-zA-Z0-9_]+[.]?)+$',
	fqdnPattern: '^([-a-zA-Z0-9_*]+[.]?)+$',
};

/** net.ParseCIDR: host bits may be set. */
const isCidr = (value: string): boolean =>
	value.includes('/') && (parseInterface(value) !== undefined || /^[0-9a-f:.]*:[0-9a-f:.]*\/\d+$/i.test(value));

/** Why one value is not allowed, in the words after the field's path; undefined when it is. */
export const violation = (field: Field, path: string, value: unknown): string | undefined => {
	const said = `Invalid value: ${JSON.stringify(value)}: ${path} in body`;
	if (field.values !== undefined && typeof value === 'string' && !field.values.includes(value))
		return `Unsupported value: ${JSON.stringify(value)}: supported values: ${field.values.map((v) => JSON.stringify(v)).join(', ')}`;
	if (field.range !== undefined && typeof value === 'number') {
		const [min, max] = field.range;
		if (value < min) return `${said} should be greater than or equal to ${min}`;
		if (value > max) return `${said} should be less than or equal to ${max}`;
	}
	if (field.format === undefined || typeof value !== 'string') return undefined;
	if (field.format === 'cidr')
		return isCidr(value) ? undefined : `${said} must be of type cidr: ${JSON.stringify(value)}`;
	const pattern = PATTERNS[field.format]!;
	return new RegExp(pattern).test(value) ? undefined : `${said} should match '${pattern}'`;
};

/** Lists that may not be empty. */
export const tooFew = (field: Field, path: string, count: number): string | undefined =>
	field.filled && count === 0 ? `Invalid value: 0: ${path} in body should have at least 1 items` : undefined;
