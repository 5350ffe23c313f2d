/**
 * Anything may be typed. What fails is said with its seed; another seed draws other lines, and
 * `FUZZ_SEED=<seed> FUZZ_LINES=100000 npx vitest run --project unit tests/unit/cli/fuzz.test.ts` runs it again, or more;
 * with `FUZZ_ODD=1` also what nobody types: documents in documents, thousands of pipes, octets that are no text.
 */
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { h } from 'preact';
import { render } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { furnish, readable, Session, surroundings, tools } from '../../../src/cli/index.ts';
import { LAB_PRESETS, labPreset } from '../../../src/sim/lab/index.ts';
import { Screen } from '../../../src/widgets/terminal/screen.ts';
import { ScreenView } from '../../../src/widgets/terminal/scrollback.tsx';
import { TP_FILES } from './fuzz/files.ts';
import { fuzzedLines } from './fuzz/lines.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 20_261_129);
const LINES = Number(process.env.FUZZ_LINES ?? 3000);
const ODD = process.env.FUZZ_ODD !== undefined;
/** Lines in one lab: they break it more and more. */
const PER_LAB = 150;
/** Microseconds of a processor without a breath: the page would be stuck. */
const MAX_HOLD = 1_000_000;
/** Of a processor in all. */
const MAX_WORK = 8_000_000;
/** Real milliseconds after which a line is taken as one that never ends. */
const MAX_WAIT = 60_000;

const PRESETS = ['kind-basic', ...LAB_PRESETS.map((p) => p.id)];

interface Ran {
	readonly text: string;
	readonly work: number;
	/** The longest time without a breath. */
	readonly held: number;
	readonly wrong?: string;
}

class Desk {
	readonly session: Session;
	#written = '';

	constructor(preset: string, tty: boolean) {
		this.session = new Session({
			lab: labPreset(preset)!,
			tools,
			surroundings,
			// A minute of the lab's time: watchers watch until then.
			patience: 60e6,
			tty,
			write: (octets) => {
				this.#written += readable(octets);
			},
		});
	}

	async run(line: string): Promise<Ran> {
		this.#written = '';
		const before = process.cpuUsage();
		let held = 0;
		let last = before.user;
		const tick = (): void => {
			const { user } = process.cpuUsage();
			held = Math.max(held, user - last);
			last = user;
		};
		const ticks = setInterval(tick, 5);
		let timer: ReturnType<typeof setTimeout> | undefined;
		const late = new Promise<string>((resolve) => {
			timer = setTimeout(() => resolve('it never ended'), MAX_WAIT);
		});
		const wrong = await Promise.race([
			this.session.run(line).then(
				() => undefined,
				(error: Error) => `it threw ${error.stack}`,
			),
			late,
		]);
		clearTimeout(timer);
		clearInterval(ticks);
		tick();
		const { user, system } = process.cpuUsage(before);
		return { text: this.#written, work: user + system, held, ...(wrong === undefined ? {} : { wrong }) };
	}
}

/** What the page would show of it has no elements but the terminal's own. */
function foreignMarkup(text: string): string | undefined {
	const screen = new Screen();
	screen.write(text);
	const html = render(
		h(ScreenView, {
			blocks: [{ id: 1, prompt: '$ ', line: text.slice(0, 200), lines: screen.lines }],
			text: { output: '', exit: '' } as never,
		}),
	);
	const found: string[] = [];
	const visit = (node: DefaultTreeAdapterTypes.ChildNode): void => {
		if (node.nodeName.startsWith('#')) return;
		if (!['div', 'span'].includes(node.nodeName)) found.push(node.nodeName);
		for (const { name } of 'attrs' in node ? node.attrs : []) {
			if (!['class', 'role', 'aria-live', 'aria-label'].includes(name)) found.push(name);
		}
		if ('childNodes' in node) for (const child of node.childNodes) visit(child);
	};
	for (const child of parseFragment(html).childNodes) visit(child);
	return found.length > 0 ? `markup in the page: ${found.join(' ')}` : undefined;
}

// sed has labels that are undefined.
const LEAKS = [
	/\bundefined\b(?! label)/,
	/\bNaN\b/,
	/\[object \w+\]/,
	/the simulator failed/,
	/\bat .*\/src\/.*\.ts:\d+/,
];

function fault({ text, work, held, wrong }: Ran, line: string): string | undefined {
	if (wrong) return wrong;
	if (held > MAX_HOLD) return `it held the page for ${Math.round(held / 1000)} ms`;
	if (work > MAX_WORK) return `it worked ${Math.round(work / 1000)} ms`;
	for (const leak of LEAKS) {
		const found = leak.exec(text);
		if (found && !leak.test(line)) return `"${text.slice(Math.max(0, found.index - 80), found.index + 120)}"`;
	}
	return /<[a-z/!]/i.test(text) ? foreignMarkup(text.slice(0, 4000)) : undefined;
}

/** Runs so many lines and gives what went wrong, at most ten. */
async function fuzz(seed: number, count: number): Promise<string[]> {
	const faults: string[] = [];
	const max = Number(process.env.FUZZ_FAULTS ?? 10);
	for (let first = 0, lab = 0; first < count && faults.length < max; first += PER_LAB, lab++) {
		let desk = await open(PRESETS[lab % PRESETS.length]!, lab % 2 === 0);
		const next = fuzzedLines(seed + lab, async (line) => (await desk.session.complete(line)).words, ODD);
		for (let i = 0; i < Math.min(PER_LAB, count - first); i++) {
			const line = await next();
			const ran = await desk.run(line);
			const wrong = fault(ran, line);
			if (wrong)
				faults.push(
					`seed ${seed + lab} (${PRESETS[lab % PRESETS.length]}), line ${i}: ${JSON.stringify(line)}: ${wrong}`,
				);
			if (faults.length >= max) break;
			if (ran.wrong || desk.session.code !== undefined || desk.session.depth > 6) {
				desk = await open(PRESETS[lab % PRESETS.length]!, lab % 2 === 0);
			}
		}
	}
	return faults;
}

async function open(preset: string, tty: boolean): Promise<Desk> {
	const desk = new Desk(preset, tty);
	await furnish(desk.session, TP_FILES);
	return desk;
}

describe('whatever is typed', () => {
	it(`ends soon, in words, without markup (seed ${SEED}, ${LINES} lines)`, {
		timeout: 60_000 + LINES * (ODD ? 1000 : 100),
	}, async () => {
		expect(await fuzz(SEED, LINES)).toEqual([]);
	});
});
