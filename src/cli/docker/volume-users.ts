/** Docker's volumes, who has them, and how they go. */
import { type Container, type DockerVolume, knownDocker, type Lab, volumesOfDocker } from '../../sim/lab/index.ts';
import { toldOf } from './event-book.ts';
import { mountsOf } from './node-mounts.ts';

export const usersOf = (lab: Lab, name: string): readonly Container[] =>
	lab.docker.containers().filter((c) => mountsOf(lab, c).some((mount) => mount.name === name));

/** `docker volume inspect`. */
export const shown = (lab: Lab, volume: DockerVolume): Readonly<Record<string, unknown>> => ({
	CreatedAt: new Date(Math.floor(lab.epoch * 1000 + volume.created / 1000)).toISOString().replace(/\.\d+/, ''),
	Driver: 'local',
	Labels: volume.anonymous ? null : volume.labels,
	Mountpoint: `/var/lib/docker/volumes/${volume.name}/_data`,
	Name: volume.name,
	Options: volume.anonymous ? null : {},
	Scope: 'local',
});

export function removeVolume(lab: Lab, name: string): void {
	volumesOfDocker(lab).delete(name);
	toldOf(lab, 'volume', 'destroy', name, { driver: 'local' });
}

/** Volumes without a name of people's that a container had: they go with it where that is asked for. */
export function removeAnonymous(lab: Lab, container: Container): void {
	for (const { name } of knownDocker(lab, container.id)?.settings.mounts ?? [])
		if (name !== undefined && volumesOfDocker(lab).get(name)?.anonymous) removeVolume(lab, name);
}
