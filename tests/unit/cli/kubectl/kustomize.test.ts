import { beforeAll, describe, expect, test } from 'vitest';
import { hashOf } from '../../../../src/cli/kubectl/kustomize/hash.ts';
import { type Terminal, terminal } from '../kubectl-write/lab.ts';

// kustomize api/hasher/hasher_test.go @ kustomize/v4.5.4 (TestConfigMapHash).
test.each([
	[{}, '6ct58987ht'],
	[{ data: { one: '' } }, '9g67k2htb6'],
	[{ data: { two: 2, one: '', three: 3 } }, '7757f9kkct'],
	[{ binaryData: { one: '' } }, '6mtk2m274t'],
	[{ binaryData: { two: 2, one: '', three: 3 } }, '9th7kc28dg'],
	[{ data: { one: '' }, binaryData: { two: '' } }, '698h7c7t9m'],
])('a generated name ends with the hash of %j', (object, hash) => {
	expect(hashOf({ apiVersion: 'v1', kind: 'ConfigMap', ...object })).toBe(hash);
});

const DEPLOY = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "nginx:1.23", ports: [{containerPort: 80}], envFrom: [{configMapRef: {name: conf}}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

let t: Terminal;

beforeAll(async () => {
	t = await terminal();
	await t.run('mkdir -p base prod part');
	await t.file('base/deploy.yaml', DEPLOY);
	await t.file(
		'base/kustomization.yaml',
		'resources: [deploy.yaml]\nconfigMapGenerator:\n- {name: conf, literals: [A=1, B="two"]}\n',
	);
}, 60_000);

const build = async (folder: string, kustomization: string): Promise<string> => {
	await t.file(`${folder}/kustomization.yaml`, kustomization);
	return t.run(`kubectl kustomize ${folder}`);
};

describe('kubectl kustomize', () => {
	test('prints a base in the order objects are to be made, names following', async () => {
		expect(await t.run('kubectl kustomize base')).toBe(`apiVersion: v1
data:
  A: "1"
  B: two
kind: ConfigMap
metadata:
  name: conf-6b56fdfggc
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
  selector:
    app: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: conf-6b56fdfggc
        image: nginx:1.23
        name: web
        ports:
        - containerPort: 80
`);
	});

	test('an overlay names, labels, scales and changes its base', async () => {
		const text = await build(
			'prod',
			`namespace: prod
namePrefix: p-
commonLabels: {env: prod}
resources: [../base]
images: [{name: nginx, newName: registry:5000/nginx, newTag: "1.24"}]
replicas: [{name: web, count: 3}]
configMapGenerator:
- {name: conf, behavior: merge, literals: [A=9]}
`,
		);
		expect(text).toMatch(
			/data:\n {2}A: "9"\n {2}B: two\nkind: ConfigMap\nmetadata:\n {2}labels:\n {4}env: prod\n {2}name: p-conf-\w{10}\n/,
		);
		expect(text).toContain('  selector:\n    app: web\n    env: prod\n');
		expect(text).toContain('    matchLabels:\n      app: web\n      env: prod\n');
		expect(text).toContain('image: registry:5000/nginx:1.24\n');
		expect(text).toContain('  replicas: 3\n');
		const name = /name: (p-conf-\w+)/.exec(text)![1]!;
		expect(text).toContain(`- configMapRef:\n            name: ${name}\n`);
	});

	test('patches of both kinds, inline and from files, by target and by name', async () => {
		await t.file(
			'prod/side.yaml',
			'kind: Deployment\napiVersion: apps/v1\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: side, image: busybox}]}}}\n',
		);
		const text = await build(
			'prod',
			`resources: [../base]
patches:
- path: side.yaml
- target: {kind: Service}
  patch: |-
    - {op: replace, path: /spec/ports/0/port, value: 8080}
- patch: |-
    $patch: delete
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: conf}
`,
		);
		expect(text).toContain('      containers:\n      - image: busybox\n        name: side\n      - envFrom:\n');
		expect(text).toContain('  - port: 8080\n');
		expect(text).not.toContain('kind: ConfigMap');
	});

	test('components change what they are given', async () => {
		await t.file(
			'part/kustomization.yaml',
			'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {note: hi}\n',
		);
		expect(await build('prod', 'resources: [../base]\ncomponents: [../part]\n')).toContain(
			'    annotations:\n        note: hi\n',
		);
	});

	test('says what is wrong', async () => {
		const gone = '/home/learner/prod/gone.yaml';
		const lstat = `evalsymlink failure on '${gone}' : lstat ${gone}: no such file or directory`;
		expect(await build('prod', 'resources: [gone.yaml]\n')).toBe(
			`error: accumulating resources: accumulation err='accumulating resources from 'gone.yaml': ${lstat}': ${lstat}\n`,
		);
		expect(await build('prod', 'resource: [x.yaml]\n')).toBe('error: json: unknown field "resource"\n');
		expect(await t.run('kubectl kustomize /tmp')).toBe(
			"error: unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '/tmp'\n",
		);
		expect(await build('prod', 'resources: [../prod]\n')).toContain(
			"cycle detected: candidate root '/home/learner/prod' contains visited root '/home/learner/prod'",
		);
		expect(await build('prod', 'resources: [../base/deploy.yaml]\n')).toContain(
			"security; file '/home/learner/base/deploy.yaml' is not in or below '/home/learner/prod'",
		);
	});
});

test('-k applies, compares and deletes', async () => {
	await build('prod', 'namespace: default\nnamePrefix: k-\nresources: [../base]\n');
	expect(await t.run('kubectl apply -k prod')).toMatch(
		/^configmap\/k-conf-\w+ created\nservice\/k-web created\ndeployment\.apps\/k-web created\n$/,
	);
	expect(await t.run('kubectl diff -k prod; echo $?')).toBe('0\n');
	expect(await t.run('kubectl delete -k prod')).toContain('deployment.apps "k-web" deleted\n');
	expect(await t.run('kubectl apply -k prod -f x.yaml')).toBe('error: only one of -f and -k can be specified\n');
});

test('a long secret of a generator is kept in one line, as a server writes bytes', async () => {
	await t.run('mkdir -p long; seq 1 60 > long/f');
	await t.file('long/kustomization.yaml', 'secretGenerator: [{name: long, files: [f]}]\n');
	expect(await t.run("kubectl kustomize long | grep -c '^    '")).toBe('4\n');
	await t.run('kubectl apply -k long');
	expect(await t.run('kubectl get secret -o jsonpath=\'{.items[?(@.type=="Opaque")].data.f}\' | wc -l')).toBe('0\n');
	expect(await t.run('kubectl diff -k long && echo same')).toBe('same\n');
});
