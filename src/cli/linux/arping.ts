import { deviceByName, sendArp } from '../../sim/linux/index.ts';
import { formatIp, formatMac, parseIp } from '../../sim/wire/index.ts';
import type { Tool } from '../tool.ts';
import { noArp } from './devices.ts';
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
			if (device.kind === 'loopback' || noArp(device)) {
				call.err(`Interface "${dev}" is not ARPable\n`);
				return 2;
			}
			// Duplicate address detection asks as nobody, and ends with the first answer.
			const dad = values.has('D');
			const given = values.get('s') === undefined ? undefined : parseIp(values.get('s')!);
			const own = dad ? 0 : (given ?? device.addresses[0]?.ip ?? 0);
			const count = whole(values.get('c') ?? values.get('w') ?? '', 1, 1e6) ?? Number.POSITIVE_INFINITY;
			const out = (text: string): void => {
				if (!values.has('q')) call.out(text);
			};
			out(`ARPING ${formatIp(ip)} from ${formatIp(own)} ${dev}\n`);
			let received = 0;
			let sent = 0;
			let broadcasts = 0;
			const end = (): number => {
				const unicasts = received > 0 && !values.has('b');
				out(`Sent ${sent} probes (${unicasts ? broadcasts : sent} broadcast(s))\nReceived ${received} response(s)\n`);
				return received > 0 === dad ? 1 : 0;
			};
			while (sent < count) {
				const { began, frames } = send(space, (net, name) => sendArp(net, name, dev, ip, own));
				sent++;
				if (received === 0) broadcasts++;
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
					out(
						`Unicast reply from ${formatIp(ip)} [${formatMac(reply.frame.payload.senderMac).toUpperCase()}]  ${decimals((reply.time - began) / 1000, 3)}ms\n`,
					);
					if (dad || values.has('f')) break;
				}
				if (sent < count || !reply)
					try {
						await call.sleep(1e6);
					} catch (left) {
						// Ctrl-C ends it as the last probe does.
						end();
						throw left;
					}
			}
			return end();
		}),
};
