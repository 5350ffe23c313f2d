/** Connections of API servers to webhooks: fetched by whoever may write where somebody set one up. */
import type { CalledOut } from '../../sim/api/index.ts';
import type { GuestCall, Lab } from '../../sim/lab/index.ts';

let code: typeof import('./webhook-call.ts') | undefined;

/** Undefined before it was fetched. */
export const callWebhook = (lab: Lab, call: GuestCall): CalledOut | undefined => code?.callOut(lab, call);

export const loadWebhookCalls = async (): Promise<void> => {
	code ??= await import('./webhook-call.ts');
};
