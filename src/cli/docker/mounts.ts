/**
 * `-v`, `--mount` and `--tmpfs` of docker run: volumes of Docker's, files of the learner's, and memory.
 *
 * Source: docker/cli opts/mount.go, moby volume/mounts/{linux_parser,validate}.go, volume/local/local.go @ v20.10.
 */
import {
	type DirectoryNode,
	type DiskNode,
	type DockerMount,
	directory,
	ensureVolume,
	file,
	fillVolume,
	imageVolumes,
	type Lab,
	laptopBinds,
} from '../../sim/lab/index.ts';
import type { FlagValues } from '../cobra/index.ts';
import type { Call, Files } from '../tool.ts';
import { sizeOf } from './words.ts';

interface Wanted {
	readonly type: 'bind' | 'volume' | 'tmpfs';
	readonly source: string;
	readonly target: string;
	readonly readOnly: boolean;
	/** `-v` makes a directory that is not there; `--mount` does not. */
	readonly makes: boolean;
	readonly limit?: number;
	readonly mode?: number;
	readonly copies: boolean;
}

const MODES = /^(?:r[ow]|z|Z|nocopy|consistent|cached|delegated|(?:r?)(?:private|shared|slave))$/;

const clean = (path: string): string => {
	const out: string[] = [];
	for (const part of path.split('/')) {
		if (part === '..') out.pop();
		else if (part !== '' && part !== '.') out.push(part);
	}
	return `/${out.join('/')}`;
};

/** `SOURCE:TARGET[:MODE]` or `TARGET`; the daemon's words of what is none. */
function volumeOf(text: string): Wanted | { readonly error: string } {
	const parts = text.split(':');
	const bad = (why: string): { readonly error: string } => ({ error: why });
	if (parts.length > 3 || parts.includes('')) return bad(`invalid volume specification: '${text}'`);
	const [first = '', second, mode = ''] = parts;
	const target = second ?? first;
	if (!target.startsWith('/'))
		return bad(
			`invalid volume specification: '${text}': invalid mount config for type "${first.startsWith('/') ? 'bind' : 'volume'}": invalid mount path: '${target}' mount path must be absolute`,
		);
	if (clean(target) === '/')
		return bad(
			`invalid volume specification: '${text}': invalid mount config for type "${first.startsWith('/') ? 'bind' : 'volume'}": invalid specification: destination can't be '/'`,
		);
	const modes = mode === '' ? [] : mode.split(',');
	const wrong = modes.find((word) => !MODES.test(word));
	if (wrong !== undefined) return bad(`invalid mode: ${mode}`);
	const source = second === undefined ? '' : first;
	if (source !== '' && !source.startsWith('/') && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(source))
		return bad(
			`create ${source}: "${source}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
		);
	return {
		type: source.startsWith('/') ? 'bind' : 'volume',
		source: source.startsWith('/') ? clean(source) : source,
		target: clean(target),
		readOnly: modes.includes('ro'),
		makes: true,
		copies: !modes.includes('nocopy'),
	};
}

/** `type=bind,source=/x,target=/y,readonly`: `flag` are the client's words, `error` the daemon's. */
function mountOf(text: string): Wanted | { readonly flag: string } | { readonly error: string } {
	const flag = (why: string): { readonly flag: string } => ({
		flag: `invalid argument "${text}" for "--mount" flag: ${why}`,
	});
	let [type, source, target, readOnly, limit, mode, copies] = ['volume', '', '', false, '', '', true];
	for (const field of text.split(',')) {
		const [key = '', value] = field.split(/=(.*)/s) as [string, string | undefined];
		const name = key.toLowerCase();
		const yes = value === undefined || /^(?:1|t|true)$/i.test(value);
		if (name === 'readonly' || name === 'ro') readOnly = yes;
		else if (name === 'volume-nocopy') copies = !yes;
		else if (value === undefined) return flag(`invalid field '${field}' must be a key=value pair`);
		else if (name === 'type') type = value.toLowerCase();
		else if (name === 'source' || name === 'src') source = value;
		else if (name === 'target' || name === 'dst' || name === 'destination') target = value;
		else if (name === 'tmpfs-size') limit = value;
		else if (name === 'tmpfs-mode') mode = value;
		else if (!/^(?:bind-propagation|bind-nonrecursive|consistency|volume-driver|volume-label|volume-opt)$/.test(name))
			return flag(`unexpected key '${key}' in '${field}'`);
	}
	if (target === '') return flag('target is required');
	if (type !== 'bind' && type !== 'volume' && type !== 'tmpfs') return { error: `mount type unknown: "${type}"` };
	const config = `invalid mount config for type "${type}": `;
	if (!target.startsWith('/')) return { error: `${config}invalid mount path: '${target}' mount path must be absolute` };
	if (clean(target) === '/') return { error: `${config}invalid specification: destination can't be '/'` };
	if (type === 'bind' && source === '') return { error: `${config}field Source must not be empty` };
	if (type === 'bind' && !source.startsWith('/'))
		return { error: `${config}invalid mount path: '${source}' mount path must be absolute` };
	if (type === 'tmpfs' && source !== '') return { error: `${config}field Source must not be specified` };
	return {
		type,
		source: type === 'bind' ? clean(source) : source,
		target: clean(target),
		readOnly,
		makes: false,
		copies,
		...(limit === '' ? {} : { limit: sizeOf(limit) ?? 0 }),
		...(mode === '' ? {} : { mode: Number.parseInt(mode, 8) }),
	};
}

function tmpfsOf(text: string): Wanted {
	const [target = '', options = ''] = text.split(/:(.*)/s);
	const size = /(?:^|,)size=([^,]+)/.exec(options)?.[1];
	const mode = /(?:^|,)mode=([0-7]+)/.exec(options)?.[1];
	return {
		type: 'tmpfs',
		source: '',
		target: clean(target),
		readOnly: /(?:^|,)ro(?:,|$)/.test(options),
		makes: true,
		copies: false,
		...(size === undefined ? {} : { limit: sizeOf(size) ?? 0 }),
		mode: mode === undefined ? 0o1777 : Number.parseInt(mode, 8),
	};
}

/** Where the laptop's own system is: the lab makes those files, and shares none with containers. */
const SYSTEM = /^\/(?:$|(?:bin|boot|dev|etc|lib|lib64|proc|root|run|sbin|sys|usr|var)(?:\/|$))/;

/** A tree of the learner's files as a container shares it; undefined when nothing is there. */
async function takeIn(
	files: Files,
	lab: Lab,
	path: string,
	known: ReadonlyMap<string, DiskNode>,
): Promise<DiskNode | undefined> {
	const shared = known.get(path);
	if (shared) return shared;
	const names = await files.list(path);
	if (names === undefined) {
		const octets = await files.readBytes(path);
		return octets && file(octets, lab.now, (await files.mode?.(path)) ?? 0o644, 1000);
	}
	const made: DirectoryNode = directory(lab.now, (await files.mode?.(path)) ?? 0o755, 1000);
	for (const name of names) {
		const node = await takeIn(files, lab, `${path}/${name}`, known);
		if (node) made.names.set(name, node);
	}
	return made;
}

/** The node at a path of the laptop, which containers and the learner have together from now on. */
async function bindNode(call: Call, path: string, makes: boolean): Promise<DiskNode | undefined> {
	const { lab } = call;
	const binds = laptopBinds(lab);
	for (const [outer, node] of binds) {
		if (path !== outer && !path.startsWith(`${outer}/`)) continue;
		let at: DiskNode | undefined = node;
		for (const name of path
			.slice(outer.length)
			.split('/')
			.filter((part) => part !== '')) {
			if (at?.kind !== 'directory') return undefined;
			let next: DiskNode | undefined = at.names.get(name);
			if (!next && makes) {
				next = directory(lab.now);
				at.names.set(name, next);
			}
			at = next;
		}
		return at;
	}
	let node = await takeIn(call.files, lab, path, binds);
	if (!node && makes) node = directory(lab.now);
	if (!node) return undefined;
	for (const inner of [...binds.keys()]) if (inner.startsWith(`${path}/`)) binds.delete(inner);
	binds.set(path, node);
	return node;
}

/** All that is to be mounted, outer places first; `client` is what the command itself says. */
export async function mountsOf(
	call: Call,
	flags: FlagValues,
	image: string,
): Promise<readonly DockerMount[] | { readonly error: string } | { readonly client: string }> {
	const { lab } = call;
	const wanted: Wanted[] = [];
	for (const text of flags.list('volume')) {
		const one = volumeOf(text);
		if ('error' in one) return one;
		wanted.push(one);
	}
	for (const text of flags.list('mount')) {
		const one = mountOf(text);
		if ('flag' in one) return { client: `${one.flag}\nSee 'docker run --help'.\n` };
		if ('error' in one) return one;
		wanted.push(one);
	}
	for (const text of flags.list('tmpfs')) wanted.push(tmpfsOf(text));
	for (const target of imageVolumes(image))
		if (!wanted.some((one) => one.target === target))
			wanted.push({ type: 'volume', source: '', target, readOnly: false, makes: true, copies: true });
	const twice = wanted.find(({ target }, i) => wanted.findIndex((other) => other.target === target) !== i);
	if (twice) return { error: `Duplicate mount point: ${twice.target}` };
	const out: DockerMount[] = [];
	for (const { type, source, target, readOnly, makes, limit, mode, copies } of wanted) {
		if (type === 'tmpfs') {
			const node = directory(lab.now, mode ?? 0o1777);
			out.push({ type, source: '', target, readOnly, node, ...(limit === undefined ? {} : { limit }) });
			continue;
		}
		if (type === 'bind') {
			if (SYSTEM.test(source))
				return {
					client: `docker run: the simulator shares the learner's files with containers (of /home/learner, /tmp, /opt and the like), not ${source}, which the laptop's own system makes\n`,
				};
			const node = await bindNode(call, source, makes);
			if (!node) return { error: `invalid mount config for type "bind": bind source path does not exist: ${source}` };
			out.push({ type, source, target, readOnly, node });
			continue;
		}
		const name = source === '' ? randomHex(lab, `${target} ${out.length}`) : source;
		const { node } = ensureVolume(lab, name, { anonymous: source === '' });
		if (copies) fillVolume(node, image, target, lab.now);
		out.push({ type, name, source: `/var/lib/docker/volumes/${name}/_data`, target, readOnly, node });
	}
	return out.sort((a, b) => a.target.length - b.target.length);
}

/** A name that nobody gave: 64 hex digits. */
const randomHex = (lab: Lab, key: string): string =>
	Array.from({ length: 64 }, (_, i) => lab.random('docker volume', `${lab.now} ${key} ${i}`, 16).toString(16)).join('');
