/** Commands that change something, or run something. */
import type { Command } from '../../cobra/index.ts';
import { applyCommand } from './apply.ts';
import { createCommand } from './create.ts';
import { deleteCommand } from './delete.ts';
import { execCommand } from './exec.ts';
import { annotateCommand, labelCommand } from './label.ts';
import { patchCommand } from './patch.ts';
import { rolloutCommand } from './rollout/index.ts';
import { scaleCommand } from './scale.ts';

export const writeCommands: readonly Command[] = [
	annotateCommand,
	applyCommand,
	createCommand,
	deleteCommand,
	execCommand,
	labelCommand,
	patchCommand,
	rolloutCommand,
	scaleCommand,
];
