/**
 * The egress gateway behind one door: its programs, the agent's part, the tool that prints its map. In the browser
 * `egress-gateway-none.ts` stands in its place (`src/integrations/smaller-world.ts`): no lesson has it.
 */
import { syncEgressPolicies } from './egress-policy.ts';
import { egressList } from './print/egress.ts';
import { type EgressPrograms, egressPrograms } from './programs/egress-gateway.ts';

export interface EgressGateway {
	readonly programs: EgressPrograms;
	readonly sync: typeof syncEgressPolicies;
	readonly list: typeof egressList;
}

export const egressGateway: EgressGateway | undefined = {
	programs: egressPrograms,
	sync: syncEgressPolicies,
	list: egressList,
};
