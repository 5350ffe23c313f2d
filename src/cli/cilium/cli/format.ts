/**
 * How `cilium status` looks.
 *
 * Source: cilium-cli status/status.go @ v0.12.2 and v0.14.4 (two writers with padding 4: art with the summary, then the
 * details). Rows that upstream prints in the order of a Go map are sorted by name here.
 */
import { CILIUM_CLI, tabulate } from '../../text/index.ts';
import type { CliRelease } from './release.ts';
import type { PodState, StatusReport } from './state.ts';

const ART = ['    /¯¯\\', ' /¯¯\\__/¯¯\\', ' \\__/¯¯\\__/', ' /¯¯\\__/¯¯\\', ' \\__/¯¯\\__/', '    \\__/'];

/** SGR codes of a cell, for terminals. */
const COLOURS = { yellow: 33, cyan: 36, green: 32, red: 31, magenta: 35, blue: 34 } as const;
const ART_COLOURS: readonly (readonly (keyof typeof COLOURS)[])[] = [
	['yellow'],
	['cyan', 'yellow', 'green'],
	['cyan', 'red', 'green'],
	['green', 'red', 'magenta'],
	['green', 'blue', 'magenta'],
	['blue'],
];

const paint = (text: string, colour: keyof typeof COLOURS): string => `\x1b[${COLOURS[colour]}m${text}\x1b[0m`;

/** `OK`, `1 errors, 2 warnings`, `disabled`. */
function summary(report: StatusReport, name: string, needed: boolean): string {
	if (report.disabled.has(name) && !needed) return 'disabled';
	const of = (level: 'error' | 'warning'): number =>
		report.findings.filter((finding) => finding.deployment === name && finding.level === level).length;
	const parts = [
		of('error') > 0 ? `${of('error')} errors` : '',
		of('warning') > 0 ? `${of('warning')} warnings` : '',
	].filter(Boolean);
	return parts.length > 0 ? parts.join(', ') : 'OK';
}

const podsCount = ({ desired, ready, available, unavailable }: PodState): string =>
	[
		desired > 0 ? `Desired: ${desired}` : '',
		ready > 0 ? `Ready: ${ready}/${desired}` : '',
		available > 0 ? `Available: ${available}/${desired}` : '',
		unavailable > 0 ? `Unavailable: ${unavailable}/${desired}` : '',
	]
		.filter(Boolean)
		.join(', ');

/** Rows of which only the first carries the label. */
const labelled = (label: string, rows: readonly (readonly string[])[]): string[] =>
	rows.map((row, i) => `${i === 0 ? label : ''}\t${row.join('\t')}\n`);

export function formatStatus(
	report: StatusReport,
	release: CliRelease,
	colours: boolean,
	chart: string | undefined,
): string {
	const lines: (readonly [string, string])[] = [
		['Cilium:', summary(report, 'cilium', true)],
		['Operator:', summary(report, 'cilium-operator', true)],
		...(release.envoyLine
			? [
					[
						'Envoy DaemonSet:',
						report.disabled.has('cilium-envoy')
							? 'disabled (using embedded mode)'
							: summary(report, 'cilium-envoy', false),
					] as const,
				]
			: []),
		[`${release.hubbleLine}:`, summary(report, 'hubble-relay', false)],
		['ClusterMesh:', summary(report, 'clustermesh-apiserver', false)],
	];
	const art = tabulate(
		ART.map((row, i) => {
			const line = i > 0 ? lines[i - 1] : undefined;
			return line ? `${row}\t${line[0]}\t${line[1]}\n` : `${row}\n`;
		}).join(''),
		CILIUM_CLI,
	);
	const details = tabulate(
		[
			...report.states.map((state) => `${state.kind}\t${state.name}\t${podsCount(state)}\n`),
			...labelled(
				'Containers:',
				[...report.phases].map(([name, phases]) => [
					name,
					[...phases].map(([phase, n]) => `${phase}: ${n}`).join(', '),
				]),
			),
			`Cluster Pods:\t${report.managed}/${report.clusterPods} managed by Cilium\n`,
			...(chart === undefined ? [] : [`Helm chart version:\t${chart}\n`]),
			...labelled(
				'Image versions',
				[...report.images].flatMap(([name, images]) => [...images].map(([image, n]) => [name, `${image}: ${n}`])),
			),
			...labelled(
				'Errors:',
				report.findings.filter((f) => f.level === 'error').map((f) => [f.deployment, f.pod, f.message]),
			),
			...labelled(
				'Warnings:',
				report.findings.filter((f) => f.level === 'warning').map((f) => [f.deployment, f.pod, f.message]),
			),
		].join(''),
		CILIUM_CLI,
	);
	return `${colours ? coloured(art) : art}\n${details}`;
}

/** Colours after the layout, so that they take no room. */
function coloured(art: string): string {
	return art
		.split('\n')
		.map((line, row) => {
			const colours = ART_COLOURS[row];
			const drawn = ART[row];
			if (!colours || !drawn) return line;
			const parts = colours.length === 1 ? [drawn] : [drawn.slice(0, 4), drawn.slice(4, 7), drawn.slice(7)];
			const rest = line
				.slice(drawn.length)
				.replace(/(OK)$/, paint('$1', 'green'))
				.replace(/(disabled.*)$/, paint('$1', 'cyan'))
				.replace(/(\d+ errors)/, paint('$1', 'red'))
				.replace(/(\d+ warnings)/, paint('$1', 'yellow'));
			return parts.map((part, i) => paint(part, colours[i]!)).join('') + rest;
		})
		.join('\n');
}
