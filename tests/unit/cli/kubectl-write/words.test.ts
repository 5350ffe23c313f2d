/** Words of kubectl that depend on what it looks at first; each was compared with what kubectl v1.27 says of the same. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let t: Terminal;
beforeAll(async () => {
	t = await terminal();
});

const MISSING = 'error: You must provide one or more resources by argument or filename.\n';

describe('what kubectl says first', () => {
	test.each<[string, string]>([
		['kubectl set image', MISSING],
		['kubectl set resources', MISSING],
		['kubectl apply set-last-applied', MISSING],
		['kubectl replace', 'error: must specify one of -f and -k\n'],
		['kubectl run web', 'error: required flag(s) "image" not set\n'],
		['kubectl get -f /nope.yaml pods', 'error: the path "/nope.yaml" does not exist\n'],
		['kubectl get deploy.v1beta1.apps', 'error: the server doesn\'t have a resource type "deploy"\n'],
		['kubectl delete pods --all -l a=b', "error: setting 'all' parameter but found a non empty selector. \n"],
		['kubectl label pods --all a=b --resource-version=1', 'error: --resource-version may only be used with a single'],
		[
			'kubectl set selector svc svc-echoserver a',
			'error: match expression [{a Exists []}] not supported on this object\n',
		],
		['kubectl logs nope --tail=-5', 'Error from server (NotFound): pods "nope" not found\n'],
		[
			'kubectl logs svc/kubernetes',
			"error: cannot get the logs from *v1.Service: invalid service 'kubernetes': Service",
		],
		['kubectl exec svc/kubernetes -- ls', "error: cannot attach to *v1.Service: invalid service 'kubernetes': Service"],
		['kubectl create job j --from=deploy/deploy-echoserver', 'error: unknown object type *v1.Deployment\n'],
		[
			'kubectl autoscale node basic-worker --max=3',
			'error: cannot autoscale a Node: could not find scale subresource for /v1, Resource=nodes in discovery information\n',
		],
		['kubectl top pod --sort-by=age', 'error: --sort-by accepts only cpu or memory\n'],
		[
			'kubectl debug x --copy-to=y --set-image=a',
			'error: invalid argument "a" for "--set-image" flag: a must be formatted as key=value\n',
		],
		['kubectl get pods --profile=odd', "error: unknown profile 'odd'\n"],
		['kubectl create frob', 'Error: must specify one of -f and -k\n\nerror: unknown command "frob"\n'],
		['kubectl help frob', 'Unknown help topic [`frob`]\n\n\nBasic Commands (Beginner):\n'],
		['kubectl certificate frob', 'Modify certificate resources.\n'],
	])('%s', async (line, said) => {
		expect((await t.run(line)).slice(0, said.length)).toBe(said);
	});

	test('a node is not cordoned for a selector of pods that cannot be read', async () => {
		expect(await t.run('kubectl drain basic-worker --pod-selector=a=b=c')).toBe(
			'error: --pod-selector=<pod_selector> must be a valid label selector\n',
		);
		expect(await t.run("kubectl get node basic-worker -o jsonpath='{.spec.unschedulable}'")).toBe('');
	});

	test('patch and taint do not tell that it was a dry run', async () => {
		expect(await t.run('kubectl taint node basic-worker a=b:NoSchedule --dry-run=client')).toBe(
			'node/basic-worker tainted\n',
		);
		expect(await t.run(`kubectl patch node basic-worker -p '{"metadata":{"labels":{"q":"w"}}}' --dry-run=server`)).toBe(
			'node/basic-worker patched\n',
		);
	});

	test('a patch that kubectl applies itself fails in its own words', async () => {
		const patch = (operation: string): Promise<string> =>
			t.run(`kubectl patch node basic-worker --dry-run=client --type=json -p '[${operation}]'`);
		expect(await patch('{"op":"remove","path":"/foo"}')).toBe(
			"error: error in remove for path: '/foo': Unable to remove nonexistent key: foo: missing value\n",
		);
		expect(await patch('{"op":"replace","path":"/status/conditions/99","value":1}')).toBe(
			'error: Object to be patched is missing field (/status/conditions/99: missing value)\n',
		);
	});

	test('a failure of diff is told apart from a difference', async () => {
		await t.run('kubectl diff -f /nope.yaml');
		expect(t.code()).toBe(2);
	});

	test('keys that are missing are an error where they are not allowed', async () => {
		const get = "kubectl get nodes -o jsonpath='{.items[0].nope}'";
		expect(await t.run(get)).toBe('');
		expect(await t.run(`${get} --allow-missing-template-keys=false`)).toMatch(
			/^error: error executing jsonpath "\{\.items\[0\]\.nope\}": Error executing template: nope is not found\./,
		);
	});

	test('overrides keep only what a kind has', async () => {
		const shown = await t.run(
			`kubectl run p --image=nginx --overrides='{"spec":{"odd":1,"nodeName":"node"}}' --dry-run=client -o yaml`,
		);
		expect(shown).toContain('nodeName: node\n');
		expect(shown).toContain('creationTimestamp: null');
		expect(shown).not.toContain('odd');
	});
});

describe('kubeconfigs that cannot be used', () => {
	const FILE = { kind: 'Config', apiVersion: 'v1', clusters: [], contexts: [], users: [], 'current-context': '' };
	test.each<[string, object | string, string]>([
		[
			'a context that is not there',
			{ 'current-context': 'gone' },
			'Error in configuration: context was not found for specified context: gone\n',
		],
		[
			'another kind',
			{ kind: 'Foo' },
			'error: error loading config file "kc": no kind "Foo" is registered for version "v1" in scheme "pkg/runtime/scheme.go:100"\n',
		],
		[
			'clusters that are no list',
			{ clusters: { a: 1 } },
			'error: error loading config file "kc": json: cannot unmarshal object into Go struct field Config.clusters of type []v1.NamedCluster\n',
		],
		[
			'a number',
			{ 'current-context': 3 },
			'error: error loading config file "kc": json: cannot unmarshal number into Go struct field Config.current-context of type string\n',
		],
		[
			'data that is no base64',
			{ clusters: [{ name: 'a', cluster: { 'certificate-authority-data': '%%%' } }] },
			'error: error loading config file "kc": illegal base64 data at input byte 0\n',
		],
		[
			'a tab',
			'a:\n\tb: c\n',
			'error: error loading config file "kc": yaml: line 2: found character that cannot start any token\n',
		],
	])('%s', async (_, change, said) => {
		await t.file('kc', typeof change === 'string' ? change : JSON.stringify({ ...FILE, ...change }));
		expect(await t.run('kubectl --kubeconfig kc get pods')).toBe(said);
	});

	test('commands that begin with their namespace tell of a missing context in other words', async () => {
		expect(await t.run('kubectl --context nope get pods')).toBe(
			'Error in configuration: context was not found for specified context: nope\n',
		);
		expect(await t.run('kubectl --context nope cluster-info')).toContain('error: context "nope" does not exist\n');
		expect(await t.run('kubectl --cluster nope get pods')).toBe('error: no server found for cluster "nope"\n');
		expect(await t.run('kubectl --context nope version')).toBe('error: context "nope" does not exist\n');
	});

	test('a name that nobody knows is told with who was asked', async () => {
		expect(await t.run('kubectl -s https://nope.example:6443 get pods')).toMatch(
			/^Unable to connect to the server: dial tcp: lookup nope\.example on \S+:53: no such host\n$/,
		);
	});
});
