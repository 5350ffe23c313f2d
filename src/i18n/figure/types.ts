/** Every word of the packet walk, the switchboard, the tables and the topology. Templates are of `rich.ts`. */
import type { Hook, Verdict } from '../../sim/trace/index.ts';

export type FieldName = 'src' | 'sport' | 'dst' | 'dport' | 'ttl' | 'mark' | 'dsr' | 'outer';
export type StationKindName =
	| 'send'
	| 'arrive'
	| 'prerouting'
	| 'input'
	| 'forward'
	| 'output'
	| 'postrouting'
	| 'pass'
	| 'receive'
	| 'program'
	| 'giveup';

export interface FigureText {
	/** Heads of the lanes: the reader's own machine. */
	you: string;
	/** {~name} */
	podLane: string;
	/** Between the two directions. */
	theReply: string;
	/** What came of it: one sentence at the head of the figure. Values: {ip} seen, {~name} of its owner, {~pod}. */
	outcome: {
		/** From the reader's machine, and from elsewhere. */
		seesClient: string;
		seesClientElse: string;
		seesEntry: string;
		seesNode: string;
		seesOther: string;
		refused: string;
		timeout: string;
		unreachable: string;
		/** {ip} the client's own address. */
		youAre: string;
		/** The same when the client is a pod or a node. */
		clientIs: string;
		/** {there} {back} {hit} {tried} */
		counts: string;
		/** Without a reply: {there} {hit} {tried} */
		countsOneWay: string;
	};
	/** What a station is called on the line, by kind; the notes under it. */
	station: Readonly<Record<StationKindName, string>>;
	/** Headline of a record: what happened. */
	act: {
		dnat: string;
		snat: string;
		masquerade: string;
		undoDst: string;
		undoSrc: string;
		mark: string;
		drop: string;
		reject: string;
		error: string;
		sent: string;
		answered: string;
		gaveUp: string;
		delivered: string;
		returned: string;
		forwarded: string;
		passed: string;
		redirect: string;
		encap: string;
		decap: string;
		walked: string;
	};
	/** Notes under a station. */
	note: {
		/** {ttl} */
		ttl: string;
		/** {ip} {~what} */
		from: string;
		fromAsked: string;
		/** {dev} */
		/** {chains} walked, nothing changed */
		afterAnswer: string;
	};
	verdict: Readonly<Record<Verdict, string>>;
	/** Plain names of hooks, for readers who do not know the kernel's. */
	hook: Readonly<Record<Hook, string>>;
	field: Readonly<Record<FieldName, string>>;
	record: {
		/** {n} {~act} */
		heading: string;
		hook: string;
		table: string;
		chain: string;
		rule: string;
		/** {rule} {tried} */
		ruleNumber: string;
		/** {rule}: the first of its chain matched. */
		ruleFirst: string;
		key: string;
		entry: string;
		before: string;
		after: string;
		/** {n} */
		steps: string;
		/** {n} decisions that changed nothing: a switch. */
		quiet: string;
		bytes: string;
		pcap: string;
		pcapName: string;
		loading: string;
		failed: string;
		outer: string;
		/** Between things listed, and before a reason. */
		listSeparator: string;
		colon: string;
	};
	walk: {
		/** Name of the figure for assistive technology: {from} {to} */
		label: string;
		lanes: string;
		text: string;
		/** {n} {total} */
		position: string;
		keys: string;
		/** The same where two settings stand side by side. */
		keysTwo: string;
		previous: string;
		next: string;
		scrubber: string;
		caption: string;
		differs: string;
		/** {n} */
		differences: string;
		noDifferences: string;
		compareA: string;
		compareB: string;
	};
	switches: {
		title: string;
		policy: string;
		cluster: string;
		local: string;
		internalPolicy: string;
		affinity: string;
		none: string;
		clientIP: string;
		entry: string;
		pod: string;
		replicas: string;
		protocol: string;
		bundle: string;
		/** Who balances, and the names of the answers. */
		mode: string;
		modes: Readonly<Record<'proxy' | 'snat' | 'dsr' | 'hybrid', string>>;
		kubeProxy: string;
		kubeProxyOn: string;
		kubeProxyOff: string;
		from: string;
		compareKeep: string;
		compareStop: string;
		reset: string;
		/** In place of a value that is not given. */
		unset: string;
		copyLink: string;
		copied: string;
		copyFailed: string;
		/** {~bundle}: kubernetes, kernel and what connects pods */
		bundleName: string;
		bare: string;
		/** reasons of disabled choices */
		whyNotPodOn: string;
		whyNotControlPlane: string;
		whyNotEbpf: string;
		whyNotLocalIp: string;
		failed: string;
		/** A link that could not be followed. */
		badLink: string;
		otherVersion: string;
		otherResult: string;
	};
	tables: {
		title: string;
		chains: string;
		conntrack: string;
		routes: string;
		neighbours: string;
		/** What Cilium's maps hold: `cilium bpf lb list`, … */
		maps: { lb: string; backends: string; revnat: string; ct: string; nat: string };
		place: string;
		/** {~n} the hops at which a row was met */
		atHop: string;
		/** {n} rules not hit */
		notHit: string;
		notTouched: string;
		read: string;
		wrote: string;
		empty: string;
		/** {table} {chain} */
		chainOf: string;
		policyOf: string;
	};
	topology: { title: string; text: string };
	bytes: { offset: string; field: string; value: string };
	exercise: {
		check: string;
		hint: string;
		fresh: string;
		right: string;
		wrong: string;
		unreadableAddress: string;
		unreadableNumber: string;
		watch: string;
		watchWalk: string;
		/** Opens the lines of a count. */
		watchLines: string;
		/** {item} */
		moveUp: string;
		moveDown: string;
		yourAnswer: string;
		/** {done} {total} */
		probesPassing: string;
		done: string;
		kinds: { predict: string; choose: string; order: string; entry: string; assign: string; goal: string };
	};
}
