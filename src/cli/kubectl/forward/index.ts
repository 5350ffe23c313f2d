/** Commands that stand between a port of the laptop and the cluster. */
import type { Command } from '../../cobra/index.ts';
import { portForwardCommand } from './port-forward.ts';
import { proxyCommand } from './proxy.ts';

export const forwardCommands: readonly Command[] = [portForwardCommand, proxyCommand];

export { type Forwarding, forwardPorts } from './session.ts';
