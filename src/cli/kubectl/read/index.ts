/** Commands that only look (and those that change nothing but the kubeconfig). */
import type { Command } from '../../cobra/index.ts';
import { authCommand } from './auth.ts';
import { clusterInfoCommand } from './cluster-info.ts';
import { configCommand } from './config.ts';
import { describeCommand } from './describe.ts';
import { apiResourcesCommand, apiVersionsCommand } from './discovery.ts';
import { alphaCommand, eventsCommand } from './events.ts';
import { explainCommand } from './explain.ts';
import { getCommand } from './get.ts';
import { logsCommand } from './logs.ts';
import { completionCommand, optionsCommand, pluginCommand, topCommand } from './others.ts';
import { versionCommand } from './version.ts';

export { podsOf, selectorOf } from './pods-of.ts';

export const readCommands: readonly Command[] = [
	alphaCommand,
	apiResourcesCommand,
	apiVersionsCommand,
	authCommand,
	clusterInfoCommand,
	completionCommand,
	configCommand,
	describeCommand,
	eventsCommand,
	explainCommand,
	getCommand,
	logsCommand,
	optionsCommand,
	pluginCommand,
	topCommand,
	versionCommand,
];
