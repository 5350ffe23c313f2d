/** What plugins of CoreDNS answer that are not in kubeadm's Corefile, and what its log says of those the lab has not. */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
const dig = (line: string): Promise<string> =>
	lab.run(`kubectl exec a -- dig +noall +comments +answer +authority ${line}`);
const logs = (): Promise<string> => lab.run('kubectl -n kube-system logs -l k8s-app=kube-dns --tail 50');

const ZONE = `$TTL 1h
@ IN SOA ns hostmaster (
  7 ; serial
  2h 30m 1w 5m )
  NS ns
ns A 10.1.1.1
www 60 CNAME web
web A 10.1.1.2
*.any TXT "hello you"
`;
const COREFILE = `.:53 {
  errors {
    consolidate 10s ".* i/o timeout$" warning
  }
  prometheus :9153
  dnssec
  acl lan.test {
    block net 10.0.0.0/8
  }
  acl {
    filter type AAAA
  }
  header {
    response set ra
  }
  rewrite ttl exact web.lab.test 77
  file /etc/coredns/db.lab lab.test
  forward . 8.8.8.8
  reload 10s 2s
}
`;

beforeAll(async () => {
	lab = await terminal();
	await lab.run(
		'kubectl run a --image=nicolaka/netshoot -- sleep 1d; kubectl wait --for=condition=Ready pod/a --timeout=2m',
	);
	await lab.file('Corefile', COREFILE);
	await lab.file('db.lab', ZONE);
	await lab.run(
		`kubectl -n kube-system create configmap coredns --dry-run=client -o yaml --from-file=Corefile --from-file=db.lab | kubectl replace -f -
kubectl -n kube-system patch deploy coredns --type json -p '[{"op":"add","path":"/spec/template/spec/volumes/0/configMap/items/-","value":{"key":"db.lab","path":"db.lab"}}]'
kubectl -n kube-system rollout status deploy coredns`,
	);
});

test('a zone file is answered by the rules of zones', async () => {
	const alias = await dig('www.lab.test');
	expect(alias).toMatch(/www\.lab\.test\.\s+60\s+IN\s+CNAME\s+web\.lab\.test\./);
	expect(alias).toMatch(/web\.lab\.test\.\s+3600\s+IN\s+A\s+10\.1\.1\.2/);
	expect(await dig('TXT what.any.lab.test')).toMatch(/what\.any\.lab\.test\.\s+3600\s+IN\s+TXT\s+"hello you"/);
	const none = await dig('nothing.lab.test');
	expect(none).toContain('status: NXDOMAIN');
	expect(none).toMatch(/lab\.test\.\s+300\s+IN\s+SOA\s+ns\.lab\.test\. hostmaster\.lab\.test\. 7 7200 1800 604800 300/);
	expect(await dig('MX web.lab.test')).toContain('status: NOERROR');
});

test('acl refuses or answers nothing, and header sets what was asked for', async () => {
	expect(await dig('x.lan.test')).toContain('status: REFUSED');
	const filtered = await dig('AAAA web.lab.test');
	expect(filtered).toMatch(/status: NOERROR[\s\S]*ANSWER: 0/);
	const plain = await dig('web.lab.test');
	expect(plain).toMatch(/flags: qr aa rd ra;/);
	// The name that was asked for is the rewritten one.
	expect(plain).toMatch(/web\.lab\.test\.\s+77\s+IN\s+A/);
});

test('errors that are alike are told together, and what the lab’s has not is said in its log', async () => {
	await lab.run(
		'kubectl exec a -- dig +tries=1 +time=20 one.example.com; kubectl exec a -- dig +tries=1 +time=20 two.example.com; sleep 11',
	);
	const text = await logs();
	expect(text).toMatch(/\[WARNING\] plugin\/errors: \d+ errors like '\.\* i\/o timeout\$' occurred in last 10s/);
	expect(text).not.toMatch(/\[ERROR\] plugin\/errors: 2 one/);
	expect(text).toContain('[WARNING] plugin/dnssec: the simulator’s CoreDNS has not this plugin: questions go past it');
});

test('its metrics count questions and answers', async () => {
	const ip = (
		await lab.run("kubectl -n kube-system get pods -l k8s-app=kube-dns -o jsonpath='{.items[0].status.podIP}'")
	).trim();
	await dig(`@${ip} web.lab.test`);
	const text = await lab.run(`kubectl exec a -- curl -s ${ip}:9153/metrics`);
	expect(text).toMatch(
		/^coredns_dns_requests_total\{family="1",proto="udp",server="dns:\/\/:53",zone="\.",type="A"\} \d+$/m,
	);
	expect(text).toContain('coredns_plugin_enabled{name="file",server="dns://:53",zone="."} 1\n');
});
