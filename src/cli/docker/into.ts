/** docker exec and docker cp: into a container. */
import { type Container, type DiskFault, dockerDisk, FAULT_TEXT, knownDocker, type Lab } from '../../sim/lab/index.ts';
import type { Run } from '../cobra/index.ts';
import type { Files, Person, Place } from '../tool.ts';
import { daemon, none, placeOf, usage } from './words.ts';

/** As a shell reads it back. */
const word = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export async function exec({ call, args, flags }: Run): Promise<number | string> {
	const [name, ...command] = args;
	if (name === undefined || command.length === 0)
		return usage('docker exec', 'requires at least 2 arguments.', 'docker exec [OPTIONS] CONTAINER COMMAND [ARG...]');
	const container = call.lab.docker.find(name);
	if (!container) return none(name);
	if (container.state !== 'running') return daemon(`Container ${container.id} is not running`);
	if (container.paused) return daemon(`Container ${name} is paused, unpause the container before exec`);
	const place = placeOf(call.lab, container);
	if (!place) return daemon(`Container ${container.id} has nothing in this lab that could be run`);
	// A node's container has all privileges by itself.
	const privileged = place.kind === 'node' || knownDocker(call.lab, container.id)?.settings.security?.privileged;
	if (flags.on('privileged') && !privileged)
		return 'docker exec --privileged: the simulator runs commands with what their container has: give --privileged to docker run';
	const user = flags.text('user');
	const as = user === '' ? undefined : await personIn(call.filesAt(place), user);
	if (typeof as === 'string') {
		call.err(`${as}\n`);
		return 126;
	}
	const [program, ...rest] = command as [string, ...string[]];
	const base = program.slice(program.lastIndexOf('/') + 1);
	if (flags.on('tty') && flags.on('interactive') && rest.length === 0 && (base === 'bash' || base === 'sh'))
		return call.enter(place, base, as);
	if (!call.has(place, base)) {
		const why = program.includes('/')
			? `stat ${program}: no such file or directory`
			: 'executable file not found in $PATH';
		call.err(
			`OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(program)}: ${why}: unknown\n`,
		);
		return 126;
	}
	const variables: string[] = [];
	for (const path of flags.list('env-file')) {
		const text = await call.files.read(path);
		if (text === undefined) return `open ${path}: no such file or directory`;
		variables.push(
			...text
				.split('\n')
				.map((line) => line.trimStart())
				.filter((line) => line !== '' && !line.startsWith('#')),
		);
	}
	// A name alone has the value that it has here.
	for (const one of [...flags.list('env')])
		if (one.includes('=')) variables.push(one);
		else if (call.env.has(one)) variables.push(`${one}=${call.env.get(one)}`);
	const given = variables.length > 0 ? ['env', ...variables, ...command] : command;
	const directory = flags.text('workdir');
	const argv = directory === '' ? given : ['sh', '-c', `cd ${word(directory)} && ${given.map(word).join(' ')}`];
	if (flags.on('detach')) {
		if (as) return 'docker exec -d -u: the simulator runs what is in the background as the container’s own user';
		if (place.kind !== 'container') return 'docker exec -d: the simulator runs nothing in the background of a node';
		call.lab.guests.exec({ place, argv, done: () => undefined });
		// It has begun by the time docker says so.
		await call.sleep(20_000);
		return 0;
	}
	return call.runAt(place, argv, flags.on('interactive') ? call.stdin : '', as, flags.on('tty'));
}

/** `user[:group]` by the container's files, or why not (opencontainers/runc libcontainer/user/user.go, GetExecUser()). */
async function personIn(files: Files, text: string): Promise<Person | string> {
	const [user = '', group] = text.split(':') as [string, string | undefined];
	const rows = async (path: string): Promise<string[][]> =>
		((await files.read(path)) ?? '').split('\n').map((line) => line.split(':'));
	const number = /^\d+$/;
	const known = (await rows('/etc/passwd')).find(([name, , uid]) => name === user || uid === user);
	if (!known && !number.test(user)) return `unable to find user ${user}: no matching entries in passwd file`;
	const groups = await rows('/etc/group');
	const own = group === undefined ? undefined : groups.find(([name, , gid]) => name === group || gid === group);
	if (group !== undefined && !own && !number.test(group))
		return `unable to find group ${group}: no matching entries in group file`;
	const name = known?.[0] ?? user;
	const gid = Number(own?.[2] ?? group ?? known?.[3] ?? 0);
	// Supplementary groups are those of a user without a group of choice.
	const more =
		group === undefined
			? groups.filter(([, , , members]) => members?.split(',').includes(name)).map(([, , n]) => Number(n))
			: [];
	return { name, uid: Number(known?.[2] ?? user), gid, groups: [gid, ...more.filter((n) => n !== gid)] };
}

export async function copy({ call, args }: Run): Promise<number | string> {
	const [from, to] = args;
	if (from === undefined || to === undefined)
		return usage('docker cp', 'requires exactly 2 arguments.', 'docker cp [OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-');
	const side = (text: string): { readonly name?: string; readonly path: string } => {
		const match = /^([a-zA-Z0-9][a-zA-Z0-9_.-]*):(.*)$/.exec(text);
		return match ? { name: match[1]!, path: match[2]! } : { path: text };
	};
	const source = side(from);
	const target = side(to);
	if (source.name !== undefined && target.name !== undefined) return 'copying between containers is not supported';
	if (source.name === undefined && target.name === undefined) return 'must specify at least one container source';
	const name = source.name ?? target.name!;
	const container = call.lab.docker.find(name);
	const place = container && placeOf(call.lab, container);
	if (!container)
		return `Error: No such container:path: ${name}:${source.name === undefined ? target.path : source.path}`;
	if (!place) return daemon(`Container ${container.id} has no files in this lab`);
	if (to === '-' || from === '-') return 'docker cp: the simulator packs no archives: name a path on either side';
	const seen = call.filesAt(place);
	const kept = place.kind === 'container' ? filesOf(call.lab, container) : seen;
	// Docker's own files, /etc/hosts and the like, are not on the container's disk but mounted there.
	const inside: Files = {
		...kept,
		readBytes: async (path) =>
			(await kept.readBytes(path)) ?? ((await kept.list(path)) ? undefined : seen.readBytes(path)),
	};
	const read = source.name === undefined ? call.files : inside;
	const write = target.name === undefined ? call.files : inside;
	const missing =
		source.name === undefined
			? `lstat ${source.path}: no such file or directory`
			: `Error: No such container:path: ${name}:${source.path}`;
	const link = await read.link?.(source.path);
	const names = link === undefined ? await read.list(source.path) : undefined;
	if (link === undefined && names === undefined && (await read.readBytes(source.path)) === undefined) return missing;
	const into = (await write.list(target.path)) !== undefined;
	const plain = (path: string): string => path.replace(/(.)\/+$/, '$1');
	if (target.path.endsWith('/') && !into && names === undefined)
		return target.name === undefined
			? `open ${target.path}: no such directory`
			: daemon(`extraction point is not a directory`).replace('Error response from daemon: e', 'E');
	// `dir/.` is what is in it.
	const content = /(?:^|\/)\.$/.test(source.path);
	const last = plain(source.path).split('/').at(-1)!;
	const goal = into && !(content && names) ? `${plain(target.path)}/${last}` : plain(target.path);
	const above = goal.replace(/\/?[^/]*$/, '');
	if (target.name === undefined && above !== '' && (await write.list(above)) === undefined)
		return `invalid output path: directory ${JSON.stringify(above)} does not exist`;
	try {
		await (await import('../copy-tree.ts')).copyTree(read, source.path, write, goal, { modes: true });
	} catch (error) {
		if (target.name === undefined || !/EROFS|Read-only file system/.test((error as Error).message)) throw error;
		return daemon(
			`${inVolume(call.lab, container, place, goal) ? 'mounted volume' : 'container rootfs'} is marked read-only`,
		);
	}
	return 0;
}

/** Whether a path of a container is in something mounted there (moby daemon/archive_unix.go checkIfPathIsInAVolume() @ v20.10). */
function inVolume(lab: Lab, container: Container, place: Place, path: string): boolean {
	if (place.kind !== 'container') return true;
	return dockerDisk(lab, container)
		.disk.mounts()
		.some((mount) => `${path.startsWith('/') ? '' : '/'}${path}/`.startsWith(`${mount.path}/`));
}

/** A container's files as the daemon has them: as root, also while it does not run. */
function filesOf(lab: Lab, container: Container): Files {
	const disk = dockerDisk(lab, container).disk.as({ uid: 0, gid: 0, groups: [0] });
	const at = (path: string): string => (path.startsWith('/') ? path : `/${path}`);
	const done = (path: string, fault: DiskFault | undefined): void => {
		if (fault) throw new Error(`${path}: ${FAULT_TEXT[fault]}`);
	};
	return {
		read: async (path) => disk.read(at(path)),
		readBytes: async (path) => (disk.stat(at(path))?.kind === 'file' ? disk.readOctets(at(path)) : undefined),
		async write(path, text) {
			const above = at(path).replace(/\/[^/]*$/, '');
			if (above !== '' && !disk.stat(above)) disk.mkdir(above, { parents: true });
			done(path, disk.write(at(path), text));
		},
		list: async (path) => (disk.stat(at(path))?.kind === 'directory' ? disk.list(at(path)) : undefined),
		mode: async (path) => disk.stat(at(path))?.mode,
		link: async (path) => disk.stat(at(path).replace(/(.)\/$/, '$1'), true)?.target,
		async makeLink(path, target) {
			disk.remove(at(path), true);
			done(path, disk.symlink(target, at(path)));
		},
		makeDirectory: async (path) => done(path, disk.mkdir(at(path), { parents: true })),
		setMode: async (path, mode) => done(path, disk.chmod(at(path), mode & 0o7777)),
	};
}
