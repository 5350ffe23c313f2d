import { beforeEach, describe, expect, test } from 'vitest';
import { tools } from '../../../../src/cli/kubectl/index.ts';
import { recordEvent } from '../../../../src/sim/api/index.ts';
import { type Desk, desk, must } from './desk.ts';
import { namespace, node, pod, service } from './objects.ts';

let d: Desk;

beforeEach(() => {
	d = desk();
	d.make(node('basic-worker', true));
	d.make(pod('web', { labels: { app: 'web', tier: 'front' } }));
	d.make(pod('db', { labels: { app: 'db' } }));
	d.make(service('web', { clusterIP: '10.96.0.7', selector: { app: 'web' }, ports: [{ port: 80 }] }));
	d.at(100);
});

describe('which objects are asked for', () => {
	test('several kinds are tables of their own, with kinds before the names', async () => {
		expect((await d.run('get po,svc')).out).toBe(`\
NAME      READY   STATUS    RESTARTS   AGE
pod/db    1/1     Running   0          100s
pod/web   1/1     Running   0          100s

NAME          TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE
service/web   ClusterIP   10.96.0.7    <none>        80/TCP    100s
`);
		expect((await d.run('get all')).out).toBe((await d.run('get po,svc')).out);
	});

	test('kind/name pairs mix kinds; what is missing is told after what is there', async () => {
		expect(await d.run('get pod/web svc/web pod/nope')).toEqual({
			out: `\
NAME      READY   STATUS    RESTARTS   AGE
pod/web   1/1     Running   0          100s

NAME          TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE
service/web   ClusterIP   10.96.0.7    <none>        80/TCP    100s
`,
			err: 'Error from server (NotFound): pods "nope" not found\n',
			code: 1,
		});
	});

	test('a selector leaves out what it does not match; a bad one is the server’s to refuse', async () => {
		expect((await d.run('get pods -l app=web --no-headers')).out).toBe('web   1/1   Running   0     100s\n');
		expect((await d.kubectl('get', 'pods', '-l', 'app in')).err).toBe(
			`Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "app in", field selector "": unable to parse requirement: found '' expected: '('\n`,
		);
		expect((await d.run('get pods --field-selector spec.nope=1')).err).toBe(
			'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "spec.nope=1": field label not supported: spec.nope\n',
		);
		expect((await d.run('get pods web -l app=web')).err).toBe(
			'error: name cannot be provided when a selector is specified\n',
		);
	});

	test('nothing found is said on standard error, and is no failure', async () => {
		expect(await d.run('get deploy')).toEqual({
			out: '',
			err: 'No resources found in default namespace.\n',
			code: 0,
		});
		expect((await d.run('get pods -n kube-system')).err).toBe('No resources found in kube-system namespace.\n');
		expect((await d.run('get deploy -A')).err).toBe('No resources found\n');
		expect((await d.run('get sc')).err).toBe('No resources found\n');
	});

	test('a missing object may be left unsaid', async () => {
		expect(await d.run('get pod nope --ignore-not-found')).toEqual({ out: '', err: '', code: 0 });
		expect(await d.run('get pod nope --ignore-not-found -o yaml')).toEqual({ out: '', err: '', code: 0 });
		expect((await d.run('get pod nope -n nowhere')).err).toBe('Error from server (NotFound): pods "nope" not found\n');
	});

	test('of an unknown kind, or of no kind, kubectl says so', async () => {
		expect(await d.run('get pot')).toEqual({
			out: '',
			err: 'error: the server doesn\'t have a resource type "pot"\n',
			code: 1,
		});
		expect((await d.run('get')).err).toContain('error: Required resource not specified.\n');
		expect((await d.run('get pods web -A')).err).toBe(
			'error: a resource cannot be retrieved by name across all namespaces\n',
		);
	});

	test('what can only be created cannot be read', async () => {
		expect((await d.run('get bindings')).err).toBe(
			'Error from server (MethodNotAllowed): the server does not allow this method on the requested resource\n',
		);
	});

	test('objects named by a file are looked up', async () => {
		d.files.set('pod.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n');
		expect((await d.run('get -f pod.yaml -o name')).out).toBe('pod/web\n');
		expect((await d.run('get pods -f pod.yaml')).err).toMatch(/^error: when paths, URLs, or stdin is provided/);
	});
});

describe('how they are printed', () => {
	test('labels as a column of their own, or all in the last one', async () => {
		expect((await d.run('get pods -L tier,app.kubernetes.io/name --show-labels')).out).toBe(`\
NAME   READY   STATUS    RESTARTS   AGE    TIER    NAME   LABELS
db     1/1     Running   0          100s                  app=db
web    1/1     Running   0          100s   front          app=web,tier=front
`);
		expect((await d.run('get pods -o yaml --show-labels')).err).toBe(
			'error: --show-labels option cannot be used with yaml printer\n',
		);
	});

	test('all namespaces in a column in front; kinds without namespace have none', async () => {
		d.make(pod('dns', { namespace: 'kube-system' }));
		expect((await d.run('get pods,nodes -A')).out).toBe(`\
NAMESPACE     NAME      READY   STATUS    RESTARTS   AGE
default       pod/db    1/1     Running   0          100s
default       pod/web   1/1     Running   0          100s
kube-system   pod/dns   1/1     Running   0          0s

NAME                STATUS   ROLES    AGE    VERSION
node/basic-worker   Ready    <none>   100s   v1.24.0
`);
	});

	test('names and columns of one’s own', async () => {
		expect((await d.run('get pods,svc -o name')).out).toBe('pod/db\npod/web\nservice/web\n');
		expect((await d.run('get nodes --no-headers -o custom-columns=NAME:.metadata.name')).out).toBe('basic-worker\n');
		expect(
			(await d.run('get pods -o custom-columns=NAME:.metadata.name,IP:.status.podIPs[*].ip,NO:.spec.nope')).out,
		).toBe('NAME   IP           NO\ndb     10.244.1.5   <none>\nweb    10.244.1.5   <none>\n');
		d.files.set('columns', 'A    NODE\n.metadata.name   {.spec.nodeName}\n');
		expect((await d.run('get pod web -o custom-columns-file=columns')).out).toBe('A     NODE\nweb   basic-worker\n');
		expect((await d.run('get pods -o custom-columns=A')).err).toBe(
			'error: unexpected custom-columns spec: A, expected <header>:<json-path-expr>\n',
		);
	});

	test('one object is printed as itself, several as a List', async () => {
		const one = JSON.parse((await d.run('get pod web -o json')).out);
		expect([one.kind, one.metadata.name]).toEqual(['Pod', 'web']);
		const list = JSON.parse((await d.run('get pods -o json')).out);
		expect([list.kind, list.items.length, list.metadata]).toEqual(['List', 2, { resourceVersion: '' }]);
		expect((await d.run('get deploy -o yaml')).out).toBe(
			'apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: ""\n',
		);
		expect((await d.kubectl('get', 'cm', '-o', 'json')).out).toMatch(/^\{\n {4}"apiVersion": "v1",\n {4}"items": \[\]/);
	});

	test('JSON hides nothing from HTML: <, > and & are escaped', async () => {
		d.make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { k: '<a> && b' } });
		expect((await d.run('get cm a -o json')).out).toContain('"k": "\\u003ca\\u003e \\u0026\\u0026 b"');
	});

	test('templates: jsonpath and Go', async () => {
		expect((await d.kubectl('get', 'pods', '-o', 'jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}')).out).toBe(
			'db\nweb\n',
		);
		expect((await d.kubectl('get', 'pods', '-o', 'go-template={{range .items}}{{.metadata.name}};{{end}}')).out).toBe(
			'db;web;',
		);
		expect((await d.kubectl('get', 'pods', '--template', '{{len .items}}')).out).toBe('2');
		d.files.set('t', '{.items[0].metadata.name}');
		expect((await d.run('get pods -o jsonpath-file=t')).out).toBe('db');
		expect((await d.run('get pods -o jsonpath={.items[')).err).toMatch(/^error: error parsing jsonpath \{\.items\[, /);
		expect((await d.run('get pods -o jsonpath')).err).toBe('error: template format specified but no template given\n');
		expect((await d.kubectl('get', 'pods', '-o', 'jsonpath={.items[7]}')).err).toMatch(
			/^error: error executing jsonpath "\{\.items\[7\]\}": Error executing template: array index out of bounds: index 7, length 2\./,
		);
	});

	test('an output nobody knows is refused with those that are', async () => {
		expect((await d.run('get pods -o tree')).err).toBe(
			'error: unable to match a printer suitable for the output format "tree", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml\n',
		);
	});

	test('sorting by a field: numbers in names count as numbers, quantities by their size', async () => {
		const order = async (...args: readonly string[]) =>
			(await d.kubectl('get', ...args, '--no-headers', '-o', 'custom-columns=N:.metadata.name')).out.trim().split('\n');
		for (const name of ['p10', 'p9', 'p1'])
			d.make(pod(name, { container: { resources: { requests: { memory: name === 'p9' ? '1Gi' : '900Mi' } } } }));
		expect(await order('pods', '--sort-by=.metadata.name')).toEqual(['db', 'p1', 'p9', 'p10', 'web']);
		expect((await order('pods', '--sort-by={.spec.containers[0].resources.requests.memory}')).at(-1)).toBe('p9');
		expect((await d.run('get pods --sort-by=.nope')).err).toBe(
			'error: couldn\'t find any field with path "{.nope}" in the list of objects\n',
		);
	});

	test('sorting by a time that some events do not have begins with those', async () => {
		const object = d.api.get(d.api.find('pods')!, 'default', 'web')!;
		recordEvent(d.api, { type: 'Normal', component: 'kubelet', object, reason: 'Pulled', message: 'image' });
		d.make({
			apiVersion: 'v1',
			kind: 'Event',
			metadata: { name: 'newer' },
			involvedObject: { kind: 'Pod', namespace: 'default', name: 'web' },
			reason: 'Starting',
			lastTimestamp: null,
		});
		const { out } = await d.run('get events --sort-by=.lastTimestamp -o custom-columns=R:.reason --no-headers');
		expect(out).toBe('Starting\nPulled\n');
	});

	test('events begin with when they were last seen', async () => {
		const event = { type: 'Normal' as const, component: 'kubelet', host: 'basic-worker' };
		const object = d.api.get(d.api.find('pods')!, 'default', 'web')!;
		recordEvent(d.api, { ...event, object, reason: 'Pulled', message: 'Container image already present' });
		d.at(160);
		recordEvent(d.api, { ...event, object, reason: 'Pulled', message: 'Container image already present' });
		d.at(170);
		expect((await d.run('get events')).out).toBe(
			'LAST SEEN           TYPE     REASON   OBJECT    MESSAGE\n' +
				'10s (x2 over 70s)   Normal   Pulled   pod/web   Container image already present\n',
		);
	});
});

describe('watching', () => {
	test('shows what is there, then each change when it happens, until Ctrl-C', async () => {
		const pods = d.api.find('pods')!;
		d.later(110, () => d.make(pod('web-7c9', { labels: { app: 'web' } })));
		d.later(115, () => d.make(pod('other')));
		d.later(120, () => must(d.api.delete(pods, 'default', 'web-7c9')));
		d.later(121, () => must(d.api.delete(pods, 'default', 'web-7c9', { gracePeriodSeconds: 0 })));
		d.interruptAt(130);
		expect(await d.run('get pods -l app=web -w')).toEqual({
			out: `\
NAME   READY   STATUS    RESTARTS   AGE
web    1/1     Running   0          100s
web-7c9   0/1     Pending   0          0s
web-7c9   1/1     Running   0          0s
web-7c9   1/1     Terminating   0          10s
web-7c9   1/1     Terminating   0          11s
`,
			err: '',
			code: 130,
		});
	});

	test('an object that stops matching is told as deleted, and no more after that', async () => {
		const relabel = (value: string) =>
			must(
				d.api.patch(d.api.find('pods')!, 'default', 'web', 'application/merge-patch+json', {
					metadata: { labels: { app: value } },
				}),
			);
		d.later(110, () => relabel('x'));
		d.later(111, () => relabel('y'));
		d.interruptAt(120);
		expect((await d.run('get pods -l app=web --watch-only --output-watch-events')).out).toBe(`\
EVENT     NAME   READY   STATUS    RESTARTS   AGE
DELETED   web    1/1     Running   0          110s
`);
	});

	test('with events names the objects in them', async () => {
		d.interruptAt(120);
		expect((await d.run('get pods -l app=web -w --output-watch-events -o name')).out).toBe('pod/web\n');
	});

	test('ends when the server goes away', async () => {
		d.later(110, () => {
			d.reachable = false;
		});
		expect((await d.run('get pods -w')).code).toBe(0);
		expect(await d.run('get pods')).toEqual({
			out: '',
			err: 'The connection to the server 0.0.0.0:6443 was refused - did you specify the right host or port?\n',
			code: 1,
		});
	});

	test('is for one kind at a time', async () => {
		expect((await d.run('get pods,svc -w')).err).toBe('error: you may only specify a single resource type\n');
	});
});

test('--raw reads paths of the API', async () => {
	d.make(namespace('other'));
	expect((await d.run('get --raw /readyz')).out).toBe('ok');
	expect(JSON.parse((await d.run('get --raw /api/v1/namespaces/default/pods')).out).items).toHaveLength(2);
	expect((await d.run('get --raw /apis/nope/v1')).err).toBe(
		'Error from server (NotFound): the server could not find the requested resource\n',
	);
});

test('the Tab key knows kinds, names of the namespace that is meant, and values of flags', () => {
	d.make(pod('dns', { namespace: 'kube-system' }));
	const complete = (line: string) => tools[0]!.complete!(line.split(' ').slice(1), d.cursor);
	expect(complete('kubectl des')).toEqual(['describe']);
	expect(complete('kubectl get deploym')).toEqual(['deployments.apps']);
	expect(complete('kubectl get pods ')).toEqual(['db', 'web']);
	expect(complete('kubectl get pods web ')).toEqual(['db']);
	expect(complete('kubectl -n kube-system describe pod ')).toEqual(['dns']);
	expect(complete('kubectl get pods -nkube-system ')).toEqual(['dns']);
	expect(complete('kubectl get pods -n kube-s')).toEqual(['kube-system']);
	expect(complete('kubectl get pods -o js')).toEqual(['json', 'jsonpath=', 'jsonpath-as-json=', 'jsonpath-file=']);
	expect(complete('kubectl logs web -c ')).toEqual(['c']);
	expect(complete('kubectl logs -f pod/d')).toEqual(['pod/db']);
});
