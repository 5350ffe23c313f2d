/** journalctl (systemd 248 src/journal/journalctl.c, src/shared/logs-show.c): the journal of a node. */
import { hashText } from '../../sim/linux/index.ts';
import type { Call, Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { journalOf, newSystemd } from './journal.ts';
import type { JournalLine } from './journal-kubelet.ts';
import { machineOf } from './node-machine.ts';
import { clock, dayName, getopt, getoptText, isoDate, monthOf, whole } from './words.ts';

/** `2022-08-31 10:03:00`, `10:03`, `5 min ago`, `-5m`, `today`, `yesterday`, `now`: seconds since 1970. */
function timeOf(text: string, now: number): number | undefined {
	const today = now - (now % 86_400);
	if (text === 'now') return now;
	if (text === 'today') return today;
	if (text === 'yesterday') return today - 86_400;
	const back = /^(?:-\s*(\d+)\s*([a-z]+)|(\d+)\s*([a-z]+)\s+ago)$/.exec(text);
	if (back) {
		const units: readonly (readonly [RegExp, number])[] = [
			[/^(?:s|sec|second|seconds)$/, 1],
			[/^(?:m|min|minute|minutes)$/, 60],
			[/^(?:h|hr|hour|hours)$/, 3600],
			[/^(?:d|day|days)$/, 86_400],
		];
		const unit = units.find(([names]) => names.test(back[2] ?? back[4]!))?.[1];
		return unit === undefined ? undefined : now - Number(back[1] ?? back[3]) * unit;
	}
	const point = /^(?:(\d{4}-\d\d-\d\d)[ T]?)?(?:(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
	if (!point || text === '') return undefined;
	const day = point[1] === undefined ? today : Date.parse(`${point[1]}T00:00:00Z`) / 1000;
	if (Number.isNaN(day)) return undefined;
	return day + Number(point[2] ?? 0) * 3600 + Number(point[3] ?? 0) * 60 + Number(point[4] ?? 0);
}

const pad = (n: number): string => String(n).padStart(2, '0');

const unitOf = ({ unit }: JournalLine): string => (unit === 'init' ? 'init.scope' : `${unit}.service`);

function shown(call: Call, host: string, line: JournalLine, output: string): string {
	const seconds = call.lab.epoch + line.at / 1e6;
	const source = `${host} ${line.identifier}[${line.pid}]: ${line.text}`;
	const d = new Date(Math.floor(seconds) * 1000);
	const micros = String(Math.floor((call.lab.epoch * 1e6 + line.at) % 1e6)).padStart(6, '0');
	const day = `${monthOf(seconds)} ${pad(d.getUTCDate())} ${clock(seconds)}`;
	switch (output) {
		case 'cat':
			return line.text;
		case 'short-precise':
			return `${day}.${micros} ${source}`;
		case 'short-iso':
			return `${isoDate(seconds)}T${clock(seconds)}+0000 ${source}`;
		case 'short-iso-precise':
			return `${isoDate(seconds)}T${clock(seconds)}.${micros}+0000 ${source}`;
		case 'short-unix':
			return `${Math.floor(seconds)}.${micros} ${source}`;
		case 'with-unit':
			return `${dayName(seconds)} ${isoDate(seconds)} ${clock(seconds)} UTC ${host} ${unitOf(line)}[${line.pid}]: ${line.text}`;
		case 'short-full':
			return `${dayName(seconds)} ${isoDate(seconds)} ${clock(seconds)} UTC ${source}`;
		case 'json':
		case 'json-pretty': {
			const fields = {
				__REALTIME_TIMESTAMP: String(call.lab.epoch * 1e6 + line.at),
				_HOSTNAME: host,
				SYSLOG_IDENTIFIER: line.identifier,
				_PID: String(line.pid),
				_SYSTEMD_UNIT: unitOf(line),
				MESSAGE: line.text,
			};
			if (output === 'json') return JSON.stringify(fields);
			const rows = Object.entries(fields).map(([key, value]) => `\t"${key}" : ${JSON.stringify(value)}`);
			return `{\n${rows.join(',\n')}\n}`;
		}
		default:
			return `${day} ${source}`;
	}
}

/** What the real one has beside those read below (src/journal/journalctl.c, parse_argv(), @ 248). */
const OTHERS =
	'system user machine merge directory file root image namespace cursor after-cursor show-cursor cursor-file case-sensitive fields field truncate-newline version help disk-usage vacuum-size vacuum-files vacuum-time verify sync relinquish-var smart-relinquish-var flush rotate header list-catalog dump-catalog update-catalog interval setup-keys force verify-key facility no-tail'.split(
		' ',
	);

const OUTPUTS =
	'short short-precise short-iso short-iso-precise short-full short-unix with-unit cat json json-pretty'.split(' ');
/** Which need fields that are not kept: where in the journal a line is, and since when its machine runs. */
const NO_OUTPUTS = 'short-monotonic verbose export json-sse json-seq'.split(' ');

export const journalctl: Tool = {
	name: 'journalctl',
	at: hasTool('journalctl'),
	async run(call) {
		const refused = call.args.find((word) => OTHERS.includes(word.replace(/^--|=.*$/g, '')) && word.startsWith('--'));
		if (refused !== undefined) {
			call.err(`journalctl: the simulator does not do ${refused}\n`);
			return 1;
		}
		const bare = call.args.filter(
			(word, i) =>
				!(/^-?\d+$/.test(word) && /^(?:-b|--boot)$/.test(call.args[i - 1] ?? '')) &&
				!/^-b-?\d/.test(word) &&
				!/^--boot=/.test(word),
		);
		const parsed = getopt(bare, {
			short: 'u:fn:xerbS:U:o:p:kt:g:aqmlN',
			long: [
				'unit=>u',
				'follow=>f',
				'lines=>n',
				'no-pager',
				'since=>S',
				'until=>U',
				'reverse=>r',
				'output=>o',
				'pager-end=>e',
				'catalog=>x',
				'dmesg=>k',
				'boot',
				'list-boots',
				'all=>a',
				'identifier=>t',
				'grep=>g',
				'priority=>p',
				'no-hostname',
				'quiet=>q',
				'utc',
				'full=>l',
			],
		});
		if ('fault' in parsed) {
			call.err(getoptText('journalctl', parsed.fault));
			return 1;
		}
		const { values } = parsed;
		const cluster = call.cluster();
		const machine = machineOf(call);
		if (!cluster || !machine) {
			call.out('-- No entries --\n');
			return 0;
		}
		const [journal] = journalOf(call.lab, cluster, machine);
		if (values.has('list-boots')) {
			const end = journalOf(call.lab, cluster, machine).at(-1);
			if (!journal || !end) return 0;
			const when = (at: number): string => {
				const s = call.lab.epoch + at / 1e6;
				return `${dayName(s)} ${isoDate(s)} ${clock(s)} UTC`;
			};
			const id = [1, 2, 3, 4].map((n) => hashText(n, `boot ${machine.name}`).toString(16).padStart(8, '0')).join('');
			call.out(` 0 ${id} ${when(journal.at)}—${when(end.at)}\n`);
			return 0;
		}
		const back = call.args.find(
			(word, i) => /^-[1-9]\d*$/.test(word) && /^(?:-b|--boot)$/.test(call.args[i - 1] ?? ''),
		);
		if (back !== undefined || call.args.some((word) => /^(?:-b|--boot=)-[1-9]/.test(word))) {
			call.err(`Data from the specified boot (${back ?? '-1'}) is not available: No such boot ID in journal\n`);
			return 1;
		}
		const now = (): number => call.lab.epoch + call.lab.now / 1e6;
		const from = values.get('S') === undefined ? 0 : timeOf(values.get('S')!, now());
		const to = values.get('U') === undefined ? Number.POSITIVE_INFINITY : timeOf(values.get('U')!, now());
		if (from === undefined || to === undefined) {
			call.err(`Failed to parse timestamp: ${from === undefined ? values.get('S') : values.get('U')}\n`);
			return 1;
		}
		const output = values.get('o') ?? 'short';
		if (!OUTPUTS.includes(output)) {
			call.err(
				NO_OUTPUTS.includes(output)
					? `journalctl: the simulator has no ${output}; it has ${OUTPUTS.join(', ')}\n`
					: `Unknown output format '${output}'.\n`,
			);
			return 1;
		}
		const units = parsed.all('u').map((unit) => unit.replace(/\.service$/, ''));
		const pattern = values.get('g');
		const fold = pattern !== undefined && pattern === pattern.toLowerCase();
		const read = (): readonly JournalLine[] =>
			journalOf(call.lab, cluster, machineOf(call) ?? machine).filter((line) => {
				const at = call.lab.epoch + line.at / 1e6;
				if (at < from || at > to) return false;
				if (units.length > 0 && !units.includes(line.unit)) return false;
				if (values.has('t') && line.identifier !== values.get('t')) return false;
				// What goes to standard error is of priority info; kernel messages are not kept (ReadKMsg=no).
				if (values.has('k') || (values.has('p') && !/^(?:6|7|info|debug)$/.test(values.get('p')!))) return false;
				const text = fold ? line.text.toLowerCase() : line.text;
				return pattern === undefined || text.includes(pattern);
			});
		const lines = read();
		const count =
			values.has('n') || values.has('f') || values.has('e')
				? whole(values.get('n') ?? (values.has('f') ? '10' : '1000'), 0, 1e6)
				: Number.POSITIVE_INFINITY;
		if (count === undefined && values.get('n') !== 'all') {
			call.err(`Failed to parse lines '${values.get('n')}'\n`);
			return 1;
		}
		const last =
			count === undefined || count === Number.POSITIVE_INFINITY ? lines : count === 0 ? [] : lines.slice(-count);
		const all = journalOf(call.lab, cluster, machine);
		if (!values.has('q') && output.startsWith('short') && all.length > 0 && headed(call)) {
			const begins = call.lab.epoch + all[0]!.at / 1e6;
			const ends = call.lab.epoch + all.at(-1)!.at / 1e6;
			const when = (at: number): string => `${dayName(at)} ${isoDate(at)} ${clock(at)} UTC`;
			call.out(`-- Journal begins at ${when(begins)}${values.has('f') ? '' : `, ends at ${when(ends)}`}. --\n`);
		}
		if (lines.length === 0 && !values.has('f')) {
			call.out('-- No entries --\n');
			return 0;
		}
		for (const line of values.has('r') ? [...last].reverse() : last)
			call.out(`${shown(call, machine.name, line, output)}\n`);
		if (!values.has('f')) return 0;
		let seen = call.lab.now;
		for (;;) {
			await call.until(() => read().some((line) => line.at > seen), 3600e6);
			for (const line of read()) if (line.at > seen) call.out(`${shown(call, machine.name, line, output)}\n`);
			seen = call.lab.now;
		}
	},
};

/** systemd 250 and later say no more where the journal begins. */
function headed(call: Call): boolean {
	const cluster = call.cluster();
	return !cluster || call.place.kind !== 'node' || !newSystemd(cluster, call.place.node);
}
