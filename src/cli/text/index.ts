/** Writers of columns, shared by the tools. */
export {
	agentTable,
	CILIUM_AGENT,
	CILIUM_CLI,
	CILIUM_STATUS,
	cellText,
	DOCKER,
	KUBECTL_DESCRIBE,
	KUBECTL_GET,
	type KubectlTable,
	kubectlTable,
} from './tables.ts';
export { type TabOptions, TabWriter, tabulate } from './tabwriter.ts';
