/** `egress-gateway.ts` for the browser: the setting is refused as not modelled. */
import type { EgressGateway } from './egress-gateway.ts';

export const egressGateway: EgressGateway | undefined = undefined;
