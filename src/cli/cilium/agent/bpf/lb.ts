/** `cilium bpf lb`: services as the maps have them. Source: cilium/cmd/bpf_lb_*.go @ v1.12.1, v1.18.3. */
import { lbListSourceRanges, type Printed, serviceKeyText, twoColumns } from '../../../../sim/cilium/index.ts';
import type { Command, Run } from '../../../cobra/index.ts';
import { type Agent, reading } from '../context.ts';
import { OUTPUT, structured } from '../output.ts';
import { asMap, listed, show } from './listed.ts';

export const lbList = (minor: number): Command => ({
	name: 'list',
	aliases: ['ls'],
	short: 'List load-balancing configuration',
	flags: [
		{ name: 'backends', type: 'bool', usage: 'List all service backend entries' },
		{ name: 'frontends', type: 'bool', usage: 'List all service frontend entries' },
		{ name: 'revnat', type: 'bool', usage: 'List reverse NAT entries' },
		...(minor >= 13 ? [{ name: 'source-ranges', type: 'bool', usage: 'List all source range entries' } as const] : []),
		OUTPUT,
	],
	run: reading((run, agent) => {
		const { flags } = run;
		const printed = flags.on('revnat')
			? listed(agent, 'revnat')
			: flags.on('frontends')
				? frontends(agent)
				: flags.on('backends')
					? listed(agent, 'backends')
					: flags.on('source-ranges')
						? lbListSourceRanges(agent.maps, agent.ns())
						: listed(agent, 'lb');
		return structured(run, () => asMap(printed.stdout)) ?? show(run, printed);
	}),
});

/** `--frontends`: the entries as they are (pkg/maps/lbmap/ipv4.go String()). */
function frontends({ maps, ns }: Agent): Printed {
	const rows = new Map<string, string[]>();
	for (const [key, value] of maps.services.dump(ns())) {
		const text = serviceKeyText(maps, key);
		const row = rows.get(text) ?? [];
		rows.set(text, row);
		row.push(
			`${value.backendId} ${value.count} (${value.revNatIndex}) [0x${value.flags.toString(16)} 0x${value.flags2.toString(16)}]`,
		);
	}
	return { stdout: twoColumns('SERVICE ADDRESS', 'BACKEND ID', [...rows]), stderr: [] };
}

export const maglev: Command = {
	name: 'maglev',
	short: 'Maglev lookup table',
	commands: [
		{
			name: 'list',
			aliases: ['ls'],
			short: 'List Maglev lookup tables',
			flags: [OUTPUT],
			run: reading((run, agent) => maglevTable(run, agent, undefined)),
		},
		{
			name: 'get',
			use: '<service id>',
			short: 'Get Maglev lookup table for given service by ID',
			flags: [OUTPUT],
			run: reading((run, agent) => {
				const [id] = run.args;
				if (id === undefined) return 'Missing service id argument';
				if (!/^\d+$/.test(id) || Number(id) > 65535)
					return `Unable to parse ${id}: strconv.ParseUint: parsing ${JSON.stringify(id)}: ${/^\d+$/.test(id) ? 'value out of range' : 'invalid syntax'}`;
				return maglevTable(run, agent, Number(id));
			}),
		},
	],
};

function maglevTable(run: Run, { maps, ns }: Agent, only: number | undefined): number | string {
	const rows = [...maps.maglev.dump(ns())]
		.filter(([id]) => only === undefined || id === only)
		.map(([id, backends]) => [`[${id}]/v4`, [`[${[...backends].join(' ')}]`]] as const);
	if (only !== undefined && rows.length === 0) return `No entry found for service ${only}`;
	return (
		structured(run, () => new Map(rows)) ??
		show(run, { stdout: twoColumns('SVC ID', 'LOOKUP TABLE', rows), stderr: [] })
	);
}
