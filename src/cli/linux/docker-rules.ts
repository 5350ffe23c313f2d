/**
 * Docker's rules on the laptop (moby libnetwork drivers/bridge/setup_ip_tables.go, iptables/iptables.go, portmapper, firewall_linux.go
 * @ v20.10): what keeps bridges apart, what hides containers, and where published ports lead for packets that come from no bridge.
 */
import type { Lab } from '../../sim/lab/index.ts';
import {
	type Chain,
	deviceByName,
	type Namespace,
	type Network,
	parseIptablesSave,
	printRule,
	type Rule,
	type Table,
} from '../../sim/linux/index.ts';
import { formatIp, parseIp, parsePrefix } from '../../sim/wire/index.ts';

interface Bridge {
	readonly network: string;
	readonly name: string;
	readonly subnet: string;
	/** Takes and gives nothing beyond itself. */
	readonly internal: boolean;
	readonly masquerade: boolean;
	/** Whether its containers may speak to each other. */
	readonly icc: boolean;
}

/** Newest first, as each is inserted before those that are there. */
const bridgesOf = (lab: Lab, host: Namespace): readonly Bridge[] =>
	(lab.docker?.networks() ?? [])
		.flatMap(({ name: network, driver, bridge, subnet, asked }) => {
			if (driver !== 'bridge' || bridge === undefined || !parsePrefix(subnet ?? '') || !deviceByName(host, bridge))
				return [];
			const option = (name: string): string | undefined => asked?.options?.[`com.docker.network.bridge.${name}`];
			const internal = asked?.internal === true;
			const masquerade = !internal && option('enable_ip_masquerade') !== 'false';
			return [{ network, name: bridge, subnet: subnet!, internal, masquerade, icc: option('enable_icc') !== 'false' }];
		})
		.reverse();

/** The rules as they would be on a machine that has no others. */
function wantedText(lab: Lab, host: Namespace): string {
	const bridges = bridgesOf(lab, host);
	const published = (lab.docker?.containers() ?? []).flatMap(({ state, ip, network, ports }) => {
		const bridge = bridges.find((b) => b.network === network)?.name;
		if (state !== 'running' || ip === undefined || bridge === undefined) return [];
		return ports.flatMap(({ hostIp, hostPort, containerPort, protocol }) => {
			if (protocol === 'sctp' || (hostIp !== '' && parseIp(hostIp) === undefined)) return [];
			const there = hostIp === '' || hostIp === '0.0.0.0' ? '' : `-d ${hostIp}/32 `;
			return [{ bridge, to: formatIp(ip), there, hostPort, containerPort, protocol }];
		});
	});
	const hiding = bridges.filter(({ masquerade }) => masquerade);
	const open = bridges.filter(({ internal }) => !internal);
	const nat = [
		'-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
		'-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER',
		...hiding.map(({ name, subnet }) => `-A POSTROUTING -s ${subnet} ! -o ${name} -j MASQUERADE`),
		...published.map(
			({ to, protocol, containerPort }) =>
				`-A POSTROUTING -s ${to}/32 -d ${to}/32 -p ${protocol} -m ${protocol} --dport ${containerPort} -j MASQUERADE`,
		),
		...hiding.map(({ name }) => `-A DOCKER -i ${name} -j RETURN`),
		...published.map(
			({ there, bridge, protocol, hostPort, to, containerPort }) =>
				`-A DOCKER ${there}! -i ${bridge} -p ${protocol} -m ${protocol} --dport ${hostPort} -j DNAT --to-destination ${to}:${containerPort}`,
		),
	];
	const filter = [
		'-A FORWARD -j DOCKER-USER',
		'-A FORWARD -j DOCKER-ISOLATION-STAGE-1',
		...bridges.flatMap(({ name, internal, icc }) => [
			...(internal
				? []
				: [
						`-A FORWARD -o ${name} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
						`-A FORWARD -o ${name} -j DOCKER`,
						`-A FORWARD -i ${name} ! -o ${name} -j ACCEPT`,
					]),
			`-A FORWARD -i ${name} -o ${name} -j ${icc ? 'ACCEPT' : 'DROP'}`,
		]),
		...published.map(
			({ to, bridge, protocol, containerPort }) =>
				`-A DOCKER -d ${to}/32 ! -i ${bridge} -o ${bridge} -p ${protocol} -m ${protocol} --dport ${containerPort} -j ACCEPT`,
		),
		...bridges.flatMap(({ name, subnet, internal }) =>
			internal
				? [
						`-A DOCKER-ISOLATION-STAGE-1 ! -s ${subnet} -o ${name} -j DROP`,
						`-A DOCKER-ISOLATION-STAGE-1 ! -d ${subnet} -i ${name} -j DROP`,
					]
				: [],
		),
		...open.map(({ name }) => `-A DOCKER-ISOLATION-STAGE-1 -i ${name} ! -o ${name} -j DOCKER-ISOLATION-STAGE-2`),
		'-A DOCKER-ISOLATION-STAGE-1 -j RETURN',
		...open.map(({ name }) => `-A DOCKER-ISOLATION-STAGE-2 -o ${name} -j DROP`),
		'-A DOCKER-ISOLATION-STAGE-2 -j RETURN',
		'-A DOCKER-USER -j RETURN',
	];
	const chains = (names: string): string =>
		names
			.split(' ')
			.map((name) => `:${name} ${/^DOCKER/.test(name) ? '-' : 'ACCEPT'} [0:0]`)
			.join('\n');
	return `*nat\n${chains('PREROUTING INPUT OUTPUT POSTROUTING DOCKER')}\n${nat.join('\n')}\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n${chains(
		'DOCKER DOCKER-ISOLATION-STAGE-1 DOCKER-ISOLATION-STAGE-2 DOCKER-USER',
	)}\n${filter.join('\n')}\nCOMMIT\n`;
}

/** Rules of built-in chains that Docker put there, now or for containers and networks that are gone. */
const DOCKERS =
	/^-A (?:(?:PREROUTING|OUTPUT|FORWARD) .*-j DOCKER(?:-USER|-ISOLATION-STAGE-1)?|FORWARD -o \S+ -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT|FORWARD -i (\S+) (?:! )?-o \1 -j (?:ACCEPT|DROP)|POSTROUTING -s \S+ ! -o (?:docker0|br-\S+) -j MASQUERADE|POSTROUTING -s (\S+\/32) -d \2 -p \S+ -m \S+ --dport \d+ -j MASQUERADE)$/;

const isDockers = (chain: string, rule: Rule): boolean => DOCKERS.test(printRule(chain, rule));

/**
 * Docker's rules first, then everybody's own; a chain of the learner's, and what he wrote into DOCKER-USER, stay. What Docker
 * had put there before (`last`) and is gone, somebody took away: the daemon adds what is new, and looks after nothing.
 */
function merged(there: Table | undefined, all: Table, last: Table | undefined): Table {
	const chains = new Map<string, Chain>(there?.chains ?? []);
	const texts = (table: Table | undefined, name: string): ReadonlySet<string> =>
		new Set((table?.chains.get(name)?.rules ?? []).map((rule) => printRule(name, rule)));
	const wanted: Table =
		!there || !last
			? all
			: {
					...all,
					chains: new Map(
						[...all.chains].map(([name, chain]) => {
							const [now, before] = [texts(there, name), texts(last, name)];
							const kept = chain.rules.filter(
								(rule) => now.has(printRule(name, rule)) || !before.has(printRule(name, rule)),
							);
							return [name, { ...chain, rules: kept } as Chain];
						}),
					),
				};
	for (const [name, chain] of wanted.chains) {
		const old = there?.chains.get(name);
		if (name === 'DOCKER-USER' && old) continue;
		const own = /^DOCKER/.test(name) ? [] : (old?.rules ?? []).filter((rule) => !isDockers(name, rule));
		const first = there?.chains.has('DOCKER') !== true;
		chains.set(name, {
			...chain,
			...(old && !(first && name === 'FORWARD') ? { policy: old.policy } : {}),
			rules: [...chain.rules, ...own],
		} as Chain);
	}
	return { ...wanted, chains };
}

interface Wanted {
	readonly text: string;
	readonly nat: Table;
	readonly filter: Table;
}

/** What Docker last put into the laptop's tables. */
const put = new WeakMap<Lab, Wanted>();

/** What was last made of Docker's state: it is looked at with every command. */
const made = new WeakMap<Lab, Wanted>();

function wantedRules(lab: Lab, host: Namespace): Wanted | undefined {
	const text = wantedText(lab, host);
	const known = made.get(lab);
	if (known?.text === text) return known;
	const parsed = parseIptablesSave(text);
	const { nat, filter } = parsed.ok ? parsed.ruleset : {};
	if (!nat || !filter) return undefined;
	const wanted = { text, nat, filter };
	made.set(lab, wanted);
	return wanted;
}

/** A network made anew has none of Docker's chains. */
const isNew = ({ ruleset: { nat, filter } }: Namespace): boolean =>
	[...(nat?.chains.keys() ?? []), ...(filter?.chains.keys() ?? [])].every((name) => !name.startsWith('DOCKER'));

/** Whether the laptop's rules fit Docker's networks and published ports. */
export function hasDockerRules(lab: Lab, net: Network): boolean {
	const host = net.namespaces.get('host');
	if (!host || !lab.docker?.networks().some(({ bridge }) => bridge !== undefined && deviceByName(host, bridge)))
		return true;
	const wanted = wantedRules(lab, host);
	return !wanted || (put.get(lab)?.text === wanted.text && !isNew(host));
}

/** Brings them to what Docker has now. `net` is changed. */
export function bringDockerRules(lab: Lab, net: Network): void {
	const host = net.namespaces.get('host');
	const wanted = host && wantedRules(lab, host);
	if (!wanted) return;
	const last = isNew(host) ? undefined : put.get(lab);
	host.ruleset = {
		...host.ruleset,
		nat: merged(host.ruleset.nat, wanted.nat, last?.nat),
		filter: merged(host.ruleset.filter, wanted.filter, last?.filter),
	};
	put.set(lab, wanted);
}
