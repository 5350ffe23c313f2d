/** Runs a command on a pipe that is still being written. */
import { Interrupted } from '../../tool.ts';
import { Output } from '../call.ts';
import type { Program } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import type { Pipe } from '../pipe.ts';
import { bytesOf, latin1, type Routes, STANDARD_INPUT } from '../routes.ts';
import { type Desk, type Repeated, readingOf } from './index.ts';

/** Lines beyond which all that came is looked at again only when it has grown by a tenth. */
const MANY = 500;

export interface LiveCommand {
	readonly name: string;
	/** Of the lab, when it is. */
	readonly program: Program | undefined;
	readonly args: string[];
	readonly routes: Routes;
	readonly input: Pipe;
	readonly file: Desk['file'];
	/** Runs it to its end on an input, or on one that is still being written. */
	run(args: string[], stdin: string, live?: Pipe): Promise<Result>;
}

/** Lets a command read what it reads of a pipe; the rest is for others. */
export async function readPipe(command: LiveCommand): Promise<Result> {
	const { name, input, routes, args, program } = command;
	if (args.some((word) => STANDARD_INPUT.test(word))) return command.run(args, await input.rest());
	if (program?.reads === 'itself') return command.run(args, '', input);
	const reading = readingOf(name, args, program !== undefined);
	if (!reading) return command.run(args, '');
	if (reading.kind === 'whole') return command.run(args, await input.rest());
	const output = new Output(routes);
	const write = (text: string): void => output.out({ text, binary: true });
	const error = (text: string): void => output.err({ text, binary: false });
	try {
		const code =
			reading.kind === 'own'
				? await reading.filter({ input, write, file: command.file, error })
				: await repeated(command, reading, output);
		return output.result(code);
	} catch (thrown) {
		// What it had written into a file stays there.
		if (thrown instanceof Interrupted) return output.result(130);
		throw thrown;
	}
}

const octets = ({ stdout, stdoutKind }: Result): string =>
	stdoutKind === 'bytes' ? stdout : latin1(bytesOf({ text: stdout, binary: false }));

async function repeated(command: LiveCommand, reading: Repeated, output: Output): Promise<number> {
	const { input, args } = command;
	const { cut, enough } = reading;
	const join = reading.code ?? ((_: number, now: number) => now);
	/** All that came, of a command that is run on all; else what was not used yet. */
	let held = '';
	/** Octets of its output that were written. */
	let written = 0;
	let seen = 0;
	let code: number | undefined;
	for (;;) {
		const came = await input.lines();
		if (came === undefined && code !== undefined && (reading.kind === 'prefix' ? seen === held.length : held === ''))
			break;
		held += came ?? '';
		const use = came !== undefined && cut ? cut(held) : held.length;
		if (came !== undefined && use === 0) continue;
		if (reading.kind === 'prefix' && came !== undefined && code !== undefined && held.length - seen < seen / 10) {
			if (held.split('\n').length > MANY) continue;
		}
		seen = held.length;
		const result = await command.run([...args], held.slice(0, use));
		const text = octets(result);
		if (result.stderr) output.err({ text: result.stderr, binary: false });
		if (reading.kind === 'prefix') {
			output.out({ text: text.slice(written), binary: true });
			written = Math.max(written, text.length);
		} else {
			output.out({ text, binary: true });
			held = held.slice(use);
		}
		code = code === undefined ? result.exitCode : join(code, result.exitCode);
		// What is wrong with its words is said once.
		if (result.stderr !== '' && !reading.code) break;
		if (came === undefined || enough?.(result.exitCode, text, 0)) break;
	}
	return code ?? 0;
}
