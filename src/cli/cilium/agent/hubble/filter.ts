/** Filters of `hubble observe`, as its flags put them together. Source: hubble/cmd/observe/{flows,flows_filter}.go @ v1.17.5. */
import type { FlagValues } from '../../../cobra/index.ts';
import { ENDS, endFault, podOf, quote, serviceOf, type Test, WHOLE } from './filter-tests.ts';
import type { Flow } from './flow.ts';

/** Filters that exclude each other (newFlowFilter()). */
const CONFLICTS: readonly (readonly string[])[] = [
	'from-fqdn from-ip ip fqdn from-namespace namespace from-all-namespaces all-namespaces',
	'from-fqdn from-ip ip fqdn from-pod pod',
	'to-fqdn to-ip ip fqdn to-namespace namespace to-all-namespaces all-namespaces',
	'to-fqdn to-ip ip fqdn to-pod pod',
	'to-pod namespace all-namespaces',
	'from-pod namespace all-namespaces',
	'to-service namespace all-namespaces',
	'from-service namespace all-namespaces',
	'label from-label',
	'label to-label',
	'service from-service',
	'service to-service',
	'port to-port',
	'port from-port',
	'identity to-identity',
	'identity from-identity',
	'workload to-workload',
	'workload from-workload',
	'encrypted unencrypted',
].map((group) => group.split(' '));

const SIDES = ['source', 'destination'] as const;
type End = (typeof SIDES)[number];

/** One filter of the server: all kinds must fit, of each kind one value. */
class Filter {
	readonly #kinds = new Map<string, Test[]>();
	readonly names: Record<End, { pod: string[]; service: string[] }> = {
		source: { pod: [], service: [] },
		destination: { pod: [], service: [] },
	};

	add(kind: string, test: Test): void {
		this.#kinds.set(kind, [...(this.#kinds.get(kind) ?? []), test]);
	}

	/** Namespaces that flags gave: before names without one, or before any name where there is none. */
	within(end: End, namespaces: readonly string[]): void {
		if (namespaces.length === 0) return;
		const names = this.names[end];
		if (names.pod.length === 0 && names.service.length === 0) names.pod = [''];
		const put = (list: readonly string[]): string[] =>
			list.flatMap((name) => (name.includes('/') ? [name] : namespaces.map((ns) => `${ns}/${name}`)));
		names.pod = put(names.pod);
		names.service = put(names.service);
	}

	fits(flow: Flow): boolean {
		for (const tests of this.#kinds.values()) if (!tests.some((test) => test(flow))) return false;
		return SIDES.every((end) => {
			const { pod, service } = this.names[end];
			return (
				(pod.length === 0 || pod.some((name) => podOf(flow[end], name))) &&
				(service.length === 0 || service.some((name) => serviceOf(flow[end], name)))
			);
		});
	}
}

/** What flags ask for: a filter of flows from there, or one of flows to there (filterTracker). */
class Tracker {
	readonly #left = new Filter();
	readonly #right = new Filter();
	readonly #changed = new Set<string>();
	readonly #namespaces: Record<End | 'either', string[]> = { source: [], destination: [], either: [] };
	#over = false;

	/** What is wrong with a flag. */
	set(name: string, value: string): string | undefined {
		this.#changed.add(name);
		for (const group of CONFLICTS) {
			const found = group.filter((one) => this.#changed.has(one));
			if (found.length > 1) return `filters --${found[0]} and --${found[1]} cannot be combined`;
		}
		const [, end = '', kind = name] = /^(from|to)-(.*)$/.exec(name) ?? [];
		if (kind === 'namespace' || kind === 'all-namespaces') {
			const side = end === 'from' ? 'source' : end === 'to' ? 'destination' : 'either';
			this.#namespaces[side].push(kind === 'namespace' ? value : '');
			return undefined;
		}
		const whole = WHOLE[name]?.(value);
		if (typeof whole === 'string') return whole;
		if (whole) {
			for (const filter of [this.#left, this.#right]) filter.add(name, whole);
			return undefined;
		}
		const wrong = endFault(kind, value);
		if (wrong !== undefined) return wrong;
		const put = (filter: Filter, side: End): void => {
			if (kind === 'pod' || kind === 'service') filter.names[side][kind].push(value);
			else filter.add(`${side} ${kind}`, (flow) => ENDS[kind]!(flow[side], value));
		};
		if (end === '') {
			put(this.#left, 'source');
			put(this.#right, 'destination');
		} else for (const filter of [this.#left, this.#right]) put(filter, end === 'from' ? 'source' : 'destination');
		return undefined;
	}

	fits(flow: Flow): boolean {
		if (!this.#over) {
			this.#over = true;
			for (const side of SIDES)
				for (const filter of [this.#left, this.#right]) filter.within(side, this.#namespaces[side]);
			this.#left.within('source', this.#namespaces.either);
			this.#right.within('destination', this.#namespaces.either);
		}
		return this.#left.fits(flow) || this.#right.fits(flow);
	}
}

const FILTERS: ReadonlySet<string> = new Set([
	...Object.keys(WHOLE),
	...[...Object.keys(ENDS), 'pod', 'service', 'namespace', 'all-namespaces'].flatMap((name) => [
		name,
		`from-${name}`,
		`to-${name}`,
	]),
]);

/** What is wrong with the values, or the test: what flags ask for, and nothing that those behind `--not` mean together. */
export function filterFrom(flags: FlagValues): { readonly test: Test } | { readonly error: string } {
	const [wanted, unwanted] = [new Tracker(), new Tracker()];
	let [asks, denies, not] = [false, false, false];
	for (const [name, value] of flags.all()) {
		if (name === 'not') {
			if (not) return { error: 'invalid argument "true" for "--not" flag: consecutive --not statements' };
			not = true;
			continue;
		}
		if (!FILTERS.has(name) || (BOOLS.has(name) && value === 'false')) continue;
		const wrong = (not ? unwanted : wanted).set(name, value);
		if (wrong !== undefined) {
			const flag = SHORT[name] === undefined ? `--${name}` : `-${SHORT[name]}, --${name}`;
			return { error: `invalid argument ${quote(value)} for ${quote(flag)} flag: ${wrong}` };
		}
		if (not) denies = true;
		else asks = true;
		not = false;
	}
	return { test: (flow) => (!asks || wanted.fits(flow)) && !(denies && unwanted.fits(flow)) };
}

const BOOLS: ReadonlySet<string> = new Set(
	'ipv4 ipv6 encrypted unencrypted all-namespaces from-all-namespaces to-all-namespaces'.split(' '),
);
const SHORT: Readonly<Record<string, string>> = {
	type: 't',
	namespace: 'n',
	ipv4: '4',
	ipv6: '6',
	'all-namespaces': 'A',
};
