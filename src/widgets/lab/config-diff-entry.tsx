/** Brings one `<ConfigDiff/>` to life. Fetched when it is first used. */
import { render } from 'preact';
import { isLanguage } from '../../i18n/index.ts';
import { ConfigDiff, type ConfigDiffIsland } from './config-diff.tsx';
import { loadLabWords } from './words.ts';

export async function mount(element: HTMLElement): Promise<void> {
	const { lang } = element.dataset;
	const words = await loadLabWords(isLanguage(lang) ? lang : 'en');
	const island = JSON.parse(element.dataset.island!) as ConfigDiffIsland;
	render(<ConfigDiff island={island} words={words} />, element);
}
