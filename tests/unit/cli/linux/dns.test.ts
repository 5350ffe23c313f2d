/** Name servers and those who ask them: sizes and options on the wire, search lists, and what nobody answers. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
	await lab.run('kubectl run a --image=nicolaka/netshoot -- sleep 1d; kubectl run b --image=busybox -- sleep 1d');
	await lab.run('kubectl wait --for=condition=Ready pod/a pod/b --timeout=2m');
});
const inA = (line: string): Promise<string> => lab.run(`kubectl exec a -- ${line}`);
const inB = (line: string): Promise<string> => lab.run(`kubectl exec b -- ${line}`);

describe('CoreDNS', () => {
	test('sends names in full and the cookie back: 129 octets, as BIND’s own dig counts them of such an answer', async () => {
		const text = await inA('dig kubernetes.default.svc.cluster.local');
		expect(text).toMatch(/^; COOKIE: [0-9a-f]{16} \(echoed\)$/m);
		expect(text).toContain(';; MSG SIZE  rcvd: 129\n');
		expect(await inA('dig +nocookie +noedns kubernetes.default.svc.cluster.local')).toContain('MSG SIZE  rcvd: 106\n');
	});

	test('has its zone’s SOA and itself as name server, nothing for ANY, and no transfers', async () => {
		expect(await inA('dig +short SOA cluster.local')).toMatch(
			/^ns\.dns\.cluster\.local\. hostmaster\.cluster\.local\. /,
		);
		expect(await inA('dig NS cluster.local')).toMatch(
			/;; ANSWER SECTION:\ncluster\.local\.\t\t30\tIN\tNS\tkube-dns[\s\S]*;; ADDITIONAL SECTION:\nkube-dns[^\n]*A\t10\.96\.0\.10\n/,
		);
		expect(await inA('dig ANY kubernetes.default.svc.cluster.local')).toContain('NOERROR');
		expect(await inA('dig +short ANY kubernetes.default.svc.cluster.local')).toBe('');
		expect(await inA('dig AXFR cluster.local')).toContain('; Transfer failed.\n');
	});
});

test.each([
	['dig +short kubernetes.default.svc.cluster.local', '10.96.0.1\n'],
	['host -t SRV _dns._udp.kube-dns.kube-system.svc.cluster.local', '0 100 53 kube-dns.kube-system.svc.cluster.local.'],
	['nslookup nope.default', 'NXDOMAIN'],
	['nslookup basic-worker', '172.18.0.3'],
	['dig +short -x 10.96.0.10', 'kube-dns.kube-system.svc.cluster.local.\n'],
	['dig +short 1-2-3-4.default.pod.cluster.local', '1.2.3.4\n'],
	['dig +noall +comments 1-2-3-4.nowhere.pod.cluster.local', 'NXDOMAIN'],
])('names of the cluster, of nodes and of addresses: %s', async (line, answer) => {
	expect(await inA(line)).toContain(answer);
});

test('a service of the type ExternalName is another name, and in the cluster what that one has', async () => {
	await lab.run('kubectl create service externalname ext --external-name example.com');
	await lab.run('kubectl create service externalname api --external-name kubernetes.default.svc.cluster.local');
	const text = await inA('dig ext.default.svc.cluster.local');
	expect(text).toContain('status: NOERROR');
	expect(text).toContain('ext.default.svc.cluster.local. 30 IN\tCNAME\texample.com.\n');
	expect(await inA('dig +short api.default.svc.cluster.local')).toBe(
		'kubernetes.default.svc.cluster.local.\n10.96.0.1\n',
	);
	expect(await inA('host api')).toBe(
		'api.default.svc.cluster.local is an alias for kubernetes.default.svc.cluster.local.\nkubernetes.default.svc.cluster.local has address 10.96.0.1\n',
	);
});

describe('nslookup', () => {
	test('of BIND walks the search list, complains of no recursion, and asks for IPv6 too', async () => {
		const complaint = ';; Got recursion not available from 10.96.0.10\n';
		expect(await inA('nslookup kubernetes.default')).toBe(
			`${complaint}${complaint}Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\nName:\tkubernetes.default.svc.cluster.local\nAddress: 10.96.0.1\n${complaint}\n`,
		);
	});

	test('of busybox looks along the list for names without a dot only, and for both kinds of address', async () => {
		expect(await inB('nslookup kubernetes.default')).toContain(
			"** server can't find kubernetes.default: NXDOMAIN\n\n** server can't find kubernetes.default: NXDOMAIN\n\n",
		);
		expect(await inB('nslookup kubernetes.default.svc.cluster.local')).toBe(
			'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tkubernetes.default.svc.cluster.local\nAddress: 10.96.0.1\n\n\n',
		);
	});
});

test('images of another time have the nslookup of theirs', async () => {
	await lab.run('kubectl run old --image=busybox:1.28 -- sleep 1d');
	await lab.run('kubectl run jessie --image=registry.k8s.io/e2e-test-images/jessie-dnsutils:1.3 -- sleep 1d');
	await lab.run('kubectl wait --for=condition=Ready pod/old pod/jessie --timeout=2m');
	const server = 'Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n';
	expect(await lab.run('kubectl exec old -- nslookup kubernetes.default')).toBe(
		`${server}Name:      kubernetes.default\nAddress 1: 10.96.0.1 kubernetes.default.svc.cluster.local\n`,
	);
	expect(await lab.run('kubectl exec old -- nslookup nope')).toContain(
		`${server}nslookup: can't resolve 'nope'\ncommand terminated with exit code 1\n`,
	);
	expect(await lab.run('kubectl exec jessie -- nslookup kubernetes.default')).toBe(
		'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\nName:\tkubernetes.default.svc.cluster.local\nAddress: 10.96.0.1\n\n',
	);
	expect(await lab.run('kubectl exec jessie -- grep VERSION_CODENAME /etc/os-release')).toContain('jessie');
});

describe('of two name servers, the first dead, the second answers', () => {
	const dead = (tool: string): string =>
		`sh -c 'cp /etc/resolv.conf /tmp/was; (echo nameserver 10.244.9.9; cat /tmp/was) > /etc/resolv.conf; time ${tool}; cat /tmp/was > /etc/resolv.conf'`;

	test('to dig of 9.16 after the second it gives each but the last, and it is called the server', async () => {
		const text = await inA(dead('dig kubernetes.default.svc.cluster.local'));
		expect(text).toMatch(/^kubernetes\.default\.svc\.cluster\.local\.\s+\d+\s+IN\s+A\s+10\.96\.0\.1$/m);
		expect(text).toContain(';; SERVER: 10.96.0.10#53(10.96.0.10) (UDP)\n');
		expect(text).toContain('real\t0m1.00');
	});

	test('to host and nslookup of 9.16 likewise, each question anew: five names for the address, then two more types', async () => {
		const text = await inA(dead('host kubernetes.default.svc.cluster.local'));
		expect(text).toContain('kubernetes.default.svc.cluster.local has address 10.96.0.1\n');
		expect(text).toContain('real\t0m7.00');
		expect(await inA(dead('nslookup kubernetes.default'))).toMatch(
			/^Server:\t\t10\.96\.0\.10\nAddress:\t10\.96\.0\.10#53\n[\s\S]*Address: 10\.96\.0\.1\n/m,
		);
	});

	test('to busybox after its five seconds, as it asks one after another', async () => {
		const text = await inB(dead('nslookup kubernetes.default.svc.cluster.local'));
		expect(text).toContain('Server:\t\t10.96.0.10\n');
		expect(text).toContain('Address: 10.96.0.1\n');
		expect(text).toContain('real\t0m5.0');
	});

	test('dig of 9.18 tries the first as often as it tries at all, and each further one once', async () => {
		await lab.run(`sudo sh -c 'printf "nameserver 127.0.0.9\\nnameserver 127.0.0.8\\n" > /etc/resolv.conf'`);
		const line = (server: string): string => `;; communications error to ${server}#53: connection refused\n`;
		const text = await lab.run('dig +tries=2 foo.bar');
		expect(text).toMatch(new RegExp(`^${line('127.0.0.9').repeat(2)}${line('127.0.0.8')}\n; <<>> DiG 9\\.18`));
		expect(await lab.run('host foo.bar')).toBe(
			`${line('127.0.0.9').repeat(2)}${line('127.0.0.8')};; no servers could be reached\n`,
		);
	});
});

test('whoever is not told of ICMP errors waits for name servers that are gone', async () => {
	await lab.run('kubectl -n kube-system scale deploy coredns --replicas=0; sleep 20');
	expect(await inA('dig +time=1 +tries=2 kubernetes.default.svc.cluster.local')).toMatch(
		/^\n; <<>> DiG 9\.16\.33 [^\n]+\n;; global options: \+cmd\n;; connection timed out; no servers could be reached\n/,
	);
	expect(await inA('host -W 1 kubernetes.default')).toContain(';; connection timed out; no servers could be reached\n');
	expect(await inB('nslookup kubernetes.default.svc.cluster.local')).toContain(
		';; connection timed out; no servers could be reached\n',
	);
});

test('busybox’s nslookup hears of a refusal as it writes the second question, or as it reads the answer of the only one', async () => {
	const deaf = (await lab.run("kubectl get pod a -o jsonpath='{.status.podIP}'")).trim();
	const over = ';; connection timed out; no servers could be reached\n\ncommand terminated with exit code 1\n';
	expect(await inB(`nslookup kubernetes.default.svc.cluster.local ${deaf}`)).toBe(
		`nslookup: write to '${deaf}': Connection refused\n${over}`,
	);
	let seconds = await lab.seconds(`kubectl exec b -- nslookup kubernetes.default ${deaf}`);
	expect(seconds).toBeLessThan(1);
	const one = `nslookup -type=a kubernetes.default.svc.cluster.local ${deaf}`;
	expect(await inB(one)).toBe(`${'nslookup: read: Connection refused\n'.repeat(2)}${over}`);
	seconds = await lab.seconds(`kubectl exec b -- ${one}`);
	expect(Math.round(seconds)).toBe(5);
});
