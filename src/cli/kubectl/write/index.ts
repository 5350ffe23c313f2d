/** Commands that change something, or run something. */
import type { Command } from '../../cobra/index.ts';

export const writeCommands: readonly Command[] = [];
