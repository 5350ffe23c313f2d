/** Commands of helm that nothing here stands for. Source: helm cmd/helm/root.go @ v3.9.4. */
import type { Command } from '../cobra/index.ts';

const no = (name: string, short: string, why: string): Command => ({ name, short, run: async () => why });

const OF_CHARTS = 'the simulator has the chart "cilium" alone, as manifests: there are no files of a chart to work on';

export const otherCommands: readonly Command[] = [
	no(
		'completion',
		'generate autocompletion scripts for the specified shell',
		'the shell of the simulator completes "helm" by itself (Tab): it needs no script',
	),
	no('create', 'create a new chart with the given name', OF_CHARTS),
	no('dependency', "manage a chart's dependencies", OF_CHARTS),
	no('env', 'helm client environment information', 'the simulator’s helm has no settings of its environment'),
	no('lint', 'examine a chart for possible issues', OF_CHARTS),
	no('package', 'package a chart directory into a chart archive', OF_CHARTS),
	no('plugin', 'install, list, or uninstall Helm plugins', 'the simulator’s helm takes no plugins'),
	no('pull', 'download a chart from a repository and (optionally) unpack it in local directory', OF_CHARTS),
	no('push', 'push a chart to remote', OF_CHARTS),
	no('registry', 'login to or logout from a registry', 'the simulator’s helm has repositories, and no registries'),
	no('test', 'run tests for a release', 'the simulator’s chart has no tests'),
	no('verify', 'verify that a chart at the given path has been signed and is valid', OF_CHARTS),
];
