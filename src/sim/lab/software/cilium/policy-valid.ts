/** The operator says of each policy whether it is one. Source: cilium operator/pkg/networkpolicy/validator.go @ v1.17.5. */
import type { ApiObject } from '../../../api/index.ts';
import { all, as, type ObjectView } from '../../cluster/kinds.ts';
import { MILLISECOND } from '../../time.ts';
import type { ProgramContext } from '../program.ts';

interface Policy extends ObjectView {
	readonly status?: { readonly conditions?: readonly { readonly type: string }[] };
}

const KINDS: Readonly<Record<string, string>> = {
	CiliumNetworkPolicy: 'ciliumnetworkpolicies',
	CiliumClusterwideNetworkPolicy: 'ciliumclusterwidenetworkpolicies',
};

/** The API server has refused what does not fit the schema, so what is stored is valid. */
export function validatePolicies(context: ProgramContext, minor: number): void {
	if (minor < 17) return;
	const { api, timeline } = context.cluster;
	const look = (): void => {
		pending = false;
		for (const plural of Object.values(KINDS))
			for (const policy of all<Policy>(api, plural)) {
				const { conditions = [] } = policy.status ?? {};
				if (conditions.some(({ type }) => type === 'Valid')) continue;
				const valid = {
					lastTransitionTime: timeline.stamp(),
					message: 'Policy validation succeeded',
					status: 'True',
					type: 'Valid',
				};
				api.updateStatus({
					...as<ApiObject>(policy as never),
					status: { ...policy.status, conditions: [...conditions, valid] },
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
