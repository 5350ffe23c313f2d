/** Images that are a shell and some tools: their commands run in the terminal's own shell (`GuestHost`). */
import { SECOND } from '../time.ts';
import type { Listening, Program } from './program.ts';

/** A shell that reads what is typed. */
const SHELL = /^(?:\/\S*\/)?(?:ba|da|a|z)?sh(?: -[il]+)?$/;

/** From its start until what somebody may attach to runs for itself: `kubectl run -i` attaches before. */
const UNCLAIMED = 2 * SECOND;

/** busybox httpd (`-p [address:]port`) and python's http.server, wherever in a command line they stand. */
function ports(argv: readonly string[]): readonly Listening[] {
	const words = argv.flatMap((word) => word.split(/[\s;&|]+/));
	const httpd = words.findIndex((w) => w === 'httpd' || w.endsWith('/httpd'));
	if (httpd >= 0) {
		const flag = words.indexOf('-p', httpd);
		const port = flag < 0 ? 80 : Number(words[flag + 1]?.split(':').at(-1));
		return Number.isInteger(port) ? [{ port, protocol: 'TCP' }] : [];
	}
	const server = words.indexOf('http.server');
	return server < 0 ? [] : [{ port: Number(words[server + 1]) || 8000, protocol: 'TCP' }];
}

/** Without a command it is a shell that nobody types into: it ends at once. */
export const guestImage: Program = {
	cmd: ['sh'],
	guest: true,
	// What a command line names is open also where nobody runs it: in figures, and before a terminal is opened.
	listens: (_container, argv) => ports(argv),
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
