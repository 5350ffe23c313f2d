/** What a write has to pass beyond the server itself: policies and webhooks, of which most clusters have none. */
import type { Identity } from './access/authorizer.ts';
import { expressions } from './cel-later.ts';
import { webhookCalls } from './for-people.ts';
import type { Draft } from './json.ts';
import type { ApiObject, ApiStatus, Resource } from './object.ts';
import type { Context } from './strategy.ts';
import type { CalledOut, CallOut } from './webhooks/call.ts';

export interface Request {
	readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
	readonly resource: Resource;
	readonly subresource?: string | undefined;
	readonly namespace: string | undefined;
	readonly name: string;
	readonly object?: Draft | undefined;
	readonly old?: ApiObject | undefined;
	readonly dryRun?: boolean | undefined;
	readonly who?: Identity | undefined;
	/** Who writes it, where it is no person. */
	readonly manager?: string | undefined;
}

/** Asks; what it answers is undefined where nobody has to be asked. `object` is as webhooks changed it. */
export type Admit = (
	request: Request,
	mutating: boolean,
	context: Context,
) => { readonly error?: ApiStatus; readonly object?: Draft; readonly took: number } | undefined;

/** Controllers by what they own, as kube-controller-manager's accounts are called. */
const CONTROLLERS: Readonly<Record<string, string>> = {
	ReplicaSet: 'replicaset-controller',
	ReplicationController: 'replication-controller',
	DaemonSet: 'daemon-set-controller',
	StatefulSet: 'statefulset-controller',
	Job: 'job-controller',
	CronJob: 'cronjob-controller',
	Deployment: 'deployment-controller',
};

/** Who a component is that does not say so. */
const component = ({ manager, object }: Request): Identity => {
	if (manager === 'kubelet') return { user: 'system:node', groups: ['system:nodes', 'system:authenticated'] };
	if (manager === 'kube-scheduler') return { user: 'system:kube-scheduler', groups: ['system:authenticated'] };
	const owners = ((object?.metadata as Draft | undefined)?.ownerReferences ?? []) as readonly {
		readonly kind: string;
	}[];
	const account = CONTROLLERS[owners[0]?.kind ?? ''];
	if (account === undefined) return { user: 'system:kube-controller-manager', groups: ['system:authenticated'] };
	return {
		user: `system:serviceaccount:kube-system:${account}`,
		groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
	};
};

export const createAdmission =
	(
		has: (plural: string) => boolean,
		seconds: () => number,
		callOut: ((call: CallOut) => CalledOut | undefined) | undefined,
	): Admit =>
	(request, mutating, context) => {
		const hooks = has(mutating ? 'mutatingwebhookconfigurations' : 'validatingwebhookconfigurations');
		const policies = !mutating && has('validatingadmissionpolicies') ? expressions() : undefined;
		if (!hooks && !policies) return undefined;
		const { subresource = '', dryRun = false, who = component(request) } = request;
		const { operation, resource, namespace, name, object, old } = request;
		const asked = { operation, resource, subresource, namespace, name, object, old, dryRun };
		const error = policies?.admitByPolicies(asked, { context, who });
		if (error) return { error, took: 0 };
		return hooks ? webhookCalls()?.admitByHooks(asked, mutating, { context, now: seconds(), who, callOut }) : undefined;
	};
