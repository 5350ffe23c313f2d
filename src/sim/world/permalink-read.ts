/** What a fragment says (`permalink.ts`). Whatever comes in from a URL is hostile until it was checked here. */
import { parseIp } from '../wire/index.ts';
import { fromBase64Url } from './base64url-read.ts';
import { bad, LINK_CAPS, LINK_FORMAT, type Link, type LinkAction, SIMULATOR_VERSION } from './permalink.ts';
import type { Scenario } from './scenario.ts';
import { mergeSettings, SETTING_NAMES } from './settings.ts';
import type { Probe, Settings, SimError } from './types.ts';

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

const KINDS = ['Node', 'Pod', 'Deployment', 'Service', 'EndpointSlice', 'CiliumEgressGatewayPolicy'] as const;

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
