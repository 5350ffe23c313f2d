/** Docker's rules on the laptop, which come with the first Linux tool: before it nobody can see them or send through them. */
import type { Lab } from '../../sim/lab/index.ts';
import type { Network } from '../../sim/linux/index.ts';

let code: typeof import('./docker-rules.ts') | undefined;

/** Resolves when the laptop can be given them. */
export async function loadDockerRules(): Promise<void> {
	code ??= await import('./docker-rules.ts');
}

/** Whether the laptop's rules fit Docker's networks and published ports. */
export const hasDockerRules = (lab: Lab, net: Network): boolean => code?.hasDockerRules(lab, net) ?? true;

/** Brings them to what Docker has now. `net` is changed. */
export const bringDockerRules = (lab: Lab, net: Network): void => code?.bringDockerRules(lab, net);
