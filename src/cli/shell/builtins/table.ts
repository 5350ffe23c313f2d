/** bash's builtins and reserved words: how each is called, what it is for, and its options (bash builtins/*.def @ 5.2). */

export interface Topic {
	readonly name: string;
	/** As `help -s` has it, behind the name. */
	readonly usage: string;
	/** As `help -d` has it. */
	readonly about: string;
	/** Letters it knows, a `:` behind those that take a word; undefined where words of it may begin with `-`. */
	readonly options?: string;
}

const ROWS: readonly (readonly [name: string, usage: string, about: string, options?: string])[] = [
	['%', 'job_spec [&]', 'Resume job in foreground.'],
	['(( ... ))', '(( expression ))', 'Evaluate arithmetic expression.'],
	['.', '. filename [arguments]', 'Execute commands from a file in the current shell.', ''],
	[':', ':', 'Null command.'],
	['[', '[ arg... ]', 'Evaluate conditional expression.'],
	['[[ ... ]]', '[[ expression ]]', 'Execute conditional command.'],
	['alias', 'alias [-p] [name[=value] ... ]', 'Define or display aliases.', 'p'],
	['bg', 'bg [job_spec ...]', 'Move jobs to the background.', ''],
	[
		'bind',
		'bind [-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] [keyseq:readline-function or readline-command]',
		'Set Readline key bindings and variables.',
		'lpsvPSVXm:f:q:u:r:x:',
	],
	['break', 'break [n]', 'Exit for, while, or until loops.'],
	['builtin', 'builtin [shell-builtin [arg ...]]', 'Execute shell builtins.'],
	['caller', 'caller [expr]', 'Return the context of the current subroutine call.'],
	['case', 'case WORD in [PATTERN [| PATTERN]...) COMMANDS ;;]... esac', 'Execute commands based on pattern matching.'],
	['cd', 'cd [-L|[-P [-e]] [-@]] [dir]', 'Change the shell working directory.', 'LPe@'],
	[
		'command',
		'command [-pVv] command [arg ...]',
		'Execute a simple command or display information about commands.',
		'pVv',
	],
	[
		'compgen',
		'compgen [-abcdefgjksuv] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [word]',
		'Display possible completions depending on the options.',
	],
	[
		'complete',
		'complete [-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]',
		'Specify how arguments are to be completed by Readline.',
	],
	['compopt', 'compopt [-o|+o option] [-DEI] [name ...]', 'Modify or display completion options.'],
	['continue', 'continue [n]', 'Resume for, while, or until loops.'],
	['coproc', 'coproc [NAME] command [redirections]', 'Create a coprocess named NAME.'],
	[
		'declare',
		'declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]',
		'Set variable values and attributes.',
		'aAcfFgiIlnrtuxp',
	],
	['dirs', 'dirs [-clpv] [+N] [-N]', 'Display directory stack.'],
	['disown', 'disown [-h] [-ar] [jobspec ... | pid ...]', 'Remove jobs from current shell.', 'har'],
	['echo', 'echo [-neE] [arg ...]', 'Write arguments to the standard output.'],
	['enable', 'enable [-a] [-dnps] [-f filename] [name ...]', 'Enable and disable shell builtins.', 'adnpsf:'],
	['eval', 'eval [arg ...]', 'Execute arguments as a shell command.', ''],
	[
		'exec',
		'exec [-cl] [-a name] [command [argument ...]] [redirection ...]',
		'Replace the shell with the given command.',
		'cla:',
	],
	['exit', 'exit [n]', 'Exit the shell.'],
	['export', 'export [-fn] [name[=value] ...] or export -p', 'Set export attribute for shell variables.', 'fnp'],
	['false', 'false', 'Return an unsuccessful result.'],
	[
		'fc',
		'fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]',
		'Display or execute commands from the history list.',
	],
	['fg', 'fg [job_spec]', 'Move job to the foreground.', ''],
	['for', 'for NAME [in WORDS ... ] ; do COMMANDS; done', 'Execute commands for each member in a list.'],
	['for ((', 'for (( exp1; exp2; exp3 )); do COMMANDS; done', 'Arithmetic for loop.'],
	['function', 'function name { COMMANDS ; } or name () { COMMANDS ; }', 'Define shell function.'],
	['getopts', 'getopts optstring name [arg ...]', 'Parse option arguments.'],
	['hash', 'hash [-lr] [-p pathname] [-dt] [name ...]', 'Remember or display program locations.', 'lrp:dt'],
	['help', 'help [-dms] [pattern ...]', 'Display information about builtin commands.', 'dms'],
	[
		'history',
		'history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]',
		'Display or manipulate the history list.',
		'acd:nrwps',
	],
	[
		'if',
		'if COMMANDS; then COMMANDS; [ elif COMMANDS; then COMMANDS; ]... [ else COMMANDS; ] fi',
		'Execute commands based on conditional.',
	],
	['jobs', 'jobs [-lnprs] [jobspec ...] or jobs -x command [args]', 'Display status of jobs.', 'lnprsx'],
	[
		'kill',
		'kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]',
		'Send a signal to a job.',
	],
	['let', 'let arg [arg ...]', 'Evaluate arithmetic expressions.'],
	['local', 'local [option] name[=value] ...', 'Define local variables.', 'aAcfFgiIlnrtuxp'],
	['logout', 'logout [n]', 'Exit a login shell.'],
	[
		'mapfile',
		'mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]',
		'Read lines from the standard input into an indexed array variable.',
		'd:n:O:s:tu:C:c:',
	],
	['popd', 'popd [-n] [+N | -N]', 'Remove directories from stack.'],
	['printf', 'printf [-v var] format [arguments]', 'Formats and prints ARGUMENTS under control of the FORMAT.'],
	['pushd', 'pushd [-n] [+N | -N | dir]', 'Add directories to stack.'],
	['pwd', 'pwd [-LP]', 'Print the name of the current working directory.', 'LP'],
	[
		'read',
		'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]',
		'Read a line from the standard input and split it into fields.',
		'ersa:d:i:n:N:p:t:u:',
	],
	[
		'readarray',
		'readarray [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]',
		'Read lines from a file into an array variable.',
		'd:n:O:s:tu:C:c:',
	],
	['readonly', 'readonly [-aAf] [name[=value] ...] or readonly -p', 'Mark shell variables as unchangeable.', 'aAfp'],
	['return', 'return [n]', 'Return from a shell function.'],
	['select', 'select NAME [in WORDS ... ;] do COMMANDS; done', 'Select words from a list and execute commands.'],
	[
		'set',
		'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]',
		'Set or unset values of shell options and positional parameters.',
	],
	['shift', 'shift [n]', 'Shift positional parameters.'],
	['shopt', 'shopt [-pqsu] [-o] [optname ...]', 'Set and unset shell options.', 'pqsuo'],
	['source', 'source filename [arguments]', 'Execute commands from a file in the current shell.', ''],
	['suspend', 'suspend [-f]', 'Suspend shell execution.', 'f'],
	['test', 'test [expr]', 'Evaluate conditional expression.'],
	['time', 'time [-p] pipeline', "Report time consumed by pipeline's execution."],
	['times', 'times', 'Display process times.', ''],
	['trap', 'trap [-lp] [[arg] signal_spec ...]', 'Trap signals and other events.', 'lp'],
	['true', 'true', 'Return a successful result.'],
	['type', 'type [-afptP] name [name ...]', 'Display information about command type.', 'afptP'],
	[
		'typeset',
		'typeset [-aAfFgiIlnrtux] name[=value] ... or typeset -p [-aAfFilnrtux] [name ...]',
		'Set variable values and attributes.',
		'aAcfFgiIlnrtuxp',
	],
	['ulimit', 'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]', 'Modify shell resource limits.'],
	['umask', 'umask [-p] [-S] [mode]', 'Display or set file mode mask.', 'pS'],
	['unalias', 'unalias [-a] name [name ...]', 'Remove each NAME from the list of defined aliases.', 'a'],
	['unset', 'unset [-f] [-v] [-n] [name ...]', 'Unset values and attributes of shell variables and functions.', 'fvn'],
	['until', 'until COMMANDS; do COMMANDS-2; done', 'Execute commands as long as a test does not succeed.'],
	['variables', 'variables - Names and meanings of some shell variables', 'Common shell variable names and usage.'],
	['wait', 'wait [-fn] [-p var] [id ...]', 'Wait for job completion and return exit status.', 'fnp:'],
	['while', 'while COMMANDS; do COMMANDS-2; done', 'Execute commands as long as a test succeeds.'],
	['{ ... }', '{ COMMANDS ; }', 'Group commands as a unit.'],
];

export const TOPICS: readonly Topic[] = ROWS.map(([name, usage, about, options]) => ({
	name,
	usage,
	about,
	...(options === undefined ? {} : { options }),
}));

/** Those of them that are no builtins. */
const WORDS: ReadonlySet<string> = new Set([
	...['%', '(( ... ))', '[[ ... ]]', 'case', 'coproc', 'for', 'for ((', 'function', 'if', 'select', 'time', 'until'],
	...['variables', 'while', '{ ... }'],
]);

export const BUILTINS: readonly string[] = TOPICS.map(({ name }) => name).filter((name) => !WORDS.has(name));

/** Builtins of POSIX that no function hides (`enable -s`). */
export const SPECIAL: ReadonlySet<string> = new Set(
	'. : break continue eval exec exit export readonly return set shift source times trap unset'.split(' '),
);

const byName = new Map(TOPICS.map((topic) => [topic.name, topic]));
export const topic = (name: string): Topic | undefined => byName.get(name);
