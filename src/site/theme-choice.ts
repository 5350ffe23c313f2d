import { watchState } from '../state/index.ts';
import { applyTheme, chooseTheme, chosenTheme, THEMES } from './theme.ts';

/** Shows the choice of theme, which needs a script, and keeps it in step with other tabs. */
export function offerThemes(): void {
	const label = document.querySelector<HTMLElement>('[data-theme-choice]');
	const select = label?.querySelector('select');
	if (!label || !select) return;
	const show = () => {
		applyTheme();
		select.value = chosenTheme();
	};
	select.addEventListener('change', () => chooseTheme(THEMES.find((theme) => theme === select.value) ?? 'auto'));
	watchState(show);
	show();
	label.hidden = false;
}
