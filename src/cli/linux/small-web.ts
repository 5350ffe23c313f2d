/** Web servers that a container may be told to run. They listen as long as they run, and answer by their files. */
import { dockerDisk, httpDate, type Lab, stateAt } from '../../sim/lab/index.ts';
import { isLinuxError, type Listener, listen, type Namespace, type Respond, unlisten } from '../../sim/linux/index.ts';
import { formatIp, parseIp } from '../../sim/wire/index.ts';
import { FOREVER } from '../shell/clock.ts';
import type { Call } from '../tool.ts';
import { type HttpRequest, readRequest } from './http.ts';
import { spaceOf } from './space.ts';
import { mayBind } from './sysctl.ts';

/** What a server reads its files from, at the moment it is asked. */
export interface WebFiles {
	/** Absolute paths; undefined of what is not there or may not be read. */
	kind(path: string): 'file' | 'directory' | undefined;
	read(path: string): Uint8Array | undefined;
	list(path: string): readonly string[];
	/** Virtual microseconds at which it was written last. */
	time(path: string): number;
}

export function webFilesAt({ place, lab }: Call): WebFiles | undefined {
	const disk = () => {
		if (place.kind === 'container') {
			const container = lab.docker.find(place.id);
			return container && dockerDisk(lab, container).disk;
		}
		const cluster = place.kind === 'pod' ? lab.cluster(place.cluster) : undefined;
		return place.kind === 'pod' && cluster
			? stateAt(cluster, place.namespace, place.pod, place.container)?.disk
			: undefined;
	};
	if (place.kind !== 'pod' && place.kind !== 'container') return undefined;
	return {
		kind(path) {
			const kind = disk()?.stat(path)?.kind;
			return kind === 'file' || kind === 'directory' ? kind : undefined;
		},
		read: (path) => disk()?.readOctets(path),
		list: (path) => [...(disk()?.list(path) ?? [])].sort(),
		time: (path) => disk()?.stat(path)?.at ?? 0,
	};
}

export interface Reply {
	readonly status: number;
	readonly octets: Uint8Array;
	/** Lines for its log. */
	readonly log?: readonly string[];
}

/** Answers one request; `when` is a date of HTTP's of a virtual time. */
export type Answering = (
	request: HttpRequest | undefined,
	files: WebFiles,
	peer: string,
	when: (micros: number) => string,
	now: number,
) => Reply;

/** Waits for requests on a port until it is ended, or goes on in the background when `apart`. */
export async function serveWeb(
	call: Call,
	what: {
		readonly name: string;
		readonly address?: string;
		readonly port: number;
		readonly apart?: boolean;
		readonly busy: string;
		readonly denied: string;
	},
	answering: Answering,
): Promise<number> {
	const space = spaceOf(call);
	const files = webFilesAt(call);
	if (!space || !files) {
		call.err(`${what.name}: this lab serves files from containers only\n`);
		return 1;
	}
	if (!mayBind(call, space, what.port)) {
		call.err(`${what.denied}\n`);
		return 1;
	}
	const came: string[] = [];
	const { lab } = call;
	const when = (micros: number): string => httpDate(lab.epoch, micros);
	const respond = (data: Uint8Array, peer: { readonly ip: number; readonly port: number }): Uint8Array => {
		const { octets, log = [] } = answering(
			readRequest(data),
			files,
			`${formatIp(peer.ip)}:${peer.port}`,
			when,
			lab.now,
		);
		if (!what.apart) came.push(...log);
		return octets;
	};
	const ip = what.address === undefined ? 0 : (parseIp(what.address) ?? 0);
	const named = namedPort(call, space.ns(), what.port);
	if (named !== undefined) {
		const answers = answersOf(lab);
		answers.set(named, respond);
		if (what.apart) return 0;
		try {
			await tell(call, came);
		} finally {
			if (answers.get(named) === respond) answers.delete(named);
		}
	}
	const make = () =>
		space.change((net, ns) =>
			listen(net, ns, { protocol: 'tcp', port: what.port, ip, owner: what.name, closes: 'server', respond }),
		);
	let made = make();
	// What went on in the background of a container that has ended is gone with it.
	if (isLinuxError(made)) {
		const left = space
			.ns()
			.sockets.listeners.get(6 * 65_536 + what.port)
			?.find((one) => one.owner === what.name && apart.has(one));
		if (left && apart.get(left) !== runOf(call)) {
			space.change((net, ns) => unlisten(net, ns, left));
			made = make();
		}
	}
	if (isLinuxError(made)) {
		call.err(`${what.busy}\n`);
		return 1;
	}
	const listener: Listener = made;
	if (what.apart) {
		apart.set(listener, runOf(call));
		return 0;
	}
	try {
		return await tell(call, came);
	} finally {
		space.change((net, ns) => unlisten(net, ns, listener));
	}
}

/** Writes the log as it comes, without end. */
async function tell(call: Call, came: string[]): Promise<never> {
	for (;;) {
		await call.until(() => came.length > 0, FOREVER);
		for (const line of came.splice(0)) call.err(`${line}\n`);
	}
}

/**
 * Answers of servers whose port the pod's own command line names: the lab has that port open by itself (`listens` of
 * sim/lab/software/guest.ts), and `servers.ts` gives it the answers of whoever runs behind it.
 */
const named = new WeakMap<Lab, Map<string, Respond>>();

const answersOf = (lab: Lab): Map<string, Respond> => {
	const known = named.get(lab) ?? new Map<string, Respond>();
	named.set(lab, known);
	return known;
};

const namedKey = (ns: string, port: number): string => `${ns} ${port}`;

/** Key of a port that the lab opened for the call's pod. */
function namedPort({ place }: Call, ns: Namespace, port: number): string | undefined {
	const list = ns.sockets.listeners.get(6 * 65_536 + port) ?? [];
	return place.kind === 'pod' && list.some(({ owner }) => owner === place.pod) ? namedKey(ns.name, port) : undefined;
}

/** What a server that runs behind a pod's port answers; undefined where none does. */
export const answerAt = (lab: Lab, ns: string, port: number): Respond | undefined =>
	named.get(lab)?.get(namedKey(ns, port));

/** Servers in the background, with the run of the container they belong to. */
const apart = new WeakMap<Listener, string>();

function runOf({ place, lab }: Call): string {
	if (place.kind === 'container') return `${place.id} ${lab.docker.find(place.id)?.started}`;
	if (place.kind !== 'pod') return '';
	const all = lab.cluster(place.cluster)?.running({ namespace: place.namespace, name: place.pod });
	return all?.find((c) => c.name === place.container)?.id ?? '';
}
