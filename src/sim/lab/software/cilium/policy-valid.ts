/** The operator says of each policy whether it is one. Source: cilium operator/pkg/networkpolicy/validator.go @ v1.17.5. */
import type { ApiObject } from '../../../api/index.ts';
import { all, as, type ObjectView } from '../../cluster/kinds.ts';
import { type CheckedPolicy, policyError } from '../../projection/policy-errors.ts';
import { MILLISECOND } from '../../time.ts';
import type { ProgramContext } from '../program.ts';

interface Condition {
	readonly type: string;
	readonly status: string;
	readonly message: string;
	readonly lastTransitionTime: string;
}

interface Policy extends ObjectView {
	readonly status?: { readonly conditions?: readonly Condition[] };
}

const KINDS: Readonly<Record<string, string>> = {
	CiliumNetworkPolicy: 'ciliumnetworkpolicies',
	CiliumClusterwideNetworkPolicy: 'ciliumclusterwidenetworkpolicies',
};

/** updateCondition(). The API server has refused what does not fit the schema; this is what Cilium refuses besides. */
export function validatePolicies(context: ProgramContext, minor: number): void {
	if (minor < 17) return;
	const { api, timeline } = context.cluster;
	const look = (): void => {
		pending = false;
		for (const plural of Object.values(KINDS))
			for (const policy of all<Policy>(api, plural)) {
				const { conditions = [] } = policy.status ?? {};
				const error = policyError(policy as CheckedPolicy, minor);
				const status = error === undefined ? 'True' : 'False';
				const message = error ?? 'Policy validation succeeded';
				const known = conditions.find(({ type }) => type === 'Valid');
				if (known?.status === status && known.message === message) continue;
				const lastTransitionTime = known?.status === status ? known.lastTransitionTime : timeline.stamp();
				const valid: Condition = { lastTransitionTime, message, status, type: 'Valid' };
				const others = conditions.filter(({ type }) => type !== 'Valid');
				api.updateStatus({
					...as<ApiObject>(policy as never),
					status: { ...policy.status, conditions: [...others, valid] },
				});
			}
	};
	let pending = false;
	const soon = (): void => {
		if (pending) return;
		pending = true;
		context.after(context.between(10 * MILLISECOND, 60 * MILLISECOND, 'policy'), look);
	};
	context.watch(({ object, type }) => {
		if (Object.hasOwn(KINDS, object.kind) && type !== 'DELETED') soon();
	});
	soon();
}
