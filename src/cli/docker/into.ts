/** docker exec and docker cp: into a container. */
import type { Run } from '../cobra/index.ts';
import { daemon, noSuch, placeOf, usage } from './words.ts';

/** As a shell reads it back. */
const word = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export async function exec({ call, args, flags }: Run): Promise<number | string> {
	const [name, ...command] = args;
	if (name === undefined || command.length === 0)
		return usage('docker exec', 'requires at least 2 arguments.', 'docker exec [OPTIONS] CONTAINER COMMAND [ARG...]');
	const container = call.lab.docker.find(name);
	if (!container) return noSuch(name);
	if (container.state !== 'running') return daemon(`Container ${container.id} is not running`);
	const place = placeOf(call.lab, container);
	if (!place) return daemon(`Container ${container.id} has nothing in this lab that could be run`);
	const user = flags.text('user');
	if (!['', 'root', '0', '0:0', 'root:root'].includes(user))
		return `docker exec -u ${user}: the simulator runs commands in containers of Docker as root`;
	const [program, ...rest] = command as [string, ...string[]];
	const base = program.slice(program.lastIndexOf('/') + 1);
	if (flags.on('tty') && flags.on('interactive') && rest.length === 0 && (base === 'bash' || base === 'sh'))
		return call.enter(place, base);
	if (!call.has(place, base)) {
		const why = program.includes('/')
			? `stat ${program}: no such file or directory`
			: 'executable file not found in $PATH';
		call.err(
			`OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(program)}: ${why}: unknown\n`,
		);
		return 126;
	}
	const given = flags.list('env').length > 0 ? ['env', ...flags.list('env'), ...command] : command;
	const directory = flags.text('workdir');
	const argv = directory === '' ? given : ['sh', '-c', `cd ${word(directory)} && ${given.map(word).join(' ')}`];
	if (flags.on('detach')) {
		if (place.kind !== 'container') return 'docker exec -d: the simulator runs nothing in the background of a node';
		call.lab.guests.exec({ place, argv, done: () => undefined });
		// It has begun by the time docker says so.
		await call.sleep(20_000);
		return 0;
	}
	return call.runAt(place, argv, flags.on('interactive') ? call.stdin : '');
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
		return source.name === undefined ? noSuch(name) : `Error: No such container:path: ${name}:${source.path}`;
	if (!place) return daemon(`Container ${container.id} has no files in this lab`);
	const inside = call.filesAt(place);
	const read = source.name === undefined ? call.files : inside;
	const write = target.name === undefined ? call.files : inside;
	const bytes = await read.readBytes(source.path);
	if (bytes === undefined)
		return source.name === undefined
			? `lstat ${source.path}: no such file or directory`
			: `Error: No such container:path: ${name}:${source.path}`;
	const folder = target.path.endsWith('/') || target.path === '.' || (await write.list(target.path)) !== undefined;
	await write.write(folder ? `${target.path.replace(/\/$/, '')}/${source.path.split('/').at(-1)}` : target.path, bytes);
	return 0;
}
