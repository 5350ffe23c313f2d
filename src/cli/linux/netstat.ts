/** `netstat` of net-tools 2.10 (netstat.c). */
import { formatIp } from '../../sim/wire/index.ts';
import type { Tool } from '../tool.ts';
import { devicesIn } from './devices.ts';
import { hasTool, isBusybox } from './images.ts';
import { protocolStatistics } from './mib/netstat-words.ts';
import { printRoutes } from './route-table.ts';
import { hostOf, type SocketRow, socketsOf } from './sockets.ts';
import { withSpace } from './space.ts';
import { getopt, getoptText } from './words.ts';

const NETSTAT_STATES: Readonly<Record<string, string>> = { UNCONN: '', SYN_RECV: 'SYN_RECV' };

export const netstat: Tool = {
	name: 'netstat',
	at: hasTool('netstat'),
	run: (call) =>
		withSpace(call, (space) => {
			const parsed = getopt(call.args, {
				short: 'rnatulpwxiesvWcC46o',
				long: [
					'route=>r',
					'numeric=>n',
					'all=>a',
					'tcp=>t',
					'udp=>u',
					'listening=>l',
					'programs=>p',
					'program=>p',
					'interfaces=>i',
					'statistics=>s',
					'raw=>w',
					'inet=>4',
					'wide=>W',
				],
			});
			if ('fault' in parsed) {
				call.err(
					`${getoptText('netstat', parsed.fault)}usage: netstat [-vWeenNcCF] [<Af>] -r         netstat {-V|--version|-h|--help}\n       netstat [-vWnNcaeol] [<Socket> ...]\n       netstat { [-vWeenNac] -i | [-cnNe] -M | -s [-6tuw] }\n`,
				);
				return 3;
			}
			const has = (name: string): boolean => parsed.values.has(name);
			const busybox = isBusybox('netstat', call.place, call.lab);
			if (busybox && (has('s') || has('i'))) {
				call.err(`netstat: unrecognized option: ${has('s') ? 's' : 'i'}\n`);
				return 1;
			}
			if (has('r')) {
				printRoutes(call, space, true);
				return 0;
			}
			if (has('i')) {
				call.out(
					'Kernel Interface table\nIface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n',
				);
				for (const device of devicesIn(space.ns())) {
					if (!device.up) continue;
					const count = space.ns().counters.get(device.ifindex) ?? { rx: 0, tx: 0 };
					call.out(
						`${device.name.padEnd(15)} ${String(device.mtu).padStart(5)} ${String(count.rx).padStart(8)} ${'0'.padStart(6)} ${'0'.padStart(6)} ${'0'.padEnd(6)} ${String(count.tx).padStart(8)} ${'0'.padStart(6)} ${'0'.padStart(6)} ${'0'.padStart(6)} ${device.kind === 'loopback' ? 'LRU' : 'BMRU'}\n`,
					);
				}
				return 0;
			}
			if (has('s')) {
				const only = (['t', 'u', 'w'] as const).filter(has);
				call.out(protocolStatistics(space, new Set(only)));
				return 0;
			}
			const some = has('t') || has('u') || has('x') || has('w');
			const program = has('p');
			call.out(
				`Active Internet connections ${has('l') ? '(only servers)' : has('a') ? '(servers and established)' : '(w/o servers)'}\nProto Recv-Q Send-Q Local Address           Foreign Address         State      ${program ? ' PID/Program name    ' : ''}\n`,
			);
			const rows = socketsOf(space)
				.filter((r) => (some ? (r.protocol === 'tcp' ? has('t') : has('u')) : true))
				.filter((r) => {
					const idle = r.state === 'LISTEN' || r.state === 'UNCONN';
					return has('a') || (has('l') ? idle : !idle);
				})
				.sort((a, b) => (a.protocol === b.protocol ? 0 : a.protocol === 'tcp' ? -1 : 1));
			const end = (r: SocketRow, side: 'local' | 'remote'): string =>
				`${r.v6 === 'mapped' ? formatIp(r[side].ip) : hostOf(r, side, '::')}:${r[side].port === 0 ? '*' : r[side].port}`;
			for (const r of rows) {
				const state = NETSTAT_STATES[r.state] ?? r.state;
				const owner = r.processes.at(-1);
				const who = owner ? `${owner.pid}/${owner.name}`.slice(0, 19) : '-';
				call.out(
					`${(r.v6 || r.text ? `${r.protocol}6` : r.protocol).padEnd(5)} ${'0'.padStart(6)} ${'0'.padStart(6)} ${end(r, 'local').padEnd(23)} ${end(r, 'remote').padEnd(23)} ${state.padEnd(11)}${program ? ` ${who.padEnd(19)} ` : ''}\n`,
				);
			}
			if (!some && !busybox) {
				call.out(
					`Active UNIX domain sockets ${has('l') ? '(only servers)' : has('a') ? '(servers and established)' : '(w/o servers)'}\nProto RefCnt Flags       Type       State         I-Node   ${program ? 'PID/Program name     ' : ''}Path\n`,
				);
			}
			return 0;
		}),
};
