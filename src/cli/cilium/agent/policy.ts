/**
 * `cilium policy`, `cilium fqdn`. No name was looked up by the DNS proxy, which is not simulated.
 * Source: cilium/cmd/{policy_*,fqdn}.go @ v1.12.1, v1.18.3.
 */
import type { Command, Run } from '../../cobra/index.ts';
import { CILIUM_AGENT, tabulate } from '../../text/index.ts';
import { type Agent, agentIn, asking, endpointsOf } from './context.ts';
import { orZero } from './go-output.ts';
import { goDuration, OUTPUT, structured } from './output.ts';
import { rulesJson, selectorRows } from './policy-rules.ts';

const NO_TRACE =
	'the simulator tells no policy decision rule by rule: "cilium bpf policy get" has what an endpoint may, "cilium monitor -t policy-verdict" what was decided';
const OF_KUBERNETES = 'the simulator’s agent takes policies from Kubernetes alone';

/** What changes the agent's own repository, to 1.18; policies are those of the API server here. */
const repositoryCommands = (minor: number): readonly Command[] => {
	if (minor > 18) return [];
	const deprecated = minor >= 18 ? ' (deprecated)' : '';
	return [
		{
			name: 'delete',
			use: '[<labels>]',
			short: `Delete policy rules${deprecated}`,
			flags: [{ name: 'all', type: 'bool', usage: 'Delete all policies' }, OUTPUT],
			run: asking('Cannot delete policy: ', 'policy', (run, agent) => {
				if (!run.flags.on('all') && run.args.length === 0) return 'Please use --all flag to delete all policies';
				if (rulesJson(agent).length > 0) return OF_KUBERNETES;
				run.call.out(`Revision: ${agent.state.policyRevision}\n`);
				return 0;
			}),
		},
		{
			name: 'import',
			use: '<path>',
			short: `Import security policy in JSON format${deprecated}`,
			flags: [{ name: 'print', type: 'bool', usage: 'Print policy after import' }, OUTPUT],
			run: asking('', 'policy', ({ args }) => (args.length === 0 ? 'Empty path given' : OF_KUBERNETES)),
		},
		...(minor <= 13
			? [
					{
						name: 'trace',
						short: 'Trace a policy decision',
						flags: ['src-k8s-pod', 'dst-k8s-pod', 'src-endpoint', 'dst-endpoint', 'src-identity', 'dst-identity']
							.map((name) => ({ name, type: 'string', usage: 'Source or destination' }) as const)
							.concat([
								{ name: 'src', short: 's', type: 'strings', usage: 'Source label context' },
								{ name: 'dst', short: 'd', type: 'strings', usage: 'Destination label context' },
								{ name: 'dport', type: 'strings', usage: 'L4 destination port to search on' },
							] as never[]),
						run: asking('', 'policy/resolve', () => NO_TRACE),
					} satisfies Command,
				]
			: []),
		{
			name: 'validate',
			use: '<path>',
			short: `Validate a policy${deprecated}`,
			flags: [
				{ name: 'print', type: 'bool', usage: 'Print policy after validation' },
				{ name: 'verbose', short: 'v', type: 'bool', usage: 'Enable verbose output' },
			],
			run: asking('', 'policy', ({ args }) =>
				args.length === 0
					? 'Empty path given'
					: 'the simulator reads policies from Kubernetes alone: kubectl apply --dry-run=server says what it thinks of one',
			),
		},
	];
};

const POLL = 1_000_000;

/** policy_wait.go: how many endpoints are ready; the repository's revision is every endpoint's. */
async function waitFor({ call, args, flags }: Run, first: Agent): Promise<number | string> {
	const [text = ''] = args;
	if (text === '') return 'invalid revision';
	if (!/^-?\d+$/.test(text))
		return `invalid revision '${text}': strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;
	const began = call.lab.now;
	for (let waited = false; ; waited = true) {
		const agent = agentIn(call.place, call.lab) ?? first;
		const all = endpointsOf(agent);
		const ready = all.filter((e) => agent.state.policyRevision >= Number(text) && e.state === 'ready').length;
		if (ready === all.length) {
			if (waited) call.out('\n');
			return 0;
		}
		if (call.lab.now - began > flags.number('max-wait-time') * POLL)
			return `\n${all.length - ready} endpoints still not ready after ${goDuration(call.lab.now - began)} (0 failed)\n`;
		call.out(`\rWaiting for endpoints to run policy revision ${text}: ${ready}/${all.length}              `);
		await call.until(() => false, flags.number('sleep-time') * POLL);
	}
}

export const policyCommand = (minor: number): Command => ({
	name: 'policy',
	short: 'Manage security policies',
	commands: [
		{
			name: 'get',
			use: '[<labels>]',
			short: `Display policy node information${minor >= 18 ? ' (deprecated)' : ''}`,
			flags: [OUTPUT],
			run: asking('Cannot get policy: ', 'policy', (run, agent) => {
				const revision = agent.state.policyRevision;
				const rules = JSON.stringify(rulesJson(agent), null, 2);
				const printed = structured(run, () => ({ policy: rules, revision }));
				if (printed !== undefined) return printed;
				run.call.out(`${rules}\nRevision: ${revision}\n`);
				return 0;
			}),
		},
		...repositoryCommands(minor),
		{
			name: 'wait',
			use: '<revision>',
			short: 'Wait for all endpoints to have updated to a given policy revision',
			flags: [
				{
					name: 'fail-wait-time',
					type: 'int',
					default: '60',
					usage: 'Wait time after which command fails if endpoint regeneration fails (seconds)',
				},
				{ name: 'max-wait-time', type: 'int', default: '360', usage: 'Wait time after which command fails (seconds)' },
				{ name: 'sleep-time', type: 'int', default: '1', usage: 'Sleep interval between checks (seconds)' },
			],
			run: asking('cannot list endpoints: ', 'endpoint', waitFor),
		},
		{
			name: 'selectors',
			short: 'Display cached information about selectors',
			flags: [{ name: 'verbose', short: 'v', type: 'bool', usage: 'Show the full labels' }, OUTPUT],
			run: asking('Cannot get policy: ', 'policy/selectors', (run, agent) => {
				const rows = selectorRows(agent, new Set(endpointsOf(agent).map(({ identity }) => identity)));
				const printed = structured(run, () =>
					rows.map(({ selector, policies, users, identities }) => ({
						identities,
						...(minor >= 16 && {
							labels: policies.flatMap((policy) => {
								const [namespace = '', name = ''] = policy.split('/');
								return [
									{ key: 'io.cilium.k8s.policy.name', value: name, source: 'k8s' },
									...(namespace === ''
										? []
										: [{ key: 'io.cilium.k8s.policy.namespace', value: namespace, source: 'k8s' }]),
								];
							}),
						}),
						selector,
						users: orZero(users),
					})),
				);
				if (printed !== undefined) return printed;
				const named = minor >= 16;
				const lines = rows.flatMap(({ selector, policies, users, identities }) => [
					`${selector}\t${named ? `${policies.join(', ')}\t` : ''}${users}\t${identities[0] ?? ''}\t\n`,
					...identities.slice(1).map((identity) => `\t${named ? '\t' : ''}\t${identity}\t\n`),
				]);
				run.call.out(
					tabulate(`SELECTOR\t${named ? 'LABELS\t' : ''}USERS\tIDENTITIES\n${lines.join('')}`, CILIUM_AGENT),
				);
				return 0;
			}),
		},
	],
});

export const fqdnCommand: Command = {
	name: 'fqdn',
	short: 'Manage fqdn proxy',
	commands: [
		{
			name: 'cache',
			short: 'Manage fqdn proxy cache',
			commands: [
				{
					name: 'clean',
					short: 'Clean fqdn cache',
					flags: [
						{ name: 'force', short: 'f', type: 'bool', usage: 'Skip confirmation' },
						{
							name: 'matchpattern',
							short: 'p',
							type: 'string',
							usage: 'Delete cache entries with FQDNs that match matchpattern',
						},
					],
					run: asking('', 'fqdn/cache', (run) => {
						run.call.out('FQDN proxy cache cleared\n');
						return 0;
					}),
				},
				{
					name: 'list',
					short: 'List fqdn cache contents',
					flags: [
						{ name: 'endpoint', short: 'e', type: 'string', usage: 'List cache entries for a specific endpoint id' },
						{
							name: 'matchpattern',
							short: 'p',
							type: 'string',
							usage: 'List cache entries with FQDN that match matchpattern',
						},
						{
							name: 'source',
							short: 's',
							type: 'string',
							usage: 'List cache entries from a specific source (lookup, connection)',
						},
						OUTPUT,
					],
					run: asking('', 'fqdn/cache', (run) => {
						const printed = structured(run, () => []);
						if (printed !== undefined) return printed;
						run.call.out(tabulate('Endpoint\tSource\tFQDN\tTTL\tExpirationTime\tIPs\t\n', CILIUM_AGENT));
						return 0;
					}),
				},
			],
		},
		{
			name: 'names',
			short: 'Show internal state Cilium has for DNS names / regexes',
			run: asking('', 'fqdn/names', (run) => {
				run.call.out('{\n  "DNSPollNames": null,\n  "FQDNPolicySelectors": []\n}\n');
				return 0;
			}),
		},
	],
};
