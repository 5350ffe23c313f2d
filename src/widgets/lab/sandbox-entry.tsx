/** Opens the lab in its page: sessions, their replay, their links. Fetched when somebody asks for it. */
import { render } from 'preact';
import { furnish, isTyped, type LogEntry, surroundings, tools, undone, watchConnections } from '../../cli/index.ts';
import { isLanguage } from '../../i18n/index.ts';
import { loadTerminalText } from '../../i18n/terminal/index.ts';
import { type LabPresetId, openPreset } from '../../sim/lab/index.ts';
import { readParam, shareableUrl, writeParam } from '../../state/index.ts';
import { styleSheet } from '../../styles/later.ts';
import sheet from '../../styles/terminal.css?url';
import { Machine } from '../terminal/machine.ts';
import type { Made } from './made.ts';
import { type Replay, replayWithin } from './replay.ts';
import { Sandbox, type SandboxProps } from './sandbox.tsx';
import { decodeSession, encodeSession } from './session-link.ts';
import { loadLabWords } from './words.ts';

/** What the page holds: files on the laptop, by scenario, by absolute path. */
export interface SandboxIsland {
	readonly scenario: LabPresetId;
	readonly files: Readonly<Record<string, string>>;
}

/** Key of the fragment for a session. */
export const SESSION = 'lab';
/** Connections kept, and what they hold with them. */
const KEPT = 30;

export async function openSandbox(element: HTMLElement, asked: string): Promise<void> {
	const { lang, sandbox } = element.dataset;
	const island = JSON.parse(sandbox!) as SandboxIsland;
	const language = isLanguage(lang) ? lang : 'en';
	const [words, terminalText] = await Promise.all([
		loadLabWords(language),
		loadTerminalText(language),
		styleSheet(sheet).catch(() => undefined),
	]);
	const text = words.text.sandbox;
	let scenario = asked as LabPresetId;
	let machine: Machine | undefined;
	let made: readonly Made[] = [];
	let picked: number | undefined;
	let notice: SandboxProps['notice'];
	/** The log that is being typed again. */
	let replay: Replay | undefined;
	/** What is left of one that was stopped. */
	let rest: readonly LogEntry[] = [];
	let stop: (() => void) | undefined;

	const draw = (): void => {
		if (!machine) return;
		render(
			<Sandbox
				{...{ machine, scenario, made, picked, pick, words, terminalText, notice, undo }}
				replay={replay}
				begin={(next) => void start(next)}
				address={address}
				goOn={rest.length > 0 ? () => void type(machine!, rest, true) : undefined}
			/>,
			element,
		);
	};

	const pick = (number: number): void => {
		picked = number;
		draw();
	};

	/** From a line of the terminal to the walk of what it sent. */
	const goTo = (number: number): void => {
		pick(number);
		// After the terminal has taken the focus, as with any click in it.
		setTimeout(() => {
			element.querySelector('.sb-walk')?.scrollIntoView({ block: 'start' });
			element.querySelector<HTMLElement>('.sb-walk .pw-stop[aria-current]')?.focus({ preventScroll: true });
		});
	};

	/** Types a log, or the rest of one; answers whether all of it was typed. */
	const type = async (fresh: Machine, log: readonly LogEntry[], more = false): Promise<boolean> => {
		const before = more ? typedIn(fresh.session.log) : 0;
		const total = before + typedIn(log);
		const count = (n: number) => ({ n: before + typedIn(log.slice(0, n)), total });
		rest = [];
		const mine = replayWithin(fresh, log, (n) => {
			notice = { text: text.replaying, values: count(n) };
			draw();
		});
		replay = mine;
		const { begun, stopped } = await mine.over;
		// Another session was begun meanwhile.
		if (machine !== fresh) return false;
		replay = undefined;
		rest = log.slice(begun);
		notice = stopped ? { text: text.replayStopped, values: count(begun) } : undefined;
		draw();
		return !stopped;
	};

	/** A new laptop with so many terminals, on which a log is typed again; answers whether all of it was. */
	const start = async (next: LabPresetId, log: readonly LogEntry[] = [], terminals = 1): Promise<boolean> => {
		const lab = await openPreset(next);
		if (!lab) throw new Error(`no lab ${next}`);
		// Time goes as fast as it did; while a log is typed again, that is not what the reader chose.
		const speed = replay ? undefined : machine?.pacer.speed;
		replay?.stop();
		machine?.stop();
		stop?.();
		scenario = next;
		made = [];
		picked = undefined;
		notice = undefined;
		replay = undefined;
		rest = [];
		let count = 0;
		const fresh = new Machine({ lab, tools, surroundings }, speed);
		stop = watchConnections(lab, (connection) => {
			const world = connection.cluster?.world();
			if (!world || machine !== fresh) return;
			const typed = fresh.session.log.findLast((entry) => entry.kind === 'line');
			const number = ++count;
			made = [...made, { connection, world, number, line: typed?.text ?? connection.program }].slice(-KEPT);
			picked = undefined;
			fresh.tabs.find(({ session }) => session.busy)?.mark(() => goTo(number));
			draw();
		});
		await furnish(fresh.session, island.files);
		machine = fresh;
		const whole = log.length === 0 || (await type(fresh, log));
		while (machine === fresh && fresh.tabs.length < terminals) fresh.open();
		draw();
		return whole;
	};

	const undo = (): void => {
		if (!machine) return;
		const { log, last } = undone(machine.session.log);
		void start(scenario, log, machine.tabs.length).then((whole) => {
			if (whole) notice = { text: text.undone, values: { line: last?.kind === 'line' ? last.text : '^D' } };
			draw();
		});
	};

	const address = async (): Promise<string | undefined> => {
		const encoded = await encodeSession({ scenario, log: machine?.session.log ?? [] });
		return encoded && shareableUrl({ [SESSION]: encoded });
	};

	const follow = async (link: string): Promise<void> => {
		const read = await decodeSession(link);
		// The address says where one has begun, not where one is.
		writeParam(SESSION, undefined);
		if ('error' in read) {
			await start(scenario);
			notice = { text: text.badLink };
		} else {
			const whole = await start(read.scenario as LabPresetId, read.log);
			const n = typedIn(read.log);
			if (whole) notice = read.current ? { text: text.replayed, values: { n } } : { text: text.otherVersion };
		}
		draw();
	};

	element.replaceChildren();
	const link = readParam(SESSION);
	if (link === undefined) await start(scenario);
	else await follow(link);
	element.dataset.live = 'on';
	element.querySelector<HTMLElement>('.tm textarea')?.focus({ preventScroll: true });
	window.addEventListener('hashchange', () => {
		const next = readParam(SESSION);
		if (next !== undefined) void follow(next);
	});
}

/** Lines that somebody typed. */
const typedIn = (log: readonly LogEntry[]): number => log.filter(isTyped).length;
