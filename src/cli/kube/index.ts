/** What the tools that talk to an API server share: kubeconfig, the client, YAML in and out. */
export { type Client, type ClientOptions, connectKube, NO_CONTEXT, type NoClient, unresolved } from './client.ts';
export { loadExpressionsOf } from './expressions.ts';
export { ansic, goTime, rfc1123z } from './go-time.ts';
export {
	EMPTY_CONFIG,
	type KubeConfig,
	kubeconfigPath,
	mergeKubeconfig,
	printKubeconfig,
	readKubeconfig,
	removeFromKubeconfig,
	writeKubeconfig,
} from './kubeconfig.ts';
export { printYaml } from './yaml-print.ts';
export { type Manifest, type ReadError, readManifests } from './yaml-read.ts';
export { goJsonFault } from './yaml-words.ts';
