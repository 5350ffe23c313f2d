/** Puts looks at a cluster together: stretches that go on, events where something changed. */
import type { Look, PodsLook } from './readiness-look.ts';
import type { EventCode, Happened, Lane, Reason, Story, Stretch } from './readiness-story.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

export class Teller {
	readonly #lanes: { kind: Lane['kind']; name: string; stretches: Draft<Stretch>[]; reasons: Reason[] }[];
	readonly #events: Draft<Happened>[] = [];
	#before: Look | undefined;

	constructor(nodes: readonly string[], agents: string) {
		this.#lanes = [
			{ kind: 'command', name: '', stretches: [], reasons: [] },
			...nodes.map((name) => ({ kind: 'node' as const, name, stretches: [], reasons: [] })),
			{ kind: 'agents', name: agents, stretches: [], reasons: [] },
			{ kind: 'dns', name: 'coredns', stretches: [], reasons: [] },
		];
	}

	/** The same that happened to another node at about the same time is one event. */
	tell(event: Happened): void {
		const same = this.#events.findLast((one) => one.code === event.code && one.verbatim === event.verbatim);
		if (same && event.names.length > 0 && event.at - same.at <= 2) {
			same.names = [...same.names, ...event.names];
			return;
		}
		this.#events.push({ ...event });
	}

	/** Whether anything was new. */
	look(at: number, now: Look): boolean {
		const before = this.#before;
		this.#before = now;
		this.#stretch(0, at, now.command);
		for (const [i, node] of now.nodes.entries()) {
			const was = before?.nodes[i];
			const lane = i + 1;
			this.#stretch(lane, at, node.state);
			this.#reason(lane, at, node.state === 'notReady' ? node.message : '');
			const told = (code: EventCode, verbatim?: string, params: Happened['params'] = {}): void =>
				this.tell({ at, code, lane, names: [node.name], params, ...(verbatim ? { verbatim } : {}) });
			if (node.cni && !was?.cni) told('cni', `/etc/cni/net.d/${node.cni}`);
			if (node.state === was?.state) continue;
			if (node.state === 'notReady') told('registered', node.message);
			if (node.state === 'ready') told('nodeReady', node.message);
		}
		const agentLane = now.nodes.length + 1;
		this.#pods(agentLane, at, before?.agents, now.agents);
		this.#pods(agentLane + 1, at, before?.dns, now.dns);
		return JSON.stringify(before) !== JSON.stringify(now);
	}

	#pods(lane: number, at: number, was: PodsLook | undefined, now: PodsLook): void {
		const dns = this.#lanes[lane]!.kind === 'dns';
		this.#stretch(lane, at, now.state, now.state === 'absent' ? undefined : `${now.ready}/${now.total}`);
		this.#reason(lane, at, now.message);
		const name = this.#lanes[lane]!.name;
		const told = (code: EventCode, names: readonly string[], verbatim?: string): void =>
			this.tell({ at, code, lane, names, params: { name }, ...(verbatim ? { verbatim } : {}) });
		if (now.state !== was?.state) {
			if (dns && now.state === 'pending') told('dnsPending', [], now.message);
			if (dns && now.state === 'starting' && was?.state === 'pending') told('dnsStart', []);
			if (!dns && now.state !== 'absent' && (was?.state ?? 'absent') === 'absent') told('agentsStart', []);
		}
		for (const one of now.done)
			if (!was?.done.includes(one)) told(dns ? 'dnsReady' : now.probed ? 'agentReady' : 'agentRuns', [one]);
	}

	#stretch(lane: number, at: number, state: Stretch['state'], label?: string): void {
		const { stretches } = this.#lanes[lane]!;
		const last = stretches.at(-1);
		if (last) last.to = at;
		if (last && last.state === state && last.label === label) return;
		stretches.push({ from: at, to: at, state, ...(label ? { label } : {}) });
	}

	/** A condition may change its words while its status stays: the scheduler counts the nodes there are by now. */
	#reason(lane: number, at: number, message: string): void {
		const { reasons } = this.#lanes[lane]!;
		if (message !== (reasons.at(-1)?.message ?? '')) reasons.push({ from: at, message });
	}

	/** Whether all nodes are Ready. */
	get nodesReady(): boolean {
		return this.#before?.nodes.every((node) => node.state === 'ready') ?? false;
	}

	/** Whether all nodes and pods that are waited for are. */
	get isReady(): boolean {
		const now = this.#before;
		return this.nodesReady && now?.agents.state === 'ready' && now.dns.state === 'ready';
	}

	/** Nobody brought a network: what is there at the end is how it stays. */
	still(at: number): void {
		this.tell({ at, code: 'still', lane: 1, names: [], params: {}, verbatim: this.#before?.nodes[0]?.message });
	}

	story(end: number): Story {
		for (const { stretches } of this.#lanes) {
			const last = stretches.at(-1);
			if (last) last.to = end;
		}
		return { lanes: this.#lanes, events: [...this.#events].sort((a, b) => a.at - b.at), end };
	}
}
