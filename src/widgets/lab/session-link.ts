/**
 * A session as a piece of an address: the scenario and the lines that were typed. What is read back may come from
 * anybody: every part is checked, and there is a limit to each.
 */
import type { LogEntry, Place } from '../../cli/index.ts';
import { LAB_PRESETS } from '../../sim/lab/index.ts';
import { SIMULATOR_VERSION } from '../../sim/world/index.ts';
import { MAX_TABS } from '../terminal/most.ts';

/** Of the text; grows when old links can no longer be read. */
const FORMAT = 1;
/** Characters of a link's payload: what chats and mails let through. */
const MOST_TEXT = 8000;
/** Octets it may unpack to. */
const MOST_OCTETS = 120_000;
const MOST_ENTRIES = 300;

export interface SharedSession {
	readonly scenario: string;
	readonly log: readonly LogEntry[];
}

export type Decoded = (SharedSession & { readonly current: boolean }) | { readonly error: 'unreadable' };

/** Kinds by their number in a link. */
const KINDS = ['line', 'eof', 'interrupt', 'save', 'leave', 'close', 'input', 'input-end'] as const;

/**
 * Compact form of an entry: a line; 0 for the end of input; a file; and for whatever has a time or another terminal, its
 * kind, terminal, time or -1, and text. Old links have a line with the time of its Ctrl-C.
 */
type Packed =
	| string
	| 0
	| { readonly p: Place; readonly f: string; readonly c: string }
	| readonly [kind: number, tab: number, at: number, text?: string]
	| readonly [line: string, interruptedAt: number];

const pack = (entry: LogEntry): Packed => {
	const { kind, tab = 0, at = -1 } = entry;
	if (kind === 'file') return { p: entry.place, f: entry.path, c: entry.content };
	const plain = tab === 0 && at === -1;
	if (plain && kind === 'eof') return 0;
	if (kind === 'line' || kind === 'save' || kind === 'input')
		return plain && kind === 'line' ? entry.text : [KINDS.indexOf(kind), tab, at, entry.text];
	return [KINDS.indexOf(kind), tab, at];
};

/** Terminals have numbers that grow as some are closed and others opened. */
const LAST_TAB = 999;
/** Virtual microseconds: a year. */
const LAST = 365 * 86_400_000_000;

const isTime = (value: unknown): value is number =>
	Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LAST;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MOST_OCTETS;

function placeOf(value: unknown): Place | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const { kind, cluster, node, namespace, pod, container } = value as Record<string, unknown>;
	if (kind === 'laptop') return { kind };
	if (kind === 'node' && isText(cluster) && isText(node)) return { kind, cluster, node };
	if (kind === 'pod' && isText(cluster) && isText(namespace) && isText(pod) && isText(container))
		return { kind, cluster, namespace, pod, container };
	return undefined;
}

/** Entries of a packed one; undefined when it is none. */
function unpack(value: unknown): readonly LogEntry[] | undefined {
	if (value === 0) return [{ kind: 'eof' }];
	if (isText(value)) return [{ kind: 'line', text: value }];
	if (Array.isArray(value)) return typeof value[0] === 'string' ? unpackOld(value) : unpackOne(value);
	if (typeof value !== 'object' || value === null) return undefined;
	const { p, f, c } = value as Record<string, unknown>;
	const place = placeOf(p);
	return place && isText(f) && isText(c) ? [{ kind: 'file', place, path: f, content: c }] : undefined;
}

const unpackOld = ([text, at]: readonly unknown[]): readonly LogEntry[] | undefined =>
	isText(text) && isTime(at)
		? [
				{ kind: 'line', text },
				{ kind: 'interrupt', at },
			]
		: undefined;

function unpackOne([number, tab, at, text]: readonly unknown[]): readonly LogEntry[] | undefined {
	const kind = typeof number === 'number' ? KINDS[number] : undefined;
	if (!kind || !Number.isSafeInteger(tab) || (tab as number) < 0 || (tab as number) > LAST_TAB) return undefined;
	if (at !== -1 && !isTime(at)) return undefined;
	const where = { ...(tab === 0 ? {} : { tab: tab as number }), ...(at === -1 ? {} : { at: at as number }) };
	if (kind !== 'line' && kind !== 'save' && kind !== 'input') return [{ kind, ...where }];
	return isText(text) ? [{ kind, text, ...where }] : undefined;
}

/** Whether a page could show all terminals that are open at once. */
function fits(log: readonly LogEntry[]): boolean {
	const open = new Set([0]);
	for (const entry of log) {
		const { tab = 0 } = entry;
		if (entry.kind === 'close') open.delete(tab);
		else open.add(tab);
		if (open.size > MAX_TABS || tab > LAST_TAB) return false;
	}
	return true;
}

/** Text for the address; undefined when the session does not fit into one. */
export async function encodeSession({ scenario, log }: SharedSession): Promise<string | undefined> {
	if (log.length > MOST_ENTRIES || !fits(log)) return undefined;
	const octets = new TextEncoder().encode(JSON.stringify(log.map(pack)));
	if (octets.length > MOST_OCTETS) return undefined;
	const packed = await through(octets, new CompressionStream('deflate-raw'));
	const text = packed && `${FORMAT}.${SIMULATOR_VERSION}.${scenario}.${base64(packed)}`;
	return text && text.length <= MOST_TEXT ? text : undefined;
}

export async function decodeSession(text: string): Promise<Decoded> {
	const error: Decoded = { error: 'unreadable' };
	const [, format, version, scenario, payload] = /^(\d+)\.([\w-]+)\.([a-z-]+)\.([\w-]*)$/.exec(text) ?? [];
	if (text.length > MOST_TEXT || Number(format) !== FORMAT || payload === undefined) return error;
	if (!LAB_PRESETS.some((preset) => preset.id === scenario)) return error;
	try {
		const octets = await through(octetsOf(payload), new DecompressionStream('deflate-raw'));
		if (!octets) return error;
		const read: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octets));
		if (!Array.isArray(read) || read.length > MOST_ENTRIES) return error;
		const log: LogEntry[] = [];
		for (const one of read) {
			const entries = unpack(one);
			if (!entries) return error;
			log.push(...entries);
		}
		if (!fits(log)) return error;
		return { scenario: scenario!, log, current: version === String(SIMULATOR_VERSION) };
	} catch {
		return error;
	}
}

/** All that comes out, or undefined when it is more than anybody would have typed. */
async function through(octets: Uint8Array, stream: GenericTransformStream): Promise<Uint8Array | undefined> {
	const reader = new Blob([octets as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream).getReader();
	const parts: Uint8Array[] = [];
	let length = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		parts.push(value as Uint8Array);
		length += (value as Uint8Array).length;
		if (length > MOST_OCTETS) {
			await reader.cancel();
			return undefined;
		}
	}
	const all = new Uint8Array(length);
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

const base64 = (octets: Uint8Array): string =>
	btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(''))
		.replaceAll('+', '-')
		.replaceAll('/', '_')
		.replace(/=+$/, '');

const octetsOf = (text: string): Uint8Array =>
	Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
