/**
 * What a kubelet asks a container over its network, for probes and hooks: web servers of known images are asked as they are,
 * everything else through whoever runs the packets.
 *
 * Source: kubernetes pkg/probe/http/{http,request}.go, pkg/probe/tcp/tcp.go, pkg/probe/grpc/grpc.go @ v1.24.0.
 */
import { formatIp } from '../../wire/index.ts';
import { type ContainerSpec, keyOf, type Node, one, type Probe } from '../cluster/kinds.ts';
import { prefixOfText } from '../cluster/machine.ts';
import { peoplesContainers } from '../containers/later.ts';
import { listensOf, programOf } from '../software/programs.ts';
import type { GuestRequest } from '../types.ts';
import type { ContainerRecord, Run } from './container.ts';
import type { PodEnv } from './pod-env.ts';

type HttpGet = NonNullable<Probe['httpGet']>;

/** A status, or why there is none. */
export type HttpSaid = { readonly status: number } | { readonly said: string };

export interface Asking {
	/** @param agent `kube-probe/1.24`; @param timeout microseconds */
	http(
		record: ContainerRecord,
		run: Run,
		get: HttpGet,
		agent: string,
		timeout: number,
		done: (said: HttpSaid) => void,
	): void;
	/** `done` is told what is wrong. */
	tcp(record: ContainerRecord, run: Run, port: number, timeout: number, done: (said?: string) => void): void;
	grpc(run: Run, port: number, timeout: number, done: (said?: string) => void): void;
	/** Whether a program's answer may change while it is well. */
	lasting(run: Run): boolean;
}

/** The number of a port by its name in the container; undefined where it has none (probe.go extractPort()). */
export const portOf = (spec: ContainerSpec, port: number | string): number | undefined => {
	const found = typeof port === 'number' ? port : spec.ports?.find((p) => p.name === port)?.containerPort;
	if (found !== undefined) return found;
	return /^\d+$/.test(String(port)) ? Number(port) : undefined;
};

const seconds = (micros: number): string => `${micros / 1e6}s`;

/** net/url's and net/http's words of a connection that failed. */
const DIALLED: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connect: connection refused',
	EHOSTUNREACH: 'connect: no route to host',
	ENETUNREACH: 'connect: network is unreachable',
	EPERM: 'connect: operation not permitted',
};

export function createAsking(env: PodEnv): Asking {
	const { cluster, machine } = env;

	/** Programs that a shell runs, and those that answer otherwise as time goes by. */
	const lasting = (run: Run): boolean => run.program.guest === true || run.program.answers !== undefined;

	const listening = (record: ContainerRecord, run: Run, port: number): boolean => {
		if (programOf(record.spec).listensOnly !== true) return true;
		const listens = peoplesContainers()?.listensIn(machine, run.id) ?? listensOf(record.spec);
		return listens.some((l) => l.protocol === 'TCP' && l.port === port);
	};

	const ask = (
		address: string,
		port: number,
		text: string | undefined,
		timeout: number,
		done: GuestRequest['done'],
	): void =>
		cluster.guests.request?.({
			cluster: cluster.name,
			node: machine.name,
			address,
			port,
			timeout,
			...(text === undefined ? {} : { text }),
			done,
		});

	const http: Asking['http'] = (record, run, get, agent, timeout, done) => {
		const port = portOf(record.spec, get.port) ?? 0;
		const host = get.host || env.ip();
		const path = get.path ?? '/';
		const target = path.startsWith('/') ? path : `/${path}`;
		const scheme = (get.scheme ?? 'HTTP').toLowerCase();
		const at = `${host}:${port}`;
		const failed = (why: string): void => done({ said: `Get "${scheme}://${at}${target}": ${why}` });
		const refused = (): void => failed(`dial tcp ${at}: connect: connection refused`);
		// A pod on its node's network is also at the node's loopback address, where Cilium's agents are asked.
		const loopback = host === 'localhost' || host.startsWith('127.');
		const own = host === env.ip() || (loopback && env.pod().spec.hostNetwork === true);
		if (own && !lasting(run)) {
			if (run.complaint !== '') done({ said: run.complaint });
			else if (run.healthy && listening(record, run, port)) done({ status: 200 });
			else refused();
			return;
		}
		const handsOn = cluster.guests.attached && peoplesContainers()?.handsOn(machine, run.id);
		if (own && run.program.answers && !handsOn) {
			if (!run.healthy) {
				refused();
				return;
			}
			const request = { client: proberAddress(env), target, host: at, agent };
			const page = peoplesContainers()?.probeAnswer(machine, run.id, {
				...request,
				port,
				headers: get.httpHeaders ?? [],
			});
			if (page === 'refused') refused();
			else if (page === undefined) {
				if (run.healthy && listening(record, run, port)) done({ status: 200 });
				else refused();
			} else {
				if (scheme === 'https') failed('http: server gave HTTP response to HTTPS client');
				else {
					run.served({ ...request, method: 'GET', version: 'HTTP/1.1', ...page }, cluster.timeline.now);
					done({ status: page.status });
				}
			}
			return;
		}
		const given = get.httpHeaders ?? [];
		const has = (name: string): string | undefined =>
			given.findLast((header) => header.name.toLowerCase() === name)?.value;
		const head = [
			`GET ${target} HTTP/1.1`,
			`Host: ${has('host') ?? at}`,
			`User-Agent: ${has('user-agent') ?? agent}`,
			...(has('accept') === undefined ? ['Accept: */*'] : []),
			...given.filter(({ name }) => !/^(?:host|user-agent)$/i.test(name)).map(({ name, value }) => `${name}: ${value}`),
			'Connection: close',
		];
		ask(host, port, `${head.join('\r\n')}\r\n\r\n`, timeout, (answer) => {
			if ('errno' in answer) {
				if (answer.errno === 'ETIMEDOUT')
					failed('context deadline exceeded (Client.Timeout exceeded while awaiting headers)');
				else if (answer.errno === 'ECONNRESET')
					failed(`read tcp ${proberAddress(env)}->${at}: read: connection reset by peer`);
				else failed(`dial tcp ${at}: ${DIALLED[answer.errno] ?? `connect: ${answer.errno}`}`);
				return;
			}
			const status = /^HTTP\/\d\.\d (\d{3})/.exec(answer.text)?.[1];
			if (answer.text === '') failed('EOF');
			else if (status === undefined)
				failed(
					`net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(answer.text.split(/\r?\n/)[0])}`,
				);
			else if (scheme === 'https') failed('http: server gave HTTP response to HTTPS client');
			else done({ status: Number(status) });
		});
	};

	const connects = (
		record: ContainerRecord | undefined,
		run: Run,
		port: number,
		timeout: number,
		done: (errno?: string) => void,
	) => {
		if (!run.program.guest) {
			const heard = run.healthy && (record === undefined || listening(record, run, port));
			done(heard ? undefined : 'ECONNREFUSED');
			return;
		}
		ask(env.ip(), port, undefined, timeout, (answer) => done('errno' in answer ? answer.errno : undefined));
	};

	return {
		lasting,
		http,
		tcp(record, run, port, timeout, done) {
			if (run.complaint !== '') {
				done(run.complaint);
				return;
			}
			connects(record, run, port, timeout, (errno) => {
				const at = `${env.ip()}:${port}`;
				if (errno === undefined) done();
				else if (errno === 'ETIMEDOUT') done(`dial tcp ${at}: i/o timeout`);
				else done(`dial tcp ${at}: ${DIALLED[errno] ?? `connect: ${errno}`}`);
			});
		},
		grpc(run, port, timeout, done) {
			// Of programs that a shell runs none speaks gRPC.
			connects(undefined, run, port, timeout, (errno) => {
				if (errno === undefined && !run.program.guest) done();
				else
					done(
						`timeout: failed to connect service "${env.ip()}:${port}" within ${seconds(timeout)}: context deadline exceeded`,
					);
			});
		},
	};
}

/** Where the kubelet's packets to a pod come from: the node's own address towards its pods. */
function proberAddress({ cluster, machine, pod, ip }: PodEnv): string {
	if (pod().spec.hostNetwork) return ip();
	if (machine.agent && machine.connected.get(keyOf(pod())) === 'cilium') return formatIp(machine.agent.routerIP);
	const cidr = prefixOfText(one<Node>(cluster.api, 'nodes', '', machine.name)?.spec?.podCIDR);
	return cidr ? formatIp(cidr.address + 1) : ip();
}
