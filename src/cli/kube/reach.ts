/** A connection to the API server from where a tool runs, through the network that is there. */
import { connect, isLinuxError } from '../../sim/linux/index.ts';
import { parseIp } from '../../sim/wire/index.ts';
import { resolve } from '../linux/resolve.ts';
import { spaceAt } from '../linux/space.ts';
import { send } from '../linux/traffic.ts';
import type { Call } from '../tool.ts';

/** Why nobody answers there, as Go's dialer says; `ECONNREFUSED` as it is; undefined when somebody does. */
export async function reach(call: Call, host: string, port: number, patience: number): Promise<string | undefined> {
	const space = spaceAt(call.place, call.lab);
	if (!space) return undefined;
	const found = parseIp(host) ?? (await resolve(call, space, host));
	const ip = typeof found === 'number' ? found : 'ip' in found ? found.ip : undefined;
	if (ip === undefined) return `lookup ${host}: no such host`;
	const { value } = send(space, (net, ns) =>
		connect(net, ns, { protocol: 'tcp', dst: ip, dport: port, deadline: patience }),
	);
	const outcome = isLinuxError(value) ? undefined : value.outcome;
	if (outcome?.result === 'connected') return undefined;
	if (outcome?.errno === 'ECONNREFUSED') return 'ECONNREFUSED';
	if (outcome?.errno === 'EHOSTUNREACH') return 'connect: no route to host';
	if (outcome?.errno === 'EPERM') return 'connect: operation not permitted';
	await call.sleep(patience);
	return 'i/o timeout';
}
