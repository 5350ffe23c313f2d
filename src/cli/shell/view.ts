/** What stands between a session and whoever sits at it. */
import type { Call } from '../tool.ts';
import type { Octets } from './routes.ts';

export type EditedFile = Parameters<NonNullable<Call['edit']>>[0];

/** Shows an editor; resolves when it is left, with a text that is still to be saved if there is one. */
export type ShowEditor = (
	file: EditedFile & { readonly save: (text: string) => Promise<void> },
	/** Aborted when the command that opened it was interrupted: the editor is gone. */
	signal: AbortSignal,
) => Promise<string | undefined>;

export interface View {
	/** What is written, as it is written. */
	readonly write: (octets: Octets, stream: 'out' | 'err') => void;
	/** Absent where there is no screen. */
	readonly edit?: ShowEditor;
	/** Somebody can type into what runs: told when it begins to wait for that, and when it no longer does. */
	readonly reads?: (waiting: boolean) => void;
	/** Whether a terminal shows it; tools then show progress and colours. True when absent. */
	readonly tty?: boolean;
	/** Says nothing of `exit` and of jobs that ended: a script is read, nobody types. */
	readonly quiet?: boolean;
}
