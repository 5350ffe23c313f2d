/**
 * tcpdump where other programs are about: its file while it runs, its end by a signal, questions of resolvers.
 * What it prints is compared with the tool itself in tests/kernel/tools.test.ts.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
	const spec = (host: boolean): string => `--overrides='{"spec":{"nodeName":"basic-worker","hostNetwork":${host}}}'`;
	await lab.run(`kubectl run pod --image=nicolaka/netshoot ${spec(false)} -- sleep 1d`);
	await lab.run(`kubectl run host --image=nicolaka/netshoot ${spec(true)} -- sleep 1d`);
	await lab.run('kubectl wait --for=condition=Ready pod/pod pod/host --timeout=2m');
});

describe('a capture into a file', () => {
	test('is there when a signal ended tcpdump, which ends well', async () => {
		const text = await lab.run(`kubectl exec host -- tcpdump -w /tmp/x.pcap icmp &
sleep 1
kubectl exec pod -- ping -c 1 -q 172.18.0.2 >/dev/null
kubectl exec host -- pkill tcpdump
wait %1; echo "code $?"
kubectl exec host -- tcpdump -n --count -r /tmp/x.pcap`);
		expect(text).toContain('snapshot length 262144 bytes\n2 packets captured\n');
		expect(text).not.toContain('terminated with exit code');
		expect(text).toMatch(/^code 0$/m);
		expect(text).toMatch(/^2 packets$/m);
	});

	test('grows by whole buffers, with -U by packets', async () => {
		const sizes = async (options: string): Promise<string> => {
			await lab.run(`kubectl exec host -- timeout 3 tcpdump ${options} -w /tmp/y.pcap icmp &
kubectl exec pod -- ping -c 1 -q 172.18.0.2 >/dev/null
sleep 1
kubectl exec host -- stat -c %s /tmp/y.pcap > /tmp/now
wait`);
			return `${await lab.run('cat /tmp/now')}${await lab.run('kubectl exec host -- stat -c %s /tmp/y.pcap')}`;
		};
		expect(await sizes('')).toBe('0\n252\n');
		expect(await sizes('-U')).toBe('252\n252\n');
	});

	test('as text grows by whole buffers, by lines with -l, and has the rest at the end', async () => {
		const script = (options: string): string =>
			`kubectl exec host -- sh -c 'tcpdump ${options} -ni any icmp > /tmp/t 2> /dev/null & sleep 2; wc -l < /tmp/t; kill $!; wait; wc -l < /tmp/t' &
kubectl exec pod -- ping -c 1 -q 172.18.0.2 >/dev/null
wait`;
		const counts = async (options: string): Promise<readonly number[]> =>
			[...(await lab.run(script(options))).matchAll(/^(\d+)$/gm)].map(([, n]) => Number(n));
		const [none, all] = await counts('');
		expect(none).toBe(0);
		expect(all).toBeGreaterThan(1);
		// The last line is the empty one that a signal makes it write.
		expect(await counts('-l')).toEqual([all! - 1, all]);
	});

	test('that cannot be written is refused before anything is captured', async () => {
		const text = await lab.run('kubectl exec host -- timeout 3 tcpdump -w /no/x.pcap');
		expect(text).toContain('tcpdump: /no/x.pcap: No such file or directory\n');
		expect(text).not.toContain('listening');
	});
});

test.each([
	['-s 96', 'would cut them'],
	['-s x', 'invalid snaplen x (must be >= 0 and <= 262144)'],
	['-C 1 -w /tmp/z', 'has no -C'],
	['-G 5 -w /tmp/z', 'has no -G'],
	['-Q foo', "unknown capture direction `foo'"],
	['-T vxlan', 'has no -T'],
	['-F /no', "can't open /no: No such file or directory"],
	['-L', 'Data link types for eth0 (use option -y to set):\n  EN10MB (Ethernet)\n'],
])('tcpdump %s', async (options, said) => {
	expect(await lab.run(`kubectl exec host -- timeout 2 tcpdump ${options}`)).toContain(said);
});

test('both questions of getaddrinfo() wait for the next hop, and leave in their order', async () => {
	const text = await lab.run(`kubectl run fresh --image=nicolaka/netshoot -- sleep 1d
kubectl wait --for=condition=Ready pod/fresh
kubectl exec fresh -- timeout 3 tcpdump -nt 'arp or port 53' &
sleep 1
kubectl exec fresh -- curl -s svc-echoserver:8080 >/dev/null
wait`);
	const lines = text.split('\n').filter((line) => /^ARP|\?/.test(line));
	expect(lines.map((line) => /Request|Reply|A+\?/.exec(line)?.[0])).toEqual(['Request', 'Reply', 'A?', 'AAAA?']);
});

test('-vv names what stands behind the answers of a DNS message', async () => {
	const text = await lab.run(`kubectl exec pod -- timeout 3 tcpdump -nvv port 53 &
sleep 1
kubectl exec pod -- dig +short SRV _https._tcp.kubernetes.default.svc.cluster.local >/dev/null
wait`);
	const cookie = String.raw`\. OPT UDPsize=1232 \[COOKIE [0-9a-f]{16}\]`;
	expect(text).toMatch(new RegExp(String.raw`\[1au\] SRV\? \S+ ar: ${cookie} \(89\)`));
	expect(text).toMatch(new RegExp(String.raw` 1/0/2 .* ar: kubernetes\.\S+ A 10\.96\.0\.1, ${cookie} \(245\)`));
});

test('nc sends nothing by UDP that nobody typed, and ends well when its time is over', async () => {
	const text = await lab.run(`kubectl exec pod -- timeout 4 tcpdump -nt udp port 999 &
sleep 1
kubectl exec pod -- nc -u -w 1 172.18.0.2 999; echo "code $?"
kubectl exec pod -- nc -zu 172.18.0.2 999; echo "code $?"
wait`);
	expect(text).toMatch(/code 0\n[\s\S]*code 1\n/);
	expect(text.match(/ > 172\.18\.0\.2\.999: UDP, length 1$/gm)).toHaveLength(1);
});

test('what others write is there for another terminal while they run', async () => {
	await lab.run(`kubectl get pods -w > seen &
kubectl exec pod -- ping 172.18.0.2 > answers &
kubectl exec pod -- sh -c 'while true; do date; sleep 1; done > /tmp/dates' &`);
	const text = await lab.run(`sleep 3; grep -c Running seen; grep -c 'bytes from' answers
kubectl exec pod -- wc -l /tmp/dates
kill %1 %2 %3`);
	const [pods, answers, dates] = [...text.matchAll(/^(\d+)/gm)].map(([, n]) => Number(n));
	expect(pods).toBeGreaterThanOrEqual(2);
	expect(answers).toBeGreaterThanOrEqual(3);
	expect(dates).toBeGreaterThanOrEqual(3);
});

test('a capture in a pod shows the probes of its kubelet', async () => {
	const t = await terminal();
	await t.run(
		`kubectl run web --image=nginx:1.25 --overrides='{"spec":{"containers":[{"name":"web","image":"nginx:1.25","readinessProbe":{"httpGet":{"path":"/","port":80},"periodSeconds":5}}]}}'; kubectl wait --for=condition=Ready pod/web`,
	);
	const shown = await t.run(
		'timeout 60 kubectl debug web -i --image=nicolaka/netshoot -- tcpdump -ni eth0 -A -c 5 dst port 80',
	);
	expect(shown).toMatch(/Flags \[S\], .*GET \/ HTTP\/1\.1.*User-Agent: kube-probe\/1\.24/s);
});
