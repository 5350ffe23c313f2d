/** `cilium` on the learner's machine: the CLI. The agent's own tool has a door of its own (`agent/index.ts`). */
import type { Tool } from '../tool.ts';
import { cli } from './cli/index.ts';

export { type Status, statusOf } from './cli/status-of.ts';

export const tools: readonly Tool[] = [{ name: 'cilium', at: (place) => place.kind === 'laptop', ...cli }];
