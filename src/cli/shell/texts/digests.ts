/** md5sum, sha1sum and their like (coreutils src/md5sum.c @ v8.32), and sum (src/sum.c). */
import { hex, md5, sha1, sha256, sha384, sha512 } from '../../../sim/trace/index.ts';
import { type Desk, type Given, octets, parts } from '../coreutils/desk.ts';
import { octetsOf } from '../routes.ts';
import { quoted, shellQuoted } from './lines.ts';

interface Algorithm {
	/** Its name in lines of `--tag`. */
	readonly name: string;
	readonly bits: number;
	of(octets: Uint8Array): Uint8Array;
}

const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
	md5sum: { name: 'MD5', bits: 128, of: md5 },
	sha1sum: { name: 'SHA1', bits: 160, of: sha1 },
	sha256sum: { name: 'SHA256', bits: 256, of: sha256 },
	sha384sum: { name: 'SHA384', bits: 384, of: sha384 },
	sha512sum: { name: 'SHA512', bits: 512, of: sha512 },
};

const LONG = [
	'binary>b',
	'check>c',
	'text>t',
	'warn>w',
	'zero>z',
	'quiet',
	'status',
	'tag',
	'ignore-missing',
	'strict',
];

const escaped = (name: string): string => name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

/** What goes together and what does not. @throws Leave */
function minded(desk: Desk, given: Given): void {
	const check = given.has('c');
	const mode = given.all.findLast(([name]) => name === 'b' || name === 't')?.[0];
	if (given.has('tag') && mode === 't') throw desk.usage('--tag does not support --text mode');
	if (given.has('z') && check) throw desk.usage('the --zero option is not supported when verifying checksums');
	if (given.has('tag') && check) throw desk.usage('the --tag option is meaningless when verifying checksums');
	if (mode !== undefined && check)
		throw desk.usage('the --binary and --text options are meaningless when verifying checksums');
	if (check) return;
	for (const [name, key = name] of [['ignore-missing'], ['status'], ['warn', 'w'], ['quiet'], ['strict']] as const)
		if (given.has(key)) throw desk.usage(`the --${name} option is meaningful only when verifying checksums`);
}

export async function digests(desk: Desk): Promise<void> {
	const algorithm = ALGORITHMS[desk.name] ?? ALGORITHMS.md5sum!;
	const given = desk.options(desk.shell.facts.sh === 'ash' ? 'csw' : 'bctwz', LONG);
	minded(desk, given);
	const binary = given.all.findLast(([name]) => name === 'b' || name === 't')?.[0] === 'b';
	for (const file of given.operands.length > 0 ? given.operands : ['-']) {
		const found = await desk.tryRead(file);
		if ('wrong' in found) {
			desk.fault(`${quoted(file)}: ${found.wrong}`);
			continue;
		}
		if (given.has('c')) {
			await verify(desk, given, algorithm, file, found.text);
			continue;
		}
		const sum = hex(algorithm.of(octetsOf(found.text)));
		const shown = given.has('z') ? file : escaped(file);
		const start = shown === file ? '' : '\\';
		const line = given.has('tag') ? `${algorithm.name} (${shown}) = ${sum}` : `${sum} ${binary ? '*' : ' '}${shown}`;
		desk.write(octets(`${start}${line}${given.has('z') ? '\0' : '\n'}`));
	}
}

/** Sum and name of a line, in each way that they are written. */
function lineOf(line: string, { name, bits }: Algorithm): readonly [string, string] | undefined {
	const bare = line.replace(/^[ \t]+/, '');
	const marked = bare.startsWith('\\');
	const rest = marked ? bare.slice(1) : bare;
	const digits = `[\\da-fA-F]{${bits / 4}}`;
	const tagged = new RegExp(`^${name} ?\\((.*)\\)[ \\t]*=[ \\t]*(${digits})$`).exec(rest);
	const plain = new RegExp(`^(${digits})[ \\t](?:[ *](?=.))?(.+)$`).exec(rest);
	const [sum, file] = tagged ? [tagged[2], tagged[1]] : [plain?.[1], plain?.[2]];
	if (sum === undefined || file === undefined) return undefined;
	return [sum.toLowerCase(), marked ? file.replace(/\\([n\\])/g, (_, c) => (c === 'n' ? '\n' : c)) : file];
}

const plural = (count: number, one: string, more: string): string => `WARNING: ${count} ${count === 1 ? one : more}`;

async function verify(desk: Desk, given: Given, algorithm: Algorithm, file: string, text: string): Promise<void> {
	const shown = file === '-' ? shellQuoted('standard input') : quoted(file);
	// Of these the one that was given last counts.
	const loud = given.all.findLast(([name]) => ['quiet', 'status', 's', 'w'].includes(name))?.[0];
	// busybox has a letter for it.
	const silent = loud === 'status' || loud === 's';
	const count = { formatted: 0, odd: 0, unread: 0, wrong: 0, right: 0 };
	for (const [i, line] of parts(text).entries()) {
		if (line.startsWith('#')) continue;
		const found = lineOf(line, algorithm);
		if (!found) {
			count.odd++;
			if (loud === 'w')
				desk.say(`${desk.name}: ${shown}: ${i + 1}: improperly formatted ${algorithm.name} checksum line\n`);
			continue;
		}
		count.formatted++;
		const [sum, name] = found;
		const label = `${name.includes('\n') ? '\\' : ''}${name.replaceAll('\n', '\\n')}`;
		const own = await desk.tryRead(name);
		if ('wrong' in own) {
			if (given.has('ignore-missing') && own.wrong === 'No such file or directory') continue;
			desk.say(`${desk.name}: ${quoted(name)}: ${own.wrong}\n`);
			count.unread++;
			if (!silent) desk.write(octets(`${label}: FAILED open or read\n`));
			continue;
		}
		const same = hex(algorithm.of(octetsOf(own.text))) === sum;
		if (same) count.right++;
		else count.wrong++;
		if (!silent && !(same && loud === 'quiet')) desk.write(octets(`${label}: ${same ? 'OK' : 'FAILED'}\n`));
	}
	const good =
		count.formatted > 0 &&
		count.right > 0 &&
		count.wrong + count.unread === 0 &&
		!(given.has('strict') && count.odd > 0);
	if (!good) desk.code = 1;
	const say = (what: string): void => desk.say(`${desk.name}: ${what}\n`);
	if (count.formatted === 0) return say(`${shown}: no properly formatted checksum lines found`);
	if (silent) return;
	if (count.odd > 0) say(plural(count.odd, 'line is improperly formatted', 'lines are improperly formatted'));
	if (count.unread > 0) say(plural(count.unread, 'listed file could not be read', 'listed files could not be read'));
	if (count.wrong > 0) say(plural(count.wrong, 'computed checksum did NOT match', 'computed checksums did NOT match'));
	if (given.has('ignore-missing') && count.right === 0) say(`${shown}: no file was verified`);
}

/** Sums of 16 bits: BSD's in blocks of 1024 octets, System V's in those of 512. */
export async function sum(desk: Desk): Promise<void> {
	const given = desk.options('rs', ['sysv>s']);
	const system = given.all.at(-1)?.[0] === 's';
	const files = given.operands;
	for (const file of files.length > 0 ? files : ['-']) {
		const found = await desk.tryRead(file);
		if ('wrong' in found) {
			desk.fault(`${quoted(file)}: ${found.wrong}`);
			continue;
		}
		let all = 0;
		for (let i = 0; i < found.text.length; i++) {
			const octet = found.text.charCodeAt(i);
			all = system ? all + octet : ((all >> 1) + ((all & 1) << 15) + octet) & 0xffff;
		}
		if (system) {
			all = (all & 0xffff) + (Math.floor(all / 0x10000) & 0xffff);
			all = (all & 0xffff) + (all >> 16);
		}
		const blocks = Math.ceil(found.text.length / (system ? 512 : 1024));
		const shown = system ? `${all} ${blocks}` : `${String(all).padStart(5, '0')} ${String(blocks).padStart(5)}`;
		const named = system ? files.length > 0 : files.length > 1;
		desk.write(octets(`${shown}${named ? ` ${file}` : ''}\n`));
	}
}
