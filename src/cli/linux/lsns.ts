/** lsns: namespaces of network, with a process each (util-linux 2.37 sys-utils/lsns.c). */
import type { Tool } from '../tool.ts';
import { namedNetns } from './devices.ts';
import { hasTool } from './images.ts';
import type { Process } from './process-numbers.ts';
import { processesOf } from './processes.ts';
import { netnsOf } from './ps-columns.ts';
import { spaceOf } from './space.ts';
import { getopt, getoptText } from './words.ts';

/** Columns that it has of its own accord, then the others; to the right are the numbers. */
const LSNS = ['NS', 'TYPE', 'NPROCS', 'PID', 'USER', 'NETNSID', 'NSFS', 'COMMAND'];
const LSNS_MORE = ['PATH', 'PPID'];
const TO_RIGHT = new Set(['NS', 'NPROCS', 'PID', 'PPID', 'NETNSID']);
/** Numbers in JSON as well. */
const AS_NUMBER = new Set(['NS', 'NPROCS', 'PID', 'PPID']);

export const lsns: Tool = {
	name: 'lsns',
	at: hasTool('lsns'),
	async run(call) {
		const parsed = getopt(call.args, {
			short: 'Jlno:p:ruWt:hV',
			long: [
				'json=>J',
				'list=>l',
				'noheadings=>n',
				'output=>o',
				'output-all',
				'task=>p',
				'raw=>r',
				'notruncate=>u',
				'nowrap=>W',
				'type=>t',
				'help=>h',
				'version=>V',
			],
		});
		const wrong = (text: string): number => {
			call.err(`lsns: ${text}\n`);
			return 1;
		};
		if ('fault' in parsed)
			return wrong(
				`${getoptText('lsns', parsed.fault).replace(/^lsns: |\n$/g, '')}\nTry 'lsns --help' for more information.`,
			);
		const { values, args } = parsed;
		if (values.has('V')) {
			call.out('lsns from util-linux 2.37.2\n');
			return 0;
		}
		if (values.has('h') || values.has('p') || args.length > 0)
			return wrong('the simulator lists all network namespaces only: lsns -t net');
		if (values.get('t') !== 'net') return wrong('the simulator knows network namespaces only: lsns -t net');
		const known = [...LSNS, ...LSNS_MORE];
		const asked = (values.get('o') ?? '').toUpperCase().replace(/^\+/, '').split(',').filter(Boolean);
		const unknown = asked.findIndex((name) => !known.includes(name));
		if (unknown >= 0) {
			const word = values.get('o')!.replace(/^\+/, '').split(',')[unknown]!;
			return ['PNS', 'ONS', 'UID'].includes(asked[unknown]!)
				? wrong(`the simulator has no column of namespaces ${word}`)
				: wrong(`unknown column: ${word}`);
		}
		const adds = values.get('o')?.startsWith('+') ?? false;
		const columns = values.has('output-all') ? known : asked.length === 0 || adds ? [...LSNS, ...asked] : asked;
		const groups = new Map<string, Process[]>();
		for (const p of processesOf(call)) {
			const key = netnsOf(p, call);
			groups.set(key, [...(groups.get(key) ?? []), p]);
		}
		const space = spaceOf(call);
		const named = space ? namedNetns(space) : [];
		const rows = [...groups].map(([inode, list]): Readonly<Record<string, string>> => {
			const first = list[0]!;
			const at = named.findIndex(({ ns }) => ns === first.ns);
			return {
				NS: inode,
				TYPE: 'net',
				NPROCS: String(list.length),
				PID: String(first.pid),
				PPID: String(first.ppid),
				USER: first.user,
				NETNSID: at < 0 ? 'unassigned' : String(at),
				NSFS: at < 0 ? '' : `/run/netns/${named[at]!.name}`,
				PATH: `/proc/${first.pid}/ns/net`,
				COMMAND: first.argv.join(' '),
			};
		});
		if (values.has('J')) {
			const member = (row: Readonly<Record<string, string>>, name: string): string =>
				`         "${name.toLowerCase()}": ${AS_NUMBER.has(name) ? row[name] : row[name] === '' ? 'null' : JSON.stringify(row[name])}`;
			const each = rows.map((row) => `{\n${columns.map((name) => member(row, name)).join(',\n')}\n      }`);
			call.out(`{\n   "namespaces": [\n      ${each.join(',')}\n   ]\n}\n`);
			return 0;
		}
		const head = Object.fromEntries(columns.map((name) => [name, name]));
		const table = [...(values.has('n') ? [] : [head]), ...rows].map((row) => columns.map((name) => row[name]!));
		const widths = columns.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
		for (const row of table) {
			const cells = row.map((cell, i) =>
				values.has('r')
					? cell.replaceAll(' ', '\\x20')
					: TO_RIGHT.has(columns[i]!)
						? cell.padStart(widths[i]!)
						: i === columns.length - 1
							? cell
							: cell.padEnd(widths[i]!),
			);
			call.out(`${cells.join(' ')}\n`);
		}
		return 0;
	},
};
