/**
 * What a node's agent is configured otherwise than cilium-config says: CiliumNodeConfigs that select its node, by name,
 * then annotations of the node. Source: cilium pkg/option/resolver/resolver.go, cilium/cmd/build-config.go @ v1.13.0.
 */
import { type ApiServer, labelSelector, selects } from '../../../api/index.ts';
import { all, type Node, type ObjectView, one } from '../../cluster/kinds.ts';

interface NodeConfig extends ObjectView {
	readonly spec?: { readonly nodeSelector?: unknown; readonly defaults?: Readonly<Record<string, string>> };
}

const ANNOTATION = 'config.cilium.io/';

export function configOfNode(
	api: ApiServer,
	namespace: string | undefined,
	name: string,
): Readonly<Record<string, string>> {
	const node = one<Node>(api, 'nodes', undefined, name);
	if (!node) return {};
	const configs = api.find('ciliumnodeconfigs') ? all<NodeConfig>(api, 'ciliumnodeconfigs') : [];
	const chosen = configs
		.filter(({ metadata, spec }) => {
			const selected =
				spec?.nodeSelector !== undefined && selects(labelSelector(spec.nodeSelector), node.metadata.labels);
			return metadata.namespace === namespace && selected;
		})
		.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
	const annotations = Object.entries(node.metadata.annotations ?? {})
		.filter(([key]) => key.startsWith(ANNOTATION))
		.map(([key, value]) => [key.slice(ANNOTATION.length), value]);
	return Object.assign({}, ...chosen.map(({ spec }) => spec?.defaults ?? {}), Object.fromEntries(annotations));
}
