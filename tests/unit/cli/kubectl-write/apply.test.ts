import { beforeEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from './bench.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: nginx
        image: nginx:1.23
        env:
        - {name: A, value: "1"}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
  - port: 80
`;

let b: Bench;
beforeEach(() => {
	b = bench();
	b.files.set('/home/learner/web.yaml', WEB);
});
const spec = (kind: string, name: string) => b.get(kind, name)?.spec as Record<string, unknown>;

describe('kubectl apply', () => {
	it('says created, then unchanged, then configured', async () => {
		expect(await b.screen('kubectl apply -f web.yaml')).toBe('deployment.apps/web created\nservice/web created\n');
		expect(await b.screen('kubectl apply -f web.yaml')).toBe('deployment.apps/web unchanged\nservice/web unchanged\n');
		b.files.set('/home/learner/web.yaml', WEB.replace('replicas: 2', 'replicas: 3'));
		expect(await b.screen('kubectl apply -f web.yaml')).toBe('deployment.apps/web configured\nservice/web unchanged\n');
		expect(spec('deploy', 'web').replicas).toBe(3);
	});

	it('keeps what it applied, as one line of JSON with sorted keys', async () => {
		await b.run('kubectl apply -f web.yaml');
		const kept = (b.get('svc', 'web')!.metadata as { annotations: Record<string, string> }).annotations;
		expect(kept['kubectl.kubernetes.io/last-applied-configuration']).toBe(
			'{"apiVersion":"v1","kind":"Service","metadata":{"annotations":{},"name":"web","namespace":"default"},"spec":{"ports":[{"port":80}],"selector":{"app":"web"}}}\n',
		);
	});

	it('takes away what the file no longer has and leaves what others set', async () => {
		await b.run('kubectl apply -f web.yaml');
		await b.run('kubectl annotate deploy web mine=yes');
		await b.run('kubectl scale deploy web --replicas=5');
		b.files.set(
			'/home/learner/web.yaml',
			WEB.replace(/\n {8}env:\n {8}- \{name: A, value: "1"\}/, '').replace('  replicas: 2\n', ''),
		);
		await b.run('kubectl apply -f web.yaml');
		const template = spec('deploy', 'web').template as { spec: { containers: { env?: unknown }[] } };
		expect(template.spec.containers[0]!.env).toBeUndefined();
		// The file had replicas before: leaving them out gives the default back.
		expect(spec('deploy', 'web').replicas).toBe(1);
		expect((b.get('deploy', 'web')!.metadata as { annotations: Record<string, string> }).annotations.mine).toBe('yes');
	});

	it('warns about an object that create made, once', async () => {
		await b.run('kubectl create -f web.yaml');
		const first = await b.run('kubectl apply -f web.yaml');
		expect(first.err).toContain(
			'Warning: resource deployments/web is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n',
		);
		expect(first.out).toBe('deployment.apps/web configured\nservice/web configured\n');
		expect((await b.run('kubectl apply -f web.yaml')).err).toBe('');
	});

	it('changes nothing in a dry run', async () => {
		expect(await b.screen('kubectl apply -f web.yaml --dry-run=client')).toBe(
			'deployment.apps/web created (dry run)\nservice/web created (dry run)\n',
		);
		expect(await b.screen('kubectl apply -f web.yaml --dry-run=server')).toBe(
			'deployment.apps/web created (server dry run)\nservice/web created (server dry run)\n',
		);
		expect(b.get('deploy', 'web')).toBeUndefined();
		expect((await b.run('kubectl apply -f web.yaml --dry-run')).err).toMatch(
			/^W0831 10:00:00\.000000 +\d+ helpers\.go:\d+\] --dry-run is deprecated and can be replaced with --dry-run=client\.\n$/,
		);
	});

	it('goes on after an object it cannot apply', async () => {
		b.files.set('/home/learner/bad.yaml', `apiVersion: no.such/v1\nkind: Thing\nmetadata:\n  name: a\n---\n${WEB}`);
		const { out, err, code } = await b.run('kubectl apply -f bad.yaml');
		expect(out).toBe('deployment.apps/web created\nservice/web created\n');
		expect(err).toBe(
			'error: resource mapping not found for name: "a" namespace: "" from "bad.yaml": no matches for kind "Thing" in version "no.such/v1"\nensure CRDs are installed first\n',
		);
		expect(code).toBe(1);
	});

	it('finds a misspelt field before it sends anything of that file', async () => {
		b.files.set('/home/learner/web.yaml', WEB.replace('replicas:', 'replica:'));
		const { out, err } = await b.run('kubectl apply -f web.yaml');
		expect(out).toBe('');
		expect(err).toBe(
			'error: error validating "web.yaml": error validating data: ValidationError(Deployment.spec): unknown field "replica" in io.k8s.api.apps.v1.DeploymentSpec; if you choose to ignore these errors, turn validation off with --validate=false\n',
		);
		expect((await b.run('kubectl apply -f web.yaml --validate=false')).code).toBe(0);
	});

	it('leaves that to a server that checks fields itself', async () => {
		const newer = bench('v1.30.0');
		newer.files.set('/home/learner/web.yaml', WEB.replace('replicas:', 'replica:'));
		const { err } = await newer.run('kubectl apply -f web.yaml');
		expect(err).toContain('Error from server (BadRequest): error when creating "web.yaml": ');
		expect(err).toContain('strict decoding error: unknown field "spec.replica"');
	});

	it('tells what is invalid by its fields', async () => {
		b.files.set('/home/learner/web.yaml', WEB.replace('port: 80', 'port: 99999'));
		const { err } = await b.run('kubectl apply -f web.yaml');
		expect(err).toBe(
			'The Service "web" is invalid: \n* spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive\n* spec.ports[0].targetPort: Invalid value: 99999: must be between 1 and 65535, inclusive\n',
		);
	});

	it('reads standard input, folders and addresses', async () => {
		expect((await b.run('kubectl apply -f -', WEB)).code).toBe(0);
		b.files.set('/home/learner/all/a.yaml', WEB);
		b.files.set('/home/learner/all/readme.md', 'no manifest');
		expect((await b.run('kubectl apply -f all')).out).toContain('deployment.apps/web unchanged');
		const url = 'https://raw.githubusercontent.com/cilium/cilium/v1.13/examples/minikube/http-sw-app.yaml';
		expect(await b.screen(`kubectl apply -f ${url}`)).toBe(
			'service/deathstar created\ndeployment.apps/deathstar created\npod/tiefighter created\npod/xwing created\n',
		);
	});

	it('applies all of the connectivity check, in the order of its file', async () => {
		await b.run('kubectl create ns cilium-test');
		const url =
			'https://raw.githubusercontent.com/cilium/cilium/v1.13/examples/kubernetes/connectivity-check/connectivity-check.yaml';
		const { out, err, code } = await b.run(`kubectl apply -n cilium-test -f ${url}`);
		expect([err, code]).toEqual([
			'Warning: the simulator learns no addresses from DNS answers: toFQDNs selects nobody\n' +
				'Warning: the simulator has no DNS proxy: any name may be asked for, and no answer is learnt\n',
			0,
		]);
		expect(out.split('\n').filter((line) => line.startsWith('deployment.apps/'))).toHaveLength(14);
		expect(out).toContain(
			'service/echo-b-host-headless created\nciliumnetworkpolicy.cilium.io/pod-to-a-denied-cnp created\n',
		);
		const again = await b.run(`kubectl apply -n cilium-test -f ${url}`);
		expect(again.out.split('\n').filter((line) => line && !line.endsWith(' unchanged'))).toEqual([]);
	});

	it('says what it is given wrong', async () => {
		const said = async (line: string) => (await b.run(line)).err;
		expect(await said('kubectl apply')).toBe('error: must specify one of -f and -k\n');
		expect(await said('kubectl apply web.yaml')).toBe(
			"error: Unexpected args: [web.yaml]\nSee 'kubectl apply -h' for help and examples\n",
		);
		expect(await said('kubectl apply -f none.yaml')).toBe('error: the path "none.yaml" does not exist\n');
		expect(await said('kubectl apply -f web.yaml --dry-run=maybe')).toBe(
			'error: Invalid dry-run value (maybe). Must be "none", "server", or "client".\n',
		);
		expect(await said('kubectl apply -f web.yaml --prune')).toContain('all resources selected for prune');
		b.files.set('/home/learner/ns.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: other\n');
		expect(await said('kubectl apply -n default -f ns.yaml')).toBe(
			'error: the namespace from the provided object "other" does not match the namespace "default". You must pass \'--namespace=other\' to perform this operation.\n',
		);
		b.files.set('/home/learner/broken.yaml', 'kind: Pod\n\tname: x\n');
		expect(await said('kubectl apply -f broken.yaml')).toMatch(
			/^error: error parsing broken\.yaml: error converting YAML to JSON: yaml: line 2: /,
		);
	});

	it('prints the whole object where -o asks for it', async () => {
		const { out } = await b.run('kubectl apply -f web.yaml -o name');
		expect(out).toBe('deployment.apps/web\nservice/web\n');
		expect((await b.run('kubectl apply -f web.yaml -o yaml')).out).toMatch(
			/^apiVersion: v1\nitems:\n- apiVersion: apps\/v1/,
		);
		expect((await b.run("kubectl apply -f web.yaml -o jsonpath='{.items[1].spec.clusterIP}'")).out).toMatch(
			/^10\.96\./,
		);
	});

	it('shows and sets the last applied configuration', async () => {
		await b.run('kubectl apply -f web.yaml');
		expect((await b.run('kubectl apply view-last-applied svc/web')).out).toBe(
			'apiVersion: v1\nkind: Service\nmetadata:\n  annotations: {}\n  name: web\n  namespace: default\nspec:\n  ports:\n  - port: 80\n  selector:\n    app: web\n',
		);
		await b.run('kubectl create cm c');
		// Upstream wraps an error that is not there, and so says nothing (kubectl v1.27 does the same).
		expect((await b.run('kubectl apply view-last-applied cm/c')).err).toBe('');
		b.files.set('/home/learner/c.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n');
		expect((await b.run('kubectl apply set-last-applied -f c.yaml')).err).toContain(
			'run the command with --create-annotation',
		);
		expect((await b.run('kubectl apply set-last-applied -f c.yaml --create-annotation')).out).toBe(
			'configmap/c configured\n',
		);
		expect((await b.run('kubectl apply set-last-applied -f c.yaml')).out).toBe(
			'set-last-applied c: no changes required.\n',
		);
	});
});

describe('kubectl diff', () => {
	it('shows nothing where nothing would change, else lines with their surroundings, and ends with 1', async () => {
		await b.run('kubectl apply -f web.yaml');
		expect(await b.run('kubectl diff -f web.yaml')).toEqual({ out: '', err: '', code: 0 });
		b.files.set('/home/learner/web.yaml', WEB.replace('image: nginx:1.23', 'image: nginx:1.25'));
		const { out, code } = await b.run('kubectl diff -f web.yaml');
		expect(code).toBe(1);
		expect(out).toMatch(/^diff -u -N \/tmp\/LIVE-\d+\/apps\.v1\.Deployment\.default\.web \/tmp\/MERGED-/);
		expect(out).toContain('\n-        image: nginx:1.23\n+        image: nginx:1.25\n');
		expect(out).not.toMatch(/^[-+] +(kubectl.kubernetes.io|\{)/m);
		expect(spec('deploy', 'web').template).toMatchObject({ spec: { containers: [{ image: 'nginx:1.23' }] } });
	});

	it('says nothing of the annotation that apply would write', async () => {
		b.files.set('/home/learner/new.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\ndata: {a: "1"}\n');
		const { out } = await b.run('kubectl diff -f new.yaml');
		expect(out).toContain('+  a: "1"\n');
		expect(out).not.toContain('annotations');
		await b.run('kubectl create configmap new --from-literal=a=1');
		expect(await b.run('kubectl diff -f new.yaml')).toEqual({ out: '', err: '', code: 0 });
	});

	it('hides the values of a secret', async () => {
		await b.run('kubectl create secret generic s --from-literal=a=one --from-literal=b=two');
		b.files.set(
			'/home/learner/s.yaml',
			'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: three, c: four}\n',
		);
		const { out } = await b.run('kubectl diff -f s.yaml');
		expect(out).toContain("-  a: '*** (before)'\n+  a: '*** (after)'\n");
		expect(out).toContain("+  c: '***'\n");
		expect(out).not.toContain('b25l');
	});
});
