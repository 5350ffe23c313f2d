/**
 * Helm's releases as Secrets: base64 of base64 of a gzip stream of JSON (helm pkg/storage/driver/{secrets,util}.go @
 * v3.14.0). The stream is written without compression, so that a shell can read it and nothing here must inflate.
 */
import type { ApiObject, ApiServer } from '../api/index.ts';
import { all } from './cluster/kinds.ts';
import type { Timeline } from './timeline.ts';
import type { HelmRelease } from './types.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** UTF-8 octets of a text. */
function encodeUtf8(text: string): number[] {
	const out: number[] = [];
	for (const character of text) {
		const code = character.codePointAt(0)!;
		if (code < 0x80) out.push(code);
		else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63));
		else if (code < 0x10000) out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
		else out.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
	}
	return out;
}

/** Text of octets that are UTF-8. */
export function decodeUtf8(bytes: readonly number[]): string {
	let out = '';
	for (let i = 0; i < bytes.length; ) {
		const b = bytes[i++]!;
		const more = b < 0x80 ? 0 : b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
		let code = more === 0 ? b : b & (0x3f >> more);
		for (let k = 0; k < more; k++) code = (code << 6) | (bytes[i++]! & 63);
		out += String.fromCodePoint(code);
	}
	return out;
}

function toBase64(bytes: readonly number[]): string {
	const parts: string[] = [];
	for (let i = 0; i < bytes.length; i += 3) {
		const n = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
		parts.push(
			ALPHABET[n >> 18]! +
				ALPHABET[(n >> 12) & 63]! +
				(i + 1 < bytes.length ? ALPHABET[(n >> 6) & 63]! : '=') +
				(i + 2 < bytes.length ? ALPHABET[n & 63]! : '='),
		);
	}
	return parts.join('');
}

const VALUES: ReadonlyMap<string, number> = new Map([...ALPHABET].map((c, i) => [c, i] as const));

/** Undefined for what is no base64. */
export function fromBase64(text: string): number[] | undefined {
	const clean = text.replace(/=+$/, '');
	const out: number[] = [];
	let bits = 0;
	let n = 0;
	for (const c of clean) {
		const value = VALUES.get(c);
		if (value === undefined) return undefined;
		n = ((n << 6) | value) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out.push((n >> bits) & 255);
		}
	}
	return out;
}

/** CRC-32 as gzip has it (RFC 1952). */
function crc32(bytes: readonly number[]): number {
	let crc = 0xffffffff;
	for (const byte of bytes) {
		crc ^= byte;
		for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
	}
	return (crc ^ 0xffffffff) >>> 0;
}

const little = (n: number, octets: number): number[] => Array.from({ length: octets }, (_, i) => (n >>> (8 * i)) & 255);

/** A gzip member of stored blocks (RFC 1951, 3.2.4). */
function gzipStored(bytes: readonly number[]): number[] {
	const out: number[] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
	for (let i = 0; i === 0 || i < bytes.length; i += 65_535) {
		const block = bytes.slice(i, i + 65_535);
		out.push(i + 65_535 >= bytes.length ? 1 : 0, ...little(block.length, 2), ...little(~block.length & 0xffff, 2));
		for (const byte of block) out.push(byte);
	}
	out.push(...little(crc32(bytes), 4), ...little(bytes.length, 4));
	return out;
}

/** Undefined when it is no such stream. */
function gunzipStored(bytes: readonly number[]): number[] | undefined {
	if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return undefined;
	const out: number[] = [];
	for (let at = 10; ; ) {
		const last = bytes[at] === 1;
		if (bytes[at] !== 0 && !last) return undefined;
		const length = bytes[at + 1]! | (bytes[at + 2]! << 8);
		for (let i = 0; i < length; i++) out.push(bytes[at + 5 + i]!);
		at += 5 + length;
		if (last) return out;
		if (at >= bytes.length) return undefined;
	}
}

const PREFIX = 'sh.helm.release.v1';

/** The Secret a release is kept in. */
export function releaseSecret(release: HelmRelease, timeline: Timeline) {
	const stored = {
		name: release.name,
		info: {
			first_deployed: timeline.stamp(release.firstDeployed ?? release.updated),
			last_deployed: timeline.stamp(release.updated),
			deleted: '',
			description: release.description,
			status: release.status,
			notes: release.notes,
		},
		chart: {
			metadata: {
				...release.own?.metadata,
				name: release.chart,
				version: release.chartVersion,
				appVersion: release.appVersion,
			},
			...(release.own ? { values: release.own.defaults } : {}),
		},
		config: release.values,
		manifest: release.own?.manifest ?? release.manifests.map((m) => `---\n${JSON.stringify(m)}\n`).join(''),
		...(release.own ? { hooks: release.own.hooks, objects: release.manifests } : {}),
		version: release.revision,
		namespace: release.namespace,
		updated: release.updated,
		firstDeployed: release.firstDeployed,
	};
	const inner = toBase64(gzipStored(encodeUtf8(JSON.stringify(stored))));
	return {
		apiVersion: 'v1',
		kind: 'Secret',
		metadata: {
			name: `${PREFIX}.${release.name}.v${release.revision}`,
			namespace: release.namespace,
			labels: {
				modifiedAt: String(timeline.epoch + Math.floor(timeline.now / 1_000_000)),
				name: release.name,
				owner: 'helm',
				status: release.status,
				version: String(release.revision),
			},
		},
		type: 'helm.sh/release.v1',
		data: { release: toBase64(encodeUtf8(inner)) },
	};
}

interface Stored {
	readonly name: string;
	readonly namespace: string;
	readonly version: number;
	readonly updated: number;
	readonly firstDeployed?: number;
	readonly info: { readonly description: string; readonly status: HelmRelease['status']; readonly notes: string };
	readonly chart: {
		readonly metadata: { readonly name: string; readonly version: string; readonly appVersion: string };
		readonly values?: HelmRelease['values'];
	};
	readonly config: HelmRelease['values'];
	readonly manifest: string;
	/** Of a chart of somebody's own. */
	readonly hooks?: readonly unknown[];
	readonly objects?: readonly ApiObject[];
}

function decode(text: string): HelmRelease | undefined {
	const outer = fromBase64(text);
	const inner = outer && fromBase64(decodeUtf8(outer));
	const json = inner && gunzipStored(inner);
	if (!json) return undefined;
	try {
		const stored = JSON.parse(decodeUtf8(json)) as Stored;
		return {
			name: stored.name,
			namespace: stored.namespace,
			revision: stored.version,
			chart: stored.chart.metadata.name,
			chartVersion: stored.chart.metadata.version,
			appVersion: stored.chart.metadata.appVersion,
			status: stored.info.status,
			updated: stored.updated,
			...(stored.firstDeployed === undefined ? {} : { firstDeployed: stored.firstDeployed }),
			description: stored.info.description,
			values: stored.config,
			manifests:
				stored.objects ??
				stored.manifest
					.split('---\n')
					.filter((part) => part !== '')
					.map((part) => JSON.parse(part) as ApiObject),
			notes: stored.info.notes,
			...(stored.objects
				? {
						own: {
							manifest: stored.manifest,
							hooks: stored.hooks ?? [],
							metadata: stored.chart.metadata,
							defaults: stored.chart.values ?? {},
						},
					}
				: {}),
		};
	} catch {
		return undefined;
	}
}

/** Objects of the API never change, so what one held was decoded once. */
const decoded = new WeakMap<object, { readonly release: HelmRelease | undefined }>();

function decodeSecret(secret: { readonly data?: Readonly<Record<string, string>> }): HelmRelease | undefined {
	let known = decoded.get(secret);
	if (!known) {
		known = { release: decode(secret.data?.release ?? '') };
		decoded.set(secret, known);
	}
	return known.release;
}

/** Releases in a cluster's Secrets; Secrets somebody spoilt are passed over. */
export function decodeReleases(api: ApiServer): readonly HelmRelease[] {
	return all<{ readonly type?: string; readonly data?: Readonly<Record<string, string>> }>(api, 'secrets')
		.filter((secret) => secret.type === 'helm.sh/release.v1')
		.flatMap((secret) => decodeSecret(secret) ?? [])
		.sort((a, b) =>
			a.namespace < b.namespace
				? -1
				: a.namespace > b.namespace
					? 1
					: a.name < b.name
						? -1
						: a.name > b.name
							? 1
							: a.revision - b.revision,
		);
}
