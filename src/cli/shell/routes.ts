/**
 * Where what a command writes goes. A route is a stream that leads to the terminal (or to the tool that runs the shell
 * in another place); no route means that somebody else collects it: a pipe, a file, `$(...)`.
 */
import type { Redirection, Result } from './just-bash.ts';

export interface Routes {
	readonly out: ((octets: Octets) => void) | undefined;
	readonly err: ((octets: Octets) => void) | undefined;
}

/** Output: text, or octets written as one character each. */
export interface Octets {
	readonly text: string;
	readonly binary: boolean;
}

export const NOWHERE: Routes = { out: undefined, err: undefined };

/** Files that are what a program has on its standard input (fd(4)). */
export const STANDARD_INPUT = /^\/(?:dev\/stdin|dev\/fd\/0|proc\/self\/fd\/0)$/;

const files = new WeakSet<NonNullable<Routes['out']>>();

/** A route that leads into a file. */
export function intoFile(write: NonNullable<Routes['out']>): NonNullable<Routes['out']> {
	files.add(write);
	return write;
}

/** A route that leads where another one does. */
export const alike = (write: NonNullable<Routes['out']>, route: Routes['out']): NonNullable<Routes['out']> =>
	isIntoFile(route) ? intoFile(write) : write;

export const isIntoFile = (route: Routes['out']): boolean => route !== undefined && files.has(route);

/** Whether what is written is seen by whoever the run's terminal is: no file has it, and nobody collects it. */
export const isShown = ({ out }: Routes): boolean => out !== undefined && !files.has(out);

/** A redirection's word, where it is one that nothing is expanded in. */
export const literal = ({ target }: Redirection): string | undefined => {
	const parts = (target as { parts?: readonly { readonly value?: string }[] } | undefined)?.parts;
	return parts?.length === 1 ? parts[0]!.value : undefined;
};

/** What is left of the routes behind redirections. Only what surely stays is kept. */
export function behind(redirections: readonly Redirection[] | undefined, routes: Routes): Routes {
	let { out, err } = routes;
	for (const redirection of redirections ?? []) {
		const { fd, operator } = redirection;
		if (operator.startsWith('<')) continue;
		if ((operator === '>' || operator === '>>' || operator === '>|') && (fd === null || fd === 1)) out = undefined;
		else if ((operator === '>' || operator === '>>' || operator === '>|') && fd === 2) err = undefined;
		else if (operator === '>&' && fd === 2 && literal(redirection) === '1') err = out;
		else if (operator === '>&' && (fd === null || fd === 1) && literal(redirection) === '2') out = err;
		else if (operator.includes('&')) return NOWHERE;
	}
	return { out, err };
}

/** Sends what a result still holds where it belongs, and empties it of that. */
export function deliver(result: Result, routes: Routes, errorsFirst = false): Result {
	if ((!routes.out || result.stdout === '') && (!routes.err || result.stderr === '')) return result;
	const rest: Result = { ...result, internalOutputAccounting: { stdout: 0, stderr: 0 } };
	const errors = (): void => {
		if (!routes.err || rest.stderr === '') return;
		routes.err({ text: rest.stderr, binary: !isIntoFile(routes.err) && looksBinary(rest.stderr) });
		rest.stderr = '';
	};
	if (errorsFirst) errors();
	if (routes.out && rest.stdout !== '') {
		const { stdoutKind } = rest;
		// A file has what was meant, as just-bash writes it; elsewhere it is read.
		const octets = isIntoFile(routes.out) ? rest.stdoutEncoding === 'binary' : undefined;
		const binary = stdoutKind ? stdoutKind === 'bytes' : (octets ?? looksBinary(rest.stdout));
		routes.out({ text: rest.stdout, binary });
		rest.stdout = '';
	}
	errors();
	return rest;
}

/** just-bash's own guess for what does not say its kind: octets when they read as UTF-8. */
function looksBinary(text: string): boolean {
	let high = false;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code > 255) return false;
		if (code > 127) high = true;
	}
	return high && decodeStrictly(text) !== undefined;
}

function decodeStrictly(text: string): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octetsOf(text));
	} catch {
		return undefined;
	}
}

/** One octet for each character. */
export function octetsOf(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	return bytes;
}

/** Octets as text of one character each. */
export function latin1(bytes: Uint8Array): string {
	let text = '';
	for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
	return text;
}

/** Text for a reader; what is no UTF-8 shows as U+FFFD. */
export const readable = ({ text, binary }: Octets): string =>
	binary ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(octetsOf(text)) : text;

/** Octets for a file or a pipe. */
export const bytesOf = ({ text, binary }: Octets): Uint8Array =>
	binary ? octetsOf(text) : new TextEncoder().encode(text);

/** Writes what is wrong, where it goes. */
export function show(text: string, { err }: Routes): void {
	if (text !== '') err?.({ text, binary: false });
}
