/** Files that tell of a place's machine and of its processes, fetched when somebody first reads a file there. */
import { contextOf, type Lab } from '../../sim/lab/index.ts';
import type { MadeFile } from '../shell/index.ts';
import type { Place } from '../tool.ts';
import { procFiles } from './hardware.ts';
import { dockerFacts, podFacts } from './pod-environment.ts';
import { processFiles } from './proc-files.ts';
import { spaceAt } from './space.ts';
import { releaseOf } from './sysctl.ts';
import { systemFiles } from './system-files.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What the runtime gave a container's first process. */
function variables(place: Place, lab: Lab): Readonly<Record<string, string>> {
	if (place.kind === 'laptop') return {};
	if (place.kind === 'node') return { PATH, HOSTNAME: place.node, container: 'docker', HOME: '/root' };
	const facts = place.kind === 'pod' ? podFacts(place, lab.cluster(place.cluster)) : dockerFacts(lab, place.id);
	const { HOME, ...env } = facts?.env ?? {};
	return { PATH, HOSTNAME: facts?.hostname ?? '', ...env, HOME: HOME ?? facts?.home ?? '/root' };
}

/** machine-id(5): 32 digits, drawn once. */
const machineId = (lab: Lab): string =>
	[0, 1, 2, 3]
		.map((n) =>
			lab
				.random('machine id', `laptop ${n}`, 2 ** 32)
				.toString(16)
				.padStart(8, '0'),
		)
		.join('');

/** Files of a system that only nodes and the workstation have made for them; an image brings its own. */
function ofSystem(place: Place, lab: Lab): Readonly<Record<string, MadeFile>> {
	if (place.kind === 'laptop')
		return {
			...systemFiles('Ubuntu 22.04.1 LTS', 'learner:x:1000:1000:Learner,,,:/home/learner:/bin/bash\n'),
			'/etc/machine-id': Object.assign(() => `${machineId(lab)}\n`, { mode: 0o444 }),
		};
	const cluster = place.kind === 'node' ? lab.cluster(place.cluster) : undefined;
	const machine = cluster && place.kind === 'node' ? contextOf(cluster)?.machines.get(place.node) : undefined;
	return machine ? systemFiles(machine.image.osImage, '') : {};
}

export function hardwareFiles(place: Place, lab: Lab): Readonly<Record<string, MadeFile>> {
	const space = spaceAt(place, lab);
	const release = (): string => (space ? releaseOf(space) : '');
	return { ...procFiles(lab, release), ...ofSystem(place, lab) };
}

/** Files that tell of the processes of a place. */
export function filesOfProcesses(place: Place, lab: Lab): Readonly<Record<string, MadeFile>> {
	const space = spaceAt(place, lab);
	return processFiles(place, lab, {
		env: variables(place, lab),
		ns: space?.name ?? 'host',
		release: space ? releaseOf(space) : '',
	});
}
