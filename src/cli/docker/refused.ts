/** What Docker has and the lab has not: said in one sentence each, not as if Docker had no such command. */
import type { Flag } from '../cobra/index.ts';

const IMAGES = 'the simulator builds and packs no images: it runs those that a registry has';
const REGISTRY =
	'this lab has no registry to log into, to search or to push to: images are pulled as if from Docker Hub';
const SWARM = 'the simulator has no swarm: clusters here are Kubernetes, made by kind';

const COMMANDS: Readonly<Record<string, string>> = {
	build: IMAGES,
	builder: IMAGES,
	buildx: IMAGES,
	commit: IMAGES,
	export: IMAGES,
	import: IMAGES,
	load: IMAGES,
	manifest: IMAGES,
	save: IMAGES,
	trust: IMAGES,
	login: REGISTRY,
	logout: REGISTRY,
	push: REGISTRY,
	search: REGISTRY,
	config: SWARM,
	node: SWARM,
	secret: SWARM,
	service: SWARM,
	stack: SWARM,
	swarm: SWARM,
	compose: 'the simulator has no Compose: start each container with docker run',
	context: 'the simulator has one Docker, the laptop’s, and no other contexts',
	plugin: 'the simulator’s Docker has no plugins',
};

const BELOW: Readonly<Record<string, RegExp>> = {
	container: /^(?:commit|export)$/,
	image: /^(?:build|import|load|push|save)$/,
};

/** Why a command line cannot be run; undefined of those that can, and of what is no command of Docker's. */
export function refusalOf([first = '', second = '']: readonly string[]): string | undefined {
	const below = Object.hasOwn(BELOW, first) && BELOW[first]!.test(second);
	const name = below ? second : first;
	if (!Object.hasOwn(COMMANDS, name)) return undefined;
	return `docker ${below ? `${first} ` : ''}${name}: ${COMMANDS[name]}`;
}

/** Options of `docker run` that would do something, and do nothing here. */
export const OPTIONS: Readonly<Record<string, string>> = {
	cpus: 'the simulator gives containers of Docker no share of the processors',
	'cpu-shares': 'the simulator gives containers of Docker no share of the processors',
	device: 'the simulator’s containers get no devices',
	dns: 'name servers of containers are Docker’s own here',
	gpus: 'the simulator’s laptop has no such processors',
	'health-cmd': 'the simulator’s Docker checks no health; kubelets do',
	init: 'the simulator puts no init in front of a program',
	ip: 'Docker chooses the addresses of containers here: the lowest that is free',
	ipc: 'containers share no memory here',
	link: 'the simulator has no links, which Docker keeps for old times: put both containers on a network of your own (docker network create), where they know each other by name',
	'log-driver': 'the simulator keeps logs as json-file does, and no other way',
	pid: 'containers of Docker have their own processes here',
	platform: 'the simulator’s machine and its images are linux/amd64',
	'security-opt': 'the simulator has no profiles of security',
	sysctl: 'put sysctl into the container’s own command: docker run takes none here',
	ulimit: 'the simulator has no such limits',
	userns: 'the simulator has no user namespaces',
	'volumes-from': 'name each volume: docker run -v NAME:PATH',
};

/** They are known to the command line, as Docker knows them. */
export const REFUSED: readonly Flag[] = Object.keys(OPTIONS)
	.filter((name) => name !== 'cpus' && name !== 'init')
	.map((name) => ({ name, type: 'array', usage: 'Not in this lab', hidden: true }));
