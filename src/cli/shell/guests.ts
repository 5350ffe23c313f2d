/**
 * Runs what containers were told to run: command lines as the runtime starts them (`["ls", "/"]`), and shells with
 * their scripts, in the shell that everything else here runs in.
 */
import type { Guest, GuestAt, GuestCommand } from '../../sim/lab/index.ts';
import type { SessionCore } from './core.ts';
import type { Life } from './life.ts';
import { quoted, scriptOf } from './programs/nested.ts';
import { type Octets, type Routes, readable } from './routes.ts';
import { Shell } from './shell.ts';
import type { RunOptions } from './shell-options.ts';
import { trapsOf } from './traps.ts';

/** Characters of a line that the runtime cuts a longer one into (containerd pkg/cri/config, max_container_log_line_size). */
const LONGEST = 16_384;

/** Hands on whole lines. */
class Lines {
	#rest = '';
	readonly #take: (line: string) => void;

	readonly #life: Life;

	constructor(life: Life, take: (line: string) => void) {
		this.#life = life;
		this.#take = take;
	}

	write(octets: Octets): void {
		const lines = (this.#rest + readable(octets)).split('\n');
		this.#rest = lines.pop()!;
		this.#life.wrote(lines.length);
		for (const line of lines) this.#take(line);
		for (; this.#rest.length > LONGEST; this.#rest = this.#rest.slice(LONGEST))
			this.#take(this.#rest.slice(0, LONGEST));
	}

	end(): void {
		if (this.#rest !== '') this.#take(this.#rest);
		this.#rest = '';
	}
}

const SHELL = /^(?:(?:\/usr)?(?:\/local)?\/bin\/)?(sh|bash|ash|dash)$/;

/** Entrypoints of images that run what they are given (docker-entrypoint.sh of nginx, entrypoint.sh of curl). */
/** Line of nginx's script that runs what it is given (nginxinc/docker-nginx entrypoint/docker-entrypoint.sh @ 1.23.1). */
const EXEC_LINE = 38;
const ENTRYPOINT = /^\/(?:docker-)?entrypoint\.sh$/;

/** runc's words of a program that is not there (utils of Go's os/exec, LookPath). */
function missing(name: string, there: boolean): string | undefined {
	if (there) return undefined;
	return name.includes('/')
		? `exec: ${JSON.stringify(name)}: stat ${name}: no such file or directory`
		: `exec: ${JSON.stringify(name)}: executable file not found in $PATH`;
}

/** Whether a program is there: of the place, or a file that can be run. */
async function isThere(core: SessionCore, place: GuestAt, name: string): Promise<boolean> {
	const shell = SHELL.exec(name)?.[1];
	if (shell === 'ash' || shell === 'dash') return core.facts(place).sh === (shell === 'ash' ? 'ash' : undefined);
	if (core.has(place, name)) return true;
	const files = core.files(place);
	const path = files.resolvePath(core.facts(place).cwd, name);
	return name.includes('/') && (await files.exists(path)) && !(await files.stat(path)).isDirectory;
}

/** Runs a line of it, which stops the lab's time by itself: who began it does not meanwhile. */
async function runIn(core: SessionCore, shell: Shell, text: string, options: RunOptions): Promise<number> {
	const over = shell.run(text, { ...options, foreground: false, ended: () => core.clock.begin() });
	core.clock.end();
	const code = await over;
	return shell.left ?? code;
}

/** Runs a command line as the first thing in a container, or beside what runs there. */
async function run(
	core: SessionCore,
	life: Life,
	place: GuestAt,
	argv: readonly string[],
	routes: Routes,
	pid?: number,
	stdin = '',
): Promise<number> {
	const [name = '', ...words] = argv;
	const kind = SHELL.exec(name)?.[1];
	const options = { interactive: false, life };
	if (kind === undefined) {
		const shell = new Shell(core, place, options);
		return runIn(core, shell, argv.map(quoted).join(' '), {
			routes,
			tty: false,
			...(pid === undefined ? {} : { pid }),
			...(stdin === '' ? {} : { stdin }),
		});
	}
	const shell = new Shell(core, place, {
		...options,
		...(pid === undefined ? {} : { pid }),
		name: kind === 'bash' ? 'bash' : 'sh',
	});
	// What it says of itself is known to whoever runs it.
	const asked = words[0] === '--version' ? ['-c', `${kind} --version`] : words;
	const given = await scriptOf(kind === 'bash' ? 'bash' : 'sh', asked, shell.files, shell.facts.cwd);
	if ('fault' in given) {
		routes.err?.({ text: given.fault, binary: false });
		return given.code;
	}
	// Without a script it is its input that it reads.
	const script = given.script ?? stdin;
	life.heard = (signal) => {
		// A handler is run between two commands; `wait` ends for it at once.
		if (trapsOf(shell.state).get(signal)) life.pending.push(signal);
	};
	let code = await runIn(core, shell, script, {
		routes,
		tty: false,
		positional: given.positional,
		file: given.file,
		trapped: true,
	});
	// A signal that came while the last command ran.
	for (let signal = life.pending.shift(); signal && !life.dead; signal = life.pending.shift()) {
		const text = trapsOf(shell.state).get(signal);
		if (!text) continue;
		shell.left = undefined;
		await runIn(core, shell, text, { routes, tty: false });
		code = shell.left ?? code;
	}
	return code;
}

export async function runGuest(core: SessionCore, life: Life, guest: Guest): Promise<void> {
	const { place, messagePath } = guest;
	const files = core.files(place);
	let argv = guest.argv;
	const behind = ENTRYPOINT.test(argv[0] ?? '');
	if (behind) argv = argv.slice(1);
	const [name = ''] = argv;
	const there = await isThere(core, place, name);
	if (behind && !there && /curl/.test(imageAt(core, place))) argv = ['curl', ...argv];
	const fault = behind ? undefined : missing(name, there);
	if (life.dead) return;
	if (fault !== undefined) {
		guest.failed(fault);
		return;
	}
	guest.started();
	if (behind && !there && argv[0] === name) {
		// `exec "$@"` of the script: dash's words, and ash's.
		guest.log(
			core.facts(place).sh === 'ash'
				? `${guest.argv[0]}: exec: line ${EXEC_LINE}: ${name}: not found`
				: `${guest.argv[0]}: ${EXEC_LINE}: exec: ${name}: not found`,
		);
		life.end();
		guest.exited(127, '');
		return;
	}
	if (messagePath !== '') await files.lay(messagePath, '').catch(() => {});
	const out = new Lines(life, guest.log);
	const err = new Lines(life, guest.log);
	const routes: Routes = {
		out(octets) {
			guest.output?.(readable(octets), 'out');
			out.write(octets);
		},
		err(octets) {
			guest.output?.(readable(octets), 'err');
			err.write(octets);
		},
	};
	const code = await run(core, life, place, argv, routes, 1, guest.stdin);
	if (life.dead) return;
	out.end();
	err.end();
	const words =
		messagePath !== '' && (await files.exists(messagePath)) ? await files.readFile(messagePath).catch(() => '') : '';
	if (life.dead) return;
	life.end();
	guest.exited(code & 255, words);
}

const imageAt = ({ lab }: SessionCore, place: GuestAt): string =>
	(place.kind === 'container'
		? lab.docker.find(place.id)?.image
		: lab
				.cluster(place.cluster)
				?.running({ namespace: place.namespace, name: place.pod })
				.find((c) => c.name === place.container)?.image) ?? '';

/** A command of a probe or a hook. */
export async function runCommand(core: SessionCore, life: Life, { place, argv, done }: GuestCommand): Promise<void> {
	const [name = ''] = argv;
	const fault = missing(name, await isThere(core, place, name));
	if (life.dead) return;
	if (fault !== undefined) {
		done({ error: fault });
		return;
	}
	let output = '';
	const take = (octets: Octets): void => {
		output += readable(octets);
	};
	const code = await run(core, life, place, argv, { out: take, err: take });
	if (life.dead) return;
	life.end();
	done({ code: code & 255, output });
}
