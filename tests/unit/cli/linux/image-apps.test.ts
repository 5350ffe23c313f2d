/** Servers of people's images: what they answer and log, when they end, and what is said where the lab has none. */
import { describe, expect, it } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

/** A lab with pods that run, and one to ask from; `ask` is what curl shows of a pod. */
async function running(
	...pods: readonly string[]
): Promise<{ at: Terminal; ask(pod: string, rest: string): Promise<string> }> {
	const at = await terminal();
	for (const pod of pods) await at.run(`kubectl run ${pod}`);
	await at.run('kubectl run client --image=curlimages/curl --command -- sleep 1d; sleep 30');
	const ask = async (pod: string, rest: string): Promise<string> => {
		const ip = await at.run(`kubectl get pod ${pod} -o jsonpath='{.status.podIP}'`);
		const said = await at.run(`kubectl exec client -- curl -si 'http://${ip}:${rest}'`);
		return said.replaceAll('\r', '').replaceAll(ip, 'IP');
	};
	return { at, ask };
}

describe('servers of images', () => {
	it('http-echo says its text on every path, and logs each request', async () => {
		const { at, ask } = await running('echo --image=hashicorp/http-echo -- -text=hello -listen=:80');
		expect(await ask('echo', '80/any?x=1')).toMatch(
			/^HTTP\/1\.1 200 OK\nX-App-Name: http-echo\nX-App-Version: 0\.2\.3\nDate: .* GMT\nContent-Length: 6\nContent-Type: text\/plain; charset=utf-8\n\nhello\n$/,
		);
		expect(await ask('echo', '80/health')).toContain('\n\n{"status":"ok"}\n');
		// Its health is not logged.
		expect(await at.run('kubectl logs echo')).toMatch(
			/^\S+ \S+ Server is listening on :80\n\S+ \S+ [\d.]+ [\d.]+:\d+ "GET \/any HTTP\/1\.1" 200 6 "curl\/[\d.]+" [\d.]+µs\n$/,
		);
	});

	it('http-echo ends without a text', async () => {
		const { at } = await running(
			'echo --image=hashicorp/http-echo --restart=Never',
			'odd --image=hashicorp/http-echo --restart=Never -- -txt=1',
		);
		expect(await at.run('kubectl logs echo')).toBe('Missing -text option!\n');
		expect(await at.run('kubectl logs odd')).toMatch(/^flag provided but not defined: -txt\nUsage of \/http-echo:\n/);
		expect(
			await at.run(
				"kubectl get pods echo odd -o jsonpath='{.items[*].status.containerStatuses[0].state.terminated.exitCode}'",
			),
		).toBe('127 2');
	});

	it('the tutorials’ images say where they run', async () => {
		const { at, ask } = await running(
			'names --image=registry.k8s.io/serve_hostname',
			'node --image=gcr.io/google-samples/node-hello:1.0',
			'boot --image=gcr.io/google-samples/kubernetes-bootcamp:v2',
			'hello --image=gcr.io/google-samples/hello-app:2.0 --env=PORT=80',
		);
		expect(await ask('boot', '8080/')).toMatch(/\n\nHello Kubernetes bootcamp! \| Running on: boot \| v=2\n$/);
		expect(await at.run('kubectl logs boot')).toMatch(
			/^Kubernetes Bootcamp App Started At: \S+Z \| Running On: {2}boot \n\nRunning On: boot \| Total Requests: 1 \| App Uptime: [\d.]+ seconds \| Log Time: \S+Z\n$/,
		);
		expect(await ask('node', '8080/any')).toMatch(
			/^HTTP\/1\.1 200 OK\nDate: .*\nConnection: keep-alive\nTransfer-Encoding: chunked\n\nHello Kubernetes!$/,
		);
		expect(await ask('names', '9376/')).toMatch(/\n\nnames$/);
		expect(await ask('hello', '80//a/../b')).toMatch(/^HTTP\/1\.1 301 Moved Permanently\n.*Location: \/b\n/s);
		expect(await ask('hello', '80/b')).toMatch(/\n\nHello, world!\nVersion: 2\.0\.0\nHostname: hello\n$/);
		expect(await at.run('kubectl logs hello')).toMatch(/Server listening on port 80\n.*Serving request: \/b\n$/);
	});

	it('whoami tells of its interfaces and of the request', async () => {
		const { ask } = await running('who --image=traefik/whoami -- -name=me');
		expect(await ask('who', '80/a?b=c')).toMatch(
			/\n\nName: me\nHostname: who\nIP: 127\.0\.0\.1\nIP: ::1\nIP: IP\nIP: fe80::\S+\nRemoteAddr: [\d.]+:\d+\nGET \/a\?b=c HTTP\/1\.1\nHost: IP\nUser-Agent: curl\/\S+\nAccept: \*\/\*\n\n$/,
		);
		const [, body = ''] = (await ask('who', '80/api')).split('\n\n');
		expect(JSON.parse(body)).toMatchObject({ hostname: 'who', url: '/api', method: 'GET', name: 'me' });
	});

	it('echoserver prints a page whose length its log has, chunks counted', async () => {
		const { at, ask } = await running('echo --image=registry.k8s.io/echoserver:1.10');
		// What a terminal printed of 1.10, with a curl of 7.64.1 at localhost:8080 (404 octets in one chunk: 416).
		await at.run(
			`kubectl exec client -- curl -s -A curl/7.64.1 -H 'Host: localhost:8080' http://$(kubectl get pod echo -o jsonpath='{.status.podIP}'):8080/`,
		);
		const log = await at.run('kubectl logs echo');
		const [, client = '', sent] =
			/^(\S+) - - \[.*\] "GET \/ HTTP\/1\.1" 200 (\d+) "-" "curl\/7\.64\.1"$/m.exec(log) ?? [];
		expect(Number(sent)).toBe(416 + client.length - '127.0.0.1'.length + 'echo'.length - 'echoserver'.length);
		expect(await ask('echo', '8080/x?y=1')).toContain('\treal path=/x?y=1\n\tquery=y=1\n');
	});

	it('agnhost runs the command it is given', async () => {
		const { at, ask } = await running(
			'net --image=registry.k8s.io/e2e-test-images/agnhost:2.39 -- netexec --http-port=80 --udp-port=90',
			'name --image=registry.k8s.io/e2e-test-images/agnhost:2.39 --command -- /agnhost serve-hostname',
			'idle --image=registry.k8s.io/e2e-test-images/agnhost:2.39',
			'odd --image=registry.k8s.io/e2e-test-images/agnhost:2.39 --restart=Never -- netexe',
		);
		expect(await ask('net', '80/')).toMatch(/\n\nNOW: \d{4}-\d\d-\d\d \S+ \+0000 UTC m=\+[\d.]+$/);
		expect(await ask('net', '80/echo?msg=hi&code=418')).toMatch(/^HTTP\/1\.1 418 I'm a teapot\n.*\n\nhi$/s);
		expect(await ask('net', '80/hostname')).toMatch(/\n\nnet$/);
		const log = await at.run('kubectl logs net');
		expect(log).toMatch(
			/^I\d{4} \S+ {7}1 log\.go:195\] Started HTTP server on port 80\nI.*Started UDP server on port {2}90\n/,
		);
		expect(log).toMatch(/GET \/echo\?msg=hi&code=418\nI.*\] GET \/hostname\n$/);
		expect(await ask('name', '9376/any')).toMatch(/\n\nname$/);
		expect(await at.run('kubectl logs idle')).toBe('Paused\n');
		expect(await at.run('kubectl logs odd')).toBe(
			`Error: unknown command "netexe" for "app"\nRun 'app --help' for usage.\n`,
		);
	});

	it('netexec answers datagrams, and ends when it is asked to', async () => {
		const { at, ask } = await running('net --image=registry.k8s.io/e2e-test-images/agnhost:2.39 -- netexec');
		const ip = await at.run("kubectl get pod net -o jsonpath='{.status.podIP}'");
		expect(await at.run(`kubectl exec client -- sh -c 'echo hostname | nc -u -w1 ${ip} 8081'`)).toContain('net');
		expect(await ask('net', '8080/exit?code=3')).toBe('command terminated with exit code 52\n');
		await at.run('sleep 5');
		expect(
			await at.run("kubectl get pod net -o jsonpath='{.status.containerStatuses[0].lastState.terminated.exitCode}'"),
		).toBe('3');
	});

	it('redis keeps strings, and takes a browser for an attack', async () => {
		const { at, ask } = await running('cache --image=redis');
		const ip = await at.run("kubectl get pod cache -o jsonpath='{.status.podIP}'");
		const typed = (text: string): Promise<string> =>
			at
				.run(`kubectl exec client -- sh -c "printf '${text}' | nc -w1 ${ip} 6379"`)
				.then((said) => said.replaceAll('\r', ''));
		expect(
			await typed(
				'PING\\r\\nset a 1 EX 100\\r\\nincr a\\r\\nGET a\\r\\nttl a\\r\\nkeys *\\r\\nget\\r\\nset a x NX\\r\\n',
			),
		).toBe("+PONG\n+OK\n:2\n$1\n2\n:100\n*1\n$1\na\n-ERR wrong number of arguments for 'get' command\n$-1\n");
		const cli = (words: string): Promise<string> => at.run(`kubectl exec cache -- redis-cli ${words}`);
		expect(await cli('ping')).toBe('PONG\n');
		expect(await cli('--no-raw get a')).toBe('"2"\n');
		expect(await cli('--no-raw mget a b')).toBe('1) "2"\n2) (nil)\n');
		expect(await cli('--raw -n 1 dbsize')).toBe('0\n');
		expect(await cli('-p 1 ping')).toBe(
			'Could not connect to Redis at 127.0.0.1:1: Connection refused\ncommand terminated with exit code 1\n',
		);
		expect(await at.run("printf 'incr n\\nincr n\\n' | kubectl exec -i cache -- redis-cli --raw")).toBe('1\n2\n');
		expect(await typed('LPUSH l 1\\r\\n')).toBe("-ERR the simulator's redis does not have 'LPUSH'\n");
		expect(await ask('cache', '6379/')).toBe('command terminated with exit code 52\n');
		expect(await at.run('kubectl logs cache')).toMatch(
			/Ready to accept connections\n.* # Possible SECURITY ATTACK detected/,
		);
	});

	it('where the lab has no such program its port is open, and says so', async () => {
		const { at, ask } = await running('wp --image=wordpress', 'pod --image=stefanprodan/podinfo');
		expect(await ask('wp', '80/')).toMatch(
			/^HTTP\/1\.1 501 Not Implemented\n.*\n\nThis lab does not simulate wordpress, so there is no answer\.\n$/s,
		);
		expect(await at.run('kubectl logs pod')).toBe(
			'(this lab does not simulate podinfo: its ports are open, and whoever asks there is told so)\n',
		);
		const ip = await at.run("kubectl get pod pod -o jsonpath='{.status.podIP}'");
		expect(await at.run(`kubectl exec client -- sh -c 'echo x | nc -w1 ${ip} 9898'`)).toBe(
			'This lab does not simulate podinfo, so there is no answer.\n',
		);
	});
});

it('redis listens where --port says, and names the options it does not heed', async () => {
	const at = await terminal();
	await at.run('kubectl run r --image=redis:7.0 -- --port 7000 --maxmemory 10mb; sleep 10');
	expect(await at.run('kubectl exec r -- redis-cli -p 7000 ping')).toBe('PONG\n');
	expect(await at.run('kubectl exec r -- redis-cli ping')).toContain('Could not connect to Redis at 127.0.0.1:6379');
	const log = await at.run('kubectl logs r');
	expect(log).toContain('# Configuration loaded\n');
	expect(log).toContain('Running mode=standalone, port=7000.');
	expect(log).toContain("this lab's redis heeds --port alone, not --maxmemory");
});
