/** Images that are a shell and some tools: their commands run in the terminal's own shell (`GuestHost`). */
import { SECOND } from '../time.ts';
import type { Program } from './program.ts';

/** A shell that reads what is typed. */
const SHELL = /^(?:\/\S*\/)?(?:ba|da|a|z)?sh(?: -[il]+)?$/;

/** From its start until what somebody may attach to runs for itself: `kubectl run -i` attaches before. */
const UNCLAIMED = 2 * SECOND;

/** Without a command it is a shell that nobody types into: it ends at once. */
export const guestImage: Program = {
	cmd: ['sh'],
	guest: true,
	// What its commands listen on, they open themselves.
	listens: () => [],
	listensOnly: true,
	start(context) {
		if (context.container.stdin !== true) context.guest();
		// What waits for somebody to type waits for ever.
		else if (!SHELL.test(context.argv.join(' '))) context.after(UNCLAIMED, context.guest);
	},
};

/** A command in an image whose entrypoint runs what it is given. */
export const behind = (entrypoint: string, cmd: readonly string[] = []): Program => ({
	...guestImage,
	entrypoint: [entrypoint],
	cmd,
});
