/** `cilium cgroups`. Source: cilium-dbg/cmd/cgroups_list.go @ v1.18.3. */
import type { Command } from '../../cobra/index.ts';
import { CILIUM_AGENT, tabulate } from '../../text/index.ts';
import { type Agent, asking, type EndpointView } from './context.ts';
import { OUTPUT, structured } from './output.ts';

/** Numbers of the cgroups of a node's containers. */
const numberOf = ({ lab }: Pick<Agent, 'lab'>, id: string): number => 5_000 + lab.random('cgroup', id, 20_000);

/** The cgroup of a pod's first container. */
export function cgroupOf(agent: Agent, { namespace, pod: name }: Pick<EndpointView, 'namespace' | 'pod'>): number {
	const found = agent.cluster.running().find(({ pod }) => pod.name === name && pod.namespace === namespace);
	return found ? numberOf(agent, found.id) : 0;
}

/** Containers of pods whose traffic the socket load balancer translates: what it is traced by. */
export const cgroups: Command = {
	name: 'cgroups',
	short: 'Cgroup metadata',
	commands: [
		{
			name: 'list',
			aliases: ['ls'],
			short: 'Display cgroup metadata maintained by Cilium',
			flags: [{ name: 'no-headers', type: 'bool', usage: 'Do not print headers' }, OUTPUT],
			run: asking('', 'cgroup-dump-metadata', (run, agent) => {
				const { cluster, state, settings } = agent;
				const pods = new Map<string, { name: string; namespace: string; ips: string[]; containers: object[] }>();
				for (const { id, pod, node } of settings.socketLB === 'off' ? [] : cluster.running()) {
					if (node !== state.node || !state.endpoints.some((e) => e.pod === pod.name && e.namespace === pod.namespace))
						continue;
					const key = `${pod.namespace}/${pod.name}`;
					const entry = pods.get(key) ?? { name: pod.name, namespace: pod.namespace, ips: [], containers: [] };
					pods.set(key, entry);
					entry.containers.push({ 'cgroup-id': numberOf(agent, id) });
				}
				const all = [...pods.values()];
				const printed = structured(run, () => all.map(({ ips: _ips, ...pod }) => pod));
				if (printed !== undefined) return printed;
				const rows = all.flatMap(({ name, namespace, containers }) =>
					containers.map((c, i) => {
						const id = (c as { readonly 'cgroup-id': number })['cgroup-id'];
						return i === 0 ? `${name}\t${namespace}\t${id}\t\n` : `\t\t${id}\t\n`;
					}),
				);
				const head = run.flags.on('no-headers') ? '' : 'POD NAME\tPOD NAMESPACE\tCGROUP IDS\t\n';
				run.call.out(tabulate(head + rows.join(''), CILIUM_AGENT));
				return 0;
			}),
		},
	],
};
