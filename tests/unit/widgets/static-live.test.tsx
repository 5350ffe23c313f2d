import { JSDOM } from 'jsdom';
import { type ComponentChild, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LANGUAGES } from '../../../src/i18n/index.ts';
import { parseIp } from '../../../src/sim/wire/index.ts';
import { type Island, LiveWalk } from '../../../src/widgets/live-walk.tsx';
import { renderWalk } from '../../../src/widgets/static.tsx';
import { loadWords } from '../../../src/widgets/words.ts';

const knock = {
	scenario: 'kind-basic',
	settings: { bundle: 'bare-1.24', podOn: 'basic-worker' },
	probe: { from: 'host', to: { ip: parseIp('172.18.0.2')!, port: 32017 }, protocol: 'tcp' as const },
};
const island: Island = {
	id: 'walk',
	situation: knock,
	controls: ['externalTrafficPolicy', 'entry', 'podOn', 'replicas', 'protocol', 'bundle'],
};

let root: HTMLElement;

beforeEach(() => {
	const { window } = new JSDOM('<!doctype html><main></main>', { pretendToBeVisual: true });
	Object.assign(globalThis, {
		window,
		document: window.document,
		Node: window.Node,
		requestAnimationFrame: window.requestAnimationFrame.bind(window),
	});
	root = document.querySelector('main')!;
});

afterEach(async () => {
	await act(() => render(null, root));
});

const show = (content: ComponentChild) => act(() => render(content, root));
const text = () => root.textContent;
const press = (key: string, on: Element | null = root.querySelector('.pw-stop[aria-current]')) =>
	act(() => {
		on?.dispatchEvent(new window.KeyboardEvent('keydown', { key, bubbles: true }));
	});

test.each(LANGUAGES)('the static figure and the live one say the same (%s)', async (language) => {
	const words = await loadWords(language);
	for (const one of [
		island,
		{ ...island, compare: { ...knock, settings: { ...knock.settings, externalTrafficPolicy: 'Local' as const } } },
	]) {
		const page = document.createElement('div');
		page.append(document.createRange().createContextualFragment(renderWalk(one, words)));
		await show(<LiveWalk island={one} words={words} />);
		const live = root.cloneNode(true) as HTMLElement;
		// Bytes, captures and the decisions that changed nothing are the live figure's alone.
		for (const own of live.querySelectorAll('.pw-more, .pw-quiet')) own.remove();
		for (const own of live.querySelectorAll('.pw-steps')) if (!own.querySelector('li')) own.remove();
		expect(live.textContent).toBe(page.textContent);
		await act(() => render(null, root));
	}
});

test.each(LANGUAGES)(
	'shortened, the static figure gives each hop its one reason and nothing else less (%s)',
	async (language) => {
		const words = await loadWords(language);
		const compare = { ...knock, settings: { ...knock.settings, externalTrafficPolicy: 'Local' as const } };
		for (const one of [island, { ...island, compare }]) {
			const drawn = (brief: boolean) => {
				const page = document.createElement('div');
				page.append(document.createRange().createContextualFragment(renderWalk(one, words, brief)));
				return page;
			};
			const brief = drawn(true);
			const records = [...brief.querySelectorAll('.pw-rec')];
			expect(records.length).toBe(brief.querySelectorAll('.pw-stop').length);
			for (const record of records) {
				expect(record.querySelectorAll('.pw-why')).toHaveLength(1);
				expect(record.querySelector('.pw-why')?.textContent).not.toBe('');
			}
			const whole = drawn(false);
			expect(whole.querySelectorAll('.pw-steps').length).toBeGreaterThan(0);
			for (const steps of whole.querySelectorAll('.pw-steps')) steps.remove();
			expect(brief.innerHTML).toBe(whole.innerHTML);
		}
	},
);

test('arrow keys on a station move the choice, and the record follows', async () => {
	const words = await loadWords('en');
	await show(<LiveWalk island={island} words={words} />);
	const chosen = () => root.querySelector('.pw-rec.is-chosen')?.id;
	expect(chosen()).toBe('walk-q2');
	await press('ArrowDown');
	expect(chosen()).toBe('walk-q3');
	await press('End');
	expect(chosen()).toMatch(/^walk-p/);
	await press('Home');
	expect(chosen()).toBe('walk-q1');
});

test('T changes between picture and text', async () => {
	await show(<LiveWalk island={island} words={await loadWords('en')} />);
	const view = () => root.querySelector('.pw-body')?.getAttribute('data-view');
	await press('t');
	expect(view()).toBe('text');
	await press('T');
	expect(view()).toBe('picture');
});

test('turning a switch runs the packet again and says what came of it', async () => {
	await show(<LiveWalk island={island} words={await loadWords('en')} />);
	expect(text()).toContain('The pod sees 172.18.0.2, the node you knocked at.');
	await act(() => root.querySelector<HTMLInputElement>('[data-control=externalTrafficPolicy] [value=Local]')!.click());
	expect(text()).toContain('No answer: worker2 dropped the packet');
	await act(() => root.querySelector<HTMLInputElement>('[data-control=entry] [value=basic-worker]')!.click());
	expect(text()).toContain('The pod sees 172.18.0.1, your own address.');
});

test('impossible choices stay in sight, disabled, with the reason', async () => {
	await show(<LiveWalk island={island} words={await loadWords('en')} />);
	const control = root.querySelector<HTMLInputElement>('[data-control=podOn] [value=basic-control-plane]')!;
	expect(control.disabled).toBe(true);
	const reason = document.getElementById(control.getAttribute('aria-describedby')!);
	expect(reason?.textContent).toContain('taint');
});

test('a setting can be kept beside the next one, and the differences are counted', async () => {
	await show(<LiveWalk island={island} words={await loadWords('en')} />);
	const button = [...root.querySelectorAll('button')].find((b) => b.textContent === 'Compare with this')!;
	await act(() => button.click());
	expect(text()).toContain('The packet fares the same, hop by hop.');
	await act(() => root.querySelector<HTMLInputElement>('[data-control=entry] [value=basic-worker3]')!.click());
	expect(text()).toMatch(/\d+ hops? differ/);
	expect(text()).toContain('A · worker3');
	expect(text()).toContain('B · worker2');
});
