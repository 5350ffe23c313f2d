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
