/** What a kubelet asks of a program in a pod, over the network: the connection of a probe or of a hook. */
import type { GuestRequest, Lab } from '../../sim/lab/index.ts';
import { connect, isLinuxError } from '../../sim/linux/index.ts';
import { parseIp, utf8 } from '../../sim/wire/index.ts';
import { spaceAt } from './space.ts';
import { send } from './traffic.ts';

export async function kubeletRequest(
	lab: Lab,
	{ cluster, node, address, port, text, timeout }: GuestRequest,
	sleep: (time: number) => Promise<void>,
): Promise<{ readonly text: string } | { readonly errno: string }> {
	const space = spaceAt({ kind: 'node', cluster, node }, lab);
	const dst = parseIp(address);
	if (!space || dst === undefined) return { errno: 'EHOSTUNREACH' };
	const { value, began, error } = send(space, (net, ns) =>
		connect(net, ns, {
			protocol: 'tcp',
			dst,
			dport: port,
			deadline: timeout,
			...(text === undefined ? {} : { data: utf8(text) }),
		}),
	);
	if (error || isLinuxError(value)) return { errno: 'EHOSTUNREACH' };
	const { outcome } = value;
	const took = (outcome?.at ?? began + timeout) - began;
	await sleep(Math.min(took, timeout));
	if (took >= timeout || outcome === undefined) return { errno: 'ETIMEDOUT' };
	if (outcome.errno !== undefined) return { errno: outcome.errno };
	if (outcome.result !== 'connected') return { errno: 'ETIMEDOUT' };
	return { text: new TextDecoder().decode(outcome.reply ?? new Uint8Array(0)) };
}
