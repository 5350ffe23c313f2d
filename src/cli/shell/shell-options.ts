/** How a shell begins, and how a text is run in it. */
import type { LineRun, TypingScreen } from './call.ts';
import type { Identity } from './identity.ts';
import type { State } from './just-bash.ts';
import type { Life } from './life.ts';
import type { Routes } from './routes.ts';
import type { Visit } from './visits.ts';

export interface ShellOptions {
	/** `sh` or `bash`: only the name it has. */
	readonly name?: string;
	/** Somebody types into it. */
	readonly interactive: boolean;
	/** Variables on top of the place's. */
	readonly env?: Readonly<Record<string, string>>;
	/** It is a container's own. */
	readonly life?: Life;
	/** Somebody came into a container with it. */
	readonly visit?: Visit | undefined;
	/** Drawn when absent. */
	readonly pid?: number;
	/** Who it is, where that is not who is in the place anyway. */
	readonly as?: Identity | undefined;
}

export interface RunOptions {
	readonly routes: Routes;
	readonly tty: boolean;
	/** Whether it has a terminal, where its output does not go there. */
	readonly terminal?: boolean;
	/** Its standard input is a file or another program. */
	readonly fed?: boolean;
	readonly foreground?: boolean;
	/** Called with the exit code at the end, before time may go on. */
	readonly ended?: (code: number) => void;
	readonly stdin?: string;
	/** Words after the script, as `$1` and so on; `$0` first. */
	readonly positional?: readonly string[];
	/** `$0` is a file, which is run. */
	readonly file?: boolean;
	/** What is run comes on standard input. */
	readonly read?: boolean;
	/** More of the script follows: nothing of its end yet. */
	readonly more?: boolean;
	/** State to start from instead of the shell's own: of a job. */
	readonly from?: State;
	/** Interrupted with it, and not busy itself meanwhile. */
	readonly parent?: LineRun;
	/** Who types; a parent's when there is one. */
	readonly screen?: TypingScreen;
	/** The parent waits for something of its own. */
	readonly alongside?: boolean;
	/** Handlers of signals run in it. */
	readonly trapped?: boolean;
	/** Number of its process: of a job. */
	readonly pid?: number;
	/** Of lines inside lines, without a parent: of a job. */
	readonly depth?: number;
	readonly family?: LineRun['family'];
}
