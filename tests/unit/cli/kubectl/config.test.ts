import { describe, expect, test } from 'vitest';
import { desk } from './desk.ts';

const FILE = '/home/me/.kube/config';

describe('kubectl config', () => {
	test('shows the kubeconfig without its keys, unless asked for', async () => {
		const d = desk();
		expect((await d.run('config view')).out).toBe(`\
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: DATA+OMITTED
    server: https://0.0.0.0:6443
  name: kind-basic
contexts:
- context:
    cluster: kind-basic
    user: kind-basic
  name: kind-basic
current-context: kind-basic
kind: Config
preferences: {}
users:
- name: kind-basic
  user:
    client-certificate-data: REDACTED
    client-key-data: REDACTED
`);
		expect((await d.run('config view --raw')).out).toBe(d.files.get(FILE));
		expect((await d.kubectl('config', 'view', '-o', 'jsonpath={.users[0].user.client-key-data}')).out).toBe('REDACTED');
		expect(Object.keys(JSON.parse((await d.run('config view -o json')).out))).toEqual([
			'kind',
			'apiVersion',
			'preferences',
			'clusters',
			'users',
			'contexts',
			'current-context',
		]);
	});

	test('of a file that is not there is empty, and of no use for anything else', async () => {
		const d = desk();
		expect((await d.run('--kubeconfig /missing config view')).out).toContain('clusters: null\ncontexts: null\n');
		expect((await d.run('--kubeconfig /missing get pods')).err).toBe(
			'error: stat /missing: no such file or directory\n',
		);
	});

	test('of an empty file has nothing in its lists', async () => {
		const d = desk();
		d.files.delete(FILE);
		expect((await d.run('config view')).out).toBe(`\
apiVersion: v1
clusters: null
contexts: null
current-context: ""
kind: Config
preferences: {}
users: null
`);
		expect((await d.run('config get-contexts')).out).toBe('CURRENT   NAME   CLUSTER   AUTHINFO   NAMESPACE\n');
		expect((await d.run('config current-context')).err).toBe('error: current-context is not set\n');
		expect((await d.run('config view --minify')).err).toBe('error: current-context must exist in order to minify\n');
		expect((await d.run('get pods')).err).toBe(
			'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
		);
	});

	test('sets the namespace that commands use from then on', async () => {
		const d = desk();
		expect((await d.run('config set-context --current --namespace=kube-system')).out).toBe(
			'Context "kind-basic" modified.\n',
		);
		expect((await d.run('get pods')).err).toBe('No resources found in kube-system namespace.\n');
		expect((await d.run('config get-contexts')).out).toBe(`\
CURRENT   NAME         CLUSTER      AUTHINFO     NAMESPACE
*         kind-basic   kind-basic   kind-basic   kube-system
`);
		expect((await d.run('config set-context')).err).toBe(
			'error: you must specify a non-empty context name or --current\n',
		);
	});

	test('makes, renames, chooses and deletes contexts', async () => {
		const d = desk();
		expect((await d.run('config set-context other --cluster=kind-basic --user=kind-basic')).out).toBe(
			'Context "other" created.\n',
		);
		expect((await d.run('config use-context other')).out).toBe('Switched to context "other".\n');
		expect((await d.run('config current-context')).out).toBe('other\n');
		expect((await d.run('config rename-context other third')).out).toBe('Context "other" renamed to "third".\n');
		expect((await d.run('config rename-context other x')).err).toBe(
			`error: cannot rename the context "other", it's not in ${FILE}\n`,
		);
		expect((await d.run('config get-contexts -o name')).out).toBe('kind-basic\nthird\n');
		expect(await d.run('config delete-context third')).toEqual({
			out: `deleted context third from ${FILE}\n`,
			err: 'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
			code: 0,
		});
		expect((await d.run('config use-context third')).err).toBe('error: no context exists with the name: "third"\n');
		expect((await d.run('--context third get pods')).err).toBe(
			'Error in configuration: context was not found for specified context: third\n',
		);
		expect((await d.run('config get-clusters')).out).toBe('NAME\nkind-basic\n');
		expect((await d.run('config get-contexts nope')).err).toBe('error: context nope not found\n');
	});

	test('sets and unsets single properties, whose names may have dots', async () => {
		const d = desk();
		expect((await d.run('config set clusters.10.0.0.1.server https://10.0.0.1')).out).toBe(
			'Property "clusters.10.0.0.1.server" set.\n',
		);
		expect((await d.kubectl('config', 'view', '-o', 'jsonpath={.clusters[*].name}')).out).toBe('10.0.0.1 kind-basic');
		expect((await d.run('config unset clusters.10.0.0.1')).out).toBe('Property "clusters.10.0.0.1" unset.\n');
		expect((await d.run('config get-clusters')).out).toBe('NAME\nkind-basic\n');
		await d.run('config set contexts.kind-basic.namespace a');
		expect((await d.run('get pods')).err).toBe('No resources found in a namespace.\n');
		await d.run('config unset contexts.kind-basic.namespace');
		expect((await d.run('get pods')).err).toBe('No resources found in default namespace.\n');
		expect((await d.run('config unset current-context')).code).toBe(0);
		expect((await d.run('config current-context')).code).toBe(1);
		expect((await d.run('config set users.a.client-key-data =')).err).toMatch(/^error: error decoding input value/);
		expect((await d.run('config set colours.a b')).err).toMatch(/^error: unable to parse colours\.a/);
	});

	test('clusters and users are made and changed', async () => {
		const d = desk();
		expect((await d.run('config set-cluster far --server=https://far:6443 --insecure-skip-tls-verify')).out).toBe(
			'Cluster "far" set.\n',
		);
		expect((await d.run('config set-credentials me --token=abc')).out).toBe('User "me" set.\n');
		await d.run('config set-context far --cluster=far --user=me');
		expect((await d.run('config view --context=far --minify --raw')).out).toBe(`apiVersion: v1
clusters:
- cluster:
    insecure-skip-tls-verify: true
    server: https://far:6443
  name: far
contexts:
- context:
    cluster: far
    user: me
  name: far
current-context: far
kind: Config
preferences: {}
users:
- name: me
  user:
    token: abc
`);
		expect((await d.run('config set-cluster far --insecure-skip-tls-verify --certificate-authority=/ca')).err).toBe(
			'error: you cannot specify a certificate authority and insecure mode at the same time\n',
		);
		d.files.set('ca.pem', 'CA');
		await d.run('config set-cluster far --certificate-authority=ca.pem --embed-certs --insecure-skip-tls-verify=false');
		expect((await d.run('config view --raw')).out).toContain(
			'certificate-authority-data: Q0E=\n    server: https://far:6443\n',
		);
		expect((await d.run('config set-credentials me --client-key=nope --embed-certs')).err).toContain(
			'could not stat client-key file nope: stat nope: no such file or directory',
		);
		expect((await d.run('config set-credentials me --token=a --username=b')).code).toBe(1);
	});

	test('takes klog’s flags, of which 1.24 says that they will go', async () => {
		const plain = await desk().run('get namespaces -o name');
		const flagged = await desk().run('get namespaces -o name --logtostderr --stderrthreshold=INFO');
		expect(flagged.out).toBe(plain.out);
		expect(flagged.err.split('\n').map((line) => line.split(',')[0])).toEqual([
			'Flag --logtostderr has been deprecated',
			'Flag --stderrthreshold has been deprecated',
			'',
		]);
	});
});
