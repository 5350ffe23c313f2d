/**
 * `cilium bpf …` of what the simulator's own printers print: connections, translations, ipcache, tunnel,
 * egress gateway. Source: cilium/cmd/bpf_*.go @ v1.12.1, v1.18.3.
 */
import { monoNow, monoToSec, type Printed } from '../../../../sim/cilium/index.ts';
import { parseIp, parsePrefix } from '../../../../sim/wire/index.ts';
import type { Command, Run } from '../../../cobra/index.ts';
import { catchUp } from '../../../linux/index.ts';
import { type Agent, reading } from '../context.ts';
import { OUTPUT, structured } from '../output.ts';
import { refusing } from '../refusing.ts';
import { natRetries } from './features.ts';
import { asMap, listed, missingMap, show, table } from './listed.ts';
import { ctRecords, natRecords } from './records.ts';

/**
 * What is there of IPv6 is left alone while the agent says that it is off (getIpv6EnableStatus()), and Println() of a map's
 * lines, which all end, leaves a blank one after each map.
 */
function dumped(agent: Agent, list: 'ct' | 'nat'): Printed {
	catchUp(agent.lab, agent.cluster);
	const { stdout, stderr } = listed(agent, list);
	const maps =
		list === 'nat'
			? [stdout]
			: [stdout.filter((line) => line.startsWith('TCP ')), stdout.filter((line) => !line.startsWith('TCP '))];
	const ipv6 = agent.state.config['enable-ipv6'] === 'true';
	return {
		stdout: stderr.length > 0 ? [] : maps.flatMap((lines) => [...lines, '']),
		stderr: stderr.filter((line) => ipv6 || !line.includes('_v6_')),
	};
}

const ENDPOINT_OR_GLOBAL = "Missing endpoint id or 'global' argument";
const CT_FLAGS = [
	{ name: 'time-diff', short: 'd', type: 'bool', usage: 'print time difference for entries' } as const,
	OUTPUT,
];

/** Maps of endpoints' own are no more: what the tools say of them. */
const localMaps = (id: string, minor: number): string =>
	['cilium_ct4_', 'cilium_ct_any4_', ...(minor <= 17 ? ['cilium_ct6_', 'cilium_ct_any6_'] : [])]
		.map((name) => {
			const own = `${name}${id.padStart(5, '0')}`;
			return `Unable to open /sys/fs/bpf/tc/globals/${own}: ${missingMap(minor, own)}: please try using "cilium bpf ct ${'list'} global". Skipping.\n`;
		})
		.join('');

export const ct = (minor: number): Command => ({
	name: 'ct',
	short: 'Connection tracking tables',
	commands: [
		{
			name: 'list',
			aliases: ['ls'],
			use: '( <endpoint identifier> | global )',
			short: 'List connection tracking entries',
			flags: CT_FLAGS,
			complete: (args) => (args.length === 0 ? ['global'] : []),
			run: reading((run, agent) => {
				const [which] = run.args;
				if (which === undefined) return minor <= 17 ? ENDPOINT_OR_GLOBAL : 'no CT map type provided';
				if (which !== 'global') {
					if (!/^\d+$/.test(which)) return `Cannot parse endpoint id "${which}": invalid endpoint id`;
					run.call.err(localMaps(which, minor));
					return 0;
				}
				const printed = dumped(agent, 'ct');
				return structured(run, () => ctRecords(agent)) ?? show(run, timed(run, agent, printed));
			}),
		},
		{
			name: 'flush',
			use: minor <= 17 ? '( <endpoint identifier> | global )' : 'global',
			short: 'Flush all connection tracking entries',
			complete: (args) => (args.length === 0 ? ['global'] : []),
			run: reading((run, agent) => {
				const [which] = run.args;
				if (which === undefined && minor <= 17) return ENDPOINT_OR_GLOBAL;
				if (which !== undefined && which !== 'global' && minor <= 17) {
					run.call.err(localMaps(which, minor).replaceAll('ct list', 'ct flush'));
					return 0;
				}
				flush(run, agent, [agent.maps.ctTcp, agent.maps.ctAny]);
				return 0;
			}),
		},
	],
});

/** `-d`: how long an entry has to live still, after `expires=`. */
function timed({ flags }: Run, { settings, net }: Agent, printed: Printed): Printed {
	if (!flags.on('time-diff')) return printed;
	const { clock } = settings;
	const now = monoNow(clock, net().now);
	const seconds = (units: number): number => monoToSec(clock, units);
	return {
		...printed,
		stdout: printed.stdout.map((line) =>
			line.replace(/expires=(\d+) /, (all, text: string) => {
				const left = Number(text) - now;
				return `${all}(remaining: ${left < 0 ? -seconds(-left) : seconds(left)} sec(s)) `;
			}),
		),
	};
}

type Flushable = Agent['maps']['ctTcp'] | Agent['maps']['snat'];

function flush({ call }: Run, agent: Agent, maps: readonly Flushable[]): void {
	const lines = agent.change((ns) =>
		maps.map((map) => {
			const path = `/sys/fs/bpf/tc/globals/${map.spec.name}`;
			if (!map.exists(ns))
				return { err: `Unable to open ${path}: ${missingMap(agent.minor, map.spec.name)}. Skipping.\n` };
			const entries = map.size(ns);
			map.replace(ns, []);
			return { out: `Flushed ${entries} entries from ${path}\n` };
		}),
	);
	for (const { out, err } of lines as readonly { out?: string; err?: string }[]) {
		if (out) call.out(out);
		if (err) call.err(err);
	}
}

export const nat = (minor: number): Command => ({
	name: 'nat',
	short: 'NAT mapping tables',
	commands: [
		...natRetries(minor),
		{
			name: 'list',
			aliases: ['ls'],
			short: 'List all NAT mapping entries',
			flags: [OUTPUT],
			run: reading((run, agent) => {
				const printed = dumped(agent, 'nat');
				return structured(run, () => natRecords(agent)) ?? show(run, printed);
			}),
		},
		{
			name: 'flush',
			short: 'Flush all NAT mapping entries',
			run: reading((run, agent) => {
				flush(run, agent, [agent.maps.snat]);
				return 0;
			}),
		},
	],
});

const USAGE = 'IP address must be in dotted decimal (192.168.1.1) or IPv6 (feab::f02b) form';

/** From 1.18: the entry of exactly this prefix. */
const ipcacheMatch: Command = {
	name: 'match',
	short: 'Retrieve identity for a prefix using an exact match',
	run: reading((run, agent) => {
		const [text = ''] = run.args;
		if (text === '') return 'No prefix provided';
		const prefix = parsePrefix(text);
		if (!text.includes('/')) return `Invalid prefix: netip.ParsePrefix(${JSON.stringify(text)}): no '/'`;
		if (!prefix) return `Invalid prefix: netip.ParsePrefix(${JSON.stringify(text)}): unable to parse IP`;
		const found = asMap(listed(agent, 'ipcache').stdout).get(text);
		run.call.out(
			found
				? `key ${text} has value ${JSON.stringify(found.join(','))}\n`
				: `${text} does not match to any ipcache entry\n`,
		);
		return found ? 0 : 1;
	}),
};

const BY_HAND = 'the simulator writes the ipcache for what the agent knows alone, not by hand';
const CLUSTER = { name: 'clusterid', type: 'int', default: '0', usage: 'Cluster ID' } as const;

export const ipcache = (minor: number): Command => ({
	name: 'ipcache',
	short: 'Manage the IPCache mappings for IP/CIDR <-> Identity',
	commands: [
		table('ipcache', 'List endpoint IPs (local and remote) and their corresponding security identities'),
		{
			name: 'get',
			short: 'Retrieve identity for an ip',
			run: reading((run, agent) => {
				const [text = ''] = run.args;
				if (text === '') return `No ip provided. ${USAGE}`;
				const ip = parseIp(text);
				if (ip === undefined) return `Invalid ip address. ${USAGE}`;
				const entries = asMap(listed(agent, 'ipcache').stdout);
				const found = [...entries]
					.map(([prefix, value]) => {
						const [address = '', length = '32'] = prefix.split('/');
						return { network: parseIp(address) ?? 0, length: Number(length), value };
					})
					.filter(({ network, length }) => length === 0 || (ip ^ network) >>> (32 - length) === 0)
					.sort((a, b) => b.length - a.length)[0];
				if (!found) {
					run.call.out(`${text} does not map to any identity\n`);
					return 1;
				}
				run.call.out(`${text} maps to identity ${found.value.join(',')}\n`);
				return 0;
			}),
		},
		...(minor >= 18 ? [ipcacheMatch] : []),
		...(minor >= 17
			? [
					refusing('delete', 'Delete an entry for a prefix', BY_HAND, { global: [CLUSTER] }),
					refusing('update', 'Update an entry for a prefix', BY_HAND, {
						global: [
							CLUSTER,
							{ name: 'encryptkey', type: 'int', usage: 'Encrypt key' },
							{ name: 'identity', type: 'int', usage: 'Identity' },
							{ name: 'skiptunnel', type: 'bool', usage: 'Skip tunnel' },
							{ name: 'tunnelendpoint', type: 'string', usage: 'Tunnel endpoint' },
						],
					}),
				]
			: []),
	],
});

export const tunnel: Command = {
	name: 'tunnel',
	short: 'Tunnel endpoint map',
	commands: [table('tunnel', 'List tunnel endpoint entries')],
};

/** What the table has, by the names of its columns' fields. */
const egressRecords = (lines: readonly string[]): readonly object[] =>
	lines.slice(1).map((line) => {
		const [SourceIP, DestCIDR, EgressIP, GatewayIP] = line.split(/ {2,}/);
		return { SourceIP, DestCIDR, EgressIP, GatewayIP };
	});

export const egress: Command = {
	name: 'egress',
	short: 'Manage the egress routing rules',
	commands: [
		{
			name: 'list',
			aliases: ['ls'],
			short: 'List egress policy entries',
			flags: [OUTPUT],
			run: reading((run, agent) => {
				const printed = listed(agent, 'egress');
				if (printed.stderr.length > 0 && printed.stderr[0] !== 'No entries found.') return show(run, printed);
				return structured(run, () => egressRecords(printed.stdout)) ?? show(run, printed);
			}),
		},
	],
};
