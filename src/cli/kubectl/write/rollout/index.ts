/** `kubectl rollout`. */
import type { Command, Flag } from '../../../cobra/index.ts';
import { FILE_FLAGS } from '../../files.ts';
import { command } from '../../kube.ts';
import { SELECTOR_FLAGS } from '../../targets.ts';
import { completeKinds } from '../complete.ts';
import { DRY_RUN, FIELD_MANAGER, PRINT_FLAGS } from '../output.ts';
import { pause, restart, resume } from './change.ts';
import { history, undo } from './history.ts';
import { status } from './status.ts';

const COMMON: readonly Flag[] = [...FILE_FLAGS, SELECTOR_FLAGS[0]!];
const WORKLOADS = completeKinds(['deployment', 'daemonset', 'statefulset']);

export const rolloutCommand: Command = {
	name: 'rollout',
	use: 'SUBCOMMAND',
	short: 'Manage the rollout of a resource',
	long: 'Manage the rollout of one or many resources.\n\n Valid resource types include:\n\n  *  deployments\n  *  daemonsets\n  *  statefulsets',
	example: `  # Rollback to the previous deployment
  kubectl rollout undo deployment/abc

  # Check the rollout status of a daemonset
  kubectl rollout status daemonset/foo`,
	commands: [
		{
			name: 'history',
			use: '(TYPE NAME | TYPE/NAME) [flags]',
			short: 'View rollout history',
			flags: [
				...COMMON,
				...PRINT_FLAGS,
				{
					name: 'revision',
					type: 'int',
					default: '0',
					usage: 'See the details, including podTemplate of the revision specified',
				},
			],
			run: command(history),
			complete: WORKLOADS,
		},
		{
			name: 'pause',
			use: 'RESOURCE',
			short: 'Mark the provided resource as paused',
			flags: [...COMMON, ...PRINT_FLAGS, FIELD_MANAGER],
			run: command(pause),
			complete: completeKinds(['deployment']),
		},
		{
			name: 'restart',
			use: 'RESOURCE',
			short: 'Restart a resource',
			flags: [...COMMON, ...PRINT_FLAGS, FIELD_MANAGER],
			run: command(restart),
			complete: WORKLOADS,
		},
		{
			name: 'resume',
			use: 'RESOURCE',
			short: 'Resume a paused resource',
			flags: [...COMMON, ...PRINT_FLAGS, FIELD_MANAGER],
			run: command(resume),
			complete: completeKinds(['deployment']),
		},
		{
			name: 'status',
			use: '(TYPE NAME | TYPE/NAME) [flags]',
			short: 'Show the status of the rollout',
			flags: [
				...COMMON,
				{
					name: 'revision',
					type: 'int',
					default: '0',
					usage: 'Pin to a specific revision for showing its status. Defaults to 0 (last revision).',
				},
				{
					name: 'timeout',
					type: 'duration',
					default: '0s',
					usage:
						'The length of time to wait before ending watch, zero means never. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).',
				},
				{
					name: 'watch',
					short: 'w',
					type: 'bool',
					default: 'true',
					usage: "Watch the status of the rollout until it's done.",
				},
			],
			run: command(status),
			complete: WORKLOADS,
		},
		{
			name: 'undo',
			use: '(TYPE NAME | TYPE/NAME) [flags]',
			short: 'Undo a previous rollout',
			flags: [
				...COMMON,
				...PRINT_FLAGS,
				DRY_RUN,
				{
					name: 'to-revision',
					type: 'int',
					default: '0',
					usage: 'The revision to rollback to. Default to 0 (last revision).',
				},
			],
			run: command(undo),
			complete: WORKLOADS,
		},
	],
};
