import { deviceByName, sendArp } from '../../sim/linux/index.ts';
import { formatIp, formatMac, parseIp } from '../../sim/wire/index.ts';
import type { Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { type Space, withSpace } from './space.ts';
import { send } from './traffic.ts';
import { decimals, getopt, getoptText, whole } from './words.ts';

/** `arping` (iputils 20211215): who has an address, asked on the wire. A ping does the asking; its ARP is what is shown. */
export const arping: Tool = {
	name: 'arping',
	at: hasTool('arping'),
	run: (call) =>
		withSpace(call, async (space: Space) => {
			const parsed = getopt(call.args, { short: 'c:I:w:i:s:fqbDUAV' });
			if ('fault' in parsed) {
				call.err(getoptText('arping', parsed.fault));
				return 2;
			}
			const { values, args } = parsed;
			const ip = parseIp(args[0] ?? '');
			if (ip === undefined) {
				call.err(
					args[0] === undefined
						? 'arping: usage error: destination address required\n'
						: `arping: ${args[0]}: Name or service not known\n`,
				);
				return args[0] === undefined ? 1 : 2;
			}
			const ns = space.ns();
			const dev = values.get('I') ?? [...ns.devices.values()].find((d) => d.kind !== 'loopback' && d.up)?.name ?? 'lo';
			const device = deviceByName(ns, dev);
			if (!device) {
				call.err(`arping: Device ${dev} not available.\n`);
				return 2;
			}
			const own = device.addresses[0]?.ip ?? 0;
			const count = whole(values.get('c') ?? values.get('w') ?? '5', 1, 1000) ?? 5;
			call.out(`ARPING ${formatIp(ip)} from ${formatIp(own)} ${dev}\n`);
			let received = 0;
			for (let i = 0; i < count; i++) {
				const { began, frames } = send(space, (net, name) => sendArp(net, name, dev, ip));
				const reply = frames.find(
					({ direction, dev: d, frame }) =>
						direction === 'rx' &&
						d === dev &&
						frame.payload.kind === 'arp' &&
						frame.payload.op === 2 &&
						frame.payload.senderIp === ip,
				);
				if (reply && reply.frame.payload.kind === 'arp') {
					received++;
					await call.sleep(reply.time - began);
					call.out(
						`Unicast reply from ${formatIp(ip)} [${formatMac(reply.frame.payload.senderMac).toUpperCase()}]  ${decimals((reply.time - began) / 1000, 3)}ms\n`,
					);
				}
				if (i + 1 < count || !reply) await call.sleep(1e6);
			}
			call.out(`Sent ${count} probes (${received > 0 ? 1 : count} broadcast(s))\nReceived ${received} response(s)\n`);
			return received > 0 ? 0 : 1;
		}),
};
