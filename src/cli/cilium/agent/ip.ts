/** `cilium ip`: the ipcache. Source: cilium/cmd/ip_*.go @ v1.12.1, v1.18.3. */
import { formatIp, formatPrefix, type Prefix, parsePrefix } from '../../../sim/wire/index.ts';
import type { Command, Run } from '../../cobra/index.ts';
import { CILIUM_AGENT, tabulate } from '../../text/index.ts';
import { type Agent, asking } from './context.ts';
import { orEmpty, ZERO } from './go-output.ts';
import { identityLabels, identityText, printable } from './labels.ts';
import { OUTPUT, structured } from './output.ts';

/** Whose address it is, as its CiliumEndpoint says. */
function podAt(agent: Agent, cidr: string): { readonly name: string; readonly namespace?: string } | undefined {
	if (!cidr.endsWith('/32')) return undefined;
	const resource = agent.cluster.api.find('ciliumendpoints');
	const ip = cidr.slice(0, -3);
	return (resource ? agent.cluster.api.list(resource) : []).find(({ status }) => {
		const { networking } = (status ?? {}) as { networking?: { addressing?: readonly { ipv4?: string }[] } };
		return networking?.addressing?.some(({ ipv4 }) => ipv4 === ip);
	})?.metadata;
}

/** Entries of the agent's ipcache, those `fits` takes. */
function printIps(run: Run, agent: Agent, fits: (prefix: Prefix, identity: number) => boolean): number | string {
	const { minor, maps, state } = agent;
	const entries = [...maps.ipcache.dump(agent.ns())]
		.filter(([prefix, { identity }]) => fits(prefix, identity))
		.sort(([a], [b]) => a.address - b.address || a.length - b.length)
		.map(([prefix, info]) => ({
			cidr: formatPrefix(prefix),
			identity: info.identity,
			hostIP: formatIp(info.tunnelEndpoint),
			source:
				info.identity === 1 || info.identity === 2 || state.endpoints.some(({ ip }) => ip === prefix.address)
					? 'local'
					: 'custom-resource',
		}));
	const printed = structured(run, () =>
		entries.map(({ cidr, identity, hostIP, source }) => {
			const pod = podAt(agent, cidr);
			return {
				cidr,
				encryptKey: ZERO,
				hostIP,
				identity,
				metadata: { name: orEmpty(pod?.name ?? ''), namespace: orEmpty(pod?.namespace ?? ''), source },
			};
		}),
	);
	if (printed !== undefined) return printed;
	const verbose = run.flags.on('verbose');
	const rows = entries.flatMap(({ cidr, identity, source, hostIP }) => {
		const all = identityLabels(agent, identity) ?? [String(identity)];
		const known = minor >= 14 ? printable(all) : all;
		const labels = run.flags.on('numeric')
			? [String(identity)]
			: minor <= 14 && identityText(identity) !== String(identity)
				? [identityText(identity)]
				: known;
		return labels.map((label, i) =>
			i === 0 ? `${cidr}\t${label}\t${source}${verbose ? `\t${hostIP}\t0` : ''}\n` : `\t${label}\t\n`,
		);
	});
	run.call.out(tabulate(`IP\tIDENTITY\tSOURCE${verbose ? '\tHOST\tENCRYPT_KEY' : ''}\n${rows.join('')}`, CILIUM_AGENT));
	return 0;
}

const IP_FLAGS = [
	{ name: 'numeric', short: 'n', type: 'bool', usage: 'Print numeric identities' } as const,
	{ name: 'verbose', short: 'v', type: 'bool', usage: 'Print all fields of ipcache' } as const,
	OUTPUT,
];

/** `ip` of an agent of that minor: `get` from 1.17. */
export const ipCommand = (minor: number): Command => ({
	name: 'ip',
	short: 'Manage IP addresses and associated information',
	commands: [
		...(minor >= 17
			? [
					{
						name: 'get',
						use: '( <cidr> |-l <identity labels> )',
						short: 'Display IP Cache information',
						flags: [{ name: 'labels', short: 'l', type: 'strings', usage: 'list of labels' }, ...IP_FLAGS],
						run: asking('Cannot get ipcache entries. err: ', 'ip', (run, agent) => {
							const wanted = run.flags.list('labels');
							const [text] = run.args;
							if (wanted.length > 0 && text !== undefined)
								return 'Cannot provide both cidr and labels arguments concurrently';
							if (wanted.length > 0)
								return printIps(run, agent, (_, identity) => {
									const own = identityLabels(agent, identity) ?? [];
									return wanted.every((label) => own.includes(label) || own.includes(`k8s:${label}`));
								});
							if (text === undefined || text === '') return 'Missing cidr argument';
							const cidr = text.includes('/') ? parsePrefix(text) : undefined;
							if (!cidr) return `Unable to parse CIDR ${JSON.stringify(text)}: invalid CIDR address: ${text}`;
							const known = [...agent.maps.ipcache.dump(agent.ns())].some(
								([p]) => p.address === cidr.address && p.length === cidr.length,
							);
							return known
								? printIps(run, agent, (p) => p.address === cidr.address && p.length === cidr.length)
								: 'Cannot get ipcache entries. err: [GET /ip][404] getIpNotFound ';
						}),
					} satisfies Command,
				]
			: []),
		{
			name: 'list',
			aliases: ['ls'],
			short: 'List IP addresses in the userspace IPcache',
			flags: IP_FLAGS,
			run: asking('Cannot get ipcache entries. err: ', 'ip', (run, agent) => printIps(run, agent, () => true)),
		},
	],
});
