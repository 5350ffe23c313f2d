/** Commands that only look. */
import type { Command } from '../../cobra/index.ts';
import { describeCommand } from './describe.ts';
import { getCommand } from './get.ts';

export const readCommands: readonly Command[] = [getCommand, describeCommand];
