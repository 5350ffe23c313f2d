import { beforeEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from './bench.ts';

let b: Bench;
beforeEach(() => {
	b = bench();
});

describe('kubectl create KIND', () => {
	it('shows a deployment as Go prints one', async () => {
		expect(
			await b.screen(
				'kubectl create deployment web --image=nginx:1.23 --replicas=2 --port=80 --dry-run=client -o yaml',
			),
		).toBe(`apiVersion: apps/v1
kind: Deployment
metadata:
  creationTimestamp: null
  labels:
    app: web
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  strategy: {}
  template:
    metadata:
      creationTimestamp: null
      labels:
        app: web
    spec:
      containers:
      - image: nginx:1.23
        name: nginx
        ports:
        - containerPort: 80
        resources: {}
status: {}
`);
	});

	it('keeps the order of Go structs in JSON', async () => {
		const { out } = await b.run(
			'kubectl create configmap c --from-literal=b=2 --from-literal=a=<1> --dry-run=client -o json',
		);
		expect(out).toBe(
			'{\n    "kind": "ConfigMap",\n    "apiVersion": "v1",\n    "metadata": {\n        "name": "c",\n        "creationTimestamp": null\n    },\n    "data": {\n        "a": "\\u003c1\\u003e",\n        "b": "2"\n    }\n}\n',
		);
	});

	it('makes what it shows: applied, a dry run is the same object', async () => {
		for (const line of [
			'deployment web --image=nginx',
			'job j --image=busybox -- sleep 1',
			'cronjob cj --image=busybox --schedule=*/5\u00a0*\u00a0*\u00a0*\u00a0*',
			'service clusterip s --tcp=80:8080',
			'service nodeport n --tcp=80 --node-port=30123',
			'service externalname x --external-name=a.example',
			'configmap c --from-literal=k=v',
			'secret generic g --from-literal=k=v',
			'role r --verb=get --resource=pods',
			'rolebinding rb --role=r --user=ann',
			'clusterrole cr --verb=get --resource=nodes',
			'ingress i --rule=a.example/*=web:80',
			'quota q --hard=pods=2',
			'poddisruptionbudget p --selector=app=web --min-available=1',
			'serviceaccount joe',
			'namespace demo',
			'priorityclass pc --value=7',
		]) {
			const words = line.replaceAll('\u00a0', ' ');
			const text = line.includes('\u00a0') ? line.replace(/--schedule=(.*)$/, "--schedule='*/5 * * * *'") : words;
			const shown = await b.run(
				`kubectl create ${text.replace(' -- ', ' --dry-run=client -o yaml -- ')}${text.includes(' -- ') ? '' : ' --dry-run=client -o yaml'}`,
			);
			expect(shown.err, line).toBe('');
			const made = await b.run(`kubectl create ${text}`);
			expect(made.err, line).toBe('');
			expect(made.out, line).toMatch(/ created\n$/);
			b.files.set('/home/learner/shown.yaml', shown.out);
			const diff = await b.run('kubectl apply -f shown.yaml');
			expect(diff.code, `${line}: ${diff.err}`).toBe(0);
		}
	});

	it('reads keys from literals, files, folders and lines of files', async () => {
		b.files.set('/home/learner/dir/a.conf', 'one\ntwo\n');
		b.files.set('/home/learner/dir/b.conf', 'three');
		b.files.set('/home/learner/e.env', '# words\nA=1\n\nB=x=y\n');
		await b.run('kubectl create cm files --from-file=dir --from-file=name=dir/b.conf --from-literal=l=v');
		expect(b.get('cm', 'files')!.data).toEqual({ 'a.conf': 'one\ntwo\n', 'b.conf': 'three', name: 'three', l: 'v' });
		await b.run('kubectl create cm lines --from-env-file=e.env');
		expect(b.get('cm', 'lines')!.data).toEqual({ A: '1', B: 'x=y' });
		await b.run('kubectl create secret generic s --from-file=k=dir/b.conf');
		expect(b.get('secret', 's')!.data).toEqual({ k: 'dGhyZWU=' });
	});

	it('appends the hash upstream does', async () => {
		// kubectl pkg/util/hash/hash_test.go @ v0.24.0: {"data":{"one":""},"kind":"ConfigMap","name":""}.
		const { out } = await b.run('kubectl create cm "" --from-literal=one= --append-hash --dry-run=client');
		expect(out).toBe('configmap/-9g67k2htb6 created (dry run)\n');
	});

	it('words its refusals as upstream does', async () => {
		const said = async (line: string) => (await b.run(`kubectl create ${line}`)).err;
		expect(await said('deployment')).toBe('error: required flag(s) "image" not set\n');
		expect(await said('namespace')).toBe(
			"error: exactly one NAME is required, got 0\nSee 'kubectl create namespace -h' for help and examples\n",
		);
		expect(await said('cm c --from-literal=x')).toBe('error: invalid literal source x, expected key=value\n');
		expect(await said('cm c --from-file=none')).toBe('error: error reading none: no such file or directory\n');
		expect(await said('svc clusterip s')).toBe('error: at least one tcp port specifier must be provided\n');
		expect(await said('svc nodeport s --tcp=80 --node-port=80')).toBe(
			'error: failed to create NodePort service: Service "s" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767\n',
		);
		expect(await said('role r --verb=fly --resource=pods')).toBe("Warning: 'fly' is not a standard resource verb\n");
		expect(await said('ns default')).toBe('Error from server (AlreadyExists): namespaces "default" already exists\n');
		await b.run('kubectl create cm c');
		expect(await said('cm c')).toBe('error: failed to create configmap: configmaps "c" already exists\n');
		expect(await said('cm -n none d')).toBe('error: failed to create configmap: namespaces "none" not found\n');
		expect(await said('ingress i')).toContain('not enough information provided');
		expect(await said('secret tls t --cert=a --key=b')).toBe(
			'error: Cannot read file a, open a: no such file or directory\n',
		);
		expect(await said('token nobody')).toBe('error: failed to create token: serviceaccounts "nobody" not found\n');
	});

	it('gives a token with the account in its claims', async () => {
		await b.run('kubectl create sa joe');
		const { out } = await b.run('kubectl create token joe --duration=20m');
		const claims = JSON.parse(Buffer.from(out.split('.')[1]!, 'base64url').toString());
		expect(claims).toMatchObject({ sub: 'system:serviceaccount:default:joe', exp: claims.iat + 1200 });
	});
});

describe('kubectl create -f', () => {
	it('creates once and is refused the second time, with the file named', async () => {
		b.files.set('/home/learner/c.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n');
		expect(await b.screen('kubectl create -f c.yaml')).toBe('configmap/c created\n');
		expect(await b.screen('kubectl create -f c.yaml')).toBe(
			'Error from server (AlreadyExists): error when creating "c.yaml": configmaps "c" already exists\n',
		);
	});

	it('makes a name from generateName', async () => {
		const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {generateName: p-}\nspec: {containers: [{name: a, image: b}]}\n';
		expect((await b.run('kubectl create -f -', pod)).out).toMatch(/^pod\/p-[a-z0-9]{5} created\n$/);
	});
});

describe('kubectl replace', () => {
	it('takes the file as the whole object; what is not there cannot be replaced', async () => {
		b.files.set('/home/learner/c.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n');
		expect(await b.screen('kubectl replace -f c.yaml')).toBe(
			'Error from server (NotFound): error when replacing "c.yaml": configmaps "c" not found\n',
		);
		await b.run('kubectl create cm c --from-literal=z=1');
		expect(await b.screen('kubectl replace -f c.yaml')).toBe('configmap/c replaced\n');
		expect(b.get('cm', 'c')!.data).toEqual({ a: 'b' });
		expect(await b.screen('kubectl replace --force -f c.yaml')).toBe('configmap "c" deleted\nconfigmap/c replaced\n');
	});

	it('reads --cascade as delete does, with --force or without, and forces nothing within less than a second', async () => {
		b.files.set('/home/learner/c.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n');
		await b.run('kubectl create -f c.yaml');
		const warning =
			'warning: --cascade=False is deprecated (boolean value) and can be replaced with --cascade=orphan.\n';
		expect(await b.screen('kubectl replace -f c.yaml --cascade=False')).toBe(`${warning}configmap/c replaced\n`);
		expect(await b.screen('kubectl replace -f c.yaml --cascade=nope')).toBe(
			'error: invalid cascade value (nope). Must be "background", "foreground", or "orphan"\n',
		);
		expect(await b.screen('kubectl replace --force --grace-period=0 -f c.yaml')).toBe(
			'configmap "c" deleted\nconfigmap/c replaced\n',
		);
		expect(await b.screen('kubectl replace --force -f c.yaml -o name')).toBe('configmap/c\nconfigmap/c\n');
	});

	it('--force with --dry-run replaced in earnest in 1.24', async () => {
		b.files.set('/home/learner/c.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n');
		await b.run('kubectl create -f c.yaml');
		const uid = (): unknown => (b.get('cm', 'c')!.metadata as { uid: string }).uid;
		const before = uid();
		expect(await b.screen('kubectl replace --force --dry-run=server -f c.yaml')).toBe(
			'configmap "c" deleted\nconfigmap/c replaced (server dry run)\n',
		);
		expect(uid()).not.toBe(before);
	});

	it('of a part takes no whole object in the place of a Scale, and knows which kinds have one', async () => {
		b.files.set('/home/learner/c.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n');
		await b.run('kubectl create -f c.yaml');
		await b.run('kubectl create deploy d --image=nginx');
		b.files.set('/home/learner/d.yaml', (await b.run('kubectl get deploy d -o yaml')).out);
		const replacing = 'error when replacing';
		for (const part of ['status', 'scale'])
			expect(await b.screen(`kubectl replace -f c.yaml --subresource=${part}`)).toBe(
				`Error from server (NotFound): ${replacing} "c.yaml": the server could not find the requested resource\n`,
			);
		expect(await b.screen('kubectl replace -f d.yaml --subresource=scale')).toBe(
			`Error from server (BadRequest): ${replacing} "d.yaml": Deployment in version "v1" cannot be handled as a Scale: converting (v1.Deployment) to (autoscaling.Scale): unknown conversion\n`,
		);
		expect(await b.screen('kubectl replace -f d.yaml --subresource=status')).toBe('deployment.apps/d replaced\n');
	});
});
