/** Opens a terminal in the place of its button. Fetched when somebody presses it, and all that a session needs with it. */
import { render } from 'preact';
import { furnish, surroundings, tools } from '../../cli/index.ts';
import { isLanguage } from '../../i18n/index.ts';
import { loadTerminalText } from '../../i18n/terminal/index.ts';
import { openPreset } from '../../sim/lab/index.ts';
import { styleSheet } from '../../styles/later.ts';
import sheet from '../../styles/terminal.css?url';
import { Machine } from './machine.ts';
import { Terminal } from './view.tsx';

/** What a page says of a terminal: an element `data-terminal` with this as JSON. */
export interface TerminalIsland {
	/** Preset of the lab: `empty`, `kind-basic`, … */
	readonly lab: string;
	/** Files on the laptop, by absolute path. */
	readonly files?: Readonly<Record<string, string>>;
}

export async function openTerminal(element: HTMLElement): Promise<Machine> {
	const { lang, terminal = '{"lab":"empty"}' } = element.dataset;
	const island = JSON.parse(terminal) as TerminalIsland;
	const [text] = await Promise.all([
		loadTerminalText(isLanguage(lang) ? lang : 'en'),
		styleSheet(sheet).catch(() => undefined),
	]);
	const start = async (): Promise<Machine> => {
		const lab = await openPreset(island.lab);
		if (!lab) throw new Error(`no lab ${island.lab}`);
		const machine = new Machine({ lab, tools, surroundings });
		await furnish(machine.session, island.files);
		const restart = (): void => {
			machine.stop();
			render(null, element);
			void start();
		};
		element.replaceChildren();
		render(<Terminal machine={machine} text={text} restart={restart} />, element);
		element.dataset.live = 'on';
		element.querySelector('textarea')?.focus({ preventScroll: true });
		return machine;
	};
	return start();
}
