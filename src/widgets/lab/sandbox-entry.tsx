/** Opens the lab in its page: sessions, their replay, their links. Fetched when somebody asks for it. */
import { render } from 'preact';
import { furnish, type LogEntry, surroundings, tools, watchConnections } from '../../cli/index.ts';
import { isLanguage } from '../../i18n/index.ts';
import { loadTerminalText } from '../../i18n/terminal/index.ts';
import { type LabPresetId, labPreset } from '../../sim/lab/index.ts';
import { readParam, shareableUrl, writeParam } from '../../state/index.ts';
import { styleSheet } from '../../styles/later.ts';
import sheet from '../../styles/terminal.css?url';
import { Machine } from '../terminal/machine.ts';
import type { Made } from './made.ts';
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
	let notice: SandboxProps['notice'];
	let working = false;
	let stop: (() => void) | undefined;

	const draw = (): void => {
		if (!machine) return;
		render(
			<Sandbox
				{...{ machine, scenario, made, words, terminalText, notice, working, undo }}
				begin={(next) => void start(next)}
				address={address}
			/>,
			element,
		);
	};

	/** A new laptop, on which a log is typed again. */
	const start = async (next: LabPresetId, log: readonly LogEntry[] = []): Promise<void> => {
		const lab = labPreset(next);
		if (!lab) throw new Error(`no lab ${next}`);
		machine?.interrupt();
		stop?.();
		scenario = next;
		made = [];
		let count = 0;
		const fresh = new Machine({ lab, tools, surroundings });
		stop = watchConnections(lab, (connection) => {
			const world = connection.cluster?.world();
			if (!world || machine !== fresh) return;
			const typed = fresh.session.log.findLast((entry) => entry.kind === 'line');
			made = [...made, { connection, world, number: ++count, line: typed?.text ?? connection.program }].slice(-KEPT);
			draw();
		});
		await furnish(fresh.session, island.files);
		machine = fresh;
		if (log.length === 0) notice = undefined;
		else {
			working = true;
			const total = log.filter((entry) => entry.kind !== 'file').length;
			await fresh.replay(log, (n) => {
				notice = { text: text.replaying, values: { n: Math.min(n, total), total } };
				draw();
			});
			working = false;
			notice = undefined;
		}
		draw();
	};

	const undo = (): void => {
		if (!machine) return;
		const { log } = machine.session;
		const at = log.findLastIndex((entry) => entry.kind !== 'file');
		const last = log[at];
		void start(scenario, log.slice(0, Math.max(at, 0))).then(() => {
			notice = { text: text.undone, values: { line: last?.kind === 'line' ? last.text : '^D' } };
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
			await start(read.scenario as LabPresetId, read.log);
			const n = read.log.filter((entry) => entry.kind !== 'file').length;
			notice = read.current ? { text: text.replayed, values: { n } } : { text: text.otherVersion };
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
