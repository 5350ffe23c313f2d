/** What is typed while a line runs: for whatever of it reads, a line at a time, as a terminal gives it. */
import { describe, expect, it } from 'vitest';
import { furnish, readable, Session, surroundings, tools } from '../../../../src/cli/index.ts';
import { labPreset } from '../../../../src/sim/lab/index.ts';

const END = Symbol('Ctrl-D');
const INTERRUPT = Symbol('Ctrl-C');

class Desk {
	written = '';
	readonly session: Session;
	#told: () => void = () => {};

	constructor(preset = 'empty') {
		this.session = new Session({
			lab: labPreset(preset)!,
			tools,
			surroundings,
			write: (octets) => {
				this.written += readable(octets);
			},
			reads: () => this.#told(),
		});
	}

	/** Runs a line and types as soon as it reads; answers what it wrote. */
	async run(line: string, ...keys: (string | symbol)[]): Promise<string> {
		const { session } = this;
		this.written = '';
		const over = session.run(line);
		for (const key of keys) {
			const reads = new Promise<void>((resolve) => {
				this.#told = () => session.reading && resolve();
				this.#told();
			});
			await Promise.race([reads, over]);
			if (!session.reading) throw new Error(`it does not read: ${this.written}`);
			if (key === END) await session.endInput();
			else if (key === INTERRUPT) session.interrupt();
			else await session.type(key as string);
		}
		await over;
		return this.written;
	}
}

describe('what is typed into what runs', () => {
	it('comes to what reads standard input, line by line, until Ctrl-D', async () => {
		const desk = new Desk();
		expect(await desk.run('cat', 'one\n', 'two\n', END)).toBe('one\ntwo\n');
		expect(await desk.run('cat > f; cat f', 'kept\n', END)).toBe('kept\n');
		expect(await desk.run('sort | head -2', 'b\n', 'c\n', 'a\n', END)).toBe('a\nb\n');
		expect(await desk.run('wc -l', 'b\n', END)).toBe('1\n');
		// What there is of a line goes out at Ctrl-D; the next one, at the begin of a line, is the end.
		expect(await desk.run('cat', 'no break', END)).toBe('no break');
	});

	it('ends for one reader and goes on for the next', async () => {
		const desk = new Desk();
		expect(await desk.run('cat; echo -; cat', 'a\n', END, 'b\n', END)).toBe('a\n-\nb\n');
		expect(await desk.run('while read -r l; do echo "<$l>"; done; read -r x; echo $x', 'a\n', END, 'b\n')).toBe(
			'<a>\nb\n',
		);
	});

	it('answers `read`, its prompt first, in functions and shells too', async () => {
		const desk = new Desk();
		expect(await desk.run('read -p "Name: " a b; echo "[$a|$b]"', 'x y z\n')).toBe('Name: [x|y z]\n');
		expect(await desk.run('f() { read z; }; f; bash -c "read y; echo $z \\$y"', '1\n', '2\n')).toBe('1 2\n');
		expect(await desk.run('x=$(cat); echo "got $x"', 'sub\n', END)).toBe('got sub\n');
		expect(await desk.run('read x; echo $?', END)).toBe('1\n');
		expect(await desk.run('read -t 2 x; echo $?')).toBe('142\n');
	});

	it('is for nobody who has another input, reads files or runs in the background', async () => {
		const desk = new Desk();
		expect(await desk.run('echo a > f; cat f; cat < f; cat <<< b; ls | xargs -n1 echo')).toBe('a\na\nb\nf\n');
		expect(await desk.run('(sleep 1; echo c) | cat; true | cat; head -1 f')).toBe('c\na\n');
		expect(await desk.run('cat & wait')).toMatch(/^\[1\] \d+\n/);
		expect(await desk.run('tr; ls nothere')).toContain('missing operand');
	});

	it('is what kubectl applies and what a container is given', async () => {
		const desk = new Desk('kind-basic');
		await furnish(desk.session, {});
		expect(
			await desk.run('kubectl apply -f -', 'kind: Namespace\napiVersion: v1\n', 'metadata: {name: typed}\n', END),
		).toBe('namespace/typed created\n');
		expect(await desk.run('kubectl exec -i deploy/deploy-echoserver -- cat', 'in\n', END)).toBe('in\n');
		expect(await desk.run('kubectl exec deploy/deploy-echoserver -- cat')).toBe('');
		expect(await desk.run('kubectl get ns -o name | grep typed')).toBe('namespace/typed\n');
	});

	it('is interrupted by Ctrl-C', async () => {
		const desk = new Desk();
		expect(await desk.run('cat; echo never', 'a\n', INTERRUPT)).toBe('a\n');
		expect(desk.session.shell.lastCode).toBe(130);
		expect(desk.session.reading).toBe(false);
	});

	it('is in the log, and the same when it is told again', async () => {
		const desk = new Desk();
		await desk.run('cat > f', 'a\n', 'b\n', END);
		const told = await desk.run('read x; echo $x; tac f', 'c\n');
		expect(told).toBe('c\nb\na\n');
		const again = new Desk();
		await again.session.replay(desk.session.log);
		expect(again.written).toBe(told);
		expect(again.session.log).toEqual(desk.session.log);
		// A log of the time before says nothing of what was typed: input was at its end then.
		const old = new Desk();
		await old.session.replay([
			{ kind: 'line', text: 'cat' },
			{ kind: 'line', text: 'echo on' },
		]);
		expect(old.written).toBe('on\n');
	});
});
