/** Lines of an agent's endpoints and policies, which are worded when somebody reads them (`containers/cilium-log.ts`). */
import type { Ip } from '../../../wire/index.ts';
import { peoplesContainers } from '../../containers/later.ts';
import type { ProgramContext } from '../program.ts';
import type { PolicyChange } from './policy-revision.ts';
import { momentOf } from './say.ts';

/** An endpoint at the moment of a line. */
export interface ToldEndpoint {
	readonly id: number;
	readonly namespace: string;
	readonly pod: string;
	readonly uid: string;
	readonly ip: Ip;
	/** Undefined before it has one. */
	readonly identity?: number | undefined;
	readonly before?: number | undefined;
	/** `k8s:app=web`, in order. */
	readonly labels: readonly string[];
	/** Whether the identity was there already. */
	readonly known?: boolean;
	/** Of the policies it has, and is to have. */
	readonly revision: number;
	readonly desired: number;
}

export type EndpointEvent =
	| 'create'
	| 'new'
	| 'resolve'
	| 'key'
	| 'identity'
	| 'wait'
	| 'program'
	| 'created'
	| 'delete'
	| 'release'
	| 'removed';

export interface ToldPolicy extends PolicyChange {
	readonly revision: number;
	/** CiliumIdentities of the moment: which of them it is about is looked up later. */
	readonly identities: readonly ToldIdentity[];
}

export interface ToldIdentity {
	readonly metadata: { readonly name: string };
	readonly 'security-labels'?: Readonly<Record<string, string>>;
}

export type PolicyEvent = 'refused' | 'processing' | 'imported' | 'added' | 'deleted' | 'removed';

/** One line for each event. */
export function tellEndpoint(context: ProgramContext, events: readonly EndpointEvent[], endpoint: ToldEndpoint): void {
	const moment = momentOf(context);
	for (const event of events)
		context.logLater(() => peoplesContainers()?.endpointLine(context, moment, event, endpoint) ?? '');
}

/** What agents of a minor say of a policy, in its order. */
function policyEvents(minor: number, gone: boolean): readonly PolicyEvent[] {
	if (minor <= 16) return gone ? ['deleted'] : ['processing', 'added'];
	const watcher: PolicyEvent = gone ? 'deleted' : 'added';
	// From 1.19 the rest is for debugging.
	return minor >= 19 ? [watcher] : [watcher, 'processing', gone ? 'removed' : 'imported'];
}

export function tellPolicy(context: ProgramContext, minor: number, policy: ToldPolicy): void {
	const events = policy.error === undefined ? policyEvents(minor, policy.object === undefined) : (['refused'] as const);
	const moment = momentOf(context);
	for (const event of events)
		context.logLater(() => peoplesContainers()?.policyLine(context, moment, event, policy) ?? '');
}
