/** Web servers in containers, for those who start them and those who ask them: kubelets, probes, packets. */

import type { ClusterContext } from '../cluster/context.ts';
import { all, type ContainerSpec, type Pod } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import type { Listening } from '../software/program.ts';
import type { Container, Lab } from '../types.ts';
import { dockerHost, knownDocker } from './docker-states.ts';
import type { WebAnswer, WebRequest } from './http.ts';
import { type ContainerState, statesOn } from './states.ts';
import { type Ask, type Begun, beginApache, beginNginx, readNginx, serverOf, useNginx, type WebServer } from './web.ts';

/** How deep servers may ask each other. */
const DEEPEST = 5;
let depth = 0;

/** Asks whatever web server of a pod has an address and listens on a port. */
export const askAt =
	(cluster: ClusterContext): Ask =>
	(ip, port, request) => {
		if (depth >= DEEPEST) return undefined;
		const pods = all<Pod>(cluster.api, 'pods').filter(
			({ status }) => status?.podIP === ip && status.phase === 'Running',
		);
		const uids = new Set(pods.map(({ metadata }) => metadata.uid));
		depth++;
		try {
			for (const machine of cluster.machines.values())
				for (const state of statesOn(machine))
					if (uids.has(state.pod.metadata.uid) && state.web?.listens.some((l) => l.port === port))
						return state.web.answer({ ...request, port });
		} finally {
			depth--;
		}
		return undefined;
	};

/** Starts the web server of a container's image, if it has one. */
export function beginWeb(cluster: ClusterContext, machine: Machine, state: ContainerState): Begun | undefined {
	const kind = serverOf(state.spec.image);
	if (kind === undefined) return undefined;
	if (kind === 'nginx') return beginNginx(cluster, machine, state, statesOn(machine), askAt(cluster));
	beginApache(cluster, state, askAt(cluster));
	return { lines: [] };
}

/** `nginx -s reload`: the new configuration, or the old one and why. */
export function reloadNginx(cluster: ClusterContext, state: ContainerState): string | undefined {
	const config = readNginx(cluster, state);
	if ('refused' in config) return config.refused;
	useNginx(cluster, state, config, askAt(cluster));
	cluster.packetsChanged();
	return undefined;
}

/** Ports a container's web server listens on; undefined of other programs, and before anybody looked. */
export const listensIn = (machine: Machine, id: string): readonly Listening[] | undefined =>
	statesOn(machine).find((state) => state.id === id)?.web?.listens;

/** What that container was started by; undefined where nobody asked for its state yet. */
export const specIn = (machine: Machine, id: string): ContainerSpec | undefined =>
	statesOn(machine).find((state) => state.id === id)?.spec;

/** Whether a container's web server asks others: its answers are had over the network then. */
export const handsOn = (machine: Machine, id: string): boolean =>
	(statesOn(machine).find((state) => state.id === id)?.web?.config?.hosts.size ?? 0) > 0;

export interface ProbeRequest {
	readonly port: number;
	/** With its query. */
	readonly target: string;
	readonly host: string;
	readonly client: string;
	readonly agent: string;
	readonly headers?: readonly { readonly name: string; readonly value: string }[];
}

/**
 * What a container's web server answers the kubelet: `refused` when it does not listen there, undefined when the
 * container has no web server with files.
 */
export function probeAnswer(
	machine: Machine,
	id: string,
	probe: ProbeRequest,
): (WebAnswer & { readonly length: number }) | 'refused' | undefined {
	const web = statesOn(machine).find((state) => state.id === id)?.web;
	if (!web) return undefined;
	if (!web.listens.some(({ port }) => port === probe.port)) return 'refused';
	const [path = '/', query = ''] = probe.target.split(/\?(.*)/s);
	const request: WebRequest = {
		method: 'GET',
		path: path.startsWith('/') ? path : `/${path}`,
		query,
		version: 'HTTP/1.1',
		headers: new Map([
			['host', probe.host],
			['user-agent', probe.agent],
			...(probe.headers ?? []).map(({ name, value }) => [name.toLowerCase(), value] as const),
		]),
		body: '',
		client: probe.client,
		clientPort: 40_000,
		port: probe.port,
	};
	const answer = web.answer(request);
	return answer && { ...answer, length: answer.body.length };
}

/** The web server of a container of Docker's that is no node; undefined of other images, and while it does not run. */
export const dockerWeb = (lab: Lab, container: Container): WebServer | undefined =>
	container.state === 'running' ? knownDocker(lab, container.id)?.state.web : undefined;

/** A container of Docker's reads its configuration again; what it refuses. */
export function reloadDockerWeb(lab: Lab, container: Container): string | undefined {
	const entry = knownDocker(lab, container.id);
	return entry && reloadNginx(dockerHost(lab).cluster, entry.state);
}
