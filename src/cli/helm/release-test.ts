/** `helm test`: a release's hooks for tests (helm cmd/helm/release_testing.go @ v3.9.4). */
import type { Command } from '../cobra/index.ts';
import { hooksOf, runHooks } from './own.ts';
import { status } from './print.ts';
import { checkName, clientOf, latest } from './release.ts';
import { FIVE_MINUTES, releaseNames } from './wanted.ts';

export const testCommand: Command = {
	name: 'test',
	use: '[RELEASE] [flags]',
	short: 'run tests for a release',
	flags: [
		{
			name: 'timeout',
			type: 'duration',
			default: '5m0s',
			usage: 'time to wait for any individual Kubernetes operation (like Jobs for hooks)',
		},
		{
			name: 'logs',
			type: 'bool',
			usage: 'dump the logs from test pods (this runs after all tests are complete, but before any cleanup)',
		},
		{
			name: 'filter',
			type: 'strings',
			usage:
				'specify tests by attribute (currently "name") using attribute=value syntax or \'!attribute=value\' to exclude a test (can specify multiple or separate values with commas: name=test1,name=test2)',
		},
	],
	complete: (_, at) => releaseNames(at),
	run: async (run) => {
		const { args, flags, call } = run;
		const [name] = args;
		if (args.length !== 1 || name === undefined)
			return '"helm test" requires 1 argument\n\nUsage:  helm test [RELEASE] [flags]';
		const client = await clientOf(run);
		if (typeof client === 'string') return client;
		if (checkName(name)) return `releaseTest: Release name is invalid: ${name}`;
		const release = latest(client.cluster, client.namespace, name);
		if (!release) return 'release: not found';
		const filters = flags.list('filter');
		const yes = filters.filter((text) => text.startsWith('name=')).map((text) => text.slice(5));
		const not = filters.filter((text) => /^!\s?name=/.test(text)).map((text) => text.replace(/^!\s?name=/, ''));
		const { hooks, error } = await runHooks(
			call,
			client,
			release,
			'test',
			flags.duration('timeout') || FIVE_MINUTES,
			(hook) => !not.includes(hook.name) && (yes.length === 0 || yes.includes(hook.name)),
		);
		const after = release.own ? { ...release, own: { ...release.own, hooks } } : release;
		client.cluster.saveRelease(after);
		call.out(status(call.lab, after));
		if (flags.on('logs'))
			for (const hook of hooksOf(after).filter(({ events }) => events.includes('test'))) {
				call.out(`\nPOD LOGS: ${hook.name}\n`);
				await call.runAt(call.place, ['kubectl', 'logs', '-n', client.namespace, hook.name]);
			}
		return error ?? 0;
	},
};
