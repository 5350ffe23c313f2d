/** `cilium identity`, `service`, `node`, `ip`. Source: cilium/cmd/{identity,service,node,ip}_*.go @ v1.12.1, v1.18.3. */
import { serviceFlagsText, serviceKeyText } from '../../../sim/cilium/index.ts';
import { formatIp, formatPrefix, type Prefix, parsePrefix } from '../../../sim/wire/index.ts';
import type { Command, Run } from '../../cobra/index.ts';
import { agentTable, CILIUM_AGENT, CILIUM_STATUS, tabulate } from '../../text/index.ts';
import { type Agent, asking, endpointsOf } from './context.ts';
import {
	endpointLabels,
	identityLabels,
	identityText,
	localIdentities,
	reservedId,
	reservedIdentities,
	securityLabels,
} from './labels.ts';
import { OUTPUT, structured } from './output.ts';

interface Identity {
	readonly id: number;
	readonly labels: readonly string[];
}

/** All the agent knows, by number. */
function identitiesOf(agent: Agent): readonly Identity[] {
	const { api } = agent.cluster;
	const resource = api.find('ciliumidentities');
	const objects = resource ? api.list(resource) : [];
	return [
		...reservedIdentities(agent.minor).map(([id]) => ({ id, labels: identityLabels(agent, id)! })),
		...objects.map((object) => ({ id: Number(object.metadata.name), labels: securityLabels(object) })),
		...[...localIdentities(agent)].map(([id, labels]) => ({ id, labels })),
	].sort((a, b) => a.id - b.id);
}

function printIdentities(run: Run, identities: readonly Identity[]): number | string {
	const printed = structured(run, () => identities.map(({ id, labels }) => ({ id, labels })));
	if (printed !== undefined) return printed;
	const rows = identities.flatMap(({ id, labels }) => labels.map((label, i) => `${i === 0 ? id : ''}\t${label}\n`));
	run.call.out(tabulate(`ID\tLABELS\n${rows.join('')}`, { minWidth: 2, tabWidth: 0, padding: 3 }));
	return 0;
}

const withLabels = (all: readonly Identity[], labels: readonly string[]): readonly Identity[] =>
	all.filter(({ labels: own }) => labels.every((label) => own.includes(label) || own.includes(`k8s:${label}`)));

export const identityCommand: Command = {
	name: 'identity',
	short: 'Manage security identities',
	commands: [
		{
			name: 'get',
			short: 'Retrieve information about an identity',
			flags: [{ name: 'label', type: 'strings', usage: 'Label to lookup' }, OUTPUT],
			run: asking('', 'identity', (run, agent) => {
				const labels = run.flags.list('label');
				if (labels.length > 0) {
					const found = withLabels(identitiesOf(agent), labels);
					return found.length > 0
						? printIdentities(run, found)
						: `Cannot get identity for labels [${labels.join(' ')}]: [GET /identity][404] getIdentityNotFound \n`;
				}
				const [text = ''] = run.args;
				if (text === '') return 'Invalid identity ID';
				const id = reservedId(text) ?? (/^\d+$/.test(text) ? Number(text) : undefined);
				if (id === undefined)
					return `Cannot get identity for given ID ${text}: [GET /identity/{id}][400] getIdentityIdBadRequest \n`;
				const known = identityLabels(agent, id);
				return known
					? printIdentities(run, [{ id, labels: known }])
					: `Cannot get identity for given ID ${text}: [GET /identity/{id}][404] getIdentityIdNotFound \n`;
			}),
		},
		{
			name: 'list',
			aliases: ['ls'],
			use: '[LABELS]',
			short: 'List identities',
			flags: [{ name: 'endpoints', type: 'bool', usage: 'list identities of locally managed endpoints' }, OUTPUT],
			run: asking('Cannot get identities. err: ', 'identity', (run, agent) => {
				if (!run.flags.on('endpoints')) {
					const found = withLabels(identitiesOf(agent), run.args);
					return found.length > 0 || run.args.length === 0
						? printIdentities(run, found)
						: `Cannot get identities for given labels [${run.args.join(' ')}]. err: [GET /identity][404] getIdentityNotFound \n`;
				}
				const counts = new Map<number, { labels: readonly string[]; count: number }>();
				for (const e of endpointsOf(agent)) {
					const entry = counts.get(e.identity) ?? { labels: endpointLabels(agent, e), count: 0 };
					counts.set(e.identity, entry);
					entry.count++;
				}
				const all = [...counts].sort(([a], [b]) => a - b);
				const printed = structured(run, () =>
					all.map(([id, { labels, count }]) => ({ identity: { id, labels }, refCount: count })),
				);
				if (printed !== undefined) return printed;
				const rows = all.flatMap(([id, { labels, count }]) =>
					labels.map((label, i) => (i === 0 ? `${id}\t${label}\t${count}\t\n` : `\t${label}\t\n`)),
				);
				run.call.out(tabulate(`ID\tLABELS\tREFCOUNT\n${rows.join('')}`, CILIUM_AGENT));
				return 0;
			}),
		},
	],
};

interface ServiceView {
	readonly id: number;
	readonly frontend: string;
	readonly type: string;
	readonly backends: readonly string[];
}

const STATES = ['active', 'terminating', 'quarantined', 'maintenance'];

/** Services as the node's maps have them, by their numbers. */
function servicesOf({ maps, ns, minor }: Agent): readonly ServiceView[] {
	const space = ns();
	const out = new Map<string, { id: number; frontend: string; type: string; backends: string[] }>();
	const protocol = (proto: number): string =>
		minor >= 17 ? `/${proto === 17 ? 'UDP' : proto === 6 ? 'TCP' : 'ANY'}` : '';
	for (const [key, value] of maps.services.dump(space)) {
		const { slot } = key;
		const frontend = serviceKeyText(maps, { ...key, slot: 0 }).replace(/ \(0\)$/, '');
		const entry = out.get(frontend) ?? { id: 0, frontend, type: '', backends: [] };
		out.set(frontend, entry);
		if (slot === 0) {
			entry.id = value.revNatIndex;
			entry.type = serviceFlagsText(value).split(',')[0]!;
			continue;
		}
		const backend = maps.backends.peek(space, value.backendId);
		if (backend)
			entry.backends[slot - 1] =
				`${slot} => ${formatIp(backend.address)}:${backend.port}${protocol(backend.proto)} (${STATES[backend.state]})`;
	}
	return [...out.values()].filter(({ type }) => type !== '').sort((a, b) => a.id - b.id);
}

const OF_KUBERNETES = 'the simulator’s agent takes services from Kubernetes alone';

export const serviceCommand = (minor: number): Command => ({
	name: 'service',
	short: 'Manage services & loadbalancers',
	commands: [
		...(minor <= 17
			? [
					{
						name: 'delete',
						use: '{ <service id> | --all }',
						short: 'Delete a service',
						flags: [{ name: 'all', type: 'bool', usage: 'Delete all services' }],
						run: asking('', 'service', ({ args }, agent) => {
							const [text] = args;
							if (text !== undefined && !servicesOf(agent).some(({ id }) => String(id) === text))
								return `Cannot delete service ${text}: [DELETE /service/{id}][404] deleteServiceIdNotFound `;
							return OF_KUBERNETES;
						}),
					} satisfies Command,
					{
						name: 'update',
						short: 'Update a service',
						flags: [
							{ name: 'backends', type: 'strings', usage: 'Backend address or addresses' },
							{ name: 'frontend', type: 'string', usage: 'Frontend address' },
							{ name: 'id', type: 'int', usage: 'Identifier' },
						],
						run: asking('', 'service', () => OF_KUBERNETES),
					} satisfies Command,
					{
						name: 'get',
						use: '<service id>',
						short: 'Display service information',
						flags: [OUTPUT],
						run: asking('', 'service', (run, agent) => {
							const [text = ''] = run.args;
							if (text === '')
								return run.args.length === 0 ? 'Missing service id argument' : 'Empty service id argument';
							if (!/^\d+$/.test(text)) return `Unable to parse service ID: ${text}`;
							const found = servicesOf(agent).find(({ id }) => String(id) === text);
							if (!found) return `Cannot get service '${text}': [GET /service/{id}][404] getServiceIdNotFound \n`;
							const printed = structured(run, () => found);
							if (printed !== undefined) return printed;
							const rows = found.backends.map(
								(text2, i) => `\t\t${i + 1} => ${text2.replace(/^\d+ => /, '').replace(/ \(.*$/, '')} (${found.id})\n`,
							);
							run.call.out(`${found.frontend} =>\n${rows.join('')}`);
							return 0;
						}),
					} satisfies Command,
				]
			: []),
		{
			name: 'list',
			aliases: ['ls'],
			short: 'List services',
			flags: [{ name: 'clustermesh-affinity', type: 'bool', usage: 'Print clustermesh affinity if available' }, OUTPUT],
			run: asking('Cannot get services list: ', 'service', (run, agent) => {
				const all = servicesOf(agent);
				const printed = structured(run, () => all);
				if (printed !== undefined) return printed;
				const rows = all.flatMap(({ id, frontend, type, backends }) => {
					const [first = '', ...more] = backends.filter((text) => text !== undefined);
					return [[String(id), frontend, type, first], ...more.map((text) => ['', '', '', text])];
				});
				run.call.out(agentTable([['ID', 'Frontend', 'Service Type', 'Backend'], ...rows]));
				return 0;
			}),
		},
	],
});

export const nodeCommand: Command = {
	name: 'node',
	short: 'Manage cluster nodes',
	commands: [
		{
			name: 'list',
			aliases: ['ls'],
			short: 'List nodes',
			flags: [OUTPUT],
			run: asking('', 'cluster/nodes', (run, agent) => {
				const { cluster, state, minor } = agent;
				const name = state.config['cluster-name'] ?? 'default';
				const resource = cluster.api.find('ciliumnodes');
				const nodes = (resource ? cluster.api.list(resource) : []).map((object) => {
					const spec = (object.spec ?? {}) as {
						readonly addresses?: readonly { readonly ip: string; readonly type: string }[];
						readonly ipam?: { readonly podCIDRs?: readonly string[] };
					};
					return {
						name: name === 'default' ? object.metadata.name : `${name}/${object.metadata.name}`,
						ip: spec.addresses?.find(({ type }) => type === 'InternalIP')?.ip ?? '',
						cidr: spec.ipam?.podCIDRs?.[0] ?? '',
						source: object.metadata.name === state.node ? 'local' : 'custom-resource',
					};
				});
				const printed = structured(run, () =>
					nodes.map((node) => ({
						name: node.name,
						'primary-address': { ipv4: { 'alloc-range': node.cidr, enabled: true, ip: node.ip } },
						...(minor >= 15 ? { source: node.source } : {}),
					})),
				);
				if (printed !== undefined) return printed;
				const rows = nodes
					.map((node) => `${node.name}\t${node.ip}\t${node.cidr}\t\t${minor >= 15 ? `\t${node.source}` : ''}\n`)
					.sort();
				const head = `Name\tIPv4 Address\tEndpoint CIDR\tIPv6 Address\tEndpoint CIDR${minor >= 15 ? '\tSource' : ''}\n`;
				if (rows.length > 0) run.call.out(tabulate(head + rows.join(''), CILIUM_STATUS));
				return 0;
			}),
		},
	],
};

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
	const printed = structured(run, () => entries);
	if (printed !== undefined) return printed;
	const verbose = run.flags.on('verbose');
	const rows = entries.flatMap(({ cidr, identity, source, hostIP }) => {
		const known = identityLabels(agent, identity) ?? [String(identity)];
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
