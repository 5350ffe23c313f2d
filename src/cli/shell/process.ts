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
	call: Pick<ProgramCall, 'name' | 'args' | 'run' | 'state' | 'becomes'>,
	run: (shell: Shell) => Promise<Result>,
	looking = looks(call.args, call.state),
): Promise<Result> {
	const { core } = shell;
	const life = shell.life ?? shell.visit;
	const commands = life?.commands ?? core.beside(shell.place);
	const { cwd, virtualPid } = call.state;
	const becomes = call.becomes === true && virtualPid > 0;
	const own = becomes ? commands.find(({ pid }) => pid === virtualPid) : undefined;
	if (!life && !looking && !own && !(SHELL.test(call.name) && call.args.length > 0)) return run(shell);
	const line = call.run as LineRun;
	const { process: outer } = line;
	// A container's own shell is the first process, which nobody has among its commands.
	const pid = own || (becomes && virtualPid === 1) ? virtualPid : (line.pid ?? core.nextPid(shell.place));
	const screen = line.screen ?? (line.whole as LineRun | undefined)?.screen;
	const command: Command = {
		argv: [call.name, ...call.args],
		startedAt: core.lab.now,
		run: line,
		pid,
		ppid: outer ?? virtualPid,
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
	if (own) {
		// execve(2): the same process, begun when it was, and what comes to it goes to all of it.
		const { argv, looks, environ } = command;
		Object.assign(own, { argv, cwd, looks, environ });
	} else commands.push(command);
	line.process = pid;
	shell.touched();
	try {
		const result = await run(looking ? (await import('./self.ts')).shellAs(shell, pid) : shell);
		return command.killed ? { ...result, exitCode: endOf(line, command.killed) } : result;
	} finally {
		line.process = outer;
		line.struck = undefined;
		if (!own) commands.splice(commands.indexOf(command), 1);
	}
}
