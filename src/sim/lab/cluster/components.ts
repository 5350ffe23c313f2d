/**
 * The control plane's processes: whether somebody answers for the API, and who leads among controllers and schedulers.
 *
 * Source: client-go tools/leaderelection @ v0.24.0 (15 s, renewed every 2 s); kube-scheduler gives its lease back when it is
 * told to end (cmd/kube-scheduler/app/options), kube-controller-manager lets it expire.
 */
import { type ApiServer, formatMicroTime } from '../../api/index.ts';
import type { Ending } from '../software/program.ts';
import { SECOND } from '../time.ts';
import type { Timeline } from '../timeline.ts';
import type { EventRecorder } from './events.ts';
import { type ObjectView, one } from './kinds.ts';

export type Leader = 'kube-controller-manager' | 'kube-scheduler';

/** A time nobody answered for the API, and since when an API server that runs answered with what etcd's absence makes of it. */
export interface Silence {
	readonly from: number;
	readonly to?: number;
	readonly faults: readonly { readonly from: number; readonly message: string | undefined }[];
}

export interface Components {
	/** A program of the control plane works, or has ended, on a machine. */
	started(name: string, machine: string): void;
	ended(name: string, machine: string, how: Ending): void;
	/** Whether it was told to end there and has not come back: a machine that was switched off is another matter. */
	isDown(name: string, machine: string): boolean;
	/** Somebody has the lease: its controllers act. */
	leads(name: Leader, machine?: string): boolean;
	/** When the lease was renewed last, microseconds. */
	renewed(name: Leader): number;
	/** Called when the API server no longer answers, since it or etcd was told to end. */
	onSilent(listener: () => void): void;
	/** Times nobody answered for the API; the last one may still go on. Microseconds. */
	silences(): readonly Silence[];
	/** The API server may answer again: who waits for the lease looks at it. */
	answers(): void;
	/** Called when something is there again. */
	onBack(listener: () => void): void;
}

const LEASE = 15 * SECOND;
const RETRY = 2 * SECOND;
const LEADERS: readonly string[] = ['kube-controller-manager', 'kube-scheduler'];

interface Election {
	/** Undefined while nobody leads. */
	holder: string | undefined;
	/** When the lease of the last leader is over. */
	free: number;
	/** When it was renewed last, once nobody leads. */
	lost: number;
	readonly running: Set<string>;
}

export function createComponents(cluster: {
	readonly api: ApiServer;
	readonly timeline: Timeline;
	readonly record: EventRecorder;
	/** The first control plane: it leads from the beginning. */
	readonly first: string;
	/** Whether somebody answers for the API. */
	readonly reachable: () => boolean;
	/** What an API server without its etcd answers. */
	readonly fault: () => string | undefined;
}): Components {
	const { api, timeline, record } = cluster;
	const down = new Set<string>();
	const listeners: (() => void)[] = [];
	const elections = new Map<string, Election>(
		LEADERS.map((name) => [name, { holder: cluster.first, free: 0, lost: 0, running: new Set() }]),
	);
	const silent: (() => void)[] = [];
	const silences: { readonly from: number; to?: number; readonly faults: Silence['faults'][number][] }[] = [];
	const note = (): void => {
		if (silentSince() !== undefined) silences.at(-1)!.faults.push({ from: timeline.now, message: cluster.fault() });
	};
	/** Since when the API server is away. */
	const silentSince = (): number | undefined => {
		const last = silences.at(-1);
		return last?.to === undefined ? last?.from : undefined;
	};
	let draws = 0;
	const tell = (): void => {
		for (const listener of [...listeners]) listener();
	};
	const leaseOf = (name: string) =>
		one<ObjectView & { readonly spec?: { readonly leaseTransitions?: number } }>(api, 'leases', 'kube-system', name);
	const write = (name: string, spec: { readonly [key: string]: unknown }): void => {
		const lease = leaseOf(name);
		if (lease) api.update({ ...lease, spec: { ...lease.spec, ...spec } } as never);
	};
	const stamp = (at: number): string => formatMicroTime(timeline.epoch + Math.floor(at / SECOND), at % SECOND);
	const renewedAt = ({ holder, lost }: Election): number =>
		holder === undefined ? lost : Math.floor((silentSince() ?? timeline.now) / RETRY) * RETRY;

	const elect = (name: string): void => {
		const election = elections.get(name)!;
		const [candidate] = election.running;
		if (election.holder !== undefined || candidate === undefined || timeline.now < election.free) return;
		// Nobody to ask: it is tried again when somebody answers.
		if (silentSince() !== undefined) return;
		election.holder = candidate;
		const hex = timeline.hex(32, 'leader', `${name}\0${candidate}\0${draws++}`);
		const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
		const id = `${candidate}_${uuid}`;
		const lease = leaseOf(name);
		write(name, {
			holderIdentity: id,
			acquireTime: stamp(timeline.now),
			renewTime: stamp(timeline.now),
			leaseTransitions: (lease?.spec?.leaseTransitions ?? 0) + 1,
		});
		const source = { component: name === 'kube-scheduler' ? 'default-scheduler' : name };
		if (lease) record.record(source, lease, 'Normal', 'LeaderElection', `${id} became leader`);
		tell();
	};
	/** Candidates look at the lease every two seconds. */
	const electSoon = (name: string): void => {
		const { free } = elections.get(name)!;
		const retry = timeline.between(0, RETRY, 'election', `${name}\0${draws++}`);
		timeline.after(Math.max(0, free - timeline.now) + retry, () => elect(name));
	};

	const answers = (): void => {
		if (silentSince() === undefined || !cluster.reachable()) return;
		silences.at(-1)!.to = timeline.now;
		for (const [leader, { holder, running }] of elections)
			if (holder === undefined && running.size > 0) electSoon(leader);
	};

	return {
		answers,
		started(name, machine) {
			const was = down.delete(`${name}/${machine}`);
			const election = elections.get(name);
			if (election) {
				election.running.add(machine);
				if (election.holder === undefined) electSoon(name);
			}
			if (!election) {
				answers();
				note();
			}
			if (was) tell();
		},
		ended(name, machine, how) {
			if (how === 'crash') down.delete(`${name}/${machine}`);
			else down.add(`${name}/${machine}`);
			const election = elections.get(name);
			election?.running.delete(machine);
			if (!election) note();
			if (!election && silentSince() === undefined && !cluster.reachable()) {
				silences.push({ from: timeline.now, faults: [] });
				note();
				for (const listener of [...silent]) listener();
			}
			if (!election || election.holder !== machine) return;
			election.lost = renewedAt(election);
			election.holder = undefined;
			const released = name === 'kube-scheduler' && how === 'term';
			election.free = released ? timeline.now : election.lost + LEASE;
			write(name, { renewTime: stamp(election.lost), ...(released ? { holderIdentity: '' } : {}) });
			electSoon(name);
		},
		isDown: (name, machine) => down.has(`${name}/${machine}`),
		leads(name, machine) {
			const { holder } = elections.get(name)!;
			return holder !== undefined && (machine === undefined || holder === machine);
		},
		renewed: (name) => renewedAt(elections.get(name)!),
		onSilent: (listener) => silent.push(listener),
		silences: () => silences,
		onBack: (listener) => listeners.push(listener),
	};
}
