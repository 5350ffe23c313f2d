/** `docker image inspect`, as far as the lab knows (Engine API v1.41 ImageInspect). */
import type { Lab } from '../../sim/lab/index.ts';
import type { Image } from './image-called.ts';
import { imageConfig } from './image-config.ts';

export function inspectImage(lab: Lab, image: Image): Readonly<Record<string, unknown>> {
	const name = image.of ?? `${image.repository}:${image.tag}`;
	const { cmd, directory, entrypoint, env, ports, signal, user } = imageConfig(name);
	const tags = lab.docker
		.images()
		.filter(({ id, tag }) => id === image.id && tag !== '<none>')
		.map(({ repository, tag }) => `${repository}:${tag}`);
	return {
		Id: image.id,
		RepoTags: tags,
		RepoDigests: [`${image.repository}@${image.digest}`],
		Parent: '',
		Comment: '',
		Created: new Date(Math.floor(lab.epoch * 1000 + image.created / 1000)).toISOString(),
		Container: '',
		DockerVersion: '20.10.17',
		Author: '',
		Config: {
			Hostname: '',
			Domainname: '',
			User: user,
			AttachStdin: false,
			AttachStdout: false,
			AttachStderr: false,
			...(ports.length > 0 ? { ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])) } : {}),
			Tty: false,
			OpenStdin: false,
			StdinOnce: false,
			Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
			Cmd: cmd ?? null,
			Image: '',
			Volumes: null,
			WorkingDir: directory,
			Entrypoint: entrypoint ?? null,
			OnBuild: null,
			Labels: null,
			...(signal === undefined ? {} : { StopSignal: signal }),
		},
		Architecture: 'amd64',
		Os: 'linux',
		Size: image.size,
		VirtualSize: image.size,
		Metadata: { LastTagTime: '0001-01-01T00:00:00Z' },
	};
}
