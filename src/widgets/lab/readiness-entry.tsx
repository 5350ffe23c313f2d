/** Brings one `<Readiness/>` to life. Fetched when it is first used. */
import { render } from 'preact';
import { isLanguage } from '../../i18n/index.ts';
import { Readiness, type ReadinessIsland } from './readiness.tsx';
import { loadLabWords } from './words.ts';

export async function mount(element: HTMLElement): Promise<void> {
	const { lang } = element.dataset;
	const words = await loadLabWords(isLanguage(lang) ? lang : 'en');
	const island = JSON.parse(element.dataset.island!) as ReadinessIsland;
	render(<Readiness island={island} words={words} />, element);
}
