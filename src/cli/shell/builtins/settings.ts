/** How `set -o` and `shopt` list what is on (bash builtins/set.def and shopt.def @ 5.1). */
import type { Result, State } from '../just-bash.ts';
import type { Asked } from './index.ts';
import { usageOf } from './options.ts';

const done = (stdout: string, exitCode = 0, stderr = ''): Result => ({ stdout, stderr, exitCode, stdoutKind: 'text' });
const row = (name: string, on: boolean): string => `${name.padEnd(15)}\t${on ? 'on' : 'off'}\n`;

/** Names of `set -o`, and their letters. */
const NAMES: Readonly<Record<string, string>> = {
	allexport: 'a',
	braceexpand: 'B',
	emacs: '',
	errexit: 'e',
	errtrace: 'E',
	functrace: 'T',
	hashall: 'h',
	histexpand: 'H',
	history: '',
	ignoreeof: '',
	'interactive-comments': '',
	keyword: 'k',
	monitor: 'm',
	noclobber: 'C',
	noexec: 'n',
	noglob: 'f',
	nolog: '',
	notify: 'b',
	nounset: 'u',
	onecmd: 't',
	physical: 'P',
	pipefail: '',
	posix: '',
	privileged: 'p',
	verbose: 'v',
	vi: '',
	xtrace: 'x',
};
/** Letters of `set` that just-bash does nothing about: what they ask for has no meaning here, or is so anyway. */
const UNHEARD = 'hbmpPktB';

export const isSet = (state: State, name: string, interactive: boolean): boolean => {
	if (name === 'braceexpand' || name === 'hashall' || name === 'interactive-comments')
		return state.options[name] !== false;
	if (name === 'errtrace' || name === 'functrace') return state.traced?.[name] === true;
	if (['emacs', 'histexpand', 'history', 'monitor'].includes(name)) return state.options[name] ?? interactive;
	return state.options[name] === true;
};

/** Of `set`, what only lists, and what it has not. */
export async function setOptions({ args, state, interactive, other }: Asked): Promise<Result | undefined> {
	const [first = '', second] = args;
	if ((first === '-o' || first === '+o') && args.length === 1)
		return done(
			Object.keys(NAMES)
				.map((name) => {
					const on = isSet(state, name, interactive);
					return first === '-o' ? row(name, on) : `set ${on ? '-o' : '+o'} ${name}\n`;
				})
				.join(''),
		);
	if (/^[-+]o$/.test(first) && second !== undefined) {
		if (!Object.hasOwn(NAMES, second)) return done('', 2, `bash: set: ${second}: invalid option name\n`);
		if (
			second === 'histexpand' ||
			second === 'history' ||
			second === 'monitor' ||
			second === 'braceexpand' ||
			second === 'hashall'
		) {
			state.options[second] = first === '-o';
			return args.length > 2 ? other(args.slice(2)) : done('');
		}
		return undefined;
	}
	const letters = /^[-+]([A-Za-z]+)$/.exec(first)?.[1];
	const unknown = [...(letters ?? '')].find((letter) => !'abefhkmnptuvxBCEHPTo'.includes(letter));
	if (unknown !== undefined) return done('', 2, `bash: set: ${first[0]}${unknown}: invalid option\n${usageOf('set')}`);
	if (letters?.includes('H')) state.options.histexpand = first[0] === '-';
	if (letters?.includes('m')) state.options.monitor = first[0] === '-';
	if (letters?.includes('B')) state.options.braceexpand = first[0] === '-';
	if (letters?.includes('h')) state.options.hashall = first[0] === '-';
	if (letters === undefined || ![...letters].some((letter) => `${UNHEARD}H`.includes(letter))) return undefined;
	const rest = [...letters].filter((letter) => !`${UNHEARD}H`.includes(letter)).join('');
	const words = rest === '' ? args.slice(1) : [`${first[0]}${rest}`, ...args.slice(1)];
	return words.length > 0 ? other(words) : done('');
}

/** Options of shopt, those that are on at first marked. */
const SHOPT =
	'autocd assoc_expand_once cdable_vars cdspell checkhash checkjobs checkwinsize+ cmdhist+ compat31 compat32 compat40 compat41 compat42 compat43 compat44 complete_fullquote+ direxpand dirspell dotglob execfail expand_aliases extdebug extglob extquote+ failglob force_fignore+ globasciiranges+ globskipdots+ globstar gnu_errfmt histappend histreedit histverify hostcomplete+ huponexit inherit_errexit interactive_comments+ lastpipe lithist localvar_inherit localvar_unset login_shell mailwarn no_empty_cmd_completion nocaseglob nocasematch noexpand_translation nullglob patsub_replacement+ progcomp+ progcomp_alias promptvars+ restricted_shell shift_verbose sourcepath+ varredir_close xpg_echo'.split(
		' ',
	);

export async function shopt({ args, state, other }: Asked): Promise<Result | undefined> {
	const flags = args.filter((word) => /^-\w/.test(word)).join('');
	const names = args.filter((word) => !/^-\w/.test(word) && word !== '--');
	if (flags.includes('s') && flags.includes('u'))
		return done('', 1, 'bash: shopt: cannot set and unset shell options simultaneously\n');
	if (flags.includes('o')) {
		const result = await other(args);
		return {
			...result,
			stdout: result.stdout.replace(/^(\S+)\s+(on|off)$/gm, (_, name: string, on: string) =>
				row(name, on === 'on').trimEnd(),
			),
		};
	}
	const of = (name: string): string | undefined => SHOPT.find((one) => one.replace('+', '') === name);
	const unknown = names.filter((name) => of(name) === undefined);
	// just-bash takes it and matches as before.
	if (flags.includes('s') && names.includes('nocaseglob'))
		return done('', 1, 'bash: shopt: nocaseglob: this terminal tells upper and lower case in names of files apart\n');
	const options = state.shoptOptions;
	const isOn = (name: string): boolean => options[name] ?? of(name)!.endsWith('+');
	const stderr = unknown.map((name) => `bash: shopt: ${name}: invalid shell option name\n`).join('');
	const known = names.filter((name) => of(name) !== undefined);
	if (names.length > 0 && /[su]/.test(flags)) {
		for (const name of known) options[name] = flags.includes('s');
		// Some of them are told to what runs.
		const result = known.length > 0 ? await other([flags.includes('s') ? '-s' : '-u', ...known]) : done('');
		return { ...result, stderr, exitCode: stderr === '' ? 0 : 1 };
	}
	if (flags.includes('q')) return done('', stderr === '' && known.every(isOn) ? 0 : 1, stderr);
	let shown = names.length > 0 ? known : SHOPT.map((name) => name.replace('+', ''));
	if (flags.includes('s')) shown = shown.filter(isOn);
	if (flags.includes('u')) shown = shown.filter((name) => !isOn(name));
	const stdout = shown
		.map((name) => (flags.includes('p') ? `shopt ${isOn(name) ? '-s' : '-u'} ${name}\n` : row(name, isOn(name))))
		.join('');
	return done(stdout, stderr === '' && (names.length === 0 || known.every(isOn)) ? 0 : 1, stderr);
}
