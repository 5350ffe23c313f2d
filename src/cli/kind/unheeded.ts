/** What a configuration of kind's asks for and the lab does not do: said before the cluster is made. */
import { parseAllDocuments } from 'yaml';

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Leaves of a tree by their paths. */
function leaves(value: unknown, path: string): readonly string[] {
	if (isTree(value) && Object.keys(value).length > 0)
		return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
	return [path];
}

/** Parts of kubeadm's configuration that nodes follow here, and what is no part of it. */
const HEEDED = /^(?:apiVersion|kind|metadata(?:\..*)?|nodeRegistration\.kubeletExtraArgs\.node-labels)$/;

/** What of a patch nothing here follows: `ClusterConfiguration apiServer.extraArgs.v`. */
function unheededIn(patch: string): readonly string[] {
	return parseAllDocuments(patch).flatMap((document) => {
		const value: unknown = 'toJS' in document ? document.toJS() : undefined;
		if (!isTree(value)) return [];
		// From v1beta4 on, arguments are a list of names and values.
		const args = (value.nodeRegistration as Tree | undefined)?.kubeletExtraArgs;
		const labels = Array.isArray(args) && args.every((item) => isTree(item) && item.name === 'node-labels');
		return leaves(value, '')
			.filter((path) => !HEEDED.test(path) && !(labels && path === 'nodeRegistration.kubeletExtraArgs'))
			.map((path) => `${String(value.kind ?? '')} ${path}`.trim());
	});
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Sentences, one for each thing; empty where all is done as asked. */
export function unheeded(config: unknown): readonly string[] {
	if (!isTree(config)) return [];
	const out: string[] = [];
	const nodes = list(config.nodes).filter(isTree);
	const has = (value: unknown): boolean =>
		value !== undefined && value !== null && Object.keys(value as object).length > 0;
	const networking = isTree(config.networking) ? config.networking : {};
	if (has(config.featureGates)) out.push('featureGates: gates of features are as their release has them');
	if (has(config.runtimeConfig)) out.push('runtimeConfig: the API server serves what its release serves by itself');
	if (has(config.containerdConfigPatches) || has(config.containerdConfigPatchesJSON6902))
		out.push('containerdConfigPatches: containerd is as the node image has it');
	if (has(networking.dnsSearch)) out.push('networking.dnsSearch: nodes have the search list of Docker');
	if (nodes.some((node) => has(node.extraMounts)))
		out.push('extraMounts: nodes mount nothing of the laptop; docker cp brings files there');
	if (has(config.kubeadmConfigPatchesJSON6902) || nodes.some((node) => has(node.kubeadmConfigPatchesJSON6902)))
		out.push('kubeadmConfigPatchesJSON6902: only kubeadmConfigPatches are read');
	const patches = [
		...list(config.kubeadmConfigPatches),
		...nodes.flatMap((node) => list(node.kubeadmConfigPatches)),
	].map(String);
	const rest = [...new Set(patches.flatMap(unheededIn))];
	if (rest.length > 0)
		out.push(
			`kubeadmConfigPatches: labels of nodes are followed; ${rest.join(', ')} stands in /kind/kubeadm.conf and does nothing`,
		);
	return out;
}

/** Why such a cluster cannot be made here at all. */
export function impossible(config: unknown): string | undefined {
	const family = isTree(config) && isTree(config.networking) ? config.networking.ipFamily : undefined;
	return family === 'ipv6' || family === 'dual'
		? `the simulator has no IPv6: ipFamily ${family} is not simulated`
		: undefined;
}
