/** What iptables says of what stands wrong on a line (iptables/xshared.c, libxtables/xtables.c @ 1.8.7). */
import type { SaveError } from '../../../sim/linux/index.ts';

/** Targets that a node's iptables has, and nothing here does. */
const UNMODELLED = new Set(
	'AUDIT CHECKSUM CLASSIFY CLUSTERIP CONNSECMARK DSCP ECN HL HMARK IDLETIMER LED NETMAP NFQUEUE RATEEST SECMARK SET SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TTL'.split(
		' ',
	),
);

/** Matches that a node's iptables has, and nothing here does. */
const UNMODELLED_MATCHES = new Set(
	'ah bpf cgroup cluster connbytes connlabel connlimit cpu dccp devgroup dscp ecn esp hashlimit helper ipcomp iprange ipvs length mac nfacct osf owner physdev pkttype policy quota rateest realm rpfilter sctp string tcpmss time tos ttl u32'.split(
		' ',
	),
);

/** Options of extensions that are here, which nothing here reads (libxt_{conntrack,addrtype,recent,LOG,NFLOG,CT,MASQUERADE,DNAT}.c @ 1.8.7). */
const UNMODELLED_OPTIONS = new Set(
	'--ctproto --ctorigsrc --ctorigdst --ctreplsrc --ctrepldst --ctorigsrcport --ctorigdstport --ctreplsrcport --ctrepldstport --ctexpire --ctdir --limit-iface-in --limit-iface-out --rttl --reap --tcp-option --nflog-range --nflog-size --nflog-threshold --helper --ctevents --expevents --zone --zone-orig --zone-reply --timeout --persistent --random --random-fully --to-ports --return-nomatch --update-counters --packets-eq --packets-lt --packets-gt --bytes-eq --bytes-lt --bytes-gt --nowildcard --restore-skmark --nfmask --ctmask --left-shift-mark --right-shift-mark'.split(
		' ',
	),
);

/** What is wrong with a port, or one of several. */
function ofPorts(text: string): string | undefined {
	const parts = text.split(/[:,]/);
	const wrong = parts.find((part) => part !== '' && !(/^\d+$/.test(part) && Number(part) <= 65_535));
	if (wrong !== undefined) return `invalid port/service \`${wrong}' specified`;
	return text.includes(':') ? 'invalid portrange (min > max)' : undefined;
}

/** `--to-destination`, `--to-source`. */
function ofAddress(text: string): string {
	const [ip = '', port] = text.split(':');
	return /^\d+(?:\.\d+){3}(?:-\d+(?:\.\d+){3})?$/.test(ip) && port !== undefined
		? `Port \`${port}' not valid`
		: `Bad IP address "${ip}"`;
}

const STATES = ['INVALID', 'NEW', 'ESTABLISHED', 'RELATED', 'UNTRACKED', 'SNAT', 'DNAT'];
const ofStates = (text: string): string => {
	const parts = text.split(',');
	return parts.slice(parts.findIndex((part) => !STATES.includes(part.toUpperCase()))).join(',');
};

/** Words for a value, by its option (xshared.c, libxt_{tcp,multiport,conntrack,state,statistic}.c, libipt_{icmp,DNAT,LOG}.c). */
function ofOption(option: string, text: string): string | undefined {
	switch (option) {
		case '-p':
		case '--protocol':
			return `unknown protocol "${text}" specified`;
		case '-s':
		case '-d':
		case '--source':
		case '--destination':
			return /^\d+(?:\.\d+){0,3}\/\d+$/.test(text) && Number(text.split('/')[1]) > 32
				? `invalid mask \`${text.split('/')[1]}' specified`
				: `host/network \`${text}' not found`;
		case '-i':
		case '-o':
			return text.length > 15 ? `interface name \`${text}' must be shorter than IFNAMSIZ (15)` : undefined;
		case '--state':
			return `Bad state "${ofStates(text)}"`;
		case '--ctstate':
			return `Bad ctstate "${ofStates(text)}"`;
		case '--icmp-type':
			return `Unknown ICMP type \`${text}'`;
		case '--to-destination':
		case '--to-source':
			return ofAddress(text);
		case '--log-level':
			return `log level "${text}" unknown\n`;
		case '--mode':
			return `Bad mode "${text}"`;
		case '--tcp-flags':
			return '--tcp-flags requires two args.';
		default:
			return /^--(?:[sd]ports?|ports|source-ports?|destination-ports?)$/.test(option) ? ofPorts(text) : undefined;
	}
}

/** The option that an extension wants. */
const WANTED: Readonly<Record<string, string>> = {
	DNAT: '--to-destination',
	SNAT: '--to-source',
	comment: '--comment',
	mark: '--mark',
};

/** What an extension says of a value of its own (libxtables' xtopt, libipt_REJECT.c, libxt_limit.c @ 1.8.7). */
export function badValue(code: SaveError['code'], text: string, words: readonly string[]): string | undefined {
	if (code !== 'save.bad-value') return undefined;
	const option = words[words.indexOf(text) - 1] ?? '';
	const own = ofOption(option, text);
	if (own !== undefined) return own;
	if (option === '--reject-with') return `unknown reject type "${text}"`;
	if (option === '--limit') return `bad rate "${text}"'`;
	const module =
		words[words.findLastIndex((word, i) => (word === '-m' || word === '-j') && i < words.indexOf(text)) + 1];
	return /^--(?:every|packet|hitcount|seconds|limit-burst|log-level|nflog-group|mode)$/.test(option)
		? `${module}: Bad value for "${option}" option: "${text}"`
		: undefined;
}

export function detail(code: SaveError['code'], text: string): string {
	switch (code) {
		case 'save.unknown-option':
			if (UNMODELLED_OPTIONS.has(text)) return `the simulator has no option ${text}`;
			return `unknown option "${text}"`;
		case 'save.unknown-match':
			return UNMODELLED_MATCHES.has(text)
				? `the simulator has no match ${text}`
				: `Couldn't load match \`${text}':No such file or directory\n`;
		case 'save.unknown-target':
			return UNMODELLED.has(text)
				? `the simulator has no target ${text}`
				: `Couldn't load target \`${text}':No such file or directory\n`;
		case 'save.unknown-chain':
			return `Chain '${text}' does not exist`;
		case 'save.missing':
			return text.startsWith('-')
				? `option "${text}" requires an argument`
				: `${text}: option ${WANTED[text] === undefined ? 'must' : `"${WANTED[text]}" must`} be specified${WANTED[text] === undefined ? '' : '\n'}`;
		case 'save.bad-value':
			return /^[\d./-]+$/.test(text)
				? `host/network \`${text}' not found`
				: `invalid port/service \`${text}' specified`;
		case 'save.bad-invert':
			return `unexpected '!' flag before ${text}`;
		case 'save.twice':
			return `multiple ${text} options not allowed`;
		case 'save.bad-name':
			return `chain name \`${text}' too long or not allowed`;
		case 'save.needs-protocol':
			return 'Need TCP, UDP, SCTP or DCCP with port specification';
		case 'save.open-quote':
			return 'unterminated quote';
		default:
			return `Bad argument \`${text}'`;
	}
}
