/**
 * Every option that docker's commands have (docker/cli cli/command @ v20.10): those that a command here does not know are
 * refused in a sentence, never as if Docker had no such option.
 */
import type { Command, Flag, Run } from '../cobra/index.ts';

/** Options that need nothing done: keys to leave by, and what a lab without such things does anyway. */
const IDLE = ['detach-keys', 'disable-content-trust', 'no-healthcheck', 'sig-proxy'];

const RESOURCES =
	'blkio-weight= cpu-period= cpu-quota= cpu-rt-period= cpu-rt-runtime= c/cpu-shares= cpus= cpuset-cpus= cpuset-mems= kernel-memory= m/memory= memory-reservation= memory-swap= pids-limit= restart=';

const RUN = `${RESOURCES} add-host= a/attach= blkio-weight-device= cap-add= cap-drop= cgroup-parent= cgroupns= cidfile= cpu-count= cpu-percent= detach-keys= device= device-cgroup-rule= device-read-bps= device-read-iops= device-write-bps= device-write-iops= disable-content-trust dns= dns-opt= dns-option= dns-search= domainname= entrypoint= e/env= env-file= expose= gpus= group-add= health-cmd= health-interval= health-retries= health-start-period= health-timeout= h/hostname= init i/interactive io-maxbandwidth= io-maxiops= ip= ip6= ipc= isolation= l/label= label-file= link= link-local-ip= log-driver= log-opt= mac-address= memory-swappiness= mount= name= network= network-alias= no-healthcheck oom-kill-disable oom-score-adj= pid= platform= privileged p/publish= P/publish-all pull= read-only rm runtime= security-opt= shm-size= sig-proxy stop-signal= stop-timeout= storage-opt= sysctl= tmpfs= t/tty ulimit= u/user= userns= uts= v/volume= volume-driver= volumes-from= w/workdir=`;

/** `short/name`, with `=` where it takes a value. */
const TABLE: Readonly<Record<string, string>> = {
	attach: 'detach-keys= no-stdin sig-proxy',
	cp: 'a/archive L/follow-link',
	create: RUN,
	events: 'f/filter= format= since= until=',
	exec: 'd/detach detach-keys= e/env= env-file= i/interactive privileged t/tty u/user= w/workdir=',
	history: 'format= H/human no-trunc q/quiet',
	images: 'a/all digests f/filter= format= no-trunc q/quiet',
	info: 'f/format=',
	inspect: 'f/format= s/size type=',
	kill: 's/signal=',
	logs: 'details f/follow since= n/tail= t/timestamps until=',
	'network connect': 'alias= driver-opt= ip= ip6= link= link-local-ip=',
	'network create':
		'attachable aux-address= config-from= config-only d/driver= gateway= ingress internal ip-range= ipam-driver= ipam-opt= ipv6 label= o/opt= scope= subnet=',
	'network disconnect': 'f/force',
	'network inspect': 'f/format= v/verbose',
	'network ls': 'f/filter= format= no-trunc q/quiet',
	'network prune': 'filter= f/force',
	ps: 'a/all f/filter= format= n/last= l/latest no-trunc q/quiet s/size',
	pull: 'a/all-tags disable-content-trust platform= q/quiet',
	restart: 't/time=',
	rm: 'f/force l/link v/volumes',
	rmi: 'f/force no-prune',
	run: `${RUN} d/detach`,
	start: 'a/attach checkpoint= checkpoint-dir= detach-keys= i/interactive',
	stats: 'a/all format= no-stream no-trunc',
	stop: 't/time=',
	'system df': 'format= v/verbose',
	'system prune': 'a/all filter= f/force volumes',
	update: RESOURCES,
	version: 'f/format= kubernetes=',
	'volume create': 'd/driver= label= name= o/opt=',
	'volume inspect': 'f/format=',
	'volume ls': 'f/filter= format= q/quiet',
	'volume prune': 'filter= f/force',
	'volume rm': 'f/force',
	'image prune': 'a/all filter= f/force',
	'container prune': 'filter= f/force',
};

/** Commands that are others by another name. */
const SAME: Readonly<Record<string, string>> = {
	'container ls': 'ps',
	'image ls': 'images',
	'image rm': 'rmi',
	'image pull': 'pull',
	'image history': 'history',
	'image inspect': 'inspect',
	'system info': 'info',
	'system events': 'events',
};

function flagsOf(words: string): readonly Flag[] {
	return words.split(' ').map((word) => {
		const [, short, name = '', value] = /^(?:(\w)\/)?([\w-]+)(=?)$/.exec(word)!;
		const plain = { name, type: value === '' ? 'bool' : 'array', usage: 'Not in this lab', hidden: true } as const;
		return short === undefined ? plain : { ...plain, short };
	});
}

/** Docker's own options, before any command. */
export const GLOBAL_FLAGS: readonly Flag[] = flagsOf(
	'config= c/context= D/debug H/host= l/log-level= tls tlscacert= tlscert= tlskey= tlsverify v/version',
);

/** What a command refuses: Docker's options that it has not, each in its own sentence where there is one. */
export function withAllFlags(
	root: Command,
	why: (option: string) => string | undefined,
	path: readonly string[] = [],
): Command {
	const commands = root.commands?.map((below) => withAllFlags(below, why, [...path, below.name]));
	const whole = path.join(' ');
	const key = SAME[whole] ?? (path[0] === 'container' && !TABLE[whole] ? path.slice(1).join(' ') : whole);
	const row = Object.hasOwn(TABLE, key) ? TABLE[key]! : '';
	const { run } = root;
	if (!run) return commands ? { ...root, commands } : root;
	const own = root.flags ?? [];
	const more = (row === '' ? [] : flagsOf(row)).filter(({ name }) => !own.some((flag) => flag.name === name));
	return {
		...root,
		flags: [
			...own,
			...more.map((flag) => {
				if (flag.short === undefined || !own.some(({ short }) => short === flag.short)) return flag;
				const { short: _, ...plain } = flag;
				return plain;
			}),
		],
		async run(given: Run) {
			const refused = more.find(({ name }) => given.flags.given(name) && !IDLE.includes(name));
			if (!refused) return run(given);
			given.call.err(
				`docker ${whole} --${refused.name}: ${why(refused.name) ?? 'the simulator’s Docker has not this option'}\n`,
			);
			return key === 'run' || key === 'create' ? 125 : 1;
		},
	};
}
