/**
 * `-o go-template`: Go's text/template over decoded JSON, with the functions of kubectl's own.
 *
 * Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/printers/template.go @ v0.24.0.
 */
import { CallError, type Functions, TemplateSet } from '../../gotemplate/index.ts';
import { isMap } from './read.ts';

type Json = ReturnType<typeof decoded>;

/** Whole numbers are int64 in what encoding/json makes of an object. */
function decoded(value: unknown): unknown {
	if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
	if (Array.isArray(value)) return value.map(decoded);
	if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decoded(item)]));
	return value ?? null;
}

/** Whether keys lead to something, one below the other. */
function exists(value: Json, ...keys: readonly Json[]): boolean {
	let here: unknown = value;
	for (const key of keys) {
		if (Array.isArray(here)) here = here[Number(key)];
		else here = isMap(here) && Object.hasOwn(here, String(key)) ? here[String(key)] : undefined;
		if (here === undefined || here === null) return false;
	}
	return true;
}

function base64decode(text: Json): string {
	try {
		return new TextDecoder().decode(Uint8Array.from(atob(String(text)), (c) => c.charCodeAt(0)));
	} catch {
		const bad = String(text).search(/[^A-Za-z0-9+/=\r\n]/);
		const at = bad >= 0 ? bad : Math.floor(String(text).length / 4) * 4;
		throw new CallError(`base64 decode failed: illegal base64 data at input byte ${at}`);
	}
}

const FUNCTIONS = {
	exists: { types: 'aa*', call: exists },
	base64decode: { types: 's', call: base64decode },
} as Functions;

/** A compiled template; throws TemplateError, as does what it answers. */
export function templateOf(source: string): (data: unknown) => string {
	const set = new TemplateSet(FUNCTIONS);
	set.parse('output', source);
	return (data) => set.execute('output', decoded(data) as never);
}
