/** What clients of name servers say: of what they do not do, of records by their type, of names that were searched for. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
	await lab.run('kubectl run a --image=nicolaka/netshoot -- sleep 1d');
	await lab.run('kubectl wait --for=condition=Ready pod/a --timeout=2m');
});
const inA = (line: string): Promise<string> => lab.run(`kubectl exec a -- ${line}`);

describe('what the clients do not do they say', () => {
	test.each([
		['dig +yaml kubernetes.default', 'dig: the simulator has no +yaml\n'],
		['dig +dnssec kubernetes.default', 'dig: the simulator has no +dnssec\n'],
		['dig +nonsense kubernetes.default', 'Invalid option: +nonsense\n'],
		['dig -f /tmp/names', 'dig: the simulator has no -f\n'],
		['dig a..b', "dig: 'a..b' is not a legal name: empty label\n"],
		['host -v kubernetes', 'host: the simulator has no -v\n'],
		['nslookup -debug kubernetes', 'nslookup: the simulator has no -debug\n'],
		['nslookup -port=53 kubernetes', 'nslookup: the simulator has no -port\n'],
		['nslookup -nonsense kubernetes', '*** Invalid option: nonsense\n'],
	])('%s', async (line, said) => expect(await inA(line)).toContain(said));

	test('dig +multiline writes an SOA over lines, with its times in words', async () => {
		expect(await inA('dig +noall +answer +multiline SOA cluster.local')).toMatch(
			/^cluster\.local\.\t\t30 IN SOA ns\.dns\.cluster\.local\. hostmaster\.cluster\.local\. \(\n\t{4}\d{10} ; serial\n\t{4}7200 {7}; refresh \(2 hours\)\n\t{4}1800 {7}; retry \(30 minutes\)\n\t{4}86400 {6}; expire \(1 day\)\n\t{4}30 {9}; minimum \(30 seconds\)\n\t{4}\)\n$/,
		);
	});

	test('host words records by their type', async () => {
		expect(await inA('host -t NS cluster.local')).toMatch(/^cluster\.local name server kube-dns\S+\.\n$/);
		expect(await inA('host -t SOA cluster.local')).toMatch(/^cluster\.local has SOA record ns\.dns\./);
		expect(await inA('host -t TXT dns-version.cluster.local')).toBe(
			'dns-version.cluster.local descriptive text "1.1.0"\n',
		);
	});
});

test('getent tells the whole name of what was searched for, musl’s as an alias too', async () => {
	expect(await inA('getent hosts kubernetes')).toBe(
		'10.96.0.1         kubernetes.default.svc.cluster.local  kubernetes.default.svc.cluster.local kubernetes\n',
	);
	await lab.run('kubectl run d --image=nginx; kubectl wait --for=condition=Ready pod/d');
	expect(await lab.run('kubectl exec d -- getent hosts kubernetes')).toBe(
		'10.96.0.1       kubernetes.default.svc.cluster.local\n',
	);
});

describe('when no name server answers', () => {
	beforeAll(async () => {
		await lab.run('kubectl run deaf --image=nicolaka/netshoot -- sleep 1d; kubectl run deaf2 --image=nginx');
		await lab.run('kubectl wait --for=condition=Ready pod/deaf pod/deaf2');
		await lab.run(`kubectl apply -f - <<'Y'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deaf}
spec:
  podSelector: {matchExpressions: [{key: run, operator: In, values: [deaf, deaf2]}]}
  policyTypes: [Egress]
Y
sleep 2`);
	});
	const took = async (pod: string, line: string): Promise<string> =>
		lab.run(`S=$SECONDS; kubectl exec ${pod} -- ${line}; echo "took $((SECONDS - S))"`);

	test('curl’s limits hold for the lookup too', async () => {
		const text = await took('deaf', 'curl -sS -m 2 web:8080');
		expect(text).toContain('curl: (28) Resolving timed out after 2000 milliseconds\n');
		expect(text).toContain('exit code 28\ntook 2\n');
		expect(await took('deaf', 'curl -sS --connect-timeout 3 web:8080')).toContain('exit code 28\ntook 3\n');
	});

	test('musl gives up after five seconds, glibc after the first of the list and the name itself', async () => {
		expect(await took('deaf', 'ping -c 1 web')).toBe(
			'ping: web: Try again\ncommand terminated with exit code 2\ntook 5\n',
		);
		expect(await took('deaf2', 'curl -sS web')).toBe(
			'curl: (6) Could not resolve host: web\ncommand terminated with exit code 6\ntook 20\n',
		);
	});
});

test('curl -v tells of what --resolve and --connect-to put in the place of a name', async () => {
	const at = '172.18.0.3:32017';
	expect(await inA(`curl -sv --resolve foo:32017:172.18.0.3 foo:32017`)).toContain(
		`* Added foo:32017:172.18.0.3 to DNS cache\n* Hostname foo was found in DNS cache\n*   Trying ${at}...\n* Connected to foo (172.18.0.3) port 32017 (#0)\n`,
	);
	expect(await inA(`curl -sv --connect-to foo:80:${at} foo`)).toContain(
		`* Connecting to hostname: 172.18.0.3\n* Connecting to port: 32017\n*   Trying ${at}...\n* Connected to 172.18.0.3 (172.18.0.3) port 32017 (#0)\n`,
	);
	expect(await inA(`curl -sS --http2-prior-knowledge ${at}`)).toContain('does not do --http2-prior-knowledge\n');
});
