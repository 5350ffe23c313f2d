/** Who answers `hubble`: the agent of the pod it runs in, or Hubble Relay behind a port that is forwarded. */
import type { Cluster, Lab } from '../../../../sim/lab/index.ts';
import type { Run } from '../../../cobra/index.ts';
import { forwardedRelay, relayPod } from '../../relay.ts';
import { type Agent, agentIn, agentOf } from '../context.ts';
import { eventsOf } from '../monitor/index.ts';
import { type Flow, flowsOf } from './flow.ts';

const SOCKET = 'unix:///var/run/cilium/hubble.sock';
const RELAY = 'localhost:4245';

/** Who answers, or why nobody does. */
export type Server =
	| { readonly kind: 'agent'; readonly address: string; readonly agents: () => readonly Agent[] }
	| {
			readonly kind: 'relay';
			readonly address: string;
			readonly agents: () => readonly Agent[];
			readonly nodes: () => number;
	  }
	| { readonly kind: 'none'; readonly error: string };

const hasHubble = ({ state }: Agent): boolean => state.state === 'ready' && state.config['enable-hubble'] === 'true';

const agentsOf = (lab: Lab, cluster: Cluster): readonly Agent[] =>
	cluster.agents().map((state) => agentOf(lab, cluster, state));

const refused = (address: string, why: string): string =>
	`failed to connect to '${address}': connection error: desc = "transport: error while dialing: ${why}"`;

/** Whom this command asks, by where it runs, `--server` and $HUBBLE_SERVER. */
export function serverOf({ call, flags }: Run): Server {
	const { place, lab } = call;
	if (place.kind === 'pod') {
		const agent = agentIn(place, lab);
		if (!agent || !hasHubble(agent))
			return {
				kind: 'none',
				error: refused(SOCKET, 'dial unix /var/run/cilium/hubble.sock: connect: no such file or directory'),
			};
		return {
			kind: 'agent',
			address: SOCKET,
			agents: () => [agentIn(place, lab)].filter((a) => a !== undefined).filter(hasHubble),
		};
	}
	if (flags.on('port-forward') || flags.on('auto-port-forward')) {
		const own = flags.text('kube-context')
			? lab.cluster(flags.text('kube-context').replace(/^kind-/, ''))
			: call.cluster();
		const namespace = flags.text('kube-namespace') || 'kube-system';
		if (!own || !relayPod(own, namespace))
			return {
				kind: 'none',
				error: own
					? 'failed to port forward: failed to get service "hubble-relay": services "hubble-relay" not found'
					: 'failed to create k8s port forwarder: unable to setup k8s client',
			};
		return relayOf(lab, own, `127.0.0.1:${flags.text('port-forward-port') || 4245}`);
	}
	const address = flags.text('server') || call.env.get('HUBBLE_SERVER') || RELAY;
	const [, host = '', port = ''] = /^(?:tls:\/\/)?(.*):(\d+)$/.exec(address) ?? [];
	const here = host === 'localhost' || host === '127.0.0.1';
	const cluster = here ? forwardedRelay(lab, Number(port)) : undefined;
	if (!cluster) {
		const dialled = `${here ? '127.0.0.1' : host}:${port}`;
		return { kind: 'none', error: refused(address, `dial tcp ${dialled}: connect: connection refused`) };
	}
	return relayOf(lab, cluster, address);
}

const relayOf = (lab: Lab, cluster: Cluster, address: string): Server => ({
	kind: 'relay',
	address,
	agents: () => agentsOf(lab, cluster).filter(hasHubble),
	nodes: () => cluster.nodes().filter(({ role }) => role !== 'external-load-balancer').length,
});

/** Flows of all who answer, by time. */
export const allFlows = (agents: readonly Agent[]): readonly Flow[] =>
	agents.flatMap((agent) => flowsOf(agent, eventsOf(agent).flows)).sort((a, b) => a.time - b.time);
