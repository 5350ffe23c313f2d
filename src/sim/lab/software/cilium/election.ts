/** Which of the operator's pods leads (pkg/k8s/client/init.go, client-go tools/leaderelection @ v0.24.0). */
import { asManager, formatMicroTime } from '../../../api/index.ts';
import type { ClusterContext } from '../../cluster/context.ts';
import { all, as, one, type Pod } from '../../cluster/kinds.ts';
import { SECOND } from '../../time.ts';
import type { ProgramContext } from '../program.ts';
import { say } from './say.ts';

const LOCK = 'cilium-operator-resource-lock';
/** `leader-election-lease-duration`. */
const LEASE = 15 * SECOND;

interface Lease {
	readonly spec?: { readonly holderIdentity?: string };
	readonly metadata: { readonly name: string };
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Its host's name and ten letters of chance (operator/main.go, pkg/rand @ v1.12.1). */
const identityIn = ({ timeline }: ClusterContext, { spec, metadata }: Pod): string => {
	const letter = (_: unknown, i: number): string =>
		LETTERS[timeline.random('operator identity', `${metadata.uid}\0${i}`, LETTERS.length)]!;
	return `${spec.nodeName}-${Array.from({ length: 10 }, letter).join('')}`;
};

const identityOf = ({ cluster, pod }: ProgramContext): string => identityIn(cluster, pod);

const leaseOf = ({ cluster, pod }: ProgramContext): Lease | undefined =>
	one<Lease>(cluster.api, 'leases', pod.metadata.namespace, LOCK);

/** Takes the lease when nobody holds it or its holder is gone for long enough. */
export function elect(context: ProgramContext, runLeader: (context: ProgramContext) => void): void {
	const { cluster, pod } = context;
	const { timeline } = cluster;
	const api = asManager(cluster.api, 'cilium-operator-generic');
	const me = identityOf(context);
	const now = formatMicroTime(cluster.timeline.epoch + Math.floor(timeline.now / SECOND), timeline.now % SECOND);
	const spec = {
		acquireTime: now,
		holderIdentity: me,
		leaseDurationSeconds: 15,
		leaseTransitions: 0,
		renewTime: now,
	};
	const lead = (): void => {
		say(context, 'info', 'klog', `successfully acquired lease ${lock}`);
		say(context, 'info', 'operator', 'Leading the operator HA deployment');
		runLeader(context);
	};
	const lock = `${pod.metadata.namespace}/${LOCK}`;
	say(context, 'info', 'klog', `attempting to acquire leader lease ${lock}...`);
	const held = leaseOf(context);
	if (!held) {
		api.create({
			apiVersion: 'coordination.k8s.io/v1',
			kind: 'Lease',
			metadata: { name: LOCK, namespace: pod.metadata.namespace },
			spec,
		});
		lead();
		return;
	}
	const holder = held.spec?.holderIdentity ?? '';
	const alive =
		holder !== '' &&
		all<Pod>(api, 'pods', { namespace: pod.metadata.namespace ?? '' }).some(
			(p) =>
				p.metadata.uid !== pod.metadata.uid &&
				p.metadata.deletionTimestamp === undefined &&
				holder === identityIn(cluster, p),
		);
	if (!alive || holder === me) {
		const wait = holder === '' || holder === me ? context.between(SECOND / 2, 2 * SECOND, 'election') : LEASE;
		context.after(wait, () => {
			const again = leaseOf(context);
			if (again && again.spec?.holderIdentity !== holder) return elect(context, runLeader);
			if (again) api.update({ ...(again as object), spec });
			lead();
		});
		return;
	}
	// Told when the lease changes; looks again by itself when its holder's pod goes.
	let waiting = true;
	context.watch(({ type, object }) => {
		if (!waiting) return;
		const freed = object.kind === 'Lease' && object.metadata.name === LOCK;
		const left = type === 'DELETED' && object.kind === 'Pod' && holder === identityIn(cluster, as<Pod>(object));
		if (!freed && !left) return;
		waiting = false;
		context.after(context.between(SECOND / 2, 2 * SECOND, 'retry'), () => elect(context, runLeader));
	});
}

/** A leader that is told to end gives its lease back. */
export function giveUp(context: ProgramContext): void {
	const held = leaseOf(context);
	if (held?.spec?.holderIdentity === identityOf(context))
		context.cluster.api.update({ ...(held as object), spec: { ...held.spec, holderIdentity: '' } });
}
