import { beforeAll, describe, expect, test } from 'vitest';
import { netnsName } from '../../../../src/cli/linux/devices.ts';
import { listenIn } from '../../../../src/cli/linux/traffic.ts';
import { type Terminal, terminal } from '../kubectl-write/lab.ts';

/** Relay comes by helm, as Cilium did: this machine's `cilium hubble enable` knows nothing of helm. */
const RELAY =
	'helm upgrade cilium cilium --repo https://helm.cilium.io -n kube-system --version 1.12.1 --reuse-values --set hubble.relay.enabled=true >/dev/null; kubectl -n kube-system rollout status deploy/hubble-relay >/dev/null';

let t: Terminal;
/** Of the echo server's pod, which listens on 8080 behind port 8080 of its service. */
let pod: string;

beforeAll(async () => {
	t = await terminal();
	pod = (await t.run("kubectl get pod -l app=echoserver -o jsonpath='{.items[0].metadata.name}'")).trim();
}, 60_000);

/** Forwards in the background, runs the rest, and ends the forwarding. */
const during = async (forward: string, rest: string): Promise<string> =>
	(await t.run(`kubectl port-forward ${forward} & P=$!; sleep 1; ${rest}; kill $P`)).replace(/^\[\d+\] \d+\n/, '');

describe('kubectl port-forward', () => {
	test('a port of the laptop leads into the pod, whose program sees nobody but localhost', async () => {
		expect(await during('svc/svc-echoserver 9000:8080', 'curl -s 127.0.0.1:9000 | head -1')).toMatch(
			/^Forwarding from 127\.0\.0\.1:9000 -> 8080\nForwarding from \[::1\]:9000 -> 8080\nHandling connection for 9000\n-> Requesting IP: 127\.0\.0\.1:\d+\n$/,
		);
		expect(await t.run('curl -sS 127.0.0.1:9000')).toContain('curl: (7) Failed to connect to 127.0.0.1 port 9000');
	});

	test('the packets never leave the pod: its own loopback carries them', async () => {
		const seen = new Set<string>();
		const stop = listenIn(t.lab, { cluster: 'basic', frame: ({ ns, dev }) => seen.add(`${ns} ${dev}`) });
		await during(`pod/${pod} 9000:8080`, 'curl -s 127.0.0.1:9000 >/dev/null');
		stop();
		expect([...seen].sort()).toEqual(['host lo', `pod/default/${pod} lo`]);
		const { lab } = t;
		const net = lab.clusters()[0]!.world().net;
		const ends = [...net.namespaces.get(`pod/default/${pod}`)!.sockets.tcp.values()].flatMap((m) => [...m.values()]);
		// What the pod's kernel keeps of it outlives the exchange on the laptop.
		expect(ends.some((end) => end.localIp === 0x7f000001 && end.remoteIp === 0x7f000001)).toBe(true);
	});

	test('a random port, several ports, another address', async () => {
		const several = await during(
			`--address 0.0.0.0 deploy/deploy-echoserver 9001:8080 :8080`,
			'curl -s 172.18.0.1:9001 | wc -l; ss -ltnp | grep -c kubectl',
		);
		expect(several).toMatch(
			/^Forwarding from 0\.0\.0\.0:9001 -> 8080\nForwarding from 0\.0\.0\.0:(3[3-9]|[45]\d)\d{3} -> 8080\n/,
		);
		expect(several).toMatch(/Handling connection for 9001\n[1-9]\d*\n2\n/);
	});

	test('ss and netstat know who listens', async () => {
		const seen = await during(`${pod} 9000:8080`, 'ss -ltnp; netstat -ltn');
		expect(seen).toMatch(/\nLISTEN 0 +4096 +127\.0\.0\.1:9000 +0\.0\.0\.0:\* +users:\(\("kubectl",pid=\d+,fd=3\)\)\n/);
		expect(seen).toMatch(/\nLISTEN 0 +4096 +\[::1\]:9000 +\[::\]:\*/);
		expect(seen).toMatch(/\ntcp6 +0 +0 ::1:9000 +:::\*/);
	});

	test('a connection nobody in the pod takes ends it all, in the words of containerd', async () => {
		const seen = await t.run(`kubectl port-forward ${pod} 9000:81 & sleep 1; curl -sSm5 127.0.0.1:9000; sleep 1; jobs`);
		const netns = netnsName(`pod/default/${pod}`);
		expect(seen).toMatch(
			new RegExp(
				`Handling connection for 9000\\nE\\d{4} [\\d:.]{15} +\\d+ portforward\\.go:406\\] an error occurred forwarding 9000 -> 81: error forwarding port 81 to pod ([0-9a-f]{64}), uid : failed to execute portforward in network namespace "/var/run/netns/${netns}": failed to connect to localhost:81 inside namespace "\\1", IPv4: dial tcp4 127\\.0\\.0\\.1:81: connect: connection refused IPv6 dial tcp6 \\[::1\\]:81: connect: connection refused \\nerror: lost connection to pod\\ncurl: \\(52\\) Empty reply from server\\n`,
			),
		);
		expect(seen).toContain('Exit 1');
	});

	test('a connection without a word reaches the pod too', async () => {
		expect(await during(`${pod} 9000:8080`, 'nc -vz 127.0.0.1 9000')).toMatch(
			/Handling connection for 9000\nConnection to 127.0.0.1 9000 port \[tcp\/\*\] succeeded!\n/,
		);
	});

	test('ports that cannot be had', async () => {
		const denied = 'unable to create listener: Error listen';
		expect(await during(`${pod} 9000:8080`, `kubectl port-forward ${pod} 9000:8080; echo $?`)).toContain(
			`Unable to listen on port 9000: Listeners failed to create with the following errors: [${denied} tcp4 127.0.0.1:9000: bind: address already in use ${denied} tcp6 [::1]:9000: bind: address already in use]\nerror: unable to listen on any of the requested ports: [{9000 8080}]\n1\n`,
		);
		expect(await t.run(`kubectl port-forward ${pod} 80:8080`)).toContain('tcp4 127.0.0.1:80: bind: permission denied');
		expect(await t.run(`kubectl port-forward --address 10.9.9.9 ${pod} 8080`)).toContain(
			'[unable to create listener: Error listen tcp4 10.9.9.9:8080: bind: cannot assign requested address]',
		);
		// Docker has it for the API server.
		expect(await t.run(`kubectl port-forward --address 0.0.0.0 ${pod} 6443:8080`)).toContain('address already in use');
		expect(await t.run(`kubectl port-forward --address here ${pod} 8080`)).toBe('error: here is not a valid IP\n');
	});

	test.each([
		['nope 80', 'Error from server (NotFound): pods "nope" not found\n'],
		['svc/nope 80', 'Error from server (NotFound): services "nope" not found\n'],
		['svc/svc-echoserver 81', 'error: Service svc-echoserver does not have a service port 81\n'],
		['svc/svc-echoserver 8080:web', "error: Service 'svc-echoserver' does not have a named port 'web'\n"],
		[
			'deploy/deploy-echoserver x:8080',
			'error: error parsing local port \'x\': strconv.ParseUint: parsing "x": invalid syntax\n',
		],
		['deploy/deploy-echoserver 8080:0', 'error: remote port must be > 0\n'],
		['deploy/deploy-echoserver 8080:', 'error: remote port cannot be empty\n'],
		['deploy/deploy-echoserver 8080:70000', 'value out of range\n'],
		[
			'svc/kubernetes 8443:443',
			"error: cannot attach to *v1.Service: invalid service 'kubernetes': Service is defined without a selector\n",
		],
		['pod', 'error: TYPE/NAME and list of ports are required for port-forward\n'],
	])('%s is refused', async (words, error) => {
		expect(await t.run(`kubectl port-forward ${words}`)).toContain(error);
		expect(t.code()).toBe(1);
	});

	test('a service that speaks UDP only, and a pod that does not run', async () => {
		await t.file(
			'w.yaml',
			'apiVersion: v1\nkind: Service\nmetadata: {name: udp}\nspec: {selector: {app: echoserver}, ports: [{port: 53, protocol: UDP}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: stuck}\nspec: {nodeSelector: {a: b}, containers: [{name: a, image: nginx}]}\n',
		);
		await t.run('kubectl apply -f w.yaml');
		expect(await t.run('kubectl port-forward svc/udp 5353:53')).toBe('error: UDP protocol is not supported for 53\n');
		expect(await t.run('kubectl port-forward stuck 8080:80')).toBe(
			'error: unable to forward port because pod is not running. Current status=Pending\n',
		);
	});

	test('ports of a service are translated, named ones too', async () => {
		await t.file(
			'n.yaml',
			'apiVersion: v1\nkind: Service\nmetadata: {name: named}\nspec: {selector: {app: echoserver}, ports: [{name: web, port: 80, targetPort: 8080}]}\n',
		);
		await t.run('kubectl apply -f n.yaml');
		expect(await during('svc/named 9000:web', 'curl -s 127.0.0.1:9000 | wc -l')).toMatch(
			/^Forwarding from 127\.0\.0\.1:9000 -> 8080\n.*\nHandling connection for 9000\n[1-9]/,
		);
	});

	test('it ends with the pod, when somebody comes', async () => {
		const seen = await t.run(
			`kubectl port-forward ${pod} 9000:8080 & sleep 1; kubectl delete pod ${pod} >/dev/null; sleep 40; jobs; curl -s 127.0.0.1:9000; sleep 1; jobs`,
		);
		expect(seen).toContain('Running                 kubectl port-forward');
		expect(seen).toMatch(
			/uid : failed to find sandbox "([0-9a-f]{64})" in store: not found\nerror: lost connection to pod\n/,
		);
	});
});

describe('Hubble Relay through a forwarded port', () => {
	test('kubectl does as well as cilium', async () => {
		expect(await t.run('hubble status')).toContain('dial tcp 127.0.0.1:4245: connect: connection refused');
		await t.run(RELAY);
		const seen = await t.run(
			'kubectl port-forward -n kube-system svc/hubble-relay 4245:80 & P=$!; sleep 1; hubble status; hubble status --server localhost:4246; kill $P; sleep 1; hubble status',
		);
		expect(seen).toContain('Healthcheck (via localhost:4245): Ok\n');
		expect(seen).toContain("failed to connect to 'localhost:4246'");
		expect(seen.trimEnd()).toMatch(/failed to connect to 'localhost:4245'.*refused/);
	}, 60_000);
});
