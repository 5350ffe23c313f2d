/** Images that are a shell and some tools: they do what the command line says, as far as it can be told. */
import { MILLISECOND, SECOND } from '../time.ts';
import type { Listening, Program, ProgramContext } from './program.ts';
import { readScript, type Step } from './script.ts';
import { runScript, sleepSeconds, understood } from './script-run.ts';

/** A shell that reads what is typed. */
const SHELL = /^(?:\/\S*\/)?(?:ba|da|a|z)?sh(?: -[il]+)?$/;

const scriptOf = (argv: readonly string[]): string | undefined => {
	const at = argv.findIndex((word) => /^-[a-z]*c$/.test(word));
	return at > 0 && /(?:^|\/)(?:ba|da|a)?sh$/.test(argv[0]!) ? argv[at + 1] : undefined;
};

/** What a command line does, if all of it is understood: a script, or one command with its words as they are. */
function stepsOf(argv: readonly string[]): readonly Step[] | undefined {
	const script = scriptOf(argv);
	const words = argv.map((text, i) => [
		{ kind: 'text' as const, text: i === 0 ? text.slice(text.lastIndexOf('/') + 1) : text, quoted: true },
	]);
	const steps: readonly Step[] | undefined =
		script === undefined ? [{ when: 'always', command: { kind: 'simple', words, silent: false } }] : readScript(script);
	return steps && steps.length > 0 && understood(steps) ? steps : undefined;
}

/** Does it over virtual time; each line goes to the container's log once it is whole, the last one in any case. */
function perform(context: ProgramContext, steps: readonly Step[]): void {
	let line = '';
	const doings = runScript(steps, {
		env: (name) => (name === 'HOSTNAME' ? context.pod.metadata.name : context.env(name)),
		now: context.cluster.timeline.stamp,
		write(text) {
			const lines = (line + text).split('\n');
			line = lines.pop()!;
			for (const whole of lines) context.log(whole);
		},
	});
	const go = (): void => {
		const step = doings.next();
		if (!step.done) {
			context.healthy();
			if (Number.isFinite(step.value)) context.after(step.value * SECOND, go);
			return;
		}
		if (line !== '') context.log(line);
		context.after(10 * MILLISECOND, () => context.exit(step.value));
	};
	context.after(20 * MILLISECOND, go);
}

/** How long a command line runs, seconds, and what it ends with. */
function course(argv: readonly string[]): { readonly seconds: number; readonly code: number } {
	const script = scriptOf(argv);
	if (script !== undefined) {
		if (/\bwhile\s+(?:true|:|\[)|\btail\s+-[fF]|sleep\s+inf/.test(script))
			return { seconds: Number.POSITIVE_INFINITY, code: 0 };
		let seconds = 0;
		for (const m of script.matchAll(/\bsleep\s+(\S+?)(?:;|\s|$)/g)) seconds += sleepSeconds(m[1]);
		if (httpdPorts(script.split(/\s+/)).length > 0) seconds = Number.POSITIVE_INFINITY;
		const code = Number(/\bexit\s+(\d+)\s*;?\s*$/.exec(script)?.[1] ?? (/(?:^|;|&&)\s*false\s*$/.test(script) ? 1 : 0));
		return { seconds, code };
	}
	const [command = '', ...rest] = argv.map((word, i) => (i === 0 ? word.slice(word.lastIndexOf('/') + 1) : word));
	if (command === 'sleep') return { seconds: sleepSeconds(rest[0]), code: 0 };
	if (command === 'tail' && rest.some((word) => /^-[fF]/.test(word)))
		return { seconds: Number.POSITIVE_INFINITY, code: 0 };
	if (command === 'httpd' || command === 'nc' || command === 'socat' || command === 'python' || command === 'python3')
		return { seconds: Number.POSITIVE_INFINITY, code: 0 };
	if (command === 'false') return { seconds: 0, code: 1 };
	if (['cat', 'yes', 'top'].includes(command) && rest.length === 0) return { seconds: 0, code: 0 };
	return { seconds: 0, code: 0 };
}

/** busybox httpd (`-p [address:]port`), nc and socat, python's http.server. */
function httpdPorts(argv: readonly string[]): readonly Listening[] {
	const word = (name: string) => argv.findIndex((w) => w === name || w.endsWith(`/${name}`));
	if (word('httpd') >= 0) {
		const flag = argv.indexOf('-p');
		const port = flag < 0 ? 80 : Number(argv[flag + 1]?.split(':').at(-1));
		return Number.isInteger(port) ? [{ port, protocol: 'TCP' }] : [];
	}
	if (word('nc') >= 0 && argv.some((w) => /^-\w*l/.test(w))) {
		const port = Number(argv[argv.indexOf('-p') + 1] ?? argv.at(-1));
		const udp = argv.some((w) => /^-\w*u/.test(w));
		return Number.isInteger(port) && port > 0 ? [{ port, protocol: udp ? 'UDP' : 'TCP' }] : [];
	}
	if (argv.includes('http.server'))
		return [{ port: Number(argv[argv.indexOf('http.server') + 1]) || 8000, protocol: 'TCP' }];
	return [];
}

export const shellImage: Program = {
	cmd: ['sh'],
	// The first process of a container does not die of a SIGTERM it has no handler for: no `stops`.
	listens: (_container, argv) => {
		const script = scriptOf(argv);
		return httpdPorts(script === undefined ? argv : script.split(/\s+/));
	},
	listensOnly: true,
	start(context) {
		const alone = course(context.argv);
		// What somebody attaches to waits for them: a shell, or a command whose doings they see (`Cluster.exit` ends it).
		const waits = context.container.stdin === true && (alone.seconds === 0 || SHELL.test(context.argv.join(' ')));
		const steps = waits ? undefined : stepsOf(context.argv);
		if (steps) {
			perform(context, steps);
			return;
		}
		const { seconds, code } = waits ? { seconds: Number.POSITIVE_INFINITY, code: 0 } : alone;
		if (seconds === Number.POSITIVE_INFINITY) {
			context.after(20 * MILLISECOND, context.healthy);
			return;
		}
		if (seconds > 0) context.after(20 * MILLISECOND, context.healthy);
		context.after(30 * MILLISECOND + seconds * SECOND, () => context.exit(code));
	},
};
