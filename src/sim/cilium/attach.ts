/**
 * The agent's programs as they are attached: by their names, and each made when its first packet comes. In the terminal
 * that is when they have been fetched (`src/integrations/terminal-later.ts`); figures take `programs/index.ts` in this
 * file's place.
 */
import type { Program } from '../linux/index.ts';
import * as made from './programs/index.ts';
import { programName } from './programs/name.ts';
import type { NodeConfig } from './programs/node.ts';

const attached = (node: NodeConfig, name: string, make: () => Program): Program => {
	let program: Program | undefined;
	return {
		name: programName(node.maps.features, name),
		run(skb, ctx) {
			program ??= make();
			return program.run(skb, ctx);
		},
	};
};

export const fromContainer = (config: made.LxcConfig, node: NodeConfig): Program =>
	attached(node, 'from_container', () => made.fromContainer(config, node));
export const fromHost = (node: NodeConfig): Program => attached(node, 'from_host', () => made.fromHost(node));
export const fromNetdev = (node: NodeConfig): Program => attached(node, 'from_netdev', () => made.fromNetdev(node));
export const fromOverlay = (node: NodeConfig): Program => attached(node, 'from_overlay', () => made.fromOverlay(node));
export const toContainer = (node: NodeConfig): Program => attached(node, 'to_container', () => made.toContainer(node));
export const toHost = (node: NodeConfig): Program => attached(node, 'to_host', () => made.toHost(node));
export const toNetdev = (node: NodeConfig): Program => attached(node, 'to_netdev', () => made.toNetdev(node));
export const toOverlay = (node: NodeConfig): Program => attached(node, 'to_overlay', () => made.toOverlay(node));
export const xdpEntry = (node: NodeConfig): Program => attached(node, 'xdp_entry', () => made.xdpEntry(node));
