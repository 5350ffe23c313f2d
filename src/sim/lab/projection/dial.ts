/** What a connection would come to, tried in a copy of the network: who can reach whom after somebody changed it by hand. */
import { connect, forkNet, isLinuxError, type Network, run } from '../../linux/index.ts';
import type { Ip } from '../../wire/index.ts';
import { SECOND } from '../time.ts';

/** After an ARP request was repeated in vain, and well before a program that waits gives up. */
const PATIENCE = 4 * SECOND;

const REFUSED = 'connect: connection refused';

const WORDS: Readonly<Record<string, string>> = {
	ECONNREFUSED: REFUSED,
	EHOSTUNREACH: 'connect: no route to host',
	ENETUNREACH: 'connect: network is unreachable',
	EPERM: 'connect: operation not permitted',
};

/** In the words of Go's dialer what stands between a namespace and a TCP port; undefined when it gets there. */
export function dialFault(net: Network, ns: string, dst: Ip, dport: number): string | undefined {
	const tried = forkNet(net);
	const client = connect(tried, ns, { protocol: 'tcp', dst, dport, deadline: PATIENCE });
	if (isLinuxError(client)) return 'i/o timeout';
	run(tried, { until: tried.now + PATIENCE + SECOND });
	const { outcome } = client;
	if (outcome?.result === 'connected') return undefined;
	return WORDS[outcome?.errno ?? ''] ?? 'i/o timeout';
}

/** The same, where a refusal is an answer too: somebody is there. */
export function silence(net: Network, ns: string, dst: Ip, dport: number): string | undefined {
	const fault = dialFault(net, ns, dst, dport);
	return fault === REFUSED ? undefined : fault;
}
