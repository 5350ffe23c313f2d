/** What is done to containers that are there: another name, another limit, frozen; and what they changed in their files. */
import { type Container, dockerDiff, knownDocker } from '../../sim/lab/index.ts';
import type { Command, Run } from '../cobra/index.ts';
import type { Call } from '../tool.ts';
import { told } from './event-book.ts';
import { processOf } from './processes.ts';
import { all, daemon, noSuch, placeOf, running, sizeOf, usage } from './words.ts';

/** Containers of the learner's own; nodes are kind's. */
const own = (call: Call, container: Container): boolean => placeOf(call.lab, container)?.kind === 'container';

export const rename: Command = {
	name: 'rename',
	use: 'CONTAINER NEW_NAME',
	short: 'Rename a container',
	complete: (_, at) => all(at),
	run: async ({ call, args }) => {
		const [name, to] = args;
		if (name === undefined || to === undefined || args.length > 2)
			return usage('docker rename', 'requires exactly 2 arguments.', 'docker rename CONTAINER NEW_NAME');
		const { docker } = call.lab;
		const container = docker.find(name);
		if (!container) return noSuch(name);
		if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(to))
			return daemon(`Invalid container name (${to}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
		if (to === container.name) return daemon('Renaming a container with the same name as its current name');
		const rival = docker.containers().find((c) => c.name === to);
		if (rival)
			return daemon(
				`Error when allocating new name: Conflict. The container name "/${to}" is already in use by container "${rival.id}". You have to remove (or rename) that container to be able to reuse that name.`,
			);
		if (!own(call, container)) return 'docker rename: the simulator’s nodes keep the names that kind gave them';
		docker.change(container.id, { name: to });
		told(call.lab, 'rename', docker.find(container.id)!, { oldName: `/${container.name}` });
		return 0;
	},
};

/** Freezes or thaws containers one by one. */
const freezer = (name: 'pause' | 'unpause', short: string): Command => ({
	name,
	use: 'CONTAINER [CONTAINER...]',
	short,
	complete: (_, at) => running(at),
	run: async ({ call, args }) => {
		if (args.length === 0)
			return usage(`docker ${name}`, 'requires at least 1 argument.', `docker ${name} CONTAINER [CONTAINER...]`);
		const { lab } = call;
		const errors: string[] = [];
		for (const word of args) {
			const container = lab.docker.find(word);
			const fails = (text: string): unknown => errors.push(text);
			if (!container) fails(noSuch(word));
			else if (name === 'unpause' && !container.paused) fails(daemon(`Container ${container.id} is not paused`));
			else if (container.state !== 'running') fails(daemon(`Container ${container.id} is not running`));
			else if (name === 'pause' && container.paused) fails(daemon(`Container ${container.id} is already paused`));
			else if (!own(call, container))
				fails(`docker ${name}: the simulator freezes no nodes: docker stop switches one off`);
			else if (processOf(lab, container)?.guest || processOf(lab, container)?.spec.waits)
				fails(`docker ${name}: the simulator freezes servers, not commands that a shell runs`);
			else {
				lab.docker.change(container.id, { paused: name === 'pause' });
				told(lab, name, container);
				call.out(`${word}\n`);
			}
		}
		return errors.length > 0 ? errors.join('\n') : 0;
	},
});

export const pause = freezer('pause', 'Pause all processes within one or more containers');
export const unpause = freezer('unpause', 'Unpause all processes within one or more containers');

export const update: Command = {
	name: 'update',
	use: '[OPTIONS] CONTAINER [CONTAINER...]',
	short: 'Update configuration of one or more containers',
	flags: [
		{ name: 'memory', short: 'm', type: 'string', usage: 'Memory limit' },
		{ name: 'memory-swap', type: 'string', usage: 'Swap limit equal to memory plus swap: -1 to enable unlimited swap' },
		{ name: 'restart', type: 'string', usage: 'Restart policy to apply when a container exits' },
		{ name: 'cpus', type: 'string', usage: 'Number of CPUs' },
	],
	complete: (_, at) => all(at),
	run: async ({ call, args, flags }: Run) => {
		if (args.length === 0)
			return usage(
				'docker update',
				'requires at least 1 argument.',
				'docker update [OPTIONS] CONTAINER [CONTAINER...]',
			);
		if (flags.given('cpus'))
			return 'docker update --cpus: the simulator gives containers of Docker no share of the processors';
		if (!flags.given('memory') && !flags.given('restart'))
			return 'you must provide one or more flags when using this command';
		const memory = flags.given('memory') ? sizeOf(flags.text('memory')) : undefined;
		if (flags.given('memory') && memory === undefined)
			return `invalid argument "${flags.text('memory')}" for "-m, --memory" flag: invalid size: '${flags.text('memory')}'`;
		const policy = flags.text('restart');
		if (!/^(?:|no|always|unless-stopped|on-failure(?::\d+)?)$/.test(policy))
			return daemon(`invalid restart policy '${policy}'`);
		const errors: string[] = [];
		for (const name of args) {
			const container = call.lab.docker.find(name);
			const entry = container && knownDocker(call.lab, container.id);
			const process = container && processOf(call.lab, container);
			if (!container) errors.push(noSuch(name));
			else if (!entry || !process) errors.push('docker update: the simulator’s nodes have no limits');
			else if (memory !== undefined && memory < 6 * 1024 * 1024)
				errors.push(
					daemon(`Cannot update container ${container.id}: Minimum memory limit allowed is 6MB`).replace(
						/Cannot.*: M/,
						'M',
					),
				);
			else {
				if (memory !== undefined) entry.settings.memory = memory;
				if (flags.given('restart')) process.spec.restart = policy;
				told(call.lab, 'update', container);
				call.out(`${name}\n`);
			}
		}
		return errors.length > 0 ? errors.join('\n') : 0;
	},
};

export const diff: Command = {
	name: 'diff',
	use: 'CONTAINER',
	short: "Inspect changes to files or directories on a container's filesystem",
	complete: (_, at) => all(at),
	run: async ({ call, args }) => {
		const [name] = args;
		if (name === undefined || args.length > 1)
			return usage('docker diff', 'requires exactly 1 argument.', 'docker diff CONTAINER');
		const container = call.lab.docker.find(name);
		if (!container) return noSuch(name);
		if (!own(call, container)) return 'docker diff: the simulator knows not what the image of a node had';
		for (const { kind, path } of dockerDiff(call.lab, container)) call.out(`${kind} ${path}\n`);
		return 0;
	},
};
