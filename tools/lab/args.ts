/** The command line of `lab`, read strictly: what it does not know it names, with what exists. */
import { parseIp } from '../../src/sim/wire/index.ts';
import { MAX_REPLICAS } from '../../src/sim/world/index.ts';

export interface Args {
	readonly scenario?: string;
	readonly scenarioFile?: string;
	readonly from?: string;
	readonly to?: { readonly ip: number; readonly port: number };
	readonly sport?: number;
	readonly udp: boolean;
	/** Switches, as `mergeSettings` takes them. */
	readonly settings: Readonly<Record<string, unknown>>;
	/** Helm values of `--set`. */
	readonly helm: Readonly<Record<string, string>>;
	readonly pcap?: string;
	/** `-c`: a command line for the terminal. */
	readonly command?: string;
	/** Whether the terminal is meant: no connection is asked for, and no list. */
	readonly terminal: boolean;
	readonly json: boolean;
	readonly list: boolean;
	readonly help: boolean;
}

/** A flag: what its value is, and the line `--help` prints. */
interface Flag {
	readonly value?: string;
	readonly help: string;
}

export const FLAGS: Readonly<Record<string, Flag>> = {
	'--scenario': { value: 'NAME', help: 'a preset; kind-basic when neither this nor --scenario-file is given' },
	'--scenario-file': { value: 'FILE', help: 'a scenario as YAML (schemas/scenario.schema.json)' },
	'--from': { value: 'WHERE', help: 'host, node/NAME, pod/NAME or pod/NAMESPACE/NAME; host when absent' },
	'--to': { value: 'IP:PORT', help: 'the address to connect to' },
	'--sport': { value: 'PORT', help: 'source port; from the ephemeral range when absent' },
	'--udp': { help: 'a datagram instead of a TCP connection; the service of a preset then serves UDP' },
	'--bundle': { value: 'NAME', help: 'versions that go together' },
	'--etp': { value: 'Cluster|Local', help: 'externalTrafficPolicy of the service' },
	'--itp': { value: 'Cluster|Local', help: 'internalTrafficPolicy of the service' },
	'--affinity': { value: 'None|ClientIP', help: 'sessionAffinity of the service' },
	'--replicas': { value: 'N', help: 'pods behind the service, 0 to 100' },
	'--pod-on': { value: 'NODE', help: 'node of the pods' },
	'--kube-proxy': {
		value: 'iptables|none|stale',
		help: 'whether kube-proxy runs in the cluster; stale: its rules outlive it',
	},
	'--set': { value: 'KEY=VALUE', help: 'a Helm value of Cilium; may be repeated' },
	'--pcap': { value: 'FILE', help: 'write every frame to a pcapng file' },
	'-c': { value: 'COMMAND', help: "run a line in the lab's terminal; without it the terminal reads standard input" },
	'--json': { help: 'print JSON (schemas/lab-output.schema.json)' },
	'--list': { help: 'print what there is to choose from' },
	'--help': { help: 'print this' },
};

/** Switches that take one of a few words. */
const WORDS: Readonly<Record<string, { readonly name: string; readonly known: readonly string[] }>> = {
	'--etp': { name: 'externalTrafficPolicy', known: ['Cluster', 'Local'] },
	'--itp': { name: 'internalTrafficPolicy', known: ['Cluster', 'Local'] },
	'--affinity': { name: 'sessionAffinity', known: ['None', 'ClientIP'] },
	'--kube-proxy': { name: 'kubeProxy', known: ['iptables', 'none', 'stale'] },
};

/** What belongs to one connection or to the list, and not to the terminal. */
const ONE_CONNECTION = new Set(['--from', '--to', '--sport', '--udp', '--pcap', '--json', '--list', '--help']);

/** One line for a person: what is wrong, and where. */
export class UsageError extends Error {}

export const fail = (what: string, where: string): never => {
	throw new UsageError(`${what} (${where})`);
};

/** `a, b or c`. */
export const orList = (words: readonly string[]): string =>
	words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** Throws UsageError for anything it cannot read. Values of scenarios (names of nodes, Helm keys) are checked later. */
export function parseArgs(argv: readonly string[]): Args {
	const seen = new Map<string, string>();
	const helm: Record<string, string> = {};
	for (let i = 0; i < argv.length; i++) {
		const word = argv[i]!;
		const equals = word.startsWith('--') ? word.indexOf('=') : -1;
		const name = equals > 0 ? word.slice(0, equals) : word;
		const flag = Object.hasOwn(FLAGS, name) ? FLAGS[name]! : undefined;
		if (!flag) {
			const what = word.startsWith('-') ? `unknown flag "${name}"` : `"${word}" is not a flag`;
			return fail(`${what}; the flags are ${Object.keys(FLAGS).join(', ')}`, `argument ${i + 1}`);
		}
		if (!flag.value) {
			if (equals > 0) fail(`${name} takes no value`, name);
			seen.set(name, '');
			continue;
		}
		const value = equals > 0 ? word.slice(equals + 1) : argv[++i];
		if (value === undefined || value === '' || (equals <= 0 && name !== '-c' && value.startsWith('--')))
			return fail(`${name} needs a value: ${flag.value}`, name);
		if (name === '--set') addHelm(helm, value);
		else if (seen.has(name)) return fail(`${name} is given twice`, name);
		else seen.set(name, value);
	}
	if (seen.has('--scenario') && seen.has('--scenario-file'))
		return fail('give --scenario or --scenario-file, not both', '--scenario-file');
	return {
		scenario: seen.get('--scenario'),
		scenarioFile: seen.get('--scenario-file'),
		from: seen.get('--from'),
		to: seen.has('--to') ? parseTarget(seen.get('--to')!) : undefined,
		sport: seen.has('--sport') ? wholeNumber(seen.get('--sport')!, 'source port', 1, 65535, '--sport') : undefined,
		udp: seen.has('--udp'),
		settings: settingsOf(seen),
		helm,
		pcap: seen.get('--pcap'),
		command: seen.get('-c'),
		terminal: seen.has('-c') || ![...seen.keys()].some((name) => ONE_CONNECTION.has(name)),
		json: seen.has('--json'),
		list: seen.has('--list'),
		help: seen.has('--help'),
	};
}

function settingsOf(seen: ReadonlyMap<string, string>): Record<string, unknown> {
	const settings: Record<string, unknown> = {};
	for (const [flag, { name, known }] of Object.entries(WORDS)) {
		const value = seen.get(flag);
		if (value === undefined) continue;
		if (!known.includes(value)) fail(`${name} must be ${orList(known)}, not "${value}"`, flag);
		settings[name] = value;
	}
	const replicas = seen.get('--replicas');
	if (replicas !== undefined) settings.replicas = wholeNumber(replicas, 'replicas', 0, MAX_REPLICAS, '--replicas');
	if (seen.has('--pod-on')) settings.podOn = seen.get('--pod-on');
	if (seen.has('--bundle')) settings.bundle = seen.get('--bundle');
	if (seen.has('--udp')) settings.protocol = 'UDP';
	return settings;
}

function addHelm(helm: Record<string, string>, text: string): void {
	// Helm's own form: several pairs in one --set, separated by commas.
	for (const pair of text.split(',')) {
		const equals = pair.indexOf('=');
		const key = pair.slice(0, equals);
		if (equals <= 0 || key === '__proto__') fail(`a Helm value is written key=value, not "${pair}"`, '--set');
		helm[key] = pair.slice(equals + 1);
	}
}

/** A whole number between two bounds, or one line that says so. */
export function wholeNumber(text: string, name: string, min: number, max: number, where: string): number {
	const value = /^(0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : Number.NaN;
	if (!(value >= min && value <= max))
		fail(`${name} must be a whole number from ${min} to ${max}, not "${text}"`, where);
	return value;
}

function parseTarget(text: string): { ip: number; port: number } {
	const colon = text.lastIndexOf(':');
	if (colon < 0) fail(`the address to connect to is written IP:PORT, not "${text}"`, '--to');
	const ip = parseIp(text.slice(0, colon));
	if (ip === undefined) return fail(`"${text.slice(0, colon)}" is not an IPv4 address`, '--to');
	return { ip, port: wholeNumber(text.slice(colon + 1), 'port', 1, 65535, '--to') };
}

/** What `--help` prints. */
export function helpText(): string {
	const rows = Object.entries(FLAGS).map(([name, flag]) => [flag.value ? `${name} ${flag.value}` : name, flag.help]);
	const width = Math.max(...rows.map(([left]) => left!.length));
	return [
		'Runs one connection in the simulator and prints what happened.',
		'',
		'npm run --silent lab -- --scenario kind-basic --etp Cluster --from host --to 172.18.0.4:32017 --json',
		'',
		'Without a connection it is a terminal: of -c, of a script on standard input, or to type into.',
		'',
		"npm run --silent lab -- --scenario kind-basic -c 'kubectl get nodes'",
		'',
		...rows.map(([left, right]) => `  ${left!.padEnd(width)}  ${right}`),
		'',
	].join('\n');
}
