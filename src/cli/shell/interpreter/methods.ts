/** Methods of just-bash's interpreter that are replaced. */
import type { Interpreter } from '../just-bash.ts';

export type Methods = Pick<
	Interpreter,
	| 'executeScript'
	| 'executeStatement'
	| 'executePipeline'
	| 'executeCommand'
	| 'executeSubshell'
	| 'executeSimpleCommand'
	| 'runCommand'
>;

/** Some of them, as they are run: on the interpreter. */
export type Live<Name extends keyof Methods> = Pick<Methods, Name> & ThisType<Interpreter>;

/** Those that it has now. */
export function methodsOf(proto: Interpreter): Methods {
	const { executeScript, executeStatement, executePipeline, executeCommand } = proto;
	const { executeSubshell, executeSimpleCommand, runCommand } = proto;
	return {
		executeScript,
		executeStatement,
		executePipeline,
		executeCommand,
		executeSubshell,
		executeSimpleCommand,
		runCommand,
	};
}
