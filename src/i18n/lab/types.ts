/**
 * Words of the lab's parts: the configuration editor, the difference of ConfigMaps, the timeline, the decoder of
 * `cilium status`, the sandbox. Templates are those of `rich.ts`. What tools print is theirs, and in English.
 */
export interface LabText {
	/** How to leave a field in which Tab indents. */
	readonly leave: string;
	readonly reset: string;
	/** Of each part, for who does not see it. */
	readonly titles: {
		readonly kind: string;
		readonly diff: string;
		readonly readiness: string;
		readonly status: string;
	};
	readonly diff: DiffText;
	readonly kind: KindText;
	readonly readiness: ReadinessText;
	readonly status: StatusText;
	readonly paths: PathsText;
	readonly sandbox: SandboxText;
}

export interface DiffText {
	readonly version: string;
	readonly values: string;
	readonly here: string;
	readonly sideA: string;
	readonly sideB: string;
	readonly byDefault: string;
	readonly compareWith: string;
	readonly defaults: string;
	readonly other: string;
	readonly example: string;
	readonly examples: {
		readonly own: string;
		readonly misspelt: string;
		readonly removed: string;
		readonly type: string;
	};
	/** `{version}` */
	readonly refused: string;
	readonly unread: string;
	/** Follow the value's path. `{version}` */
	readonly unknown: string;
	readonly otherVersion: string;
	readonly noKey: string;
	/** `{near}` */
	readonly near: string;
	/** `{n}` keys differ of `{total}`. */
	readonly sumDefaults: string;
	/** `{n}`, `{total}`, `{others}` */
	readonly sumSides: string;
	/** `{n}`, `{side}` */
	readonly only: string;
	readonly table: string;
	readonly key: string;
	readonly by: string;
	readonly absent: string;
	readonly empty: string;
}

export interface KindText {
	readonly release: string;
	readonly accepted: string;
	readonly dockerRefused: string;
	/** `{n}` */
	readonly line: string;
	/** `{name}` */
	readonly drawing: string;
	readonly old: string;
	readonly host: string;
	/** `{name}`, `{subnet}`, `{gateway}` */
	readonly network: string;
	/** `{pods}`, `{services}` */
	readonly subnets: string;
	readonly roles: {
		readonly 'control-plane': string;
		readonly worker: string;
		readonly 'external-load-balancer': string;
	};
	readonly notStarted: string;
	readonly noProxy: string;
	readonly noCni: string;
	/** Between a port of the machine and one of the container, for screen readers. */
	readonly leadsTo: string;
	readonly api: string;
	readonly notes: {
		readonly exposed: string;
		readonly noCni: string;
		readonly noProxy: string;
		readonly balancer: string;
	};
	readonly faults: {
		readonly syntax: string;
		/** `{key}`, `{first}` */
		readonly twice: string;
		/** `{key}`, `{type}` */
		readonly field: string;
		/** `{tag}`, `{type}` */
		readonly type: string;
		readonly version: string;
		readonly kind: string;
		readonly name: string;
		/** `{value}` */
		readonly port: string;
		readonly family: string;
		/** `{value}` */
		readonly subnet: string;
		readonly proxyMode: string;
		/** `{value}` */
		readonly role: string;
		/** `{value}` */
		readonly portTwice: string;
		readonly noControlPlane: string;
		/** `{port}` */
		readonly portTaken: string;
		/** `{value}` */
		readonly image: string;
	};
}

export interface ReadinessText {
	readonly network: string;
	readonly networks: { readonly cilium: string; readonly kindnet: string; readonly none: string };
	readonly command: string;
	readonly previous: string;
	readonly next: string;
	readonly time: string;
	readonly events: string;
	readonly now: string;
	/** `{time}` */
	readonly nowAt: string;
	/** `{name}`, `{told}` */
	readonly lane: string;
	/** `{state}`, `{from}`, `{to}` */
	readonly stretch: string;
	readonly commands: { readonly idle: string; readonly kind: string; readonly helm: string };
	readonly states: {
		readonly node: {
			readonly absent: string;
			readonly container: string;
			readonly notReady: string;
			readonly ready: string;
		};
		readonly pods: {
			readonly absent: string;
			readonly pending: string;
			readonly starting: string;
			readonly some: string;
			readonly ready: string;
		};
	};
	/** What happened. `{names}`, `{n}`, `{name}` of the pods, `{version}` */
	readonly titles: Happenings;
	/** Why. */
	readonly why: Happenings;
}

export interface Happenings {
	readonly create: string;
	readonly step: string;
	readonly registered: string;
	readonly created: string;
	/** The same, when its nodes are Ready by then. */
	readonly createdReady: string;
	readonly dnsPending: string;
	readonly helm: string;
	readonly agentsStart: string;
	readonly cni: string;
	readonly nodeReady: string;
	readonly agentReady: string;
	/** The same, of pods without a health check. */
	readonly agentRuns: string;
	readonly dnsStart: string;
	readonly dnsReady: string;
	readonly still: string;
}

/** What a line of `cilium status` says, and what its present value means. */
export interface StatusLine {
	readonly says: string;
	readonly well?: string;
	readonly wrong?: string;
	readonly off?: string;
	/** Where it is read from. */
	readonly from: string;
}

export interface StatusText {
	readonly state: string;
	readonly states: {
		readonly healthy: string;
		readonly noRelay: string;
		readonly wrongHost: string;
		readonly noCilium: string;
	};
	/** `{cli}` */
	readonly hint: string;
	readonly output: string;
	readonly explanations: string;
	readonly from: string;
	/** `{value}`, `{name}`, `{ready}`, `{desired}`, `{plural}`, `{managed}`, `{all}` */
	readonly lines: {
		readonly cilium: StatusLine;
		readonly operator: StatusLine;
		readonly envoy: StatusLine;
		readonly hubble: StatusLine;
		readonly mesh: StatusLine;
		readonly daemonSet: StatusLine;
		readonly deployment: StatusLine;
		readonly containers: StatusLine;
		readonly pods: StatusLine;
		readonly chart: StatusLine;
		readonly images: StatusLine;
		readonly error: StatusLine;
		readonly warning: StatusLine;
	};
}

/** `error`: ICMP brought one back; `unreachable`: it came from the kernel, before anything was sent. */
export type Verdict = 'connected' | 'refused' | 'error' | 'timeout' | 'unreachable';

export interface PathsText {
	/** `{n}` rows, of which `{differ}` */
	readonly title: string;
	/** `{n}` */
	readonly mode: string;
	/** Nothing happens there on this side. */
	readonly absent: string;
}

export interface SandboxText {
	readonly title: string;
	readonly description: string;
	readonly lead: string;
	readonly scenario: string;
	readonly scenarios: {
		readonly empty: string;
		readonly 'kind-nocni': string;
		readonly 'kind-cilium': string;
		readonly 'kind-basic': string;
		readonly 'kind-ebpf': string;
	};
	readonly open: string;
	readonly opening: string;
	readonly failed: string;
	/** Where scripts are off. */
	readonly needsScripts: string;
	readonly walk: string;
	/** Before anything was sent. */
	readonly noWalk: string;
	readonly connection: string;
	/** `{from}`, `{to}` */
	readonly connectionOf: string;
	/** What came of it, in a word or two. */
	readonly results: Readonly<Record<Verdict, string>>;
	/** The same of an echo request, as a sentence; `own` when nobody else had the packet. `{to}`, `{seen}`, `{errno}` */
	readonly echoSaid: Readonly<Record<Exclude<Verdict, 'refused'> | 'own', string>>;
	readonly tables: string;
	readonly place: string;
	readonly noPlaces: string;
	readonly kinds: {
		readonly routes: string;
		readonly neighbours: string;
		readonly conntrack: string;
		readonly rules: string;
		readonly addresses: string;
	};
	readonly emptyTable: string;
	/** `{n}` */
	readonly cut: string;
	readonly undo: string;
	/** `{line}` */
	readonly undone: string;
	readonly reset: string;
	readonly resetAsk: string;
	readonly copyLink: string;
	readonly copied: string;
	/** `{link}` */
	readonly copyFailed: string;
	readonly tooLong: string;
	/** `{n}`, `{total}` */
	readonly replaying: string;
	/** Ends it. */
	readonly replayStop: string;
	/** `{n}`, `{total}` */
	readonly replayStopped: string;
	/** Types what is left. */
	readonly replayRest: string;
	/** `{n}` */
	readonly replayed: string;
	readonly badLink: string;
	readonly otherVersion: string;
}
