/**
 * An API server without its etcd: it goes on, answers whatever needs no storage, and ends by its liveness probe; one that
 * starts waits twenty seconds for etcd.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/storage/storagebackend/factory/etcd3.go (dialTimeout, health check),
 * pkg/endpoints/handlers/responsewriters/status.go @ v1.24.0; etcd client/v3/{retry_interceptor,options}.go,
 * server/etcdserver/v3_server.go @ v3.5.3.
 */
import { minorOf } from '../../kube/index.ts';
import { formatIp } from '../../wire/index.ts';
import type { EtcdState } from '../cluster/context.ts';
import { klog } from '../software/log.ts';
import type { ProgramContext } from '../software/program.ts';
import { MILLISECOND, SECOND } from '../time.ts';

/** What requests end with. */
export interface EtcdFault {
	readonly message: string;
	/** How long a read is tried, microseconds: a hundred times, 25 ms apart, or until etcd itself gives up. */
	readonly read: number;
	/** The same of what is created. */
	readonly write: number;
}

const dialled = (minor: number, at = LOCAL): string =>
	`connection error: desc = "transport: Error while dialing${minor >= 28 ? ':' : ''} dial tcp ${at}: connect: connection refused"`;

const LOCAL = '127.0.0.1:2379';

/** What an API server says without its etcd, and after how long. */
export const etcdFault = (state: EtcdState, minor: number): EtcdFault =>
	state === 'gone'
		? { message: `rpc error: code = Unavailable desc = ${dialled(minor)}`, read: 2500 * MILLISECOND, write: 0 }
		: { message: 'etcdserver: request timed out', read: 7 * SECOND, write: 7 * SECOND };

/** DialTimeout of the API server's client. */
const PATIENCE = 20 * SECOND;
/** The health check's own patience (`--etcd-healthcheck-timeout`). */
const CHECK = 2 * SECOND;

/** The first of `--etcd-servers`; undefined without the flag. */
const serverOf = ({ argv }: ProgramContext): string | undefined =>
	argv
		.findLast((word) => word.startsWith('--etcd-servers='))
		?.replace(/^--etcd-servers=(?:https?:\/\/)?([^,/]*).*$/, '$1');

/** Where it says etcd is, and what it finds there. */
function stateAt(context: ProgramContext): EtcdState | undefined {
	const { cluster, machine } = context;
	const [, host = '', port] = /^(.*):(\d+)$/.exec(serverOf(context) ?? '') ?? [];
	const known = [...cluster.machines.values()].some(({ ip }) => ip !== undefined && formatIp(ip) === host);
	const there = port === '2379' && (known || host === '127.0.0.1' || host === 'localhost');
	return there ? cluster.etcdState(machine.name) : 'gone';
}

/** gRPC's tries, each after 1.6 times as long: a line for each as long as nobody answers. */
function complain(context: ProgramContext, runs: () => boolean): void {
	const minor = minorOf(context.cluster.api.version);
	let delay = SECOND;
	const again = (): void => {
		if (!runs() || stateAt(context) !== 'gone') return;
		const at = serverOf(context) ?? LOCAL;
		const words = `[core] grpc: addrConn.createTransport failed to connect to {${at} ${at.replace(/:\d+$/, '')} <nil> 0 <nil>}. Err: ${dialled(minor, at)}. Reconnecting...`;
		context.log(klog(context, 'W', 'clientconn.go:1331', words));
		context.after(delay, again);
		delay = Math.min(delay * 1.6, 120 * SECOND);
	};
	again();
}

/** Begins an API server once its etcd is there; it ends when that takes too long. */
export function withEtcd(context: ProgramContext, begin: () => void): void {
	if (serverOf(context) === undefined) {
		context.log(klog(context, 'E', 'run.go:74', '"command failed" err="--etcd-servers must be specified"'));
		context.exit(1);
		return;
	}
	if (stateAt(context) !== 'gone') {
		begin();
		return;
	}
	const { timeline } = context.cluster;
	const since = timeline.now;
	let over = false;
	complain(context, () => !over);
	const look = (): void => {
		const late = timeline.now - since >= PATIENCE;
		over = late || stateAt(context) !== 'gone';
		if (!over) context.after(SECOND, look);
		else if (!late) begin();
		else {
			context.log(klog(context, 'E', 'run.go:74', '"command failed" err="context deadline exceeded"'));
			context.exit(1);
		}
	};
	context.after(SECOND, look);
}

/** While an API server runs its health is etcd's too: to be called when nobody answers for the API any more. */
export function etcdWent(context: ProgramContext, runs: () => boolean): void {
	if (!runs() || stateAt(context) === undefined) return;
	complain(context, runs);
	context.after(CHECK, () => {
		if (runs() && stateAt(context) !== undefined) context.unhealthy('HTTP probe failed with statuscode: 500');
	});
}
