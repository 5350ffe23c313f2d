/** Filters of `hubble observe` together: what stands for which end, what `--not` takes away, what excludes what. */
import { beforeAll, expect, it } from 'vitest';
import { type HubbleDesk, hubbleDesk } from './hubble.ts';

interface Told {
	readonly source: { readonly namespace?: string; readonly pod_name?: string; readonly labels: readonly string[] };
	readonly destination: { readonly namespace?: string; readonly pod_name?: string };
	readonly verdict: string;
	readonly l4: {
		readonly TCP?: {
			readonly source_port: number;
			readonly destination_port: number;
			readonly flags: Record<string, boolean>;
		};
	};
}

let t: HubbleDesk;
const hubble = (words: string): Promise<string> => t.hubble(`observe --all ${words}`);
const flows = (words = ''): Promise<readonly Told[]> => t.flows(`--all ${words}`);

beforeAll(async () => {
	t = await hubbleDesk();
	await t.run('kubectl exec c -- curl -s -o /dev/null $W; kubectl exec c -- nslookup kubernetes.default');
});

const port = (f: Told, end: 'source' | 'destination'): number | undefined => f.l4.TCP?.[`${end}_port`];

it('a pod and a port are of the same end', async () => {
	const all = await flows('--pod c --protocol tcp');
	const to = all.filter((f) => f.source.pod_name === 'c' && port(f, 'destination') === 80);
	expect(to.length).toBeGreaterThan(0);
	// The pod has no port 80: whoever is asked for with both is the same.
	expect(await flows('--pod c --port 80')).toEqual([]);
	expect(await flows('--from-pod c --to-port 80')).toEqual(to);
	expect((await flows('--to-pod c --from-port 80')).every((f) => f.destination.pod_name === 'c')).toBe(true);
});

it('a namespace stands before names that have none', async () => {
	const dns = await flows('-n kube-system --pod coredns');
	expect(dns.length).toBeGreaterThan(0);
	expect(await flows('--pod coredns')).toEqual([]);
	expect(await flows('--pod kube-system/coredns')).toEqual(dns);
	expect(await flows('--from-namespace kube-system --from-pod coredns')).toEqual(
		dns.filter((f) => f.source.namespace === 'kube-system'),
	);
	const some = await flows('--all-namespaces');
	expect(some.length).toBeGreaterThan(dns.length);
	expect(some.every((f) => f.source.namespace !== undefined || f.destination.namespace !== undefined)).toBe(true);
});

it('flags of TCP in one value belong together, of several any will do', async () => {
	const flags = (list: readonly Told[]) => list.map((f) => f.l4.TCP!.flags);
	const both = flags(await flows('--pod c --tcp-flags SYN,ACK'));
	expect(both.length).toBeGreaterThan(0);
	expect(both.every((f) => f.SYN && f.ACK)).toBe(true);
	const either = flags(await flows('--pod c --tcp-flags syn --tcp-flags fin'));
	expect(either.length).toBeGreaterThan(both.length);
	expect(either.every((f) => f.SYN || f.FIN)).toBe(true);
});

it('labels in one value belong together', async () => {
	const one = await flows('--from-label run=c');
	expect(one.length).toBeGreaterThan(0);
	expect(await flows('--from-label run=c,k8s:io.kubernetes.pod.namespace=default')).toEqual(one);
	expect(await flows('--from-label run=c,run=other')).toEqual([]);
	expect(await flows('--from-label run=other --from-label run=c')).toEqual(one);
});

it('what stands behind --not is taken away where all of it fits', async () => {
	const all = await flows('--pod c');
	expect(await flows('--pod c --not --from-pod c')).toEqual(all.filter((f) => f.source.pod_name !== 'c'));
	const left = all.filter((f) => !(f.source.pod_name === 'c' && port(f, 'destination') === 80));
	expect(left.length).toBeLessThan(all.length);
	expect(await flows('--pod c --not --from-pod c --not --to-port 80')).toEqual(left);
	// It means the next filter alone.
	expect(await flows('--not --from-pod x --from-pod c')).toEqual(await flows('--from-pod c'));
	expect(await flows('--pod c --not -t trace')).toEqual([]);
});

it.each([
	['--verdict dropped', 'invalid argument "dropped" for "--verdict" flag: invalid --verdict value: dropped'],
	['--tcp-flags SYN,foo', 'invalid argument "SYN,foo" for "--tcp-flags" flag: unknown tcp flag: foo'],
	['--pod a --ip 10.0.0.1', 'invalid argument "10.0.0.1" for "--ip" flag: filters --ip and --pod cannot be combined'],
	[
		'--port 80 --to-port 80',
		'invalid argument "80" for "--to-port" flag: filters --port and --to-port cannot be combined',
	],
	[
		'--http-header x',
		'invalid argument "x" for "--http-header" flag: invalid http-header value "x", expected name:value',
	],
	['--not --not --pod a', 'invalid argument "true" for "--not" flag: consecutive --not statements'],
	[
		'-t nonsense',
		'invalid argument "nonsense" for "-t, --type" flag: unable to parse type \'nonsense\', not a known type name and unable to parse as numeric value: strconv.ParseUint: parsing "nonsense": invalid syntax',
	],
])('%s is refused', async (words, said) => {
	expect((await hubble(words)).split('\n')[0]).toBe(said);
});
