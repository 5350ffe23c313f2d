/**
 * A situation as text for the fragment of a URL: which scenario, which switches, which actions, and a digest of
 * what came of it, so that the page that opens it can say whether it still comes to the same.
 *
 * Form: `<format>.<base64url of compact JSON>`. It is read in `permalink-read.ts`.
 */
import { formatIp } from '../wire/index.ts';
import { toBase64Url } from './base64url.ts';
import type { Scenario } from './scenario.ts';
import { printable, SETTING_NAMES } from './settings.ts';
import type { Action, Settings, SimError } from './types.ts';

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

/** `bad-link` with its reason. */
export const bad = (reason: string, where?: string): { error: SimError } => ({
	error: { code: 'bad-link', params: { reason }, ...(where === undefined ? {} : { where: printable(where) }) },
});
