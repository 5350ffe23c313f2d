/** `cilium status`. Source: cilium-cli internal/cli/cmd, status @ v0.12.2, v0.14.4, v0.15.14. */
import type { Command } from '../../cobra/index.ts';
import { withCluster } from './common.ts';
import { formatStatus } from './format.ts';
import { chartOf, cliRelease } from './release.ts';
import { inspectStatus, isHealthy } from './state.ts';

export const status: Command = {
	name: 'status',
	short: 'Display status',
	flags: [
		{ name: 'wait', type: 'bool', usage: 'Wait for status to report success (no errors and warnings)' },
		{ name: 'wait-duration', type: 'duration', default: '5m0s', usage: 'Maximum time to wait for status' },
		{ name: 'brief', type: 'bool', usage: 'Only print a one-line status message' },
		{ name: 'output', short: 'o', type: 'string', default: 'summary', usage: 'Output format. One of: json, summary' },
	],
	run: withCluster(async ({ call, flags }, client) => {
		const namespace = flags.text('namespace') || 'kube-system';
		const look = () => inspectStatus(client, namespace);
		if (flags.on('wait')) await call.until(() => isHealthy(look()), flags.duration('wait-duration'));
		const report = look();
		const release = cliRelease(call.lab);
		const chart = chartOf(release, client.cluster);
		if (flags.text('output') === 'json')
			call.out(
				`${JSON.stringify({ images: Object.fromEntries([...report.images].map(([k, v]) => [k, Object.fromEntries(v)])), pod_state: Object.fromEntries(report.states.map((state) => [state.name, { Type: state.kind, Desired: state.desired, Ready: state.ready, Available: state.available, Unavailable: state.unavailable }])) }, null, '\t')}\n`,
			);
		else if (flags.on('brief')) {
			if (isHealthy(report)) call.out('OK\n');
			return isHealthy(report) ? 0 : 'status check failed';
		} else call.out(formatStatus(report, release, call.tty, chart));
		if (flags.on('wait') && !isHealthy(report))
			return `Unable to determine status:  timeout while waiting for status to become successful: context deadline exceeded`;
		const bad = report.findings.filter((finding) => finding.level === 'error').length;
		return bad > 0 && release.helm ? 1 : 0;
	}),
};
