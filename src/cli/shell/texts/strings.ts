/** strings (binutils/strings.c @ 2.38): texts in files. */
import { type Desk, Leave, octets } from '../coreutils/desk.ts';

const LONG = [
	'all>a',
	'data>d',
	'print-file-name>f',
	'bytes=>n',
	'radix=>t',
	'include-all-whitespace>w',
	'encoding=>e',
	'target=>T',
	'unicode=>U',
	'output-separator=>s',
];

/** What its own letters leave: `-8` is `-n 8`. */
function modern(desk: Desk): void {
	for (const [i, word] of desk.args.entries())
		if (/^-\d+$/.test(word) && !/^-[ntesTU]$/.test(desk.args[i - 1] ?? '')) desk.args[i] = `-n${word.slice(1)}`;
}

export async function strings(desk: Desk): Promise<void> {
	modern(desk);
	const given = desk.options('adfn:t:owe:T:U:s:', LONG);
	const word = given.value('n') ?? '4';
	if (!/^(?:0[xX][\da-fA-F]+|\d+)$/.test(word)) throw new Leave(`strings: invalid integer argument ${word}\n`);
	const least = Number(word);
	if (least < 1) throw new Leave(`strings: invalid minimum string length ${word}\n`);
	const radix = given.all.findLast(([name]) => name === 't' || name === 'o');
	const base = radix === undefined ? undefined : radix[0] === 'o' ? 8 : { o: 8, d: 10, x: 16 }[radix[1]];
	if (radix !== undefined && base === undefined)
		throw new Leave(`strings: the simulator does not know the radix ${radix[1]}: it is one of o, d and x\n`);
	const encoding = given.value('e') ?? 's';
	if (encoding !== 's' && encoding !== 'S')
		throw new Leave(`strings: the simulator reads characters of one octet only (-e ${encoding})\n`);
	if (given.has('U') && given.value('U') !== 'd' && given.value('U') !== 'default')
		throw new Leave('strings: the simulator does not show UTF-8 in other ways\n');
	const blank = given.has('w') ? '\\t-\\r' : '\\t';
	const text = new RegExp(`[${blank} -~${encoding === 'S' ? '\\x80-\\xff' : ''}]{${least},}`, 'g');
	for (const file of given.operands.length > 0 ? given.operands : ['-']) {
		const found = await desk.tryRead(file);
		if ('wrong' in found) {
			desk.say(
				found.wrong === 'Is a directory'
					? `strings: Warning: '${file}' is a directory\n`
					: found.wrong === 'No such file or directory'
						? `strings: '${file}': No such file\n`
						: `strings: ${file}: ${found.wrong}\n`,
			);
			desk.code = 1;
			continue;
		}
		const name = given.has('f') ? octets(`${file === '-' ? '{standard input}' : file}: `) : '';
		for (const one of found.text.matchAll(text)) {
			const place = base === undefined ? '' : `${one.index.toString(base).padStart(7)} `;
			desk.write(`${name}${place}${one[0]}${octets(given.value('s') ?? '\n')}`);
		}
	}
}
