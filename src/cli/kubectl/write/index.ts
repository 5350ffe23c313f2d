/** Commands that change something, or run something. */
import type { Command } from '../../cobra/index.ts';
import { applyCommand } from './apply/index.ts';
import { attachCommand } from './attach.ts';
import { autoscaleCommand } from './autoscale.ts';
import { certificateCommand } from './certificate.ts';
import { cpCommand } from './cp.ts';
import { createCommand } from './create.ts';
import { debugCommand } from './debug/index.ts';
import { deleteCommand } from './delete.ts';
import { diffCommand } from './diff.ts';
import { editCommand } from './edit/index.ts';
import { execCommand } from './exec.ts';
import { exposeCommand } from './expose.ts';
import { kustomizeCommand } from './kustomize.ts';
import { annotateCommand, labelCommand } from './label.ts';
import { drainCommands } from './node/drain.ts';
import { taintCommand } from './node/taint.ts';
import { nodeShellCommand } from './node-shell.ts';
import { patchCommand } from './patch.ts';
import { replaceCommand } from './replace.ts';
import { rolloutCommand } from './rollout/index.ts';
import { runCommand } from './run.ts';
import { scaleCommand } from './scale.ts';
import { setCommand } from './set/index.ts';
import { waitCommand } from './wait.ts';

export const writeCommands: readonly Command[] = [
	annotateCommand,
	applyCommand,
	attachCommand,
	autoscaleCommand,
	certificateCommand,
	cpCommand,
	createCommand,
	debugCommand,
	deleteCommand,
	diffCommand,
	...drainCommands,
	nodeShellCommand,
	editCommand,
	execCommand,
	exposeCommand,
	labelCommand,
	patchCommand,
	kustomizeCommand,
	replaceCommand,
	rolloutCommand,
	runCommand,
	scaleCommand,
	setCommand,
	taintCommand,
	waitCommand,
];
