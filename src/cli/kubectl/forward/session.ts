/**
 * A forwarding session: listeners on the laptop, and a stream into one pod for each connection they take.
 *
 * Source: kubernetes staging/src/k8s.io/client-go/tools/portforward/portforward.go @ v0.24.0: the first connection the
 * pod does not take ends the session.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import type { Cluster } from '../../../sim/lab/index.ts';
import { openLocalPort } from '../../local-ports.ts';
import type { Call } from '../../tool.ts';
import { intoPod, sandboxOf } from './into-pod.ts';
import { bindError, freePort, hostPort, isConnected, type ListenAddress } from './listen.ts';
import type { PortPair } from './ports.ts';

/** As long as a lab may wait for anything. */
const FOREVER = 365 * 86_400e6;

export interface Forwarding {
	/** At least one. */
	readonly addresses: readonly ListenAddress[];
	readonly pairs: readonly PortPair[];
	/** Listens now. */
	began?(at: ListenAddress, local: number, remote: number): void;
	/** Does not listen at a port. */
	failed?(local: number, errors: readonly string[]): void;
	/** Somebody connected. */
	accepted?(local: number): void;
	/** The pod did not take a connection. */
	refused?(local: number, remote: number, error: string): void;
}

/** Forwards until it is over, and answers why in the words of client-go. Rejects with `Interrupted`. */
export async function forwardPorts(call: Call, cluster: Cluster, pod: ApiObject, how: Forwarding): Promise<string> {
	const { lab } = call;
	const { namespace = '', name } = pod.metadata;
	const sandbox = sandboxOf(lab, cluster, pod) ?? pod.metadata.uid;
	/** What connections came to, to be told when it is this program's turn. */
	const told: (() => void)[] = [];
	const stops: (() => void)[] = [];
	let lost = false;
	const listen = (at: ListenAddress, local: number, remote: number): void => {
		how.began?.(at, local, remote);
		const answer = (octets: Uint8Array): Uint8Array | undefined => {
			told.push(() => how.accepted?.(local));
			const reached = intoPod({ lab, cluster, pod, sandbox, port: remote }, octets);
			if ('reply' in reached) return reached.reply.length > 0 ? reached.reply : undefined;
			told.push(() => how.refused?.(local, remote, reached.error));
			lost = true;
			return undefined;
		};
		const to = { cluster, namespace, pod: name, port: remote };
		stops.push(openLocalPort(lab, { owner: call.name, ip: at.ip, host: at.host, port: local, to, answer }));
	};
	try {
		const asked: string[] = [];
		let listening = false;
		for (const { local, remote } of how.pairs) {
			const port = local === 0 ? freePort(lab, how.addresses[0]!) : local;
			asked.push(`{${port} ${remote}}`);
			const errors: string[] = [];
			let fatal = false;
			let heard = false;
			for (const at of how.addresses) {
				const error = bindError(lab, at, port);
				if (error === undefined) {
					heard ||= at.local;
					listen(at, port, remote);
					continue;
				}
				fatal ||= !at.local;
				errors.push(
					`unable to create listener: Error listen tcp${at.ip === undefined ? 6 : 4} ${hostPort(at, port)}: ${error}`,
				);
			}
			// Of localhost's two addresses one is enough.
			if (fatal || (errors.length > 0 && !heard)) how.failed?.(port, errors);
			else listening = true;
		}
		if (!listening) return `unable to listen on any of the requested ports: [${asked.join(' ')}]`;
		for (;;) {
			await call.until(() => told.length > 0 || !isConnected(lab, cluster), FOREVER);
			for (const tell of told.splice(0)) tell();
			if (lost || !isConnected(lab, cluster)) return 'lost connection to pod';
		}
	} finally {
		for (const stop of stops) stop();
	}
}
