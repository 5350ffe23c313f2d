/** What a pod finds in /etc/resolv.conf and /etc/hosts, by its policy, its own configuration and its aliases. */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
	const pod = (name: string, spec: object): string =>
		JSON.stringify({
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: { name },
			spec: { containers: [{ name: 'c', image: 'busybox', command: ['sleep', '1d'] }], ...spec },
		});
	const pods: Readonly<Record<string, object>> = {
		none: {
			dnsPolicy: 'None',
			dnsConfig: {
				nameservers: ['1.1.1.1', '10.96.0.10'],
				searches: ['my.dom'],
				options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
			},
			hostAliases: [{ ip: '10.1.2.3', hostnames: ['foo.local', 'bar'] }],
		},
		more: { dnsConfig: { searches: ['my.dom', 'cluster.local'], options: [{ name: 'ndots', value: '1' }] } },
		node: { dnsPolicy: 'Default' },
		host: { hostNetwork: true },
		both: { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' },
	};
	for (const [name, spec] of Object.entries(pods)) await lab.run(`echo '${pod(name, spec)}' | kubectl apply -f -`);
	await lab.run('kubectl wait --for=condition=Ready pod --all --timeout=2m');
});

const ZONES = 'default.svc.cluster.local svc.cluster.local cluster.local localdomain';
const NODE = 'search localdomain\nnameserver 172.18.0.1\noptions edns0 trust-ad ndots:0\n';

test.each([
	['none', 'search my.dom\nnameserver 1.1.1.1\nnameserver 10.96.0.10\noptions ndots:2 edns0\n'],
	['more', `search ${ZONES} my.dom\nnameserver 10.96.0.10\noptions ndots:1\n`],
	['node', NODE],
	['host', NODE],
	['both', `search ${ZONES}\nnameserver 10.96.0.10\noptions ndots:5\n`],
])('a pod "%s" has its resolv.conf', async (name, text) => {
	expect(await lab.run(`kubectl exec ${name} -- cat /etc/resolv.conf`)).toBe(text);
});

test('aliases are in /etc/hosts, and names are found there', async () => {
	expect(await lab.run('kubectl exec none -- cat /etc/hosts')).toMatch(
		/^# Kubernetes-managed hosts file\.\n127\.0\.0\.1\tlocalhost\n[\s\S]*\tnone\n\n# Entries added by HostAliases\.\n10\.1\.2\.3\tfoo\.local\tbar\n$/,
	);
	expect(await lab.run('kubectl exec none -- ping -c1 -W1 bar')).toContain('PING bar (10.1.2.3): 56 data bytes');
	expect(await lab.run('kubectl exec host -- head -n1 /etc/hosts')).toBe(
		'# Kubernetes-managed hosts file (host network).\n',
	);
});

test('a pod that wants no names of the cluster and has none of its own is refused', async () => {
	const spec = (more: string): string =>
		`echo '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"},"spec":{"dnsPolicy":"None",${more}"containers":[{"name":"c","image":"busybox"}]}}' | kubectl apply -f -`;
	expect(await lab.run(spec(''))).toContain(
		'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None',
	);
	expect(await lab.run(spec('"dnsConfig":{"nameservers":["dns"]},'))).toContain(
		'spec.dnsConfig.nameservers[0]: Invalid value: "dns": must be valid IP address',
	);
});
