/** `cilium service`: what the node's maps have. Source: cilium/cmd/service_*.go @ v1.12.1, v1.18.3. */
import { type Lb4Key, SCOPE_INT, serviceFlagsText, serviceKeyText } from '../../../sim/cilium/index.ts';
import { formatIp } from '../../../sim/wire/index.ts';
import type { Command } from '../../cobra/index.ts';
import { agentTable } from '../../text/index.ts';
import { type Agent, asking } from './context.ts';
import { OUTPUT, structured } from './output.ts';
import { serviceModel } from './service-model.ts';

interface ServiceView {
	readonly id: number;
	readonly frontend: string;
	readonly type: string;
	readonly backends: readonly string[];
	/** As -o has it. */
	model(): object;
}

const STATES = ['active', 'terminating', 'quarantined', 'maintenance'];

/** Services as the node's maps have them, by their numbers. */
function servicesOf(agent: Agent): readonly ServiceView[] {
	const { maps, ns, minor } = agent;
	const space = ns();
	const out = new Map<
		string,
		{ id: number; frontend: string; type: string; backends: string[]; key: Lb4Key; ids: number[] }
	>();
	const protocol = (proto: number): string =>
		minor >= 17 ? `/${proto === 17 ? 'UDP' : proto === 6 ? 'TCP' : 'ANY'}` : '';
	for (const [key, value] of maps.services.dump(space)) {
		const { slot } = key;
		// Entries for all other ports of an address are the map's only, no frontend's (pkg/loadbalancer/cell/restapi.go @ v1.19.0).
		if (key.port === 0) continue;
		const frontend = serviceKeyText(maps, { ...key, slot: 0 }).replace(/ \(0\)$/, '');
		const entry = out.get(frontend) ?? { id: 0, frontend, type: '', backends: [], key, ids: [] };
		out.set(frontend, entry);
		if (slot === 0) {
			entry.id = value.revNatIndex;
			entry.type = serviceFlagsText(value).split(',')[0]!;
			continue;
		}
		const backend = maps.backends.peek(space, value.backendId);
		if (backend) entry.ids.push(value.backendId);
		if (backend)
			entry.backends[slot - 1] =
				`${slot} => ${formatIp(backend.address)}:${backend.port}${protocol(backend.proto)} (${STATES[backend.state]})`;
	}
	return [...out.values()]
		.filter(({ type }) => type !== '')
		.sort((a, b) => a.id - b.id)
		.map(({ key, ids, ...view }) => ({
			...view,
			model: () =>
				serviceModel(agent, {
					id: view.id,
					address: key.address,
					port: key.port,
					proto: key.proto,
					internal: key.scope === SCOPE_INT,
					type: view.type,
					backends: [...ids].sort((a, b) => a - b).map((id) => maps.backends.peek(space, id)!),
				}),
		}));
}

/** Answer to those who would change a service by hand. */
const OF_KUBERNETES = 'the simulator’s agent takes services from Kubernetes alone';

/** `service` of an agent of that minor: from 1.18 it only lists. */
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
							const printed = structured(run, () => found.model());
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
				const printed = structured(run, () => all.map((service) => service.model()));
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
