import { expect, it } from 'vitest';
import { EVERYWHERE, type Tab, visiting } from './harness/index.ts';

const LESSON = 'tp2-client-address/index.html';

const open = async (tab: Tab): Promise<void> => {
	await tab.press('/');
	await tab.until(() => document.querySelector('dialog.search')?.hasAttribute('open'), undefined);
};
const anchors = (tab: Tab): Promise<string[]> =>
	tab.run(
		() =>
			[...document.querySelectorAll<HTMLAnchorElement>('dialog.search [role="option"]')].map((link) =>
				link.hash.slice(1),
			),
		undefined,
	);
/** Wait until what is shown answers this query. */
const answered = (tab: Tab, query: string): Promise<void> =>
	tab.until((text) => document.getElementById('search-results')?.dataset.query === text, query);
const ask = async (tab: Tab, query: string): Promise<string[]> => {
	await tab.run((text) => {
		const field = document.querySelector<HTMLInputElement>('.search-field')!;
		field.value = text;
		field.dispatchEvent(new Event('input', { bubbles: true }));
	}, query);
	await answered(tab, query);
	return anchors(tab);
};

visiting(EVERYWHERE, (visit) => {
	it.each([
		['en', 'where is the address put back', 'put-back'],
		['fr', 'suivi de connexion', 'put-back'],
		['ko', '규칙의 비용', 'cost-of-rules'],
		['zh', '规则的代价', 'cost-of-rules'],
	])('finds in %s: %s', async (language, query, section) => {
		await visit.tab.goto(visit.at(`${language}/${LESSON}`));
		await open(visit.tab);
		expect((await ask(visit.tab, query)).slice(0, 3)).toContain(section);
	});

	it('is driven by the keyboard: / opens, arrows choose, Enter follows, Esc closes', async () => {
		await visit.tab.goto(visit.at(`en/${LESSON}`));
		await open(visit.tab);
		await visit.tab.type('rules');
		await answered(visit.tab, 'rules');
		const chosen = (): string | undefined =>
			document.getElementById(document.querySelector('.search-field')!.getAttribute('aria-activedescendant')!)?.id;
		expect(await visit.tab.run(chosen, undefined)).toBe('search-result-0');
		await visit.tab.press('ArrowDown');
		expect(await visit.tab.run(chosen, undefined)).toBe('search-result-1');
		await visit.tab.press('ArrowUp');
		const [first] = await anchors(visit.tab);
		await visit.tab.press('Enter');
		await visit.tab.until((id) => location.hash.startsWith(`#${id}`), first);
		expect(
			await visit.tab.run(() => document.querySelector('dialog.search')?.hasAttribute('open') ?? false, undefined),
		).toBe(false);
		await open(visit.tab);
		await visit.tab.press('Escape');
		await visit.tab.until(() => !(document.querySelector('dialog.search')?.hasAttribute('open') ?? false), undefined);
	});

	it('leads to a section of another page', async () => {
		await visit.tab.goto(visit.at('en/about/index.html'));
		await open(visit.tab);
		const [first] = await ask(visit.tab, 'KUBE-MARK-MASQ');
		await visit.tab.press('Enter');
		await visit.tab.until((id) => location.hash.startsWith(`#${id}`), first);
	});

	it('shows excerpts with marks, and what is typed as text only', async () => {
		await visit.tab.goto(visit.at(`en/${LESSON}`));
		await open(visit.tab);
		await ask(visit.tab, 'masquerade');
		const marks = await visit.tab.run(
			() => [...document.querySelectorAll('dialog.search mark')].map((mark) => mark.textContent ?? ''),
			undefined,
		);
		expect(marks.some((mark) => /masquerad/i.test(mark))).toBe(true);
		expect(await ask(visit.tab, '<zzqqx onerror=zzqqx>')).toEqual([]);
		expect(await visit.tab.run(() => document.querySelector('dialog.search zzqqx'), undefined)).toBe(null);
	});
});
