/**
 * What a Corefile asks for: servers by zone and port, and their plugins in the order CoreDNS has them.
 *
 * Source: coredns core/dnsserver/{register,address,zdirectives}.go and each plugin's setup.go @ v1.8.6, v1.11.1.
 */
import { CorefileError, Dispenser, type ServerBlock } from './caddyfile.ts';
import type { Surroundings as ChainAround, Handler } from './chain.ts';
import { passedOver } from './passed-over.ts';

/** plugin.cfg's order, which is the order questions pass them in. */
const DIRECTIVES =
	'root metadata geoip cancel tls timeouts multisocket reload nsid bufsize bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view'.split(
		' ',
	);
/** Directives by the release that brought them. */
const SINCE: Readonly<Record<string, readonly [number, number]>> = {
	geoip: [8, 5],
	header: [8, 5],
	local: [8, 1],
	minimal: [8, 1],
	timeouts: [10, 0],
	tsig: [10, 0],
	view: [10, 0],
	multisocket: [12, 0],
};

/** `1.8.6`: minor and patch. */
const numbersOf = (version: string): readonly [number, number] => {
	const [, minor = 0, patch = 0] = version.split('.').map(Number);
	return [minor, patch];
};

export const minorOfRelease = (version: string): number => numbersOf(version)[0];

export function directivesOf(version: string): readonly string[] {
	const [minor, patch] = numbersOf(version);
	return DIRECTIVES.filter((name) => {
		const [since = 0, from = 0] = SINCE[name] ?? [];
		return minor > since || (minor === since && patch >= from);
	});
}

/** Zones for which what has no records goes on to the next plugin; undefined when it does not. */
export type Fall = readonly string[] | undefined;

export type Plugin =
	| { readonly kind: 'ready' | 'health' | 'prometheus'; readonly port: number; readonly ip: string }
	| { readonly kind: 'lameduck'; readonly wait: number }
	| { readonly kind: 'reload'; readonly interval: number; readonly jitter: number }
	| { readonly kind: 'loop' | 'loadbalance' | 'whoami' | 'any' }
	| { readonly kind: 'errors'; readonly patterns: readonly Consolidated[] }
	| { readonly kind: 'bufsize'; readonly size: number }
	| { readonly kind: 'log'; readonly rules: readonly LogRule[] }
	| Cache
	| { readonly kind: 'rewrite'; readonly rules: readonly Rewrite[] }
	| { readonly kind: 'template'; readonly templates: readonly Template[] }
	| { readonly kind: 'autopath'; readonly zones: readonly string[]; readonly search: readonly string[] | '@kubernetes' }
	| Hosts
	| Kubernetes
	| Forward
	/** A plugin whose setup makes what handles questions. */
	| { readonly kind: 'made'; readonly name: string; readonly make: (around: ChainAround) => Handler }
	/** Known to CoreDNS; questions go past it here. */
	| { readonly kind: 'other'; readonly name: string };

/** `consolidate`: errors that are alike are told together, once in a while (microseconds). */
export interface Consolidated {
	readonly text: string;
	readonly pattern: RegExp;
	readonly period: number;
	/** `30s`, as it was written. */
	readonly said: string;
	readonly level: string;
}

export interface LogRule {
	readonly zone: string;
	readonly format: string;
	readonly classes: readonly string[];
}

export interface Cache {
	readonly kind: 'cache';
	readonly zones: readonly string[];
	/** Seconds. */
	readonly success: number;
	readonly denial: number;
	readonly least: readonly [success: number, denial: number];
	readonly fail: number;
	readonly notSuccess: readonly string[];
	readonly notDenial: readonly string[];
	/** Microseconds for which what is too old is still given; none without `serve_stale`. */
	readonly stale: number;
	/** `verify`: only when asking again fails. */
	readonly verify: boolean;
	/** Asked for that often, it is fetched again before its end: with that part of its life left. */
	readonly prefetch?: { readonly amount: number; readonly duration: number; readonly part: number };
	readonly keepTtl: boolean;
}

export interface Rewrite {
	readonly what: 'name' | 'type' | 'ttl' | 'other';
	/** Of a `ttl` rule: the least and the most. */
	readonly ttl?: readonly [least: number, most: number];
	readonly mode: 'continue' | 'stop';
	readonly match: string;
	readonly from: string;
	readonly to: string;
	/** Names in the answer are turned back. */
	readonly auto: boolean;
	readonly answers: readonly { readonly of: 'name' | 'value'; readonly from: RegExp; readonly to: string }[];
}

export interface Template {
	/** 0 for any. */
	readonly type: string;
	readonly zones: readonly string[];
	readonly match: readonly RegExp[];
	readonly answer: readonly string[];
	readonly additional: readonly string[];
	readonly authority: readonly string[];
	readonly rcode: number;
	readonly fall: Fall;
}

export interface Hosts {
	readonly kind: 'hosts';
	readonly file: string;
	readonly zones: readonly string[];
	readonly lines: readonly string[];
	readonly ttl: number;
	readonly reverse: boolean;
	readonly fall: Fall;
}

export interface Kubernetes {
	readonly kind: 'kubernetes';
	readonly zones: readonly string[];
	readonly pods: 'disabled' | 'insecure' | 'verified';
	readonly namespaces: readonly string[];
	readonly endpointPodNames: boolean;
	readonly ignoreEmpty: boolean;
	readonly ttl: number;
	readonly fall: Fall;
}

export interface Forward {
	readonly kind: 'forward';
	readonly from: string;
	readonly to: readonly { readonly host: string; readonly port: number; readonly tls: boolean }[];
	readonly except: readonly string[];
	readonly tcp: boolean;
	readonly policy: string;
	/** Without `max_fails 0` one that does not answer is left alone for a while. */
	readonly checks: boolean;
}

export interface Server {
	/** With the dot at the end. */
	readonly zones: readonly string[];
	readonly port: number;
	/** Nothing is bound for it here: TLS, HTTPS, gRPC. */
	readonly secure: boolean;
	readonly plugins: readonly Plugin[];
}

export const fqdn = (name: string): string => (name.endsWith('.') ? name : `${name}.`).toLowerCase();

/** Whether a name is a zone or below it. */
export const within = (name: string, zone: string): boolean =>
	zone === '.' || name === zone || name.endsWith(`.${zone}`);

/** The longest of some zones a name is in. */
export const zoneOf = (name: string, zones: readonly string[]): string | undefined =>
	zones.filter((zone) => within(name, zone)).sort((a, b) => b.length - a.length)[0];

export const fallsThrough = (fall: Fall, name: string): boolean =>
	fall !== undefined && zoneOf(name, fall) !== undefined;

const PORTS: Readonly<Record<string, number>> = { dns: 53, tls: 853, quic: 853, https: 443, grpc: 443 };

interface ZoneAddress {
	readonly zones: readonly string[];
	readonly port: number;
	readonly transport: string;
}

/** `10.0.0.0/24` is its reverse zone, or the several ones it takes (plugin/normalize.go, dnsutil/reverse). */
function zonesOfKey(key: string): readonly string[] {
	const m = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(key);
	if (!m) return [fqdn(key)];
	const octets = m.slice(1, 5).map(Number);
	const length = Number(m[5]);
	const whole = Math.ceil(length / 8);
	const free = whole * 8 - length;
	return Array.from({ length: 2 ** free }, (_, i) => {
		const own = octets.slice(0, whole);
		if (free > 0) own[whole - 1] = (own[whole - 1]! & (0xff << free) & 0xff) + i;
		return `${own.reverse().join('.')}.in-addr.arpa.`;
	});
}

function addressOf(key: string): ZoneAddress {
	const [, transport = 'dns', rest = key] = /^([a-z]+):\/\/(.*)$/.exec(key) ?? [];
	const port = /^(.*):(\d*)$/.exec(rest);
	const zone = port ? port[1]! : rest;
	const number = port?.[2] ? Number(port[2]) : (PORTS[transport] ?? 53);
	if (zone === '' || /[^\x21-\x7e]/.test(zone) || /\.\./.test(zone))
		throw new CorefileError(`error inspecting server blocks: "${zone}" is not a valid domain name`);
	return { zones: zonesOfKey(zone), port: number, transport };
}

export interface Surroundings {
	/** A file of the container; undefined when it is not there. */
	readFile(path: string): string | undefined;
	/** CoreDNS's log. */
	log(line: string): void;
}

export type Setup = (c: Dispenser, keys: readonly string[], around: Surroundings) => readonly Plugin[];

/**
 * Servers of a Corefile's blocks.
 * @throws CorefileError
 */
export function configOf(
	file: string,
	blocks: readonly ServerBlock[],
	setups: Readonly<Record<string, Setup>>,
	directives: readonly string[],
	around: Surroundings,
): readonly Server[] {
	const found = blocks.map(({ keys, tokens }) => {
		const addresses = keys.map(addressOf);
		return { tokens, addresses, keys: addresses.flatMap((a) => a.zones), plugins: [] as Plugin[] };
	});
	for (const name of directives)
		for (const block of found) {
			const words = block.tokens.get(name);
			if (!words) continue;
			const setup = setups[name];
			try {
				const c = new Dispenser(file, words);
				if (setup) block.plugins.push(...setup(c, block.keys, around));
				else {
					block.plugins.push({ kind: 'other', name });
					const line = passedOver(name);
					if (line !== undefined) around.log(line);
				}
			} catch (fault) {
				throw fault instanceof CorefileError ? new CorefileError(`plugin/${name}: ${fault.message}`) : fault;
			}
		}
	const seen = new Set<string>();
	const out: Server[] = [];
	for (const { addresses, plugins } of found)
		for (const { zones, port, transport } of addresses) {
			for (const zone of zones) {
				const key = `${transport}://${zone}:${port}`;
				if (seen.has(key)) throw new CorefileError(`cannot serve ${key} - it is already defined`);
				seen.add(key);
			}
			out.push({ zones, port, secure: transport !== 'dns', plugins });
		}
	return out;
}
