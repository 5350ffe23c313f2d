import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from '../kubectl-write/lab.ts';

let t: Terminal;
const BOB = 'system:serviceaccount:default:bob';
const GROUPS = 'groups=["system:serviceaccounts" "system:serviceaccounts:default" "system:authenticated"]';

beforeAll(async () => {
	t = await terminal();
	await t.run('kubectl create sa bob');
	await t.run('T=$(kubectl create token bob)');
	await t.run('kubectl config set-credentials bob --token=$T');
	await t.run('kubectl config set-context bob --cluster=kind-basic --user=bob');
}, 60_000);

describe('a cluster has the roles it begins with', () => {
	test('those of the server, of kubeadm, of kind’s storage and of the chart', async () => {
		const names = (await t.run('kubectl get clusterroles -o name')).split('\n');
		for (const name of ['cluster-admin', 'system:node', 'kubeadm:get-nodes', 'local-path-provisioner-role', 'cilium'])
			expect(names).toContain(`clusterrole.rbac.authorization.k8s.io/${name}`);
		expect(names.length).toBeGreaterThan(60);
		expect(await t.run('kubectl get clusterrolebinding cluster-admin -o wide')).toMatch(
			/^NAME +ROLE +AGE +USERS +GROUPS +SERVICEACCOUNTS\ncluster-admin +ClusterRole\/cluster-admin +\w+ +system:masters +\n$/,
		);
		expect(await t.run('kubectl get rolebinding -n kube-system -o name | wc -l')).toBe('9\n');
	});

	test('roles that gather others’ rules follow them', async () => {
		const may = () => t.run('kubectl auth can-i list secrets --as=eve -n kube-system');
		await t.run('kubectl create rolebinding eve -n kube-system --clusterrole=view --user=eve');
		expect(await may()).toBe('no\n');
		await t.run('kubectl create clusterrole more --verb=list --resource=secrets');
		await t.run('kubectl label clusterrole more rbac.authorization.k8s.io/aggregate-to-view=true');
		expect(await may()).toBe('yes\n');
		await t.run('kubectl delete clusterrole more');
		expect(await may()).toBe('no\n');
	});
});

describe('a service account speaks with its token', () => {
	test('and may what its bindings say', async () => {
		expect(await t.run('kubectl --context=bob get pods')).toBe(
			`Error from server (Forbidden): pods is forbidden: User "${BOB}" cannot list resource "pods" in API group "" in the namespace "default"\n`,
		);
		await t.run('kubectl create rolebinding bob --clusterrole=view --serviceaccount=default:bob');
		expect(await t.run('kubectl --context=bob get pods -o name')).toContain('pod/deploy-echoserver');
		expect(await t.run('kubectl --user=bob get secrets')).toContain('cannot list resource "secrets"');
		expect(await t.run('kubectl --user=bob exec deploy/deploy-echoserver -- hostname')).toContain(
			'cannot create resource "pods/exec" in API group "" in the namespace "default"\n',
		);
	});

	test('a certificate counts before a token that comes with it', async () => {
		expect(await t.run('kubectl --token=$T get nodes -o name | wc -l')).toBe('4\n');
		expect(await t.run('kubectl --kubeconfig=/dev/null -s https://127.0.0.1:6443 --token=$T get nodes')).toBe(
			'Unable to connect to the server: x509: certificate signed by unknown authority\n',
		);
		expect(
			await t.run(
				'kubectl --kubeconfig=/dev/null --insecure-skip-tls-verify -s https://127.0.0.1:6443 --token=$T get nodes',
			),
		).toContain(`nodes is forbidden: User "${BOB}" cannot list resource "nodes"`);
	});

	test('nothing is told to a server whose authority the file does not name', async () => {
		const without = (change: string) =>
			t.run(`sed '${change}' ~/.kube/config > kc; kubectl --kubeconfig kc get ns -o name`);
		expect(await without('/certificate-authority-data/d')).toBe(
			'Unable to connect to the server: x509: certificate signed by unknown authority\n',
		);
		expect(await t.run('kubectl --kubeconfig kc --insecure-skip-tls-verify get ns default -o name')).toBe(
			'namespace/default\n',
		);
		expect(await without('s/authority-data: .*/authority-data: Zm9v/')).toBe(
			'error: unable to load root certificates: unable to parse bytes as PEM block\n',
		);
		for (const what of ['certificate', 'key'])
			expect(await without(`s/client-${what}-data: .*/client-${what}-data: Zm9v/`)).toBe(
				`error: tls: failed to find any PEM data in ${what} input\n`,
			);
		await t.run(
			"kubectl config view --raw -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d > ca.crt",
		);
		await without('s/certificate-authority-data: .*/certificate-authority: ca.crt/');
		expect(await t.run('kubectl --kubeconfig kc get ns default -o name')).toBe('namespace/default\n');
		expect(await t.run('rm ca.crt; kubectl --kubeconfig kc get ns')).toMatch(
			/^error: unable to read certificate-authority ca\.crt for kind-basic due to open ca\.crt: no such file or directory\n$/,
		);
	});

	test('a request’s time is read before it is sent', async () => {
		expect(await t.run('kubectl get ns default -o name --request-timeout=5')).toBe('namespace/default\n');
		expect(await t.run('kubectl get ns --request-timeout=soon')).toMatch(
			/^error: Invalid timeout value\. Timeout must/,
		);
	});

	test('which is nobody’s when it was changed, is over, or its account is gone', async () => {
		await t.run('kubectl config set-credentials forged --token="$T"x');
		expect(await t.run('kubectl --user=forged get pods')).toBe(
			'error: You must be logged in to the server (Unauthorized)\n',
		);
		await t.run('kubectl create sa gone; kubectl config set-credentials gone --token=$(kubectl create token gone)');
		expect(await t.run('kubectl --user=gone get pods')).toContain('Forbidden');
		await t.run('kubectl delete sa gone');
		expect(await t.run('kubectl --user=gone get pods')).toContain('Unauthorized');
	});

	test('over HTTP too', async () => {
		const get = (path: string, token = '$T') =>
			t.run(`curl -sk -H "Authorization: Bearer ${token}" https://127.0.0.1:6443${path}`);
		expect(JSON.parse(await get('/api/v1/namespaces/default/pods')).kind).toBe('PodList');
		expect(JSON.parse(await get('/api/v1/namespaces/default/secrets/x'))).toMatchObject({
			reason: 'Forbidden',
			details: { name: 'x', kind: 'secrets' },
			code: 403,
		});
		expect(JSON.parse(await get('/api', 'nonsense'))).toMatchObject({ message: 'Unauthorized', code: 401 });
		expect(JSON.parse(await t.run('curl -sk https://127.0.0.1:6443/apis')).message).toBe(
			'forbidden: User "system:anonymous" cannot get path "/apis"',
		);
		expect(await t.run('curl -sk "https://127.0.0.1:6443/readyz?verbose&exclude=etcd"')).toMatch(
			/^\[\+\]ping ok\n\[\+\]log ok\n\[\+\]etcd excluded: ok\n[\s\S]*\[\+\]shutdown ok\nreadyz check passed\n$/,
		);
		expect(await t.run('curl -sk https://127.0.0.1:6443/livez/etcd')).toContain('cannot get path \\"/livez/etcd\\"');
		expect(await t.run('kubectl get --raw /livez/etcd')).toBe('ok');
	});

	test('a Secret may keep one that does not end, as long as there is its account', async () => {
		await t.file(
			'old.yaml',
			'apiVersion: v1\nkind: Secret\nmetadata: {name: old, annotations: {kubernetes.io/service-account.name: old}}\ntype: kubernetes.io/service-account-token\n',
		);
		await t.run('kubectl create sa old; kubectl apply -f old.yaml');
		expect(await t.run('kubectl describe sa old | grep Tokens')).toBe('Tokens:              old\n');
		await t.run(
			"kubectl config set-credentials old --token=$(kubectl get secret old -o jsonpath='{.data.token}' | base64 -d)",
		);
		expect(await t.run('kubectl --user=old get pods')).toContain(
			'User "system:serviceaccount:default:old" cannot list',
		);
		await t.run('kubectl delete sa old; sleep 1');
		expect(await t.run('kubectl get secret old')).toContain('not found');
		expect(await t.run('kubectl --user=old get pods')).toContain('Unauthorized');
	});

	test('services and pods are behind the API server’s paths, for who may', async () => {
		const path = '/api/v1/namespaces/default/services/svc-echoserver:8080/proxy/';
		expect(await t.run(`kubectl get --raw ${path}`)).toMatch(/Requesting IP: 172\.18\.0\.4:\d+/);
		expect(await t.run(`kubectl get --raw ${path} --as=x`)).toContain('cannot get resource "services/proxy"');
		expect(await t.run('kubectl get --raw /api/v1/namespaces/default/services/svc-echoserver:99/proxy/')).toBe(
			'Error from server (ServiceUnavailable): no service port 99 found for service "svc-echoserver"\n',
		);
	});

	test('reviews know whose a token is', async () => {
		await t.file(
			'review.yaml',
			'apiVersion: authentication.k8s.io/v1\nkind: TokenReview\nmetadata: {name: r}\nspec: {token: TOKEN}\n',
		);
		const review = () =>
			t.run(
				'sed "s/TOKEN/$T/" review.yaml | kubectl create -f - -o jsonpath="{.status.authenticated} {.status.user.username}"',
			);
		expect(await review()).toBe(`true ${BOB}`);
	});
});

describe('nobody grants what he does not have', () => {
	test('neither in a role nor by a binding', async () => {
		await t.run('kubectl create role rbac --verb=create,update,get,patch --resource=roles,rolebindings');
		await t.run('kubectl create rolebinding rbac --role=rbac --serviceaccount=default:bob');
		expect(await t.run('kubectl --user=bob create role x --verb=get,list --resource=secrets,pods')).toBe(
			`Error from server (Forbidden): roles.rbac.authorization.k8s.io "x" is forbidden: user "${BOB}" (${GROUPS}) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}\n`,
		);
		expect(await t.run('kubectl --context=bob create rolebinding x --clusterrole=cluster-admin --user=bob')).toContain(
			'{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}\n',
		);
		expect(await t.run('kubectl --user=bob create role x --verb=get,list --resource=pods')).toBe(
			'role.rbac.authorization.k8s.io/x created\n',
		);
	});

	test('a binding without its role says so', async () => {
		await t.run('kubectl create rolebinding lost --role=nowhere --user=ann');
		expect(await t.run('kubectl auth can-i get pods --as=ann')).toBe(
			'no - RBAC: role.rbac.authorization.k8s.io "nowhere" not found\n',
		);
		expect(await t.run('kubectl get pods --as=ann')).toContain(
			'in the namespace "default": RBAC: role.rbac.authorization.k8s.io "nowhere" not found\n',
		);
	});

	test('reconcile adds what is missing', async () => {
		await t.file(
			'role.yaml',
			'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: look}\nrules:\n- {apiGroups: [""], resources: [pods], verbs: [get]}\n',
		);
		const missing =
			'\tmissing rules added:\n\t\t{Verbs:[get] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}\n';
		expect(await t.run('kubectl auth reconcile -f role.yaml')).toBe(
			`role.rbac.authorization.k8s.io/look reconciled\n\treconciliation required create\n${missing}`,
		);
		expect(await t.run('kubectl auth reconcile -f role.yaml')).toBe('role.rbac.authorization.k8s.io/look reconciled\n');
		await t.run('sed -i "s/\\[get\\]/[list]/" role.yaml');
		expect(await t.run('kubectl auth reconcile -f role.yaml --remove-extra-permissions')).toContain(
			'\tmissing rules added:\n\t\t{Verbs:[list]',
		);
		expect(await t.run('kubectl get role look -o jsonpath="{.rules[*].verbs}"')).toBe('["list"]');
	});
});

describe('kubectl elsewhere than on the laptop', () => {
	test('in a pod it speaks as the pod’s account, over the pod’s network', async () => {
		await t.run('kubectl run kc --image=bitnami/kubectl:1.28 --command -- sleep 1d');
		await t.run('kubectl wait --for=condition=Ready pod/kc --timeout=60s');
		expect(await t.run('kubectl exec kc -- kubectl get nodes')).toContain(
			'User "system:serviceaccount:default:default" cannot list resource "nodes"',
		);
		await t.run('kubectl create rolebinding look-around --clusterrole=view --serviceaccount=default:default');
		expect(await t.run('kubectl exec kc -- kubectl get pod kc -o name')).toBe('pod/kc\n');
		await t.file(
			'deny.yaml',
			'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny}\nspec: {podSelector: {matchLabels: {run: kc}}, policyTypes: [Egress]}\n',
		);
		await t.run('kubectl apply -f deny.yaml; sleep 3');
		expect(await t.run('kubectl exec kc -- kubectl get pods')).toContain(
			'Unable to connect to the server: dial tcp 10.96.0.1:443: i/o timeout\n',
		);
	});

	test('on a node it takes kubeadm’s file', async () => {
		const node = 'docker exec basic-control-plane kubectl';
		expect(await t.run(`${node} --kubeconfig=/etc/kubernetes/admin.conf get nodes -o name | wc -l`)).toBe('4\n');
		// KUBECONFIG of a control plane's container names it.
		expect(await t.run(`${node} get nodes -o name | wc -l`)).toBe('4\n');
		expect(await t.run('docker exec basic-worker kubectl get nodes')).toContain(
			'The connection to the server localhost:8080 was refused',
		);
	});
});

test('who may delete and not look, deletes and does not wait', async () => {
	await t.run('kubectl create role remover --verb=delete --resource=configmaps');
	await t.run('kubectl create rolebinding remover --role=remover --user=dave');
	await t.run('kubectl create cm gone');
	expect(await t.run('kubectl delete cm gone --as dave')).toBe('configmap "gone" deleted\n');
	expect(await t.run('kubectl delete cm gone --as dave')).toContain('configmaps "gone" not found');
	expect(await t.run('kubectl delete sa bob --as dave')).toContain(
		'serviceaccounts "bob" is forbidden: User "dave" cannot delete resource "serviceaccounts"',
	);
});
