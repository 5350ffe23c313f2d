/**
 * A situation as text for the fragment of a URL: which scenario, which switches, which actions, and a digest of
 * what came of it, so that the page that opens it can say whether it still comes to the same.
 *
 * Form: `<format>.<base64url of compact JSON>`. Whatever comes in from a URL is hostile until it was checked here.
 */
import { formatIp, parseIp } from '../wire/index.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import type { Scenario } from './scenario.ts';
import { mergeSettings, printable, SETTING_NAMES } from './settings.ts';
import type { Action, Probe, Settings, SimError } from './types.ts';

/** Raised when the form below changes. */
export const LINK_FORMAT = 1;
/** Raised when the simulator gives other results for the same actions. */
export const SIMULATOR_VERSION = 1;

/** Caps: characters of the fragment, characters of the JSON inside, actions. */
export const LINK_CAPS = { encoded: 8192, inflated: 65536, actions: 500 } as const;

/** Actions a link may carry: all but `apply`, whose objects have no compact form. */
export type LinkAction = Exclude<Action, { kind: 'apply' }>;

/** What a link says. `current` is false when it was made with another simulator or scenario version. */
export interface Link {
	readonly scenario: string;
	/** Only what differs from the scenario's start. */
	readonly settings: Partial<Settings>;
	readonly actions: readonly LinkAction[];
	/** Digest of the last outcome's trace, as `digestOf` writes it; absent when none was asked for. */
	readonly digest?: string;
	readonly current: boolean;
}

type Packed = readonly [kind: string, ...rest: unknown[]];

/** Errors: `bad-link` with `reason` `too-long` (it would pass a cap). */
export function encodeLink(
	scenario: Scenario,
	link: Omit<Link, 'current' | 'scenario'>,
): { text: string } | { error: SimError } {
	if (link.actions.length > LINK_CAPS.actions) return bad('too-long');
	const seen = new Map<string, number>();
	const actions = link.actions.map((action, i) => {
		const packed = pack(action);
		const key = JSON.stringify(packed);
		const first = seen.get(key);
		if (first !== undefined) return first;
		seen.set(key, i);
		return packed;
	});
	const settings = Object.fromEntries(
		SETTING_NAMES.filter((name) => Object.hasOwn(link.settings, name))
			.map((name) => [name, link.settings[name] ?? null] as const)
			.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(scenario.start[name] ?? null)),
	);
	const json = JSON.stringify([SIMULATOR_VERSION, scenario.id, scenario.version, settings, actions, link.digest ?? '']);
	const ascii = json.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
	const text = `${LINK_FORMAT}.${toBase64Url(ascii)}`;
	return ascii.length > LINK_CAPS.inflated || text.length > LINK_CAPS.encoded ? bad('too-long') : { text };
}

/**
 * Reads the text of a fragment. Never throws, builds every value anew (so no key of the text reaches a prototype),
 * and answers `bad-link` with `reason` `too-long`, `format` (another version of this form), `corrupt`, or
 * `unknown` (a scenario, setting or action this build does not have), and the settings' own errors.
 */
export function decodeLink(
	text: string,
	scenarioById: (id: string) => Scenario | undefined,
): { link: Link } | { error: SimError } {
	if (text.length > LINK_CAPS.encoded) return bad('too-long');
	const format = /^([1-9][0-9]{0,5})\.([A-Za-z0-9_-]*)$/.exec(text);
	if (!format) return bad('corrupt');
	if (Number(format[1]) !== LINK_FORMAT) return bad('format');
	const json = fromBase64Url(format[2]!);
	if (json === undefined) return bad('corrupt');
	if (json.length > LINK_CAPS.inflated) return bad('too-long');
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		return bad('corrupt');
	}
	return readLink(value, scenarioById);
}

function readLink(
	value: unknown,
	scenarioById: (id: string) => Scenario | undefined,
): { link: Link } | { error: SimError } {
	if (!Array.isArray(value) || value.length !== 6) return bad('corrupt');
	const [simulator, id, version, changes, packed, digest] = value as unknown[];
	if (!Number.isSafeInteger(simulator) || !Number.isSafeInteger(version)) return bad('corrupt');
	if (typeof id !== 'string' || typeof digest !== 'string' || !/^[0-9a-f]{0,64}$/.test(digest)) return bad('corrupt');
	if (!Array.isArray(packed)) return bad('corrupt');
	if (packed.length > LINK_CAPS.actions) return bad('too-long');
	const scenario = scenarioById(id);
	if (!scenario) return bad('unknown', id);
	const merged = mergeSettings(scenario, scenario.start, changes);
	if ('error' in merged) return merged;
	const actions: LinkAction[] = [];
	for (const item of packed as unknown[]) {
		const action =
			typeof item === 'number'
				? Number.isInteger(item) && item >= 0
					? actions[item]
					: undefined
				: unpack(item, scenario, merged.settings);
		if (!action) return bad('corrupt', `actions[${actions.length}]`);
		actions.push(action);
	}
	return {
		link: {
			scenario: id,
			settings: pick(changes as object, merged.settings),
			actions,
			...(digest === '' ? {} : { digest }),
			current: simulator === SIMULATOR_VERSION && version === scenario.version,
		},
	};
}

/** The checked values of the names that were given, and of no other. */
function pick(given: object, checked: Settings): Partial<Settings> {
	return Object.fromEntries(
		SETTING_NAMES.filter((name) => Object.hasOwn(given, name)).map((name) => [name, checked[name]]),
	);
}

function pack(action: LinkAction): Packed {
	switch (action.kind) {
		case 'connect': {
			const { from, to, protocol, sport } = action.probe;
			const target = `${formatIp(to.ip)}:${to.port}`;
			return sport === undefined ? ['c', from, target, protocol] : ['c', from, target, protocol, sport];
		}
		case 'scale':
			return ['r', action.deployment, action.replicas];
		case 'set':
			return ['s', action.settings];
		case 'advance':
			return ['t', action.by];
		case 'delete':
			return ['d', action.object.kind, action.object.namespace, action.object.name];
	}
}

const KINDS = ['Node', 'Pod', 'Deployment', 'Service', 'EndpointSlice'] as const;

const isName = (value: unknown): value is string =>
	typeof value === 'string' && value.length <= 253 && /^[a-z0-9]([a-z0-9./-]*[a-z0-9])?$/.test(value);

const isCount = (value: unknown, max: number): value is number =>
	Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max;

function unpack(item: unknown, scenario: Scenario, settings: Settings): LinkAction | undefined {
	if (!Array.isArray(item)) return undefined;
	const [kind, a, b, c, d] = item as unknown[];
	switch (kind) {
		case 'c': {
			const probe = unpackProbe(a, b, c, d);
			return probe && { kind: 'connect', probe };
		}
		case 'r':
			return isName(a) && isCount(b, 100) ? { kind: 'scale', deployment: a, replicas: b } : undefined;
		case 's': {
			const merged = mergeSettings(scenario, settings, a);
			return 'error' in merged ? undefined : { kind: 'set', settings: pick(a as object, merged.settings) };
		}
		case 't':
			return isCount(a, Number.MAX_SAFE_INTEGER) ? { kind: 'advance', by: a } : undefined;
		case 'd': {
			const known = KINDS.find((k) => k === a);
			return known && (b === '' || isName(b)) && isName(c)
				? { kind: 'delete', object: { kind: known, namespace: b, name: c } }
				: undefined;
		}
		default:
			return undefined;
	}
}

function unpackProbe(from: unknown, target: unknown, protocol: unknown, sport: unknown): Probe | undefined {
	if (!isName(from) || typeof target !== 'string') return undefined;
	if (protocol !== 'tcp' && protocol !== 'udp') return undefined;
	const colon = target.indexOf(':');
	const ip = parseIp(target.slice(0, Math.max(colon, 0)));
	const port = target.slice(colon + 1);
	if (ip === undefined || !/^[1-9][0-9]{0,4}$/.test(port) || Number(port) > 65535) return undefined;
	if (sport !== undefined && (!isCount(sport, 65535) || sport === 0)) return undefined;
	return { from, to: { ip, port: Number(port) }, protocol, ...(sport === undefined ? {} : { sport: sport as number }) };
}

const bad = (reason: string, where?: string): { error: SimError } => ({
	error: { code: 'bad-link', params: { reason }, ...(where === undefined ? {} : { where: printable(where) }) },
});
