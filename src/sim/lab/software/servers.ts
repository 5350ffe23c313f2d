/** Programs that listen and are well as soon as they do. */
import { MILLISECOND, SECOND } from '../time.ts';
import type { Listening, Program } from './program.ts';

/** `ports` as the image has them. */
export const server = (ports: readonly Listening[], argv: readonly string[] = ['server']): Program => ({
	entrypoint: argv,
	stops: [100 * MILLISECOND, 900 * MILLISECOND],
	listens: () => ports,
	listensOnly: ports.length > 0,
	start(context) {
		context.after(context.between(50 * MILLISECOND, SECOND, 'start'), context.healthy);
	},
});
