/** A command as a process. */
import type { LineRun } from './call.ts';
import { exported } from './exported.ts';
import type { ProgramCall } from './frame.ts';
import type { Result, State } from './just-bash.ts';
import { type Command, endOf } from './life.ts';
import type { Shell } from './shell.ts';
import { terminalIn } from './terminals.ts';

/** Whether a command may look at processes as files, itself among them. */
export const looks = (args: readonly string[], { cwd }: State): boolean =>
	cwd.startsWith('/proc') || args.some((word) => word.includes('proc'));

const SHELL = /^(?:.*\/)?(?:ba)?sh$/;

/**
 * A command is a process that others see: in containers, and where somebody was let in. In a shell that somebody types into
 * those are that have a number of their own to tell: what looks at processes, and shells. `run` gets the shell as the
 * process has it.
 */
export async function asProcess(
	shell: Shell,
	call: Pick<ProgramCall, 'name' | 'args' | 'run' | 'state'>,
	run: (shell: Shell) => Promise<Result>,
	looking = looks(call.args, call.state),
): Promise<Result> {
	const { core } = shell;
	const life = shell.life ?? shell.visit;
	if (!life && !looking && !(SHELL.test(call.name) && call.args.length > 0)) return run(shell);
	const commands = life?.commands ?? core.beside(shell.place);
	const line = call.run as LineRun;
	const { process: outer } = line;
	const pid = line.pid ?? core.nextPid(shell.place);
	const { cwd } = call.state;
	const screen = line.screen ?? (line.whole as LineRun | undefined)?.screen;
	const command: Command = {
		argv: [call.name, ...call.args],
		startedAt: core.lab.now,
		run: line,
		pid,
		ppid: outer ?? call.state.virtualPid,
		cwd,
		looks: looking && !SHELL.test(call.name),
		...(screen && line.terminal ? { tty: terminalIn(shell.place, screen.tab) } : {}),
		environ: () => [...exported(call.state)].map(([name, value]) => `${name}=${value}\0`).join(''),
		signal(name) {
			command.killed = name;
			line.struck = name;
			core.clock.cut(line);
			for (const child of core.childrenOf(line)) {
				child.signal ??= name;
				child.interrupt();
			}
		},
	};
	commands.push(command);
	line.process = pid;
	shell.touched();
	try {
		const result = await run(looking ? (await import('./self.ts')).shellAs(shell, pid) : shell);
		return command.killed ? { ...result, exitCode: endOf(line, command.killed) } : result;
	} finally {
		line.process = outer;
		line.struck = undefined;
		commands.splice(commands.indexOf(command), 1);
	}
}
