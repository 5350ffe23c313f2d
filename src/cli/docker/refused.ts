/** What Docker has and the lab has not: said in one sentence each, not as if Docker had no such command. */

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

const NO_PROCESSORS = 'the simulator gives containers of Docker no share of the processors';
const NO_DISKS = 'the simulator’s disks have no speed that could be limited';
const WINDOWS = 'Docker has this option for Windows, and the simulator’s laptop runs Linux';
const IPV6 = 'the simulator has no IPv6';

/** Options that would do something, and do nothing here. */
const OPTIONS: Readonly<Record<string, string>> = {
	'all-tags': 'the simulator’s registry lists no tags: name the one you want',
	archive: 'the simulator copies with the owner that Docker gives: root in a container',
	attach: 'the simulator attaches standard output and error together: leave the option out, or use -d',
	'aux-address': 'the simulator keeps no addresses free: use --ip-range',
	'blkio-weight': NO_DISKS,
	'blkio-weight-device': NO_DISKS,
	'cgroup-parent': 'containers of the simulator have the control groups that Docker gives them',
	cgroupns: 'containers of the simulator have a cgroup namespace of their own',
	checkpoint: 'the simulator’s Docker freezes no containers into files',
	'checkpoint-dir': 'the simulator’s Docker freezes no containers into files',
	config: 'the simulator’s docker has no configuration of its own',
	'config-from': SWARM,
	'config-only': SWARM,
	context: 'the simulator has one Docker, the laptop’s, and no other contexts',
	'cpu-count': WINDOWS,
	'cpu-percent': WINDOWS,
	'cpu-period': NO_PROCESSORS,
	'cpu-quota': NO_PROCESSORS,
	'cpu-rt-period': NO_PROCESSORS,
	'cpu-rt-runtime': NO_PROCESSORS,
	'cpu-shares': NO_PROCESSORS,
	'cpuset-cpus': NO_PROCESSORS,
	'cpuset-mems': NO_PROCESSORS,
	device: 'the simulator’s containers get no devices',
	'device-cgroup-rule': 'the simulator’s containers get no devices',
	'device-read-bps': NO_DISKS,
	'device-read-iops': NO_DISKS,
	'device-write-bps': NO_DISKS,
	'device-write-iops': NO_DISKS,
	dns: 'name servers of containers are Docker’s own here',
	'driver-opt': 'the simulator’s bridges have no options for one container',
	'follow-link': 'docker cp follows no links here',
	gpus: 'the simulator’s laptop has no such processors',
	'group-add': 'users of the simulator’s containers have the groups of their image',
	host: 'the simulator has one Docker, the laptop’s own',
	ingress: SWARM,
	init: 'the simulator puts no init in front of a program',
	'io-maxbandwidth': WINDOWS,
	'io-maxiops': WINDOWS,
	ip6: IPV6,
	ipc: 'containers share no memory here',
	'ipam-driver': 'addresses are given by Docker’s own driver here',
	'ipam-opt': 'addresses are given by Docker’s own driver here',
	ipv6: IPV6,
	isolation: WINDOWS,
	'kernel-memory': 'the simulator counts no memory of the kernel',
	kubernetes: 'Docker’s own Kubernetes is not in this lab: clusters are made by kind',
	link: 'the simulator has no links, which Docker keeps for old times: put both containers on a network of your own (docker network create), where they know each other by name',
	'link-local-ip': 'the simulator gives containers one address on each network',
	'log-driver': 'the simulator keeps logs as json-file does, and no other way',
	'log-opt': 'the simulator keeps logs whole',
	'memory-reservation': 'the simulator knows one limit of memory: --memory',
	'memory-swap': 'the simulator’s machines have no swap',
	'memory-swappiness': 'the simulator’s machines have no swap',
	'no-stdin': 'docker attach types into a shell that waits for it, and into nothing else here',
	'oom-kill-disable': 'what takes too much memory is always killed here',
	'oom-score-adj': 'who takes too much memory is the one that is killed here',
	opt: 'the simulator’s volumes are directories of the laptop, and have no options',
	pid: 'containers of Docker have their own processes here',
	'pids-limit': 'the simulator counts no processes of a container against a limit',
	platform: 'the simulator’s machine and its images are linux/amd64',
	privileged: 'docker exec runs with what its container has here: give --privileged to docker run',
	runtime: 'the simulator has one runtime, runc',
	scope: SWARM,
	'security-opt': 'the simulator has no profiles of security',
	'storage-opt': 'the simulator limits no container’s files',
	sysctl: 'put sysctl into the container’s own command: docker run takes none here',
	ulimit: 'the simulator has no such limits',
	userns: 'the simulator has no user namespaces',
	uts: 'containers of the simulator have names of their own: use --hostname',
	'volume-driver': 'the simulator’s volumes are directories of the laptop, and have no other driver',
	'volumes-from': 'name each volume: docker run -v NAME:PATH',
};

export const whyNot = (option: string): string | undefined =>
	Object.hasOwn(OPTIONS, option) ? OPTIONS[option] : undefined;
