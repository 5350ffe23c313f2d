/** docker info and docker version (docker/cli cli/command/system/{info,version}.go @ v20.10). */
import type { Lab } from '../../sim/lab/index.ts';
import type { Command, Run } from '../cobra/index.ts';
import { goTemplate, TemplateError } from '../gotemplate/index.ts';

const ENGINE = '20.10.17';
const COMMIT = { client: '100c701', engine: 'a89b842' };

/** The laptop: the kernel its nodes have too. */
function kernelOf(lab: Lab): string {
	for (const cluster of lab.clusters()) {
		const nodes = cluster.api.find('nodes');
		const [node] = nodes
			? (cluster.api.list(nodes) as readonly { status?: { nodeInfo?: { kernelVersion?: string } } }[])
			: [];
		if (node?.status?.nodeInfo?.kernelVersion) return node.status.nodeInfo.kernelVersion;
	}
	return '5.15.0-46-generic';
}

/** Answers of the daemon, as `--format` names them (Engine API v1.41 SystemInfo). */
function infoOf(lab: Lab): Readonly<Record<string, unknown>> {
	const { docker } = lab;
	const containers = docker.containers();
	const running = containers.filter((c) => c.state === 'running').length;
	const paused = containers.filter((c) => c.paused).length;
	return {
		Containers: containers.length,
		ContainersRunning: running - paused,
		ContainersPaused: paused,
		ContainersStopped: containers.length - running,
		Images: new Set(docker.images().map(({ id }) => id)).size,
		Driver: 'overlay2',
		Plugins: {
			Volume: ['local'],
			Network: ['bridge', 'host', 'null'],
			Authorization: null,
			Log: ['json-file'],
		},
		MemoryLimit: true,
		IPv4Forwarding: true,
		OomKillDisable: false,
		LoggingDriver: 'json-file',
		CgroupDriver: 'systemd',
		CgroupVersion: '2',
		KernelVersion: kernelOf(lab),
		OperatingSystem: 'Ubuntu 22.04.1 LTS',
		OSVersion: '22.04',
		OSType: 'linux',
		Architecture: 'x86_64',
		NCPU: 8,
		IndexServerAddress: 'https://index.docker.io/v1/',
		DockerRootDir: '/var/lib/docker',
		Name: 'laptop',
		Labels: [],
		ExperimentalBuild: false,
		ServerVersion: ENGINE,
		Runtimes: { runc: { path: 'runc' } },
		DefaultRuntime: 'runc',
		Swarm: { LocalNodeState: 'inactive' },
		LiveRestoreEnabled: false,
		InitBinary: '',
		SecurityOptions: ['name=apparmor', 'name=seccomp,profile=default', 'name=cgroupns'],
		Warnings: null,
	};
}

const FORMAT = {
	name: 'format',
	short: 'f',
	type: 'string',
	usage: 'Format the output using the given Go template',
} as const;

function formatted({ call, flags }: Run, data: unknown): number | string {
	const format = flags.text('format');
	try {
		call.out(`${goTemplate(format === 'json' ? '{{json .}}' : format, { strict: true })(data)}\n`);
		return 0;
	} catch (fault) {
		if (!(fault instanceof TemplateError)) throw fault;
		return `Template parsing error: ${fault.message}`;
	}
}

export const info: Command = {
	name: 'info',
	use: '[OPTIONS]',
	short: 'Display system-wide information',
	flags: [FORMAT],
	run: async (run) => {
		const { call } = run;
		const all = infoOf(call.lab);
		if (run.flags.given('format')) return formatted(run, all);
		const line = (name: string, key: string): string => ` ${name}: ${all[key]}\n`;
		call.out(
			`Client:\n Context:    default\n Debug Mode: false\n\nServer:\n${line('Containers', 'Containers')} ${line('Running', 'ContainersRunning')} ${line('Paused', 'ContainersPaused')} ${line('Stopped', 'ContainersStopped')}${line('Images', 'Images')}${line('Server Version', 'ServerVersion')}${line('Storage Driver', 'Driver')}${line('Logging Driver', 'LoggingDriver')}${line('Cgroup Driver', 'CgroupDriver')}${line('Cgroup Version', 'CgroupVersion')} Plugins:\n  Volume: local\n  Network: bridge host null\n  Log: json-file\n Swarm: inactive\n Runtimes: runc\n Default Runtime: runc\n Security Options:\n  apparmor\n  seccomp\n   Profile: default\n  cgroupns\n${line('Kernel Version', 'KernelVersion')}${line('Operating System', 'OperatingSystem')}${line('OSType', 'OSType')}${line('Architecture', 'Architecture')}${line('CPUs', 'NCPU')}${line('Name', 'Name')}${line('Docker Root Dir', 'DockerRootDir')} Debug Mode: false\n Registry: https://index.docker.io/v1/\n Labels:\n Experimental: false\n Insecure Registries:\n  127.0.0.0/8\n Live Restore Enabled: false\n\n`,
		);
		return 0;
	},
};

export const version: Command = {
	name: 'version',
	use: '[OPTIONS]',
	short: 'Show the Docker version information',
	flags: [FORMAT],
	run: async (run) => {
		const kernel = kernelOf(run.call.lab);
		// The field is called APIVersion in a template and ApiVersion in JSON.
		const named = <T extends object>(object: T): T =>
			Object.defineProperty(object, 'APIVersion', { value: '1.41', enumerable: false });
		const common = { Version: ENGINE, ApiVersion: '1.41', GoVersion: 'go1.17.11', Os: 'linux', Arch: 'amd64' };
		if (run.flags.given('format'))
			return formatted(run, {
				Client: named({
					Platform: { Name: 'Docker Engine - Community' },
					...common,
					DefaultAPIVersion: '1.41',
					GitCommit: COMMIT.client,
					BuildTime: 'Mon Jun  6 23:02:46 2022',
					Context: 'default',
					Experimental: true,
				}),
				Server: named({
					Platform: { Name: 'Docker Engine - Community' },
					...common,
					MinAPIVersion: '1.12',
					GitCommit: COMMIT.engine,
					KernelVersion: kernel,
					BuildTime: '2022-06-06T23:00:51.000000000+00:00',
				}),
			});
		run.call.out(
			`Client: Docker Engine - Community
 Version:           ${ENGINE}
 API version:       1.41
 Go version:        go1.17.11
 Git commit:        ${COMMIT.client}
 Built:             Mon Jun  6 23:02:46 2022
 OS/Arch:           linux/amd64
 Context:           default
 Experimental:      true

Server: Docker Engine - Community
 Engine:
  Version:          ${ENGINE}
  API version:      1.41 (minimum version 1.12)
  Go version:       go1.17.11
  Git commit:       ${COMMIT.engine}
  Built:            Mon Jun  6 23:00:51 2022
  OS/Arch:          linux/amd64
  Experimental:     false
 containerd:
  Version:          1.6.8
  GitCommit:        9cd3357b7fd7218e4aec3eae239db1f68a5a6ec6
 runc:
  Version:          1.1.4
  GitCommit:        v1.1.4-0-g5fd4c4d
 docker-init:
  Version:          0.19.0
  GitCommit:        de40ad0
`,
		);
		return 0;
	},
};

/** `docker --version` */
export const SHORT_VERSION = `Docker version ${ENGINE}, build ${COMMIT.client}\n`;
