/** Flags, errors and names that several commands of docker share. */
import type { Container, Lab } from '../../sim/lab/index.ts';
import type { Flag } from '../cobra/index.ts';
import type { Call, Place } from '../tool.ts';

export const FORMAT: Flag = { name: 'format', type: 'string', usage: 'Pretty-print containers using a Go template' };

export const QUIET: Flag = { name: 'quiet', short: 'q', type: 'bool', usage: 'Only display IDs' };

export const NO_TRUNC: Flag = { name: 'no-trunc', type: 'bool', usage: "Don't truncate output" };

export const FILTER: Flag = {
	name: 'filter',
	short: 'f',
	type: 'array',
	usage: 'Filter output based on conditions provided',
};

export const daemon = (text: string): string => `Error response from daemon: ${text}`;

export const noSuch = (name: string): string => daemon(`No such container: ${name}`);

/** What the client says itself, where the API only answers 404 (client/errors.go wrapResponseError() @ v20.10). */
export const none = (name: string): string => `Error: No such container: ${name}`;

export const running = (at: Pick<Call, 'lab'>): readonly string[] =>
	at.lab.docker
		.containers()
		.filter((c) => c.state === 'running')
		.map((c) => c.name);

export const all = (at: Pick<Call, 'lab'>): readonly string[] => at.lab.docker.containers().map((c) => c.name);

/** Where a container is in the lab: containers of kind are nodes. */
export function placeOf(lab: Lab, container: Container): Place | undefined {
	for (const cluster of lab.clusters())
		for (const node of cluster.nodes())
			if (node.name === container.name) return { kind: 'node', cluster: cluster.name, node: node.name };
	// A node that is being made is none yet.
	return Object.hasOwn(container.labels, 'io.x-k8s.kind.cluster') ? undefined : { kind: 'container', id: container.id };
}

export const usage = (path: string, what: string, line: string): string =>
	`"${path}" ${what}\nSee '${path} --help'.\n\nUsage:  ${line}`;

/** Octets of `64m`, `1g`, `512` (docker/go-units RAMInBytes() @ v0.4.0); undefined of what is no size. */
export function sizeOf(text: string): number | undefined {
	const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([kmgtp]?)i?b?$/i.exec(text.trim()) ?? [];
	return number === '' ? undefined : Math.floor(Number(number) * 1024 ** ' kmgtp'.indexOf(unit.toLowerCase() || ' '));
}
