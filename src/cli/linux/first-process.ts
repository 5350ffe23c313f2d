/** What an image's first process is once its script has given way to it, and the file it is of. */

/** Programs that write over their command line, and scripts that end with `exec` (docker-library's images). */
const BECOMES: Readonly<Record<string, readonly string[]>> = {
	// setproctitle() of redis.c @ 7.0: `{title} {listen-addr} {server-mode}`.
	'redis-server': ['redis-server *:6379'],
	'apache2-foreground': ['apache2', '-DFOREGROUND'],
	'httpd-foreground': ['httpd', '-DFOREGROUND'],
};

/** The command line that stands there. */
export function firstArgv(argv: readonly string[]): readonly string[] {
	const script = /(?:^|\/)(?:docker-)?(?:php-)?entrypoint(?:\.sh)?$/.test(argv[0] ?? '');
	const own = script && argv.length > 1 ? argv.slice(1) : argv;
	const made = own.length === 1 && Object.hasOwn(BECOMES, own[0]!) ? BECOMES[own[0]!] : undefined;
	return made ?? own;
}

/** Folders of a PATH, in its order, with httpd's. */
const FOLDERS = '/usr/local/apache2/bin /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin'.split(' ');

/**
 * The file of a process, by its command line and its name.
 *
 * @param at where a path leads in that place, undefined where nothing is
 */
export function executableOf(argv: readonly string[], comm: string, at: (path: string) => string | undefined): string {
	const [program = ''] = argv[0]?.split(' ') ?? [];
	if (program.startsWith('./')) return program.slice(1);
	if (program.startsWith('/')) return at(program) ?? program;
	const name = /^\w[\w.+-]*$/.test(program) ? program : comm;
	for (const folder of FOLDERS) {
		const found = at(`${folder}/${name}`);
		if (found !== undefined) return found;
	}
	return `/usr/bin/${name}`;
}
