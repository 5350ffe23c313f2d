/** A command as a process. */
import type { LineRun } from './call.ts';
import type { ProgramCall } from './frame.ts';
import type { Result } from './just-bash.ts';
import { type Command, endOf } from './life.ts';
import type { Shell } from './shell.ts';

/** A command in a container is a process that others see, and that can be ended without its shell. */
export async function asProcess(shell: Shell, call: ProgramCall, run: () => Promise<Result>): Promise<Result> {
	const life = shell.life ?? shell.visit;
	if (!life) return run();
	const { core } = shell;
	const line = call.run as LineRun;
	const { process: outer } = line;
	const pid = line.pid ?? core.nextPid(shell.place);
	const command: Command = {
		argv: [call.name, ...call.args],
		startedAt: core.lab.now,
		run: line,
		pid,
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
	life.commands.push(command);
	line.process = pid;
	try {
		const result = await run();
		return command.killed ? { ...result, exitCode: endOf(line, command.killed) } : result;
	} finally {
		line.process = outer;
		line.struck = undefined;
		life.commands.splice(life.commands.indexOf(command), 1);
	}
}
