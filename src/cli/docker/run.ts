/** docker run and docker create as they are asked for; what they do comes when somebody does. */
import type { Command } from '../cobra/index.ts';
import { RUN_FLAGS } from './run-flags.ts';

export const runCommandOf: Command = {
	name: 'run',
	use: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
	short: 'Run a command in a new container',
	stopAtArgument: true,
	flags: RUN_FLAGS,
	run: async (given) => (await import('./begin-run.ts')).runOrCreate(given, false),
};

export const create: Command = {
	...runCommandOf,
	name: 'create',
	short: 'Create a new container',
	flags: RUN_FLAGS.filter(({ name }) => name !== 'detach'),
	run: async (given) => (await import('./begin-run.ts')).runOrCreate(given, true),
};
