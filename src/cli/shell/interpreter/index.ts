/**
 * just-bash's interpreter made live: each command's output goes to its route as soon as it is known to be meant for the
 * terminal, tools of the lab run with the lab's time, `&` starts a job, a line's state outlives the line, and a loop
 * lets the page breathe. Instances without a host (`state.host`) are as just-bash made them.
 *
 * Output is meant for the terminal unless something collects it. What is surely inside a pipe, a redirection or `$(...)`
 * has no route and comes back as a result; where the outermost such thing ends, the result is delivered. So nothing is
 * printed twice, and what is not sure is only shown later.
 */
import { type Interpreter, interpreterPrototype } from '../just-bash.ts';
import { bound } from '../sums/bind.ts';
import { commands } from './commands.ts';
import { type Methods, methodsOf } from './methods.ts';
import { named } from './named.ts';
import { scripts } from './scripts.ts';
import { simpleCommands } from './simple.ts';
import { statements } from './statements.ts';

let ready = false;

/** Makes the interpreter live, once. Safe to call again. */
export function makeLive(): void {
	if (ready) return;
	ready = true;
	const proto = interpreterPrototype();
	const before = methodsOf(proto);
	const original: Methods = {
		...before,
		executeSimpleCommand(this: Interpreter, node, stdin) {
			return before.executeSimpleCommand.call(this, bound(node, this), stdin);
		},
		executeCommand(this: Interpreter, node, ...more) {
			// A simple one is bound when its turn comes.
			const own = node.type === 'SimpleCommand' ? node : bound(node, this);
			return before.executeCommand.call(this, own, ...more);
		},
	};
	Object.assign(
		proto,
		scripts(original),
		statements(original),
		commands(original),
		simpleCommands(original),
		named(original),
	);
}
