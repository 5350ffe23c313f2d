/** CoreDNS by its Corefile: what it serves, logs and refuses, and how it finds out that the Corefile changed. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
	await lab.run(
		'kubectl run a --image=nicolaka/netshoot -- sleep 1d; kubectl wait --for=condition=Ready pod/a --timeout=2m',
	);
});
const inA = (line: string): Promise<string> => lab.run(`kubectl exec a -- ${line}`);
const logs = (more = ''): Promise<string> => lab.run(`kubectl -n kube-system logs -l k8s-app=kube-dns ${more}`);
const corefile = async (text: string): Promise<void> => {
	await lab.run(
		`kubectl -n kube-system create configmap coredns --dry-run=client -o yaml --from-literal=Corefile='${text}' | kubectl replace -f -; sleep 130`,
	);
};
const one = async (): Promise<string> =>
	(await lab.run("kubectl -n kube-system get pods -l k8s-app=kube-dns -o jsonpath='{.items[0].metadata.name}'")).trim();

test('begins with its zones, the hash of its configuration and its release', async () => {
	expect(await lab.run(`kubectl -n kube-system logs ${await one()}`)).toBe(
		'.:53\n[INFO] plugin/reload: Running configuration MD5 = db32ca3650231d74073ff4cf814959a7\nCoreDNS-1.8.6\nlinux/amd64, go1.17.1, 13a9191\n',
	);
});

test('keeps what it answered: a service that was asked for too early is not there until its denial is old', async () => {
	const ip = "$(kubectl -n kube-system get pods -l k8s-app=kube-dns -o jsonpath='{.items[0].status.podIP}')";
	const ask = () => lab.run(`kubectl exec a -- dig +noall +comments @${ip} late.default.svc.cluster.local`);
	expect(await ask()).toContain('NXDOMAIN');
	await lab.run('kubectl create service clusterip late --tcp 80');
	expect(await ask()).toContain('NXDOMAIN');
	await lab.run('sleep 31');
	expect(await ask()).toContain('NOERROR');
});

describe('with another Corefile', () => {
	beforeAll(() =>
		corefile(`.:53 {
  errors
  log
  ready
  health
  hosts {
    10.9.9.9 my.example.org
    fallthrough
  }
  rewrite name exact web.foo kubernetes.default.svc.cluster.local
  kubernetes cluster.local in-addr.arpa {
    pods verified
    fallthrough in-addr.arpa
  }
  forward . 8.8.8.8
  reload 10s 2s
}
t.local {
  template IN A {
    answer "{{ .Name }} 60 IN A 10.7.7.7"
  }
}
other:5353 {
  whoami
}`),
	);

	test('says that it read it, with the new hash', async () => {
		const text = await logs();
		expect(text).toMatch(
			/\[INFO\] Reloading\n\[INFO\] plugin\/health: Going into lameduck mode for 5s\n\[INFO\] plugin\/reload: Running configuration MD5 = (?!db32ca)[0-9a-f]{32}\n\[INFO\] Reloading complete\n/,
		);
	});

	test.each([
		['my.example.org', '10.9.9.9\n'],
		['web.foo', '10.96.0.1\n'],
		['x.t.local', '10.7.7.7\n'],
		['1-2-3-4.default.pod.cluster.local', ''],
		['$(hostname -i | tr . -).default.pod.cluster.local', /^10\.\d+\.\d+\.\d+\n$/],
	])('answers %s', async (name, answer) => {
		const text = await inA(`sh -c 'dig +short ${name}'`);
		if (typeof answer === 'string') expect(text).toBe(answer);
		else expect(text).toMatch(answer);
	});

	test('has another port open, which no manifest names, and logs each question', async () => {
		const ip = await lab.run(
			"kubectl -n kube-system get pods -l k8s-app=kube-dns -o jsonpath='{.items[0].status.podIP}'",
		);
		expect(await inA(`dig -p 5353 +noall +additional @${ip.trim()} other`)).toMatch(
			/_udp\.other\.\t\t0\tIN\tSRV\t0 0 \d+ \./,
		);
		await inA(`dig +noedns @${ip.trim()} kubernetes.default.svc.cluster.local`);
		expect(await lab.run(`kubectl -n kube-system logs ${await one()} --tail=1`)).toMatch(
			/^\[INFO\] 10\.\d+\.\d+\.\d+:\d+ - \d+ "A IN kubernetes\.default\.svc\.cluster\.local\. udp 54 false 512" NOERROR qr,aa,rd 106 0\.0\d+s\n$/,
		);
	});

	test('an upstream that nobody reaches is SERVFAIL, and an error in the log', async () => {
		expect(await inA('dig +time=8 example.com')).toContain('status: SERVFAIL');
		expect(await logs()).toMatch(
			/\[INFO\] [^\n]* "A IN example\.com\. udp 52 false 1232" - - 0 6\.0\d+s\n\[ERROR\] plugin\/errors: 2 example\.com\. A: read udp 10\.\d+\.\d+\.\d+:\d+->8\.8\.8\.8:53: i\/o timeout\n/,
		);
	});

	test('a plugin it has no longer closes its port', async () => {
		const ip = await lab.run(
			"kubectl -n kube-system get pods -l k8s-app=kube-dns -o jsonpath='{.items[0].status.podIP}'",
		);
		expect(await inA(`curl -sS http://${ip.trim()}:8181/ready`)).toBe('OK');
		expect(await inA(`curl -sS http://${ip.trim()}:9153/metrics`)).toContain('Connection refused');
	});
});

test('a Corefile with an error is not used while the old one is, and ends who starts with it', async () => {
	await corefile('.:53 {\n  errors\n  foo\n}');
	const fault = "/etc/coredns/Corefile:3 - Error during parsing: Unknown directive 'foo'";
	expect(await logs('--tail=2')).toContain(
		`[ERROR] Restart failed: ${fault}\n[ERROR] plugin/reload: Corefile changed but reload failed: starting with listener file descriptors: ${fault}\n`,
	);
	expect(await inA('dig +short my.example.org')).toBe('10.9.9.9\n');
	await lab.run('kubectl -n kube-system delete pod -l k8s-app=kube-dns; sleep 45');
	expect(await lab.run('kubectl -n kube-system get pods -l k8s-app=kube-dns')).toMatch(/0\/1 +CrashLoopBackOff/);
	expect(await lab.run(`kubectl -n kube-system logs ${await one()}`)).toBe(`${fault}\n`);
	expect(await inA('dig +time=1 +tries=1 kubernetes.default.svc.cluster.local')).toContain(
		'no servers could be reached',
	);
});

test('one that asks itself finds out, and ends', async () => {
	await lab.run(
		`kubectl -n kube-system create configmap coredns --dry-run=client -o yaml --from-literal=Corefile='.:53 {
  forward . 127.0.0.1
  loop
}' | kubectl replace -f -; kubectl -n kube-system delete pod -l k8s-app=kube-dns; sleep 20`,
	);
	expect(await lab.run(`kubectl -n kube-system logs ${await one()} --previous --tail=1`)).toMatch(
		/^\[FATAL\] plugin\/loop: Loop \(127\.0\.0\.1:\d+ -> :53\) detected for zone "\.", see https:\/\/coredns\.io\/plugins\/loop#troubleshooting\. Query: "HINFO \d+\.\d+\."\n$/,
	);
});
