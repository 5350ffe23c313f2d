/** docker's commands on containers: stop, start, wait, attach, remove. */
import { forgetDocker, knownDocker } from '../../sim/lab/index.ts';
import type { Command, Flag, Run } from '../cobra/index.ts';
import type { Call } from '../tool.ts';
import { told } from './event-book.ts';
import {
	beginAgain,
	ended,
	isSignal,
	numberOf,
	processOf,
	signal,
	signalCalled,
	stopSignal,
	watch,
} from './processes.ts';
import { removeAnonymous } from './volume-users.ts';
import { all, daemon, none, placeOf, usage } from './words.ts';

/** Verbs that take containers one by one and print their names back. */
const each = (
	name: string,
	short: string,
	what: (
		call: Call,
		container: string,
		force: boolean,
		flags: Run['flags'],
	) => { readonly error: string } | undefined | Promise<{ readonly error: string } | undefined>,
	flags: readonly Flag[] = [],
): Command => ({
	name,
	use: '[OPTIONS] CONTAINER [CONTAINER...]',
	short,
	flags,
	complete: (_, at) => all(at),
	run: async ({ call, args, flags: given }) => {
		if (args.length === 0)
			return usage(
				`docker ${name}`,
				'requires at least 1 argument.',
				`docker ${name} [OPTIONS] CONTAINER [CONTAINER...]`,
			);
		const errors: string[] = [];
		for (const container of args) {
			const error = call.lab.docker.find(container)
				? await what(call, container, given.given('force') && given.on('force'), given)
				: { error: `${name === 'rm' ? 'Error: ' : ''}No such container: ${container}` };
			if (error) errors.push(/^(?:Error|docker)\b/.test(error.error) ? error.error : daemon(error.error));
			else call.out(`${container}\n`);
		}
		return errors.length > 0 ? errors.join('\n') : 0;
	},
});

/**
 * Stops a container. A node ends by SIGRTMIN+3; a first process that does not mind SIGTERM is killed when its time is over;
 * servers end by themselves.
 */
async function halt(
	call: Call,
	name: string,
	_force: boolean,
	flags: Run['flags'],
): Promise<{ readonly error: string } | undefined> {
	const { lab } = call;
	const container = lab.docker.find(name);
	if (!container || placeOf(lab, container)?.kind !== 'container') return lab.docker.stop(name);
	if (container.state !== 'running') return undefined;
	const process = processOf(lab, container);
	if (process) process.halted = true;
	told(lab, 'kill', container, { signal: numberOf(stopSignal(lab, container)) });
	const over = (): boolean => lab.docker.find(container.id)?.state !== 'running';
	if (!container.paused) signal(lab, container, stopSignal(lab, container));
	const seconds = flags.given('time')
		? flags.number('time')
		: (knownDocker(lab, container.id)?.settings.stopTimeout ?? 10);
	// What is frozen hears nothing until its end.
	if (container.paused) signal(lab, container, 'KILL');
	else if (!(await call.until(over, (seconds < 0 ? 3600 : seconds) * 1e6))) signal(lab, container, 'KILL');
	told(lab, 'stop', container);
	return undefined;
}

const TIME: Flag = {
	name: 'time',
	short: 't',
	type: 'int',
	default: '10',
	usage: 'Seconds to wait for stop before killing it',
};

export const stop = each('stop', 'Stop one or more running containers', halt, [TIME]);

const again = (call: Call, name: string): { readonly error: string } | undefined => {
	const before = call.lab.docker.find(name);
	if (before?.state === 'running') return undefined;
	const refused = call.lab.docker.start(name);
	const container = call.lab.docker.find(name);
	if (!refused && container) {
		told(call.lab, 'start', container);
		beginAgain(call.lab, container);
	}
	return refused;
};

const plainStart = each('start', 'Start one or more stopped containers', again, [
	{ name: 'attach', short: 'a', type: 'bool', usage: 'Attach STDOUT/STDERR and forward signals' },
	{ name: 'interactive', short: 'i', type: 'bool', usage: "Attach container's STDIN" },
]);

export const start: Command = {
	...plainStart,
	run: async (given) => {
		const { call, args, flags } = given;
		if (!flags.on('attach') && !flags.on('interactive')) {
			const result = await plainStart.run!(given);
			// Who could not be started is said once more.
			if (typeof result !== 'string' || args.length === 0) return result;
			const failed = args.filter((name) => call.lab.docker.find(name)?.state !== 'running');
			return `${result}\nError: failed to start containers: ${failed.join(', ')}`;
		}
		if (args.length > 1) return 'you cannot start and attach multiple containers at once';
		const [name = ''] = args;
		const container = call.lab.docker.find(name);
		if (!container) return none(name);
		const process = processOf(call.lab, container);
		const seen = process?.log.length ?? 0;
		const refused = again(call, name);
		if (refused) return daemon(refused.error);
		const now = call.lab.docker.find(container.id)!;
		if (!process) return 0;
		if (process.spec.waits) return attach.run!({ ...given, args: [name] });
		for (const { text } of process.log.slice(seen)) call.out(`${text}\n`);
		return watch(call, now, process, false);
	},
};

export const restart = each(
	'restart',
	'Restart one or more containers',
	async (call, name, force, flags) => (await halt(call, name, force, flags)) ?? again(call, name),
	[TIME],
);

/** docker wait: how containers ended, one a line. */
export const wait: Command = {
	name: 'wait',
	use: 'CONTAINER [CONTAINER...]',
	short: 'Block until one or more containers stop, then print their exit codes',
	complete: (_, at) => all(at),
	run: async ({ call, args }) => {
		if (args.length === 0)
			return usage('docker wait', 'requires at least 1 argument.', 'docker wait CONTAINER [CONTAINER...]');
		const errors: string[] = [];
		for (const name of args) {
			const { docker } = call.lab;
			const container = docker.find(name);
			if (!container) {
				errors.push(daemon(`No such container: ${name}`));
				continue;
			}
			const process = processOf(call.lab, container);
			await call.until(() => docker.find(container.id)?.state !== 'running', Number.MAX_SAFE_INTEGER);
			call.out(`${docker.find(container.id)?.exitCode ?? process?.code ?? 0}\n`);
		}
		return errors.length > 0 ? errors.join('\n') : 0;
	},
};

/** docker attach: shows what a container writes; a shell that waits for its input is typed into. */
export const attach: Command = {
	name: 'attach',
	use: '[OPTIONS] CONTAINER',
	short: 'Attach local standard input, output, and error streams to a running container',
	complete: (_, at) => all(at),
	run: async ({ call, args }) => {
		const [name] = args;
		if (name === undefined || args.length > 1)
			return usage('docker attach', 'requires exactly 1 argument.', 'docker attach [OPTIONS] CONTAINER');
		const container = call.lab.docker.find(name);
		if (!container) return none(name);
		if (container.state !== 'running') return 'You cannot attach to a stopped container, start it first';
		const process = processOf(call.lab, container);
		if (!process) return daemon(`Container ${container.id} writes nothing in this lab that could be attached to`);
		if (!process.spec.waits) return watch(call, container, process, false);
		const shell = process.spec.argv[0]!.replace(/^.*\//, '');
		const code = await call.enter({ kind: 'container', id: container.id }, shell === 'zsh' ? 'bash' : shell);
		ended(call.lab, container.id, code);
		return code;
	},
};

export const rm = each(
	'rm',
	'Remove one or more containers',
	(call, name, force, flags) => {
		const container = call.lab.docker.find(name);
		if (flags.on('link'))
			return { error: 'docker rm --link: the simulator has no links, which Docker keeps for old times' };
		if (force && container?.state === 'running' && placeOf(call.lab, container)?.kind === 'container') {
			const process = processOf(call.lab, container);
			if (process) process.halted = true;
			signal(call.lab, container, 'KILL');
		}
		if (!container || !call.lab.docker.find(container.id)) return undefined;
		const process = processOf(call.lab, container);
		if (process) process.halted = true;
		const refused = call.lab.docker.remove(container.id, force);
		if (refused) return refused;
		if (flags.on('volumes')) removeAnonymous(call.lab, container);
		told(call.lab, 'destroy', container);
		forgetDocker(call.lab, container.id);
		return undefined;
	},
	[
		{ name: 'force', short: 'f', type: 'bool', usage: 'Force the removal of a running container' },
		{ name: 'volumes', short: 'v', type: 'bool', usage: 'Remove anonymous volumes' },
		{ name: 'link', short: 'l', type: 'bool', usage: 'Remove the specified link' },
	],
);

export const kill = each(
	'kill',
	'Kill one or more running containers',
	(call, name, _force, flags) => {
		const container = call.lab.docker.find(name);
		if (container?.state !== 'running')
			return { error: `Cannot kill container: ${name}: Container ${container?.id} is not running` };
		if (container.paused)
			return {
				error: `Cannot kill container: ${name}: Container ${container.id} is paused. Unpause the container before stopping or killing`,
			};
		const asked = flags.text('signal');
		if (!isSignal(asked)) return { error: `Cannot kill container: ${name}: Invalid signal: ${asked}` };
		const sent = signalCalled(asked);
		if (!sent)
			return {
				error: `docker kill -s ${asked}: the simulator’s programs hear HUP, INT, QUIT, KILL, USR1, USR2 and TERM`,
			};
		const process = processOf(call.lab, container);
		if (process) process.halted = true;
		if (sent === 'KILL' || process) signal(call.lab, container, sent);
		else call.lab.docker.stop(name);
		return undefined;
	},
	[{ name: 'signal', short: 's', type: 'string', default: 'KILL', usage: 'Signal to send to the container' }],
);
