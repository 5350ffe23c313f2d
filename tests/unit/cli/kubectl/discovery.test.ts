import { describe, expect, test } from 'vitest';
import { desk } from './desk.ts';
import { namespace, withCilium } from './objects.ts';

describe('what the server has', () => {
	test('resources by group, scope and verbs', async () => {
		const d = desk();
		expect((await d.run('api-resources --api-group=apps --no-headers')).out).toBe(`\
controllerrevisions            apps/v1   true   ControllerRevision
daemonsets            ds       apps/v1   true   DaemonSet
deployments           deploy   apps/v1   true   Deployment
replicasets           rs       apps/v1   true   ReplicaSet
statefulsets          sts      apps/v1   true   StatefulSet
`);
		expect((await d.run('api-resources --api-group=apps -o name')).out).toBe(
			'controllerrevisions.apps\ndaemonsets.apps\ndeployments.apps\nreplicasets.apps\nstatefulsets.apps\n',
		);
		expect((await d.run('api-resources --namespaced=false -o name')).out.split('\n')).toContain('nodes');
		expect((await d.run('api-resources --namespaced=false -o name')).out.split('\n')).not.toContain('pods');
		expect((await d.run('api-resources --verbs=list -o name')).out).not.toContain('tokenreviews');
		expect(
			(await d.run('api-resources --sort-by=kind -o name')).out.startsWith('apiservices.apiregistration.k8s.io\n'),
		).toBe(true);
		expect((await d.run('api-resources --api-group= -o wide')).out).toMatch(
			/^NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND +VERBS\nbindings .*\[create\]\n/,
		);
		expect((await d.run('api-resources -o yaml')).err).toBe('error: --output yaml is not available\n');
		expect((await d.run('api-resources x')).err).toBe(
			"error: unexpected arguments: [x]\nSee 'kubectl api-resources -h' for help and examples\n",
		);
	});

	test('versions, custom ones among them', async () => {
		const d = desk();
		expect((await d.run('api-versions')).out.split('\n')).not.toContain('cilium.io/v2');
		withCilium(d, '1.12.1');
		const versions = (await d.run('api-versions')).out.trim().split('\n');
		expect(versions).toContain('cilium.io/v2');
		expect(versions).toContain('batch/v1beta1');
		expect(versions).toEqual([...versions].sort());
		expect((await desk('v1.25.0').run('api-versions')).out).not.toContain('batch/v1beta1');
	});

	test('versions of client and server: all of it, and a warning of its end', async () => {
		const d = desk('v1.31.0');
		const all = await d.run('version');
		expect(all.out).toMatch(
			/^Client Version: version\.Info\{Major:"1", Minor:"24", GitVersion:"v1\.24\.0", .*\nKustomize Version: v4\.5\.4\nServer Version: version\.Info\{Major:"1", Minor:"31",/,
		);
		expect(all.err).toMatch(/^WARNING: This version information is deprecated/);
		expect(await d.run('version --short')).toEqual({
			out: 'Client Version: v1.24.0\nKustomize Version: v4.5.4\nServer Version: v1.31.0\n',
			err: 'Flag --short has been deprecated, and will be removed in the future. The --short output will become the default.\nWARNING: version difference between client (1.24) and server (1.31) exceeds the supported minor version skew of +/-1\n',
			code: 0,
		});
		expect((await d.run('version --client -o yaml')).out).toMatch(
			/^clientVersion:\n {2}buildDate: .*\n(.*\n)+kustomizeVersion: v4\.5\.4\n\n$/,
		);
		expect(JSON.parse((await d.run('version -o json')).out).serverVersion.gitVersion).toBe('v1.31.0');
		d.reachable = false;
		const down = await d.run('version');
		expect(down.out).toMatch(/^Client Version: version\.Info\{Major:"1", Minor:"24", GitVersion:"v1\.24\.0"/);
		expect(down.err).toContain('The connection to the server 0.0.0.0:6443 was refused');
		expect(down.code).toBe(1);
	});

	test('kubectl is of the minor that the kind beside it builds', async () => {
		expect(await desk('v1.33.1', 'v0.29.0').run('version')).toEqual({
			out: 'Client Version: v1.33.1\nKustomize Version: v5.6.0\nServer Version: v1.33.1\n',
			err: '',
			code: 0,
		});
		const old = desk('v1.24.0', 'v0.29.0');
		expect((await old.run('version')).err).toBe(
			'WARNING: version difference between client (1.33) and server (1.24) exceeds the supported minor version skew of +/-1\n',
		);
		expect(await old.run('version --short')).toEqual({
			out: '',
			err: "error: unknown flag: --short\nSee 'kubectl version --help' for usage.\n",
			code: 1,
		});
		const before = await desk('v1.23.4', 'v0.12.0').run('version --short');
		expect(before).toEqual({ out: 'Client Version: v1.23.4\nServer Version: v1.23.4\n', err: '', code: 0 });
	});

	test.each([
		['', 0, 'out', 'kubectl controls the Kubernetes cluster manager.'],
		['certificate', 0, 'out', 'Modify certificate resources.'],
		['rollout', 1, 'out', 'Manage the rollout'],
		['top', 1, 'err', 'Display Resource (CPU/Memory) usage.'],
		['config', 1, 'err', 'Modify kubeconfig files'],
		['set', 1, 'err', 'Configure application resources.'],
		['auth', 1, 'err', 'Inspect authorization'],
		['plugin', 1, 'err', 'Provides utilities for interacting with plugins.'],
		['create', 1, 'err', 'Error: must specify one of -f and -k\n\nCreate a resource from a file or from stdin.'],
	] as const)('kubectl %s alone shows its help and ends with %i', async (words, code, stream, begins) => {
		const said = await desk().run(words);
		expect(said.code).toBe(code);
		expect(said[stream].startsWith(begins)).toBe(true);
		expect(said[stream]).toContain('Usage:\n');
		expect(said[stream === 'out' ? 'err' : 'out']).toBe('');
	});

	test('there is no metrics server', async () => {
		const d = desk();
		for (const line of ['top nodes', 'top pod -A', 'top po x --containers'])
			expect(await d.run(line)).toEqual({ out: '', err: 'error: Metrics API not available\n', code: 1 });
	});

	test('a change of the kubeconfig with too few words: help, then the error', async () => {
		const said = await desk().run('config use-context');
		expect(said.out).toContain('Usage:\n  kubectl config use-context CONTEXT_NAME');
		expect(said.err).toBe('error: Unexpected args: []\n');
	});

	test('who may do what: the administrator of a kind cluster everything', async () => {
		const d = desk();
		expect((await d.run('auth can-i create pods')).out).toBe('yes\n');
		expect(await d.run('auth can-i frob pods')).toEqual({
			out: 'yes\n',
			err: "Warning: verb 'frob' is not a known verb\n",
			code: 0,
		});
		expect((await d.run('auth can-i get nodes')).err).toBe("Warning: resource 'nodes' is not namespace scoped\n");
		expect((await desk('v1.33.1', 'v0.29.0').run('auth can-i get nodes')).err).toBe(
			"Warning: resource 'nodes' is not namespace scoped\n\n",
		);
		expect((await d.run('auth can-i get pods -q')).out).toBe('');
		const all = `\
Resources                                       Non-Resource URLs   Resource Names   Verbs
*.*                                             []                  []               [*]
                                                [*]                 []               [*]
selfsubjectaccessreviews.authorization.k8s.io   []                  []               [create]
selfsubjectrulesreviews.authorization.k8s.io    []                  []               [create]
`;
		// The roles of everybody come behind the administrator's.
		expect((await d.run('auth can-i --list')).out.startsWith(all)).toBe(true);
	});

	test('help has the form of kubectl: groups of commands, flags with what they are when nobody gives them', async () => {
		const d = desk();
		const root = (await d.run('--help')).out;
		expect(root).toMatch(/^kubectl controls the Kubernetes cluster manager\.\n\n Find more information at: /);
		expect(root).toMatch(
			/\n\nBasic Commands \(Intermediate\):\n {2}explain {9}Get documentation for a resource\n {2}get {13}Display one or many resources\n/,
		);
		expect(root).toContain('\n\nOther Commands:\n  api-resources   Print the supported API resources on the server\n');
		expect(
			root.endsWith(`
Usage:
  kubectl [flags] [options]

Use "kubectl <command> --help" for more information about a given command.
Use "kubectl options" for a list of global command-line options (applies to all commands).
`),
		).toBe(true);
		const version = (await d.run('version -h')).out;
		expect(version).toBe(`\
Print the client and server version information for the current context.

Examples:
  # Print the client and server versions for the current context
  kubectl version

Options:
    --client=false:
	If true, shows client version only (no server required).

    -o, --output='':
	One of 'yaml' or 'json'.

Usage:
  kubectl version [flags] [options]

Use "kubectl options" for a list of global command-line options (applies to all commands).
`);
		expect((await d.run('version --nope')).err).toBe(
			"error: unknown flag: --nope\nSee 'kubectl version --help' for usage.\n",
		);
	});

	test('a server warns of what it is going to lose, once', async () => {
		const d = desk('v1.33.0');
		const words = 'Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n';
		expect((await d.run('get ep,ep')).err).toBe(`${words}No resources found in default namespace.\n`);
		d.make({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { ports: [{ port: 80 }] } });
		expect((await d.run('describe svc web')).err).toBe(words);
		expect((await d.run('get svc')).err).toBe('');
	});

	test('what is not there says so', async () => {
		const d = desk();
		expect(await d.run('top pods')).toEqual({ out: '', err: 'error: Metrics API not available\n', code: 1 });
		expect((await d.run('plugin list')).err).toBe('error: unable to find any kubectl plugins in your PATH\n');
		expect((await d.run('completion csh')).err).toMatch(/^error: Unsupported shell type "csh"\./);
		expect((await d.run('options')).out).toContain("    -n, --namespace='':\n");
	});
});

test('any mix of words and flags ends in an answer or a refusal, never in a defect', async () => {
	const d = desk();
	withCilium(d, '1.14.0');
	d.make(namespace('a'));
	const words = [
		'get',
		'describe',
		'logs',
		'explain',
		'api-resources',
		'api-versions',
		'config',
		'view',
		'events',
		'version',
		'auth',
		'can-i',
		'cluster-info',
		'top',
		'pods',
		'po,svc',
		'ns',
		'all',
		'pod/web',
		'ns/a',
		'default',
		'cm/x/y',
		'crd',
		'nope',
		'ciliumnodes.cilium.io',
		'pods.spec',
		'',
		',',
		'/',
		'-',
		'--',
		'-o',
		'-o=',
		'-oyaml',
		'-ojson',
		'-owide',
		'-oname',
		'jsonpath={.items[*]}',
		'-ojsonpath={.a[?(@.b=="c")]}',
		'-ojsonpath={',
		'-ogo-template={{.x}}',
		'-ogo-template={{',
		'-ocustom-columns=A:.metadata.name',
		'-ocustom-columns=',
		'--template',
		'{{range .items}}',
		'-A',
		'-n',
		'kube-system',
		'-l',
		'a=b',
		'a in (b',
		'!a',
		'--field-selector',
		'metadata.name=a',
		'x',
		'--sort-by',
		'.metadata.name',
		'{.x',
		'--sort-by=.metadata.labels',
		'-L',
		'a,b',
		'--show-labels',
		'--no-headers',
		'--ignore-not-found',
		'-f',
		'file.yaml',
		'--raw',
		'/api/v1/pods',
		'--tail=1',
		'--since=1s',
		'-c',
		'--list',
		'--minify',
		'--recursive',
		'--context',
		'--show-events=false',
		'--for',
		'pod/a',
		'--types=Normal',
		'--chunk-size=x',
		'--v=9',
		'--unknown',
		'-z',
		'\u0000',
		'🐙',
	];
	let seed = 7;
	const draw = (bound: number): number => {
		seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
		return (seed >>> 8) % bound;
	};
	const codes = new Set<number>();
	for (let i = 0; i < 3000; i++) {
		const args = Array.from({ length: 1 + draw(7) }, () => words[draw(words.length)]!);
		// Most begin with a command, or nothing but the root would be tried.
		if (draw(10) > 0) args.unshift(words[draw(14)]!);
		const said = await d.kubectl(...args);
		codes.add(said.code);
		expect(`${said.out}${said.err}`, args.join(' ')).not.toMatch(/undefined|\[object Object\]|\bNaN\b/);
		if (said.code !== 0) expect(said.err, args.join(' ')).not.toBe('');
	}
	expect([...codes].sort()).toEqual([0, 1]);
});
