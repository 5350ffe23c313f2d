/** Words for the completion of writing commands. */
import type { Completer } from '../../cobra/index.ts';

/** Names of pods; `type/` is for whoever knows it. */
export const completePods: Completer = (_, at) => {
	const api = at.cluster()?.api;
	if (!api) return [];
	const pods = api.find('pods');
	return pods ? api.list(pods, { namespace: 'default' }).map((pod) => pod.metadata.name) : [];
};

/** Kinds of a list, then their names. */
export const completeKinds =
	(kinds: readonly string[]): Completer =>
	(args, at) => {
		const [kind] = args.filter((arg) => !arg.startsWith('-'));
		if (kind === undefined) return kinds;
		const api = at.cluster()?.api;
		const resource = api?.find(kind);
		return api && resource ? [...new Set(api.list(resource).map((object) => object.metadata.name))] : [];
	};

/** Names of nodes. */
export const completeNodes: Completer = (_, at) => {
	const api = at.cluster()?.api;
	const nodes = api?.find('nodes');
	return api && nodes ? api.list(nodes).map((node) => node.metadata.name) : [];
};
