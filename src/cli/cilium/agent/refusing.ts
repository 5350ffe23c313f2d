/** Commands that only say why they do nothing. */
import type { Command, Run } from '../../cobra/index.ts';
import { reading } from './context.ts';

/** Says it on standard error; answers the exit code. */
export const says = ({ call }: Run, text: string, code = 0): number => {
	call.err(`${text}\n`);
	return code;
};

/** A command that ends with this text, where there is an agent to ask. */
export const refusing = (name: string, short: string, text: string, more: Partial<Command> = {}): Command => ({
	name,
	short,
	...more,
	run: reading(() => text),
});
