import { readState, writeState } from '../state/index.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The theme chosen; `auto` follows the system. */
export function chosenTheme(): Theme {
	const kept = readState('theme');
	return THEMES.find((theme) => theme === kept) ?? 'auto';
}

/** Puts the chosen theme on the page: `<html data-theme>`, absent for `auto`. */
export function applyTheme(): void {
	const theme = chosenTheme();
	if (theme === 'auto') delete document.documentElement.dataset.theme;
	else document.documentElement.dataset.theme = theme;
}

export function chooseTheme(theme: Theme): void {
	writeState('theme', theme);
	applyTheme();
}
