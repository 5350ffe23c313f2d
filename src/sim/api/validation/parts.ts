/**
 * What many kinds are asked: names, addresses, paths, numbers.
 *
 * Source: kubernetes pkg/apis/core/validation/validation.go @ v1.24.0, apimachinery pkg/util/validation/validation.go
 * @ v0.24.0 and @ v0.31.0.
 */
import { parseInterface, parseIp } from '../../wire/index.ts';
import { type Draft, isRecord, number } from '../json.ts';
import { nameErrors } from '../meta.ts';
import { labelValueErrors } from '../selector.ts';
import { type FieldError, invalidValue, notSupported } from '../status.ts';
import type { Strategy } from '../strategy.ts';
import { isPort, PORT_TEXT, portNameErrors } from '../values.ts';

export const NOT_NEGATIVE = 'must be greater than or equal to 0';

/** A Go struct in a message: all its fields, those that are not set too, and addresses of memory. */
export const goStruct = (field: string, type: string, why: string): FieldError => ({
	field,
	message: `Invalid value: ${type}{(the simulator leaves out what stands here)}: ${why}`,
});

export const named = (value: string, field: string, rule: NonNullable<Strategy['name']> = 'subdomain'): FieldError[] =>
	nameErrors(value, rule).map((why) => invalidValue(field, value, why));

/** `why` of the one value of a label. */
export const labelValue = (value: string, field: string): FieldError[] => {
	const faults = labelValueErrors(value);
	return faults.length === 0 ? [] : [invalidValue(field, value, faults.join(';'))];
};

export const notNegative = (of: Draft, field: string, ...keys: readonly string[]): FieldError[] =>
	keys
		.filter((key) => (number(of, key) ?? 0) < 0)
		.map((key) => invalidValue(`${field === '' ? '' : `${field}.`}${key}`, of[key], NOT_NEGATIVE));

/** One of the known, in the order in which they are told; nothing is wrong with what is not set. */
export const oneOf = (field: string, value: unknown, known: readonly string[]): FieldError[] =>
	value === undefined || known.includes(String(value)) ? [] : [notSupported(field, value, known)];

/** ValidatePortNumOrName() */
export const portOrName = (port: unknown, field: string): FieldError[] => {
	if (typeof port === 'string') return portNameErrors(port).map((why) => invalidValue(field, port, why));
	return isPort(port) ? [] : [invalidValue(field, port ?? 0, PORT_TEXT)];
};

export const portNumber = (port: unknown, field: string): FieldError[] =>
	isPort(port) ? [] : [invalidValue(field, port ?? 0, PORT_TEXT)];

const groups = (text: string): number =>
	text === '' ? 0 : text.split(':').reduce((sum, part) => sum + (part.includes('.') ? 2 : 1), 0);

const isIp6 = (text: string): boolean => {
	const tail = text.slice(text.lastIndexOf(':') + 1);
	if (tail.includes('.') && parseIp(tail) === undefined) return false;
	const [head = '', rest, more] = text.split('::');
	if (more !== undefined) return false;
	const parts = [...head.split(':'), ...(rest ?? '').split(':')].filter((part) => part !== '' && part !== tail);
	if (!parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return false;
	if (!tail.includes('.') && !/^[0-9a-f]{0,4}$/i.test(tail)) return false;
	if (/^:[^:]|[^:]:$/.test(text)) return false;
	const count = groups(head) + groups(rest ?? '');
	return rest === undefined ? count === 8 : count < 8;
};

export const isIp = (value: unknown): boolean => {
	const written = String(value);
	return parseIp(written) !== undefined || (written.includes(':') && isIp6(written));
};

/** net.ParseCIDR: host bits may be set. */
export const isCidr = (value: string): boolean => {
	const [address = '', length = ''] = value.split('/');
	if (parseInterface(value) !== undefined && value.includes('/')) return true;
	return address.includes(':') && isIp6(address) && /^\d+$/.test(length) && Number(length) <= 128;
};

export const IP_TEXT = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

export const ipErrors = (value: unknown, field: string, words = IP_TEXT): FieldError[] =>
	isIp(value) ? [] : [invalidValue(field, value ?? '', words)];

export const fileMode = (of: Draft, key: string, field: string): FieldError[] => {
	const mode = number(of, key) ?? 0;
	return mode >= 0 && mode <= 0o777
		? []
		: [invalidValue(`${field}.${key}`, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
};

/** validatePathNoBacksteps() */
export const noBacksteps = (path: string, field: string): FieldError[] =>
	path.split('/').includes('..') ? [invalidValue(field, path, "must not contain '..'")] : [];

/** validateLocalDescendingPath() */
export const pathBelow = (path: string, field: string): FieldError[] => [
	...(path.startsWith('/') ? [invalidValue(field, path, 'must be a relative path')] : []),
	...noBacksteps(path, field),
];

/** ValidateLocalNonReservedPath() */
export const ownPath = (path: string, field: string): FieldError[] => [
	...pathBelow(path, field),
	...(path.startsWith('..') && !path.startsWith('../') ? [invalidValue(field, path, "must not start with '..'")] : []),
];

/** Which of some members are set, in the order given. */
export const given = (of: Draft, keys: readonly string[]): readonly string[] => keys.filter((key) => isRecord(of[key]));
