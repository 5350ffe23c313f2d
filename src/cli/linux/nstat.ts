/** `nstat` of iproute2 (misc/nstat.c @ v5.15.0): what grew since it was asked last, by user and namespace. */
import type { Lab } from '../../sim/lab/index.ts';
import type { Call, Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { allCounters } from './mib/files.ts';
import { type Space, withSpace } from './space.ts';
import { getopt, getoptText } from './words.ts';

const USAGE = `Usage: nstat [OPTION] [ PATTERN [ PATTERN ] ]
   -h, --help           this message
   -a, --ignore         ignore history
   -d, --scan=SECS      sample every statistics every SECS
   -j, --json           format output in JSON
   -n, --nooutput       do history only
   -p, --pretty         pretty print
   -r, --reset          reset history
   -s, --noupdate       don't update history
   -t, --interval=SECS  report average over the last SECS
   -V, --version        output version information
   -z, --zeros          show entries with zero activity
`;

/** useless_numbers[]: values that count nothing. */
const USELESS = new Set([
	'IpForwarding',
	'IpDefaultTTL',
	'TcpRtoAlgorithm',
	'TcpRtoMin',
	'TcpRtoMax',
	'TcpMaxConn',
	'TcpCurrEstab',
]);

/** /tmp/.nstat.u0 of each place. */
const histories = new WeakMap<Lab, Map<string, ReadonlyMap<string, number>>>();

/** fnmatch(3) without flags, as far as `*`, `?` and plain letters go; any of the patterns, or all when there is none. */
function wanted(name: string, patterns: readonly string[]): boolean {
	if (patterns.length === 0) return true;
	return patterns.some((pattern) =>
		new RegExp(
			`^${pattern
				.replace(/[.+^${}()|[\]\\]/g, '\\$&')
				.replace(/\*/g, '.*')
				.replace(/\?/g, '.')}$`,
			'i',
		).test(name),
	);
}

function run(call: Call, space: Space): number {
	const parsed = getopt(call.args, {
		short: 'hVzrnasd:t:jp',
		long: [
			'help=>h',
			'version=>V',
			'zeros=>z',
			'reset=>r',
			'nooutput=>n',
			'ignore=>a',
			'noupdate=>s',
			'scan=>d',
			'interval=>t',
			'json=>j',
			'pretty=>p',
		],
	});
	if ('fault' in parsed) {
		call.err(`${getoptText('nstat', parsed.fault)}${USAGE}`);
		return 255;
	}
	const { values, args } = parsed;
	if (values.has('h')) {
		call.err(USAGE);
		return 255;
	}
	if (values.has('V')) {
		call.out('nstat utility, iproute2-5.15.0\n');
		return 0;
	}
	if (values.has('d') || values.has('t')) {
		call.err('nstat: the simulator has no daemon that samples (-d, -t); without them nstat works\n');
		return 1;
	}
	const all = histories.get(call.lab) ?? new Map<string, ReadonlyMap<string, number>>();
	histories.set(call.lab, all);
	const key = `${space.cluster?.name ?? ''} ${space.name}`;
	const past = values.has('a') || values.has('r') ? undefined : all.get(key);
	const now = allCounters(space);
	if (!values.has('n')) {
		const rows = now.flatMap(([name, value]) => {
			if (USELESS.has(name) || !wanted(name, args)) return [];
			const grown = value - (past?.get(name) ?? 0);
			return grown === 0 && !values.has('z') ? [] : [[name, grown] as const];
		});
		if (values.has('j')) {
			const pretty = values.has('p');
			const lines = rows.map(([name, n]) => `"${name}":${pretty ? ' ' : ''}${n}`);
			call.out(
				!pretty
					? `{"kernel":{${lines.join(',')}}}\n`
					: lines.length === 0
						? '{\n    "kernel": {}\n}\n'
						: `{\n    "kernel": {\n${lines.map((line) => `        ${line}`).join(',\n')}\n    }\n}\n`,
			);
		} else {
			call.out('#kernel\n');
			for (const [name, n] of rows) call.out(`${name.padEnd(32)}${String(n).padEnd(16)}${'0.0'.padStart(6)}\n`);
		}
	}
	if (!values.has('s')) all.set(key, new Map(now));
	return 0;
}

export const nstat: Tool = {
	name: 'nstat',
	at: hasTool('nstat'),
	run: (call) => withSpace(call, (space) => run(call, space)),
};
