/** The column writers of the tools, each as its source sets it up, and kubectl's rules around them. */
import { type TabOptions, TabWriter, tabulate } from './tabwriter.ts';

/** kubernetes/cli-runtime pkg/printers/tabwriter.go @ v0.24.0: what `kubectl get` and `api-resources` print with. */
export const KUBECTL_GET: TabOptions = { minWidth: 6, tabWidth: 4, padding: 3, rememberWidths: true };
/** kubernetes/kubectl pkg/describe/describe.go `tabbedString` @ v0.24.0. */
export const KUBECTL_DESCRIBE: TabOptions = { minWidth: 0, tabWidth: 8, padding: 2 };
/** cilium/cilium-cli status/status.go, config/config.go @ v0.12.2. */
export const CILIUM_CLI: TabOptions = { minWidth: 0, tabWidth: 0, padding: 4 };
/** cilium/cilium cilium-cli/bgp/peers.go; cilium/cmd/helpers.go `TablePrinter`, service_list.go, endpoint_list.go. */
export const CILIUM_AGENT: TabOptions = { minWidth: 5, tabWidth: 0, padding: 3 };
/** cilium/cilium pkg/client/client.go: the tables inside of the agent's `status`. */
export const CILIUM_STATUS: TabOptions = { minWidth: 0, tabWidth: 0, padding: 3 };
/** docker/cli cli/command/formatter/formatter.go @ v20.10: `docker ps` and `--format "table …"`. */
export const DOCKER: TabOptions = { minWidth: 10, tabWidth: 1, padding: 3 };

export interface KubectlTable {
	/** Column names; printed in capitals as they are given. */
	readonly columns: readonly string[];
	readonly rows: readonly (readonly (string | number)[])[];
}

/**
 * A table as `kubectl get` prints it. Every cell but the last ends with a tab; an empty last cell therefore leaves the
 * blanks of the one before (pkg/printers/tableprinter.go `printTable`, @ v0.24.0). Text with line breaks is cut at the
 * first and gets an ellipsis (`printRows`, `truncate`).
 */
export function kubectlTable(
	{ columns, rows }: KubectlTable,
	{ headers = true, writer }: { readonly headers?: boolean; readonly writer?: TabWriter } = {},
): string {
	const out = writer ?? new TabWriter(KUBECTL_GET);
	if (headers) out.write(`${columns.join('\t')}\n`);
	for (const row of rows) out.write(`${row.map(cellText).join('\t')}\n`);
	return out.flush();
}

/** One cell: only its first line, and no escape characters (pkg/printers/terminal.go). */
export function cellText(value: string | number): string {
	const text = String(value);
	const end = text.search(/[\f\n\r]/);
	return (end < 0 ? text : `${text.slice(0, end)}...`).replaceAll('\u001b', '^[');
}

/** Rows whose cells all end with a tab, as the agent prints them: the last column is padded too. */
export function agentTable(rows: readonly (readonly (string | number)[])[], options = CILIUM_AGENT): string {
	return tabulate(rows.map((row) => `${row.map((cell) => `${cell}\t`).join('')}\n`).join(''), options);
}
