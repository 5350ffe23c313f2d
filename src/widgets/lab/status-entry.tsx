/** Brings one `<StatusDecoder/>` to life. Fetched when it is first used. */
import { render } from 'preact';
import { isLanguage } from '../../i18n/index.ts';
import { StatusDecoder, type StatusDecoderIsland } from './status-decoder.tsx';
import { loadLabWords } from './words.ts';

export async function mount(element: HTMLElement): Promise<void> {
	const { lang } = element.dataset;
	const words = await loadLabWords(isLanguage(lang) ? lang : 'en');
	const island = JSON.parse(element.dataset.island!) as StatusDecoderIsland;
	render(<StatusDecoder island={island} words={words} />, element);
}
