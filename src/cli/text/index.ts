/** Writers of columns and names of the calendar, shared by the tools. */
export { DAYS, MONTHS } from './calendar.ts';
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
