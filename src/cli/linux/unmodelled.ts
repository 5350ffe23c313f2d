/** Programs that are in an image and that nothing here stands for: said in one sentence, not as if the image lacked them. */
import type { Tool } from '../tool.ts';
import { UNMODELLED } from './image-packages.ts';
import { hasTool } from './images.ts';

export const unmodelledTools: readonly Tool[] = UNMODELLED.map((name) => ({
	name,
	at: hasTool(name),
	async run(call) {
		call.err(`${name}: the program is here, but the simulator does not have it\n`);
		return 1;
	},
}));
