/**
 * Programs that write by stdio: into a file in pieces of 4096 octets, unless they are told otherwise (setbuf(3), and
 * `st_blksize` of stat(2)). What a signal ends loses what it held. Between commands of a pipeline each line goes on at once.
 */
import { bytesOf, intoFile, isIntoFile, latin1, type Octets, type Routes } from './routes.ts';

const PIECE = 4096;

/** Names, with the words that tell them to write at once. Others write each thing as it comes, or flush behind each line. */
const PROGRAMS: ReadonlyMap<string, RegExp> = new Map([
	// tcpdump(1) 4.99.1: -l is by lines, -U by packets.
	['tcpdump', /(?:^| )-[a-zA-Z#]*[lU]|(?:^| )--packet-buffered/],
	...['grep', 'egrep', 'fgrep'].map((name) => [name, /(?:^| )--line-buf/] as const),
	['sed', /(?:^| )(?:-[a-zA-Z]*u|--unbuffered)/],
	['jq', /(?:^| )--unbuffered/],
	...['awk', 'gawk', 'mawk'].map((name) => [name, /\b(?:fflush|system)\b/] as const),
	...['cut', 'tr', 'uniq', 'fold', 'nl', 'rev', 'expand', 'unexpand'].map((name) => [name, /^-never$/] as const),
]);

export interface Held {
	readonly routes: Routes;
	/** The program is over, by its own will or by a signal's. */
	end(code: number): void;
}

/** What a program holds back of what it writes into a file; undefined of one that holds nothing. */
export function heldBack(routes: Routes | undefined, name: string, args: readonly string[]): Held | undefined {
	if (!routes || !isIntoFile(routes.out)) return undefined;
	const told = PROGRAMS.get(name.slice(name.lastIndexOf('/') + 1));
	if (!told || told.test(args.join(' '))) return undefined;
	const { out, err } = routes;
	let held = '';
	const write = (octets: Octets): void => {
		held += octets.binary ? octets.text : latin1(bytesOf(octets));
		const whole = held.length - (held.length % PIECE);
		if (whole > 0) out!({ text: held.slice(0, whole), binary: true });
		held = held.slice(whole);
	};
	return {
		routes: { out: intoFile(write), err },
		end(code) {
			if (code <= 128) out!({ text: held, binary: true });
			held = '';
		},
	};
}
