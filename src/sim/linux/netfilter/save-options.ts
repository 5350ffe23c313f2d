/** The options of each match and target: how many words follow, and whether `!` may stand before. */

export interface OptionShape {
	readonly name: string;
	readonly values: 0 | 1 | 2;
	readonly invertible: boolean;
}

const shape = (text: string): [string, OptionShape] => {
	// `!--sport=1`: may be inverted, takes one value. `|` separates aliases; the first is the name.
	const invertible = text.startsWith('!');
	const [names, values = '0'] = (invertible ? text.slice(1) : text).split('=') as [string, string?];
	return [names, { name: names.split('|')[0]!, values: Number(values) as 0 | 1 | 2, invertible }];
};

const options = (...texts: string[]): ReadonlyMap<string, OptionShape> =>
	new Map(
		texts.flatMap((text) => {
			const [names, value] = shape(text);
			return names.split('|').map((name): [string, OptionShape] => [name, value]);
		}),
	);

/** The part of a rule before any module. */
export const IP_OPTIONS = options(
	'!-s|--source|--src=1',
	'!-d|--destination|--dst=1',
	'!-i|--in-interface=1',
	'!-o|--out-interface=1',
	'!-p|--protocol|--proto=1',
);

export const MATCH_OPTIONS: ReadonlyMap<string, ReadonlyMap<string, OptionShape>> = new Map([
	['tcp', options('!--sport|--source-port=1', '!--dport|--destination-port=1', '!--tcp-flags=2', '!--syn')],
	['udp', options('!--sport|--source-port=1', '!--dport|--destination-port=1')],
	['sctp', options('!--sport|--source-port=1', '!--dport|--destination-port=1')],
	['icmp', options('!--icmp-type=1')],
	['multiport', options('!--sports|--source-ports=1', '!--dports|--destination-ports=1', '!--ports=1')],
	['mark', options('!--mark=1')],
	['connmark', options('!--mark=1')],
	['conntrack', options('!--ctstate=1')],
	['state', options('!--state=1')],
	['addrtype', options('!--src-type=1', '!--dst-type=1', '--limit-iface-in', '--limit-iface-out')],
	['statistic', options('--mode=1', '!--probability=1', '!--every=1', '--packet=1')],
	['limit', options('--limit=1', '--limit-burst=1')],
	[
		'recent',
		options(
			'!--set',
			'!--rcheck',
			'!--update',
			'--seconds=1',
			'--hitcount=1',
			'--reap',
			'--name=1',
			'--mask=1',
			'--rsource',
			'--rdest',
		),
	],
	['set', options('!--match-set=2')],
	['nfacct', options('--nfacct-name=1')],
	['socket', options('--transparent', '--nowildcard')],
	['comment', options('--comment=1')],
]);

export const TARGET_OPTIONS: ReadonlyMap<string, ReadonlyMap<string, OptionShape>> = new Map([
	['ACCEPT', options()],
	['DROP', options()],
	['RETURN', options()],
	['REJECT', options('--reject-with=1')],
	['MARK', options('--set-xmark=1', '--set-mark=1', '--or-mark=1', '--and-mark=1', '--xor-mark=1')],
	['CONNMARK', options('--save-mark', '--restore-mark', '--mask=1', '--nfmask=1', '--ctmask=1')],
	['DNAT', options('--to-destination=1', '--random', '--persistent')],
	['SNAT', options('--to-source=1', '--random', '--random-fully', '--persistent')],
	['MASQUERADE', options('--to-ports=1', '--random', '--random-fully')],
	['REDIRECT', options('--to-ports=1')],
	['CT', options('--notrack')],
	['NOTRACK', options()],
	['TRACE', options()],
	[
		'LOG',
		options(
			'--log-level=1',
			'--log-prefix=1',
			'--log-tcp-sequence',
			'--log-tcp-options',
			'--log-ip-options',
			'--log-uid',
			'--log-macdecode',
		),
	],
	['NFLOG', options('--nflog-group=1', '--nflog-prefix=1')],
	['TPROXY', options('--on-port=1', '--on-ip=1', '--tproxy-mark=1')],
]);
