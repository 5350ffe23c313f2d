/**
 * `cilium connectivity test`: every action is a real connection in the lab, from pod to pod, to a service, to a NodePort
 * of every node, to the hosts; under no policy first, then under one after the other.
 *
 * Source: cilium-cli connectivity/{suite,check/{context,deployment,action,result}}.go, connectivity/tests/{pod,service,host}.go
 * @ v0.12.2, v0.15.14.
 */
import type { ApiInput, ApiObject } from '../../../sim/api/index.ts';
import type { Command, Flag, Run } from '../../cobra/index.ts';
import type { Client } from '../../kube/index.ts';
import type { Place } from '../../tool.ts';
import { withCluster } from './common.ts';
import { DEPLOYMENTS, type Deployed, deploy, SPACE } from './connectivity-deploy.ts';
import { chosen, labelsOf, type Scenario, TESTS } from './connectivity-tests.ts';
import type { CliRelease } from './release.ts';

const podIp = (pod: ApiObject): string => String(pod.status?.podIP ?? '');

/** One try: who, what it is called, and the command in its pod. */
interface Action {
	readonly scenario: Scenario;
	readonly from: ApiObject;
	/** The pod that is asked, where it is asked by its own address. */
	readonly peer?: ApiObject;
	readonly to: string;
	readonly command: readonly string[];
}

const curl = (url: string): readonly string[] => [
	'curl',
	'-sS',
	'--fail',
	'--connect-timeout',
	'5',
	'--max-time',
	'10',
	'-o',
	'/dev/null',
	url,
];

/** All that is tried, by scenario. */
function actionsOf(
	{ api, cluster }: Client,
	clients: readonly ApiObject[],
	echoes: readonly ApiObject[],
): readonly Action[] {
	const services = api.list(api.find('services')!, { namespace: SPACE });
	const nodes = cluster.nodes().filter(({ role }) => role !== 'external-load-balancer');
	const nodeIps = api.list(api.find('nodes')!).map((node) => {
		const addresses = (node.status?.addresses ?? []) as readonly { readonly type: string; readonly address: string }[];
		return { name: node.metadata.name, ip: addresses.find(({ type }) => type === 'InternalIP')?.address ?? '' };
	});
	const out: Action[] = [];
	for (const from of clients) {
		for (const echo of echoes)
			out.push({
				scenario: 'pod-to-pod',
				from,
				peer: echo,
				to: `${SPACE}/${echo.metadata.name} (${podIp(echo)}:8080)`,
				command: curl(`http://${podIp(echo)}:8080/`),
			});
		for (const service of services) {
			const spec = service.spec as {
				readonly clusterIP: string;
				readonly ports: readonly { readonly nodePort?: number }[];
			};
			out.push({
				scenario: 'pod-to-service',
				from,
				to: `${SPACE}/${service.metadata.name} (${service.metadata.name}:8080)`,
				command: curl(`http://${spec.clusterIP}:8080/`),
			});
			const port = spec.ports[0]?.nodePort;
			for (const { name, ip } of nodeIps.filter(({ name }) => nodes.some((node) => node.name === name)))
				if (port !== undefined)
					out.push({
						scenario: from.spec?.nodeName === name ? 'pod-to-local-nodeport' : 'pod-to-remote-nodeport',
						from,
						to: `${SPACE}/${service.metadata.name} (${ip}:${port})`,
						command: curl(`http://${ip}:${port}/`),
					});
		}
		for (const peer of clients.filter((one) => one !== from))
			out.push({
				scenario: 'client-to-client',
				from,
				peer,
				to: `${SPACE}/${peer.metadata.name} (${podIp(peer)}:0)`,
				command: ['ping', '-c', '1', '-W', '2', podIp(peer)],
			});
		for (const { name, ip } of nodeIps)
			out.push({ scenario: 'pod-to-host', from, to: `${name} (${ip}:0)`, command: ['ping', '-c', '1', '-W', '2', ip] });
	}
	return out;
}

/** Of `name/scenario` the part after the stroke. */
const scenarioPatterns = (patterns: readonly string[]): readonly string[] =>
	patterns.flatMap((text) => (text.includes('/') ? [text.replace(/^[^/]*\//, '')] : []));

/** Puts a policy in place and waits until the agents have it; answers how it is taken away. */
async function put({ call }: Run, { api }: Client, name: string, spec: object): Promise<() => void> {
	const resource = api.find('ciliumnetworkpolicies')!;
	api.create({
		apiVersion: 'cilium.io/v2',
		kind: 'CiliumNetworkPolicy',
		metadata: { name, namespace: SPACE },
		spec,
	} as ApiInput);
	await call.sleep(1e6);
	return () => void api.delete(resource, SPACE, name);
}

/** Flags of the real test that change what it does (internal/cli/cmd/connectivity.go @ v0.12.2). */
const LACKING: readonly Flag[] = [
	{ name: 'all-flows', type: 'bool', usage: 'Print all flows during flow validation' },
	{ name: 'datapath', type: 'bool', usage: 'Run datapath conformance tests' },
	{ name: 'debug', short: 'd', type: 'bool', usage: 'Show debug messages' },
	{ name: 'external-cidr', type: 'string', usage: 'CIDR to use as external target in connectivity tests' },
	{ name: 'external-target', type: 'string', usage: 'Domain name to use as external target in connectivity tests' },
	{ name: 'flow-validation', type: 'string', usage: 'Enable Hubble flow validation { disabled | warning | strict }' },
	{ name: 'force-deploy', type: 'bool', usage: 'Force re-deploying test artifacts' },
	{ name: 'hubble', type: 'bool', usage: 'Automatically use Hubble for flow validation & troubleshooting' },
	{ name: 'hubble-server', type: 'string', usage: 'Address of the Hubble endpoint for flow validation' },
	{ name: 'multi-cluster', type: 'string', usage: 'Test across clusters to given context' },
	{ name: 'pause-on-fail', short: 'p', type: 'bool', usage: 'Pause execution on test failure' },
	{ name: 'perf', type: 'bool', usage: 'Run network Performance tests' },
	{ name: 'print-flows', type: 'bool', usage: 'Print flow logs for each test' },
	{ name: 'test-namespace', type: 'string', usage: 'Namespace to perform the connectivity test in' },
];

const test: Command = {
	name: 'test',
	short: 'Validate connectivity in cluster',
	long: 'Validate connectivity in cluster',
	flags: [
		{ name: 'single-node', type: 'bool', usage: 'Limit to tests able to run on a single node' },
		{
			name: 'test',
			type: 'strings',
			usage:
				"Run tests that match one of the given regular expressions, skip tests by starting the expression with '!', target Scenarios with e.g. '/pod-to-cidr'",
		},
		{ name: 'verbose', short: 'v', type: 'bool', usage: "Show informational messages and don't buffer any lines" },
		...LACKING,
	],
	run: withCluster(async (run, client) => {
		const { call, flags } = run;
		const lacks = LACKING.find(({ name }) => flags.given(name));
		if (lacks) return `the simulator’s connectivity test does not have --${lacks.name}`;
		const { api, cluster } = client;
		const context = `kind-${cluster.name}`;
		const workers = cluster.nodes().filter(({ role, running }) => role !== 'external-load-balancer' && running);
		const wanted = DEPLOYMENTS.filter(
			({ name }) => name !== 'echo-other-node' || (workers.length > 1 && !flags.on('single-node')),
		);
		call.out('ℹ️  Monitor aggregation detected, will skip some flow validation steps\n');
		const failed = await deploy(run, client, context, wanted);
		if (failed !== undefined) return `Connectivity test failed: ${failed}`;
		const pods = (kind: Deployed['kind']): readonly ApiObject[] =>
			api.list(api.find('pods')!, { namespace: SPACE, labelSelector: `kind=${kind}` }).filter((pod) => {
				const conditions = (pod.status?.conditions ?? []) as readonly {
					readonly type: string;
					readonly status: string;
				}[];
				return (
					pod.metadata.deletionTimestamp === undefined &&
					conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
				);
			});
		call.out(
			`⌛ [${context}] Waiting for deployments [${wanted.map(({ name }) => name).join(' ')}] to become ready...\n`,
		);
		const ready = (): boolean => pods('client').length + pods('echo').length >= wanted.length;
		if (!(await call.until(ready, 300e6)))
			return `Connectivity test failed: timeout reached waiting for deployments [${wanted.map(({ name }) => name).join(' ')}] to become ready`;
		const ciliumEndpoints = api.find('ciliumendpoints');
		for (const pod of [...pods('client'), ...pods('echo')]) {
			call.out(`⌛ [${context}] Waiting for CiliumEndpoint for pod ${SPACE}/${pod.metadata.name} to appear...\n`);
			await call.until(
				() => ciliumEndpoints !== undefined && api.get(ciliumEndpoints, SPACE, pod.metadata.name) !== undefined,
				60e6,
			);
		}
		const placeOf = (from: ApiObject): Place => ({
			kind: 'pod',
			cluster: cluster.name,
			namespace: SPACE,
			pod: from.metadata.name,
			container: String((from.spec?.containers as readonly { readonly name: string }[] | undefined)?.[0]?.name ?? ''),
		});
		const all = actionsOf(client, pods('client'), pods('echo'));
		// The agents learn of a Service a moment after its pods are ready: each address is tried until it answers.
		const served = all.filter(({ scenario, from }) => /service|nodeport/.test(scenario) && from === all[0]?.from);
		for (const { scenario, from, to, command } of served) {
			const name = to.replace(/ .*/, '');
			const address = to.replace(/.*\((.*)\)$/, '$1');
			call.out(
				scenario === 'pod-to-service'
					? `⌛ [${context}] Waiting for Service ${name} to become ready...\n`
					: `⌛ [${context}] Waiting for NodePort ${address} (${name}) to become ready...\n`,
			);
			const quiet = ['sh', '-c', `${command.join(' ')} 2>/dev/null`];
			for (let tries = 0; tries < 60 && (await call.runAt(placeOf(from), quiet)) !== 0; tries++) await call.sleep(1e6);
		}
		call.out('ℹ️  Skipping tests that need DNS names, L7 rules or the world: the lab has none\n🏃 Running tests...\n');
		const patterns = flags.list('test');
		const tests = TESTS.filter(({ name }) =>
			chosen(patterns.map((text) => text.replace(/\/.*$/, '')).filter(Boolean), name),
		);
		const failures: { readonly name: string; bad: number }[] = [];
		let tried = 0;
		for (const { name, policy, scenarios, allowed } of tests) {
			const actions = all.filter(
				({ scenario }) => scenarios.includes(scenario) && chosen(scenarioPatterns(patterns), scenario),
			);
			call.out(`\n[=] Test [${name}]\n`);
			const remove = policy ? await put(run, client, name, policy) : undefined;
			let bad = 0;
			for (const [i, action] of actions.entries()) {
				const { from, peer, scenario, to } = action;
				const title = `${name}/${scenario}: ${SPACE}/${from.metadata.name} (${podIp(from)}) -> ${to}`;
				if (flags.on('verbose')) call.out(`  [.] Action [${title}]\n`);
				else call.out('.');
				const works = allowed({ scenario, from: labelsOf(from), to: peer && labelsOf(peer) });
				// What is to be refused says nothing of it.
				const quiet = ['sh', '-c', `${action.command.join(' ')} >/dev/null${works ? '' : ' 2>&1'}`];
				const code = await call.runAt(placeOf(from), action.command[0] === 'ping' || !works ? quiet : action.command);
				tried++;
				if ((code === 0) === works) continue;
				bad++;
				const what = works
					? `failed: command terminated with exit code ${code}`
					: 'succeeded while it should have failed';
				call.out(`\n  ❌ command "${action.command.join(' ')}" ${what}\n  [-] Action [${title}] (${i + 1})\n`);
			}
			remove?.();
			call.out('\n');
			if (bad > 0) failures.push({ name, bad });
		}
		const skipped = `${TESTS.length - tests.length} tests skipped, 0 scenarios skipped`;
		if (failures.length === 0) {
			call.out(`\n✅ All ${tests.length} tests (${tried} actions) successful, ${skipped}.\n`);
			return 0;
		}
		const wrong = failures.reduce((sum, { bad }) => sum + bad, 0);
		call.out(
			`📋 Test Report\n❌ ${failures.length}/${tests.length} tests failed (${wrong}/${tried} actions), ${skipped}:\n${failures.map(({ name }) => `Test [${name}]:\n`).join('')}`,
		);
		return `Connectivity test failed: ${failures.length} tests failed`;
	}),
};

const perf: Command = {
	name: 'perf',
	short: 'Test network performance',
	run: async () => 'the simulator has no speed to measure: its links take a fixed time, and programs none',
};

/** `perf` is a flag of `test` up to v0.15. */
export const connectivity = (release: CliRelease): Command => ({
	name: 'connectivity',
	short: 'Connectivity troubleshooting',
	commands: release.since16 ? [perf, test] : [test],
});
