/** The program of a container that docker run or docker start begins: in front of somebody, or left alone. */
import type { Container } from '../../sim/lab/index.ts';
import { type Call, Interrupted, type Place } from '../tool.ts';
import { begin, ended, hold, isGuest, notFound, type ProgramSpec, watch } from './processes.ts';

/** The program curl's image runs, which is a script around it. */
const programOf = (argv: readonly string[]): readonly string[] =>
	argv[0] === '/entrypoint.sh' ? ['curl', ...argv.slice(1)] : argv;

const isShell = (argv: readonly string[]): boolean => argv.length === 1 && /(?:^|\/)(?:z|ba|a|da)?sh$/.test(argv[0]!);

/** The client takes one dot away and puts it back (run.go reportError()). */
export const problem = (text: string): string => `docker: ${text.replace(/\.$/, '')}.\nSee 'docker run --help'.\n`;

/** Runs the container's program to its end, or leaves it alone when it is detached. */
export async function runProgram(
	call: Call,
	container: Container,
	spec: ProgramSpec,
	how: { readonly detached: boolean; readonly terminal: boolean; readonly stdin: boolean },
): Promise<number> {
	const { lab } = call;
	const place: Place = { kind: 'container', id: container.id };
	const { argv } = spec;
	const typed = how.stdin && (how.terminal || call.stdin === '');
	if (how.detached || !typed || !isGuest(container, spec)) {
		// A shell with an open input waits for somebody to attach.
		const waits = how.stdin && how.detached && isGuest(container, spec) && isShell(argv);
		const process = begin(lab, container, { ...spec, waits, stdin: how.stdin && !how.detached ? call.stdin : '' });
		if (how.detached) {
			await call.until(() => process.state !== 'starting', 10e6);
			call.out(`${container.id}\n`);
			if (process.fault === undefined) return 0;
			call.err(problem(`Error response from daemon: ${process.fault}`).replace(/\nSee.*/s, '\n'));
			return 127;
		}
		const code = await watch(call, container, process);
		if (process.fault !== undefined) call.err(`docker: Error response from daemon: ${process.fault}.\n`);
		return code;
	}
	hold(lab, container, spec);
	const end = (code: number): number => {
		ended(lab, container.id, code);
		return code;
	};
	try {
		const program = programOf(argv);
		const [name = ''] = program;
		const base = name.slice(name.lastIndexOf('/') + 1);
		if (isShell(argv)) return end(await call.enter(place, base === 'zsh' ? 'bash' : base));
		if (!call.has(place, base)) {
			call.err(`docker: Error response from daemon: ${notFound(name)}.\n`);
			return end(127);
		}
		return end(await call.runAt(place, program, call.stdin, undefined, how.terminal, true));
	} catch (stopped) {
		if (stopped instanceof Interrupted) end(130);
		throw stopped;
	}
}
