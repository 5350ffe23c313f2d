/** gzip, zcat and tar (gzip 1.10, GNU tar 1.34): files put together and made small, by the host's own DEFLATE. */
import { latin1, octetsOf } from '../routes.ts';
import { type Desk, Leave } from './desk.ts';

/** Octets that something small may become. */
const MOST = 8 * 1024 * 1024;

async function through(stream: CompressionStream | DecompressionStream, text: string): Promise<string> {
	const body = new Blob([octetsOf(text) as Uint8Array<ArrayBuffer>])
		.stream()
		.pipeThrough(stream as unknown as ReadableWritablePair<Uint8Array, Uint8Array>);
	const reader = body.getReader();
	const pieces: string[] = [];
	let size = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return pieces.join('');
		size += value.length;
		if (size > MOST) {
			await reader.cancel();
			throw new Leave('gzip: standard output: File too large\n');
		}
		pieces.push(latin1(value));
	}
}

const deflated = (text: string): Promise<string> => through(new CompressionStream('gzip'), text);

/** @throws Leave */
async function inflated(name: string, text: string): Promise<string> {
	if (!text.startsWith('\x1f\x8b')) throw new Leave(`\ngzip: ${name}: not in gzip format\n`);
	try {
		return await through(new DecompressionStream('gzip'), text);
	} catch (error) {
		if (error instanceof Leave) throw error;
		throw new Leave(`\ngzip: ${name}: unexpected end of file\n`);
	}
}

export async function gzip(desk: Desk): Promise<void> {
	/** All of these are one program. */
	const fault = (what: string, code = 1): void => {
		desk.say(`gzip: ${what}\n`);
		desk.code = code;
	};
	const given = desk.options('cdfhklnNqrtvV123456789', [
		'stdout>c',
		'to-stdout>c',
		'decompress>d',
		'uncompress>d',
		'keep>k',
		'force>f',
		'test>t',
		'verbose>v',
		'quiet>q',
		'list>l',
		'fast>1',
		'best>9',
		'recursive>r',
		'name>N',
		'no-name>n',
	]);
	const unpacks = given.has('d') || given.has('t') || desk.name !== 'gzip';
	const shows = given.has('c') || desk.name === 'zcat';
	for (const file of given.operands.length > 0 ? given.operands : ['-']) {
		if (file === '-') {
			const text = await desk.standardInput();
			desk.write(unpacks ? await inflated('stdin', text) : await deflated(text));
			continue;
		}
		const path =
			unpacks && !file.endsWith('.gz') && !(await desk.shell.files.exists(desk.resolve(file))) ? `${file}.gz` : file;
		const found = await desk.tryRead(path);
		if ('wrong' in found) {
			fault(
				found.wrong === 'Is a directory' ? `${file} is a directory -- ignored` : `${path}: ${found.wrong}`,
				found.wrong === 'Is a directory' ? 2 : 1,
			);
			continue;
		}
		if (given.has('t')) {
			await inflated(path, found.text);
			continue;
		}
		if (!unpacks && path.endsWith('.gz') && !given.has('f')) {
			fault(`${path} already has .gz suffix -- unchanged`, 2);
			continue;
		}
		if (unpacks && !shows && !/\.t?gz$/.test(path)) {
			fault(`${path}: unknown suffix -- ignored`, 2);
			continue;
		}
		const text = unpacks ? await inflated(path, found.text) : await deflated(found.text);
		if (shows) {
			desk.write(text);
			continue;
		}
		const into = unpacks ? path.replace(/\.tgz$/, '.tar').replace(/\.gz$/, '') : `${path}.gz`;
		await desk.save(into, text);
		if (!given.has('k')) await desk.shell.files.rm(desk.resolve(path));
		if (given.has('v')) desk.say(`${path}:\t -- ${given.has('k') ? 'created' : 'replaced with'} ${into}\n`);
	}
}

interface Member {
	readonly name: string;
	readonly text: string;
	readonly directory: boolean;
	readonly mode: number;
	/** Seconds since 1970. */
	readonly time: number;
}

const BLOCK = 512;

/** ustar (pax(1), "ustar Interchange Format"). */
function packed(members: readonly Member[]): string {
	const field = (text: string, size: number): string => text.slice(0, size).padEnd(size, '\0');
	const octal = (n: number, size: number): string =>
		`${Math.max(0, n)
			.toString(8)
			.padStart(size - 1, '0')}\0`;
	const out = members.map(({ name, text, directory, mode, time }) => {
		const cut = name.length <= 100 ? -1 : name.lastIndexOf('/', 155);
		const [prefix, short] = cut < 0 ? ['', name] : [name.slice(0, cut), name.slice(cut + 1)];
		const head = (sum: string): string =>
			`${field(short, 100)}${octal(mode, 8)}${octal(1000, 8)}${octal(1000, 8)}${octal(text.length, 12)}${octal(Math.floor(time), 12)}${sum}${directory ? '5' : '0'}${field('', 100)}ustar\x0000${field('learner', 32)}${field('learner', 32)}${octal(0, 8)}${octal(0, 8)}${field(prefix, 155)}${field('', 12)}`;
		let sum = 0;
		for (const c of head(' '.repeat(8))) sum += c.charCodeAt(0);
		return head(`${sum.toString(8).padStart(6, '0')}\0 `) + text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK, '\0');
	});
	const text = out.join('') + '\0'.repeat(2 * BLOCK);
	return text.padEnd(Math.ceil(text.length / (20 * BLOCK)) * 20 * BLOCK, '\0');
}

/** @throws Leave */
function unpacked(text: string): Member[] {
	const members: Member[] = [];
	for (let at = 0; at + BLOCK <= text.length; ) {
		const head = text.slice(at, at + BLOCK);
		if (/^\0*$/.test(head)) break;
		const field = (from: number, size: number): string => head.slice(from, from + size).replace(/\0[\s\S]*$/, '');
		if (!field(257, 5).startsWith('ustar'))
			throw new Leave(
				'tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n',
				2,
			);
		const size = Number.parseInt(field(124, 12).trim(), 8) || 0;
		const prefix = field(345, 155);
		members.push({
			name: (prefix ? `${prefix}/` : '') + field(0, 100),
			text: text.slice(at + BLOCK, at + BLOCK + size),
			directory: head[156] === '5',
			mode: Number.parseInt(field(100, 8).trim(), 8) || 0o644,
			time: Number.parseInt(field(136, 12).trim(), 8) || 0,
		});
		at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
	}
	return members;
}

const modeText = (mode: number): string =>
	[6, 3, 0]
		.map((shift) => ['r', 'w', 'x'].map((letter, i) => ((mode >> shift) & (4 >> i) ? letter : '-')).join(''))
		.join('');

export async function tar(desk: Desk): Promise<void> {
	// `tar xzf` has its letters without a dash.
	if (desk.args[0] !== undefined && /^[A-Za-z]+$/.test(desk.args[0])) {
		const letters = desk.args.shift()!;
		const values = [...letters]
			.filter((letter) => 'fCT'.includes(letter))
			.flatMap((letter) => [`-${letter}`, desk.args.shift() ?? '']);
		desk.args.unshift(`-${[...letters].filter((letter) => !'fCT'.includes(letter)).join('')}`, ...values);
		if (desk.args[0] === '-') desk.args.shift();
	}
	const given = desk.options(
		'ctxvzf:C:kpPOhmaT:',
		[
			'create>c',
			'list>t',
			'extract>x',
			'get>x',
			'verbose>v',
			'gzip>z',
			'file=>f',
			'directory=>C',
			'exclude=',
			'strip-components=',
			'to-stdout>O',
			'keep-old-files>k',
			'no-same-owner',
			'auto-compress>a',
		],
		2,
	);
	const modes = ['c', 't', 'x'].filter((mode) => given.has(mode));
	const help = "Try 'tar --help' or 'tar --usage' for more information.\n";
	if (modes.length === 0)
		throw new Leave(`tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\n${help}`, 2);
	if (modes.length > 1)
		throw new Leave(
			`tar: You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option\n${help}`,
			2,
		);
	const file = given.value('f') ?? '-';
	const base = given.value('C') ?? '.';
	if (!(await desk.isDirectory(base)))
		throw new Leave(
			`tar: ${base}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now\n`,
			2,
		);
	const { files } = desk.shell;
	const excluded = given.all.filter(([name]) => name === 'exclude').map(([, pattern]) => pattern);
	const isOut = (name: string): boolean =>
		excluded.some(
			(p) =>
				name === p ||
				name.endsWith(`/${p}`) ||
				new RegExp(
					`(?:^|/)${p
						.replace(/[.+^$()|[\]{}\\]/g, '\\$&')
						.replace(/\*/g, '.*')
						.replace(/\?/g, '.')}$`,
				).test(name),
		);
	if (modes[0] === 'c') {
		if (given.operands.length === 0) throw new Leave(`tar: Cowardly refusing to create an empty archive\n${help}`, 2);
		const members: Member[] = [];
		const add = async (name: string): Promise<void> => {
			const full = files.resolvePath(desk.resolve(base), name);
			if (!(await files.exists(full))) {
				desk.say(`tar: ${name}: Cannot stat: No such file or directory\n`);
				desk.code = 2;
				return;
			}
			if (isOut(name)) return;
			const { isDirectory, mode, mtime } = await files.stat(full);
			const plain = name.replace(/^\/+/, '');
			const shownName = isDirectory && !plain.endsWith('/') ? `${plain}/` : plain;
			if (given.has('v'))
				(file === '-' ? desk.say : desk.write).call(
					desk,
					`${isDirectory && !name.endsWith('/') ? `${name}/` : name}\n`,
				);
			members.push({
				name: shownName,
				text: isDirectory ? '' : latin1(await files.readFileBuffer(full)),
				directory: isDirectory,
				mode: mode & 0o7777,
				time: mtime.getTime() / 1000,
			});
			if (isDirectory)
				for (const inside of [...(await files.readdir(full))].sort()) await add(`${name.replace(/\/$/, '')}/${inside}`);
		};
		if (given.operands.some((name) => name.startsWith('/'))) desk.say("tar: Removing leading `/' from member names\n");
		for (const name of given.operands) await add(name);
		if (desk.code !== 0) desk.say('tar: Exiting with failure status due to previous errors\n');
		const text = packed(members);
		const small = given.has('z') || (given.has('a') && /\.t?gz$/.test(file)) ? await deflated(text) : text;
		if (file === '-') desk.write(small);
		else {
			const wrong = await desk.trySave(file, small);
			if (wrong !== undefined)
				throw new Leave(`tar: ${file}: Cannot open: ${wrong}\ntar: Error is not recoverable: exiting now\n`, 2);
		}
		return;
	}
	const found = await desk.tryRead(file);
	if ('wrong' in found)
		throw new Leave(`tar: ${file}: Cannot open: ${found.wrong}\ntar: Error is not recoverable: exiting now\n`, 2);
	const text = found.text.startsWith('\x1f\x8b') ? await inflated('stdin', found.text) : found.text;
	const strip = Number(given.value('strip-components') ?? 0);
	const wanted = new Set(given.operands);
	const seen = new Set<string>();
	for (const member of unpacked(text)) {
		const match = [...wanted].find(
			(name) =>
				member.name === name || member.name === `${name}/` || member.name.startsWith(`${name.replace(/\/$/, '')}/`),
		);
		if (wanted.size > 0 && match === undefined) continue;
		if (match !== undefined) seen.add(match);
		if (isOut(member.name.replace(/\/$/, ''))) continue;
		if (modes[0] === 't' || given.has('v')) {
			const long = given.has('v') && modes[0] === 't';
			const at = new Date(member.time * 1000).toISOString().slice(0, 16).replace('T', ' ');
			const line = long
				? `${member.directory ? 'd' : '-'}${modeText(member.mode)} learner/learner ${String(member.text.length).padStart(9)} ${at} ${member.name}`
				: member.name;
			(given.has('O') ? desk.say : desk.write).call(desk, `${line}\n`);
		}
		if (modes[0] === 't') continue;
		const name = member.name.split('/').slice(strip).join('/').replace(/^\/+/, '');
		if (name === '' || name.split('/').includes('..')) continue;
		if (given.has('O')) {
			desk.write(member.text);
			continue;
		}
		const full = files.resolvePath(desk.resolve(base), name);
		if (member.directory) await files.mkdir(full, { recursive: true });
		else {
			await files.mkdir(full.slice(0, full.lastIndexOf('/')) || '/', { recursive: true });
			await desk.save(full, member.text);
			await files.chmod(full, member.mode);
		}
	}
	for (const name of wanted)
		if (!seen.has(name)) {
			desk.say(`tar: ${name}: Not found in archive\n`);
			desk.code = 2;
		}
	if (desk.code !== 0) desk.say('tar: Exiting with failure status due to previous errors\n');
}
