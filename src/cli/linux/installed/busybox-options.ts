/**
 * Options that busybox's applets have, where the simulator's programs have GNU's: what an applet lacks it refuses, as its
 * getopt32() does. The letters and words are those of `getopt32(…)` in each applet's source @ 1_35_0, with what is on by
 * default; applets that the simulator has as programs of their own answer for themselves.
 */
import { imageFacts, type Lab } from '../../../sim/lab/index.ts';
import type { Place } from '../../tool.ts';
import { imageAt } from '../images.ts';
import { usageOf } from './busybox-words.ts';
import type { Answer } from './versions.ts';

/**
 * By applet: letters as getopt(3) takes them (`:` with an argument, `::` with one that may follow at once, `+` at the
 * beginning where options end with the first operand), then the long ones (`=` with an argument, `?` where it may follow).
 */
const OPTIONS: Readonly<Record<string, string>> = {
	base64: 'diw:',
	basename: '+as:',
	cat: 'etvAnbu',
	chgrp: 'RhvcfLHP recursive dereference no-dereference changes silent quiet verbose',
	chmod: 'Rvcf',
	chown: 'RhvcfLHP recursive dereference no-dereference changes silent quiet verbose',
	cp: 'pdRfinlsLHarPvuTt: archive force interactive no-clobber link dereference no-dereference recursive symbolic-link no-target-directory target-directory= verbose update remove-destination parents reflink?',
	cut: 'b:c:f:d:O:sDF:n',
	date: 'Rs:ud:r:I::D: rfc-822 rfc-2822 set= utc date= reference=',
	df: 'kPTt:aiB:hHm',
	diff: 'abdiL:NqrsS:tTU:wupBE ignore-case ignore-tab-expansion ignore-space-change ignore-all-space ignore-blank-lines text unified= label= show-c-function brief expand-tabs initial-tab recursive new-file report-identical-files starting-file= minimal',
	du: 'aHkLsxd:lcbhm',
	env: '+i0u: ignore-environment null unset=',
	fold: 'bsw:',
	grep: 'lnqvscFiHhe:f:LorRm:wxA:B:C:EzaI color?',
	head: 'n:c:qv',
	id: 'rnugG',
	ln: 'sfnbS:vT',
	ls: 'Cadi1lgnsxAkFpRQctuSXrvLHhT:w: full-time group-directories-first color?',
	md5sum: 'scwbt',
	mkdir: 'm:pv mode= parents verbose',
	mktemp: 'dqtp:u directory quiet dry-run tmpdir?',
	mv: 'finTt:v interactive force no-clobber no-target-directory target-directory= verbose',
	nproc: ' ignore= all',
	paste: 'd:s',
	ps: 'Zo:aAdeflT',
	readlink: 'fnvsq',
	rm: 'fiRrv',
	rmdir: 'pv parents ignore-fail-on-non-empty verbose',
	sha1sum: 'scwbt',
	sha256sum: 'scwbt',
	sha512sum: 'scwbt',
	sort: 'ngMVucszbrdfimS:T:o:k:t:',
	stat: 'tLfc:',
	tail: 'fc:n:qs:vF',
	tar: 'txC:f:OopvkchjT:X:zJZam list extract directory= file= to-stdout no-same-owner same-permissions verbose keep-old create dereference bzip2 files-from= exclude-from= gzip xz compress auto-compress touch strip-components= lzma no-recursion to-command= numeric-owner no-same-permissions overwrite exclude=',
	tee: 'ia',
	timeout: '+s:k:',
	touch: 'chr:d:t:amf no-create no-dereference reference= date=',
	tr: '+Ccds',
	truncate: 'cs:',
	uniq: 'cduf:s:w:iz',
	uptime: 's',
	wc: 'lwmcL',
	which: 'a',
	xargs: '+trn:s:e::E:px0I:i::P:a: no-run-if-empty',
};
/** Who fails with another code than 1 (`xfunc_error_retval`). */
const CODES: Readonly<Record<string, number>> = { grep: 2, sort: 2 };
/** Applets that take a number for an option. */
const NUMBERS: ReadonlySet<string> = new Set(['head', 'tail', 'uniq']);

/** What find takes (findutils/find.c). */
const FIND = new Set(
	'H L follow xdev depth a o and or not print print0 prune quit delete empty exec executable name iname path wholename ipath regex type perm mtime atime ctime mmin amin cmin newer inum samefile user group size links mindepth maxdepth'.split(
		' ',
	),
);

/** What is wrong with the first option that an applet has not, in GNU's words, which `busybox-words.ts` turns into its own. */
function lacking(name: string, args: readonly string[]): string | undefined {
	const [letters = '', ...words] = OPTIONS[name]!.split(' ');
	for (let i = 0; i < args.length; i++) {
		const arg = args[i]!;
		if (arg === '--') return undefined;
		if (!arg.startsWith('-') || arg === '-') {
			if (letters.startsWith('+')) return undefined;
			continue;
		}
		if (NUMBERS.has(name) && /^-\d/.test(arg)) continue;
		if (arg.startsWith('--')) {
			const asked = arg.slice(2).replace(/=.*$/s, '');
			const fits = words.filter((word) => word.startsWith(asked));
			const found =
				fits.find((word) => word.replace(/[=?]$/, '') === asked) ?? (fits.length === 1 ? fits[0] : undefined);
			if (found === undefined) return `${name}: unrecognized option '${arg}'\n`;
			if (found.endsWith('=') && !arg.includes('=')) i++;
			continue;
		}
		for (let at = 1; at < arg.length; at++) {
			const letter = arg[at]!;
			const where = letter === ':' || letter === '+' ? -1 : letters.indexOf(letter);
			if (where < 0) return `${name}: invalid option -- '${letter}'\n`;
			if (letters[where + 1] !== ':') continue;
			if (at === arg.length - 1 && letters[where + 2] !== ':') i++;
			break;
		}
	}
	return undefined;
}

/** Dates that `date -d` reads (libbb/time.c parse_datestr()); GNU's words are none. */
const DATE =
	/^(?:@-?\d+|\d+:\d+(?::\d+)?|\d+\.\d+-\d+:\d+(?::\d+)?|\d+\.\d+\.\d+-\d+:\d+(?::\d+)?|\d+-\d+-\d+(?: \d+(?::\d+(?::\d+)?)?Z?)?|(?:\d{2}){1,6}(?:\.\d+)?)$/;

function undated(args: readonly string[]): string | undefined {
	if (args.some((arg) => arg.startsWith('-D'))) return undefined;
	const at = args.findIndex((arg) => arg === '-d' || arg === '--date');
	const text =
		at < 0
			? args.map((arg) => /^(?:--date=|-u?d)(.+)$/s.exec(arg)?.[1]).find((found) => found !== undefined)
			: args[at + 1];
	return text === undefined || DATE.test(text) ? undefined : `date: invalid date '${text}'\n`;
}

/** What an applet says of options it has not; undefined where it may run. */
export function optionFault(place: Place, lab: Lab, name: string, args: readonly string[]): Answer | undefined {
	const { system } = imageFacts(imageAt(place, lab) ?? '');
	if (system !== 'alpine' && system !== 'busybox') return undefined;
	const told = (stderr: string, exitCode = 1): Answer => ({ stdout: '', stderr, exitCode });
	if (name === 'find') {
		const wrong = args.find(
			(arg, i) =>
				/^-[a-z]/i.test(arg) &&
				!FIND.has(arg.slice(1)) &&
				!/^-(?:size|perm|[acm](?:time|min)|links|inum)$/.test(args[i - 1] ?? ''),
		);
		// What follows -exec is another program's.
		const program = args.indexOf('-exec');
		return wrong === undefined || (program >= 0 && program < args.indexOf(wrong))
			? undefined
			: told(`find: unrecognized: ${wrong}\n${usageOf(name)}`);
	}
	if (!Object.hasOwn(OPTIONS, name))
		return name === 'sleep' && args.join(' ') === '--help' ? told(usageOf(name)!, 0) : undefined;
	if (args.length === 1 && args[0] === '--help') return undefined;
	const fault = lacking(name, args);
	if (fault !== undefined) return told(fault, CODES[name] ?? 1);
	const date = name === 'date' ? undated(args) : undefined;
	return date === undefined ? undefined : told(date);
}
