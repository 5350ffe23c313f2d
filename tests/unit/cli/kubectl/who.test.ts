import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from '../kubectl-write/lab.ts';
import { desk } from './desk.ts';

let t: Terminal;

beforeAll(async () => {
	t = await terminal();
}, 60_000);

const ME = '--as=system:serviceaccount:default:default';

describe('kubectl speaks as somebody', () => {
	test('who has no role is refused, by verb and kind', async () => {
		expect(await t.run(`kubectl auth can-i list pods ${ME}; echo $?`)).toBe('no\n1\n');
		expect(await t.run(`kubectl get pods ${ME}`)).toBe(
			'Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"\n',
		);
		expect(await t.run('kubectl get deploy deploy-echoserver --as=bob')).toBe(
			'Error from server (Forbidden): deployments.apps "deploy-echoserver" is forbidden: User "bob" cannot get resource "deployments" in API group "apps" in the namespace "default"\n',
		);
		expect(await t.run(`kubectl get nodes ${ME}`)).toContain('at the cluster scope\n');
		expect(await t.run('kubectl create ns x --as=bob')).toContain('User "bob" cannot create resource "namespaces"');
	});

	test('a binding counts in its namespace, and for what its role says', async () => {
		await t.run('kubectl create role look --verb=get,list --resource=pods');
		await t.run('kubectl create rolebinding look --role=look --serviceaccount=default:default');
		expect(await t.run(`kubectl get pods -o name ${ME}`)).toMatch(/^pod\/deploy-echoserver/);
		expect(await t.run(`kubectl get pods -A ${ME}`)).toContain('Forbidden');
		expect(await t.run(`kubectl auth can-i delete pods ${ME}`)).toBe('no\n');
		expect(await t.run(`kubectl auth can-i list pods ${ME} -n kube-system`)).toBe('no\n');
		expect(await t.run(`kubectl auth can-i get pods --subresource=log ${ME}`)).toBe('no\n');
		expect(await t.run(`kubectl auth can-i --list ${ME}`)).toMatch(/\npods +\[\] +\[\] +\[get list\]\n/);
		await t.run('kubectl create clusterrolebinding see --clusterrole=view --user=bob');
		expect(await t.run('kubectl auth can-i list services -A --as=bob')).toBe('yes\n');
		expect(await t.run('kubectl auth can-i list services -n kube-system --as=bob')).toBe('yes\n');
		expect(await t.run('kubectl auth can-i list secrets --as=bob')).toBe('no\n');
	});

	test('roles of the chart, groups, paths', async () => {
		const agent = '--as=system:serviceaccount:kube-system:cilium';
		expect(await t.run(`kubectl auth can-i list nodes ${agent} 2>/dev/null`)).toBe('yes\n');
		expect(await t.run(`kubectl auth can-i delete nodes ${agent} 2>/dev/null`)).toBe('no\n');
		expect(await t.run('kubectl get nodes -o name --as=x --as-group=system:masters | wc -l')).toBe('4\n');
		expect(await t.run('kubectl auth can-i get /healthz --as=x')).toBe('yes\n');
		expect(await t.run('kubectl auth can-i get /logs --as=x')).toBe('no\n');
	});

	test('kubectl from 1.27 says who one is', async () => {
		expect((await desk().run('auth whoami')).err).toContain('error: unknown command "whoami"');
		expect((await desk('v1.33.1', 'v0.29.0').run('auth whoami')).out).toBe(
			'ATTRIBUTE   VALUE\nUsername    kubernetes-admin\nGroups      [kubeadm:cluster-admins system:authenticated]\n',
		);
	});
});

describe('kubectl asks a server', () => {
	test('by another address of the same one', async () => {
		for (const server of ['https://172.18.0.4:6443', 'https://127.0.0.1:6443', 'localhost:6443'])
			expect(await t.run(`kubectl get node -o name -s ${server} | wc -l`)).toBe('4\n');
	});

	test('that is not there', async () => {
		expect(await t.run('kubectl get pods -s localhost:8080')).toBe(
			'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
		);
		expect(await t.run('kubectl get pods -s https://172.18.0.99:6443')).toBe(
			'Unable to connect to the server: dial tcp 172.18.0.99:6443: connect: no route to host\n',
		);
		expect(await t.seconds('kubectl get pods -s 1.2.3.4')).toBe(30);
		expect(await t.run('kubectl get pods -s 1.2.3.4')).toBe(
			'Unable to connect to the server: dial tcp 1.2.3.4:443: i/o timeout\n',
		);
		expect(await t.seconds('kubectl get pods -s 1.2.3.4 --request-timeout=2s')).toBe(2);
		expect(await t.run('kubectl get pods -s nowhere')).toContain('lookup nowhere on 127.0.0.53:53: no such host');
	});

	test('and says with -v what it asks', async () => {
		const said = await t.run('kubectl get deploy,svc -n kube-system -l a=b -v6');
		expect(said).toMatch(
			/^I0831 [\d:.]+ +\d+ loader\.go:372\] Config loaded from file: {2}\/home\/learner\/\.kube\/config\n/,
		);
		expect(said).toMatch(
			/round_trippers\.go:553\] GET https:\/\/0\.0\.0\.0:6443\/apis\/apps\/v1\/namespaces\/kube-system\/deployments\?labelSelector=a%3Db&limit=500 200 OK in \d milliseconds\n/,
		);
		expect(said).toMatch(/\/api\/v1\/namespaces\/kube-system\/services\?labelSelector=a%3Db&limit=500 200 OK/);
	});
});

test('cluster-info dump has the objects and the logs', async () => {
	const dump = await t.run('kubectl cluster-info dump --namespaces=default');
	expect(dump).toMatch(/^\{\n {4}"kind": "NodeList",\n {4}"apiVersion": "v1",/);
	expect(dump).toMatch(/==== START logs for container echoserver of pod default\/deploy-echoserver-[\w-]+ ====\n/);
	expect(await t.run('kubectl cluster-info dump --output-directory=d -o yaml; ls -1 d d/default')).toMatch(
		/^Cluster info dumped to d\nd:\ndefault\nkube-system\nnodes\.yaml\n/,
	);
});

test('the completion script says that it is not needed', async () => {
	expect(await t.run('source <(kubectl completion bash); echo $?')).toBe('0\n');
});
