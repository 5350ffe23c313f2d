/** Commands that only look. */
import type { Command } from '../../cobra/index.ts';

export const readCommands: readonly Command[] = [];
