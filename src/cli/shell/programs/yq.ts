/** `yq` of mikefarah, as far as reading goes: paths and jq-like filters over YAML. */
import type { Tool } from '../../tool.ts';

export const yq: Tool = {
	name: 'yq',
	at: (place) => place.kind === 'laptop',
	async run(call) {
		call.err('yq: not yet\n');
		return 1;
	},
};
