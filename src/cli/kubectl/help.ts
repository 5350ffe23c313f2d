/**
 * `kubectl --help` and the help of its commands: another template than cobra's own.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/util/templates/{templates,templater,help_flags_printer}.go,
 * pkg/cmd/cmd.go (the groups of commands) @ v0.24.0.
 */
import type { Command, Flag } from '../cobra/index.ts';

const GROUPS: readonly (readonly [title: string, commands: readonly string[]])[] = [
	['Basic Commands (Beginner):', ['create', 'expose', 'run', 'set']],
	['Basic Commands (Intermediate):', ['explain', 'get', 'edit', 'delete']],
	['Deploy Commands:', ['rollout', 'scale', 'autoscale']],
	['Cluster Management Commands:', ['certificate', 'cluster-info', 'top', 'cordon', 'uncordon', 'drain', 'taint']],
	[
		'Troubleshooting and Debugging Commands:',
		['describe', 'logs', 'attach', 'exec', 'port-forward', 'proxy', 'cp', 'auth', 'debug'],
	],
	['Advanced Commands:', ['diff', 'apply', 'patch', 'replace', 'wait', 'kustomize']],
	['Settings Commands:', ['label', 'annotate', 'completion']],
];

/** What pflag says of a flag nobody gave (DefValue). */
function defaultText(flag: Flag): string {
	if (flag.type === 'strings' || flag.type === 'array') return flag.default === undefined ? '[]' : `[${flag.default}]`;
	if (flag.type === 'string') return `'${flag.default ?? ''}'`;
	if (flag.default !== undefined) return flag.default;
	return flag.type === 'bool' ? 'false' : flag.type === 'duration' ? '0s' : '0';
}

/** One flag: its name and what it is when nobody gives it, its use below. */
export const flagText = (flag: Flag): string =>
	`    ${flag.short ? `-${flag.short}, ` : ''}--${flag.name}=${defaultText(flag)}:\n\t${flag.usage}\n`;

export const flagTexts = (flags: readonly Flag[]): string =>
	flags
		.filter((flag) => !flag.hidden)
		.sort((a, b) => (a.name < b.name ? -1 : 1))
		.map(flagText)
		.join('\n');

function commandTexts(command: Command, isRoot: boolean): string {
	const below = (command.commands ?? []).filter((item) => !item.hidden && item.name !== 'options');
	const width = Math.max(11, ...below.map((item) => item.name.length));
	const section = (title: string, list: readonly Command[]): readonly string[] =>
		list.length === 0
			? []
			: [[title, ...list.map((item) => `  ${item.name.padEnd(width)}   ${item.short}`)].join('\n')];
	if (!isRoot) return section('Available Commands:', below).join('\n\n');
	const grouped = new Set(GROUPS.flatMap(([, names]) => names));
	const groups = GROUPS.flatMap(([title, names]) =>
		section(
			title,
			names.flatMap((name) => below.filter((item) => item.name === name)),
		),
	);
	return [
		...groups,
		...section(
			'Other Commands:',
			below.filter((item) => !grouped.has(item.name)),
		),
	].join('\n\n');
}

/** The whole help of a command. */
export function kubectlHelp(command: Command, path: string): string {
	const isRoot = !path.includes(' ');
	const sections: string[] = [(command.long ?? command.short).trim()];
	if (command.aliases?.length) sections.push(`Aliases:\n${[command.name, ...command.aliases].join(', ')}`);
	if (command.example) sections.push(`Examples:\n${command.example.trimEnd().replace(/^$/gm, '  ')}`);
	if (command.commands) sections.push(commandTexts(command, isRoot));
	const flags = flagTexts(command.flags ?? []).trimEnd();
	if (flags !== '') sections.push(`Options:\n${flags}`);
	sections.push(`Usage:\n  ${path} ${command.use ?? '[flags]'} [options]`);
	const tips = [
		...(command.commands ? ['Use "kubectl <command> --help" for more information about a given command.'] : []),
		'Use "kubectl options" for a list of global command-line options (applies to all commands).',
	];
	return `${[...sections, tips.join('\n')].join('\n\n')}\n`;
}
