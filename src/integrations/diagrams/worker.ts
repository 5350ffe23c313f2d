/** Mermaid in jsdom, in a thread of its own: it needs a browser's globals, which the build must not see. */
import { parentPort } from 'node:worker_threads';
import { JSDOM } from 'jsdom';
import { cleanSvg } from './clean.ts';
import { teachMeasuring } from './measure.ts';

export interface Order {
	readonly number: number;
	readonly id: string;
	readonly source: string;
}

export type Delivery = { readonly number: number } & ({ readonly svg: string } | { readonly error: string });

const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true });
const GLOBALS = [
	'document',
	'navigator',
	'Element',
	'HTMLElement',
	'SVGElement',
	'Node',
	'DOMParser',
	'XMLSerializer',
	'getComputedStyle',
	'MutationObserver',
	'CSSStyleSheet',
];
for (const name of GLOBALS) {
	Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true });
}
Object.defineProperty(globalThis, 'window', { value: window, configurable: true });
teachMeasuring(window);

const { default: mermaid } = await import('mermaid');
mermaid.initialize({
	startOnLoad: false,
	theme: 'base',
	look: 'classic',
	htmlLabels: false,
	flowchart: { htmlLabels: false },
	sequence: { mirrorActors: false, useMaxWidth: true, messageFontSize: 15, actorFontSize: 15, noteFontSize: 14 },
	deterministicIds: true,
	fontFamily: 'system-ui',
	securityLevel: 'strict',
});

parentPort!.on('message', async ({ number, id, source }: Order) => {
	try {
		const { svg } = await mermaid.render(`m${number}`, source);
		parentPort!.postMessage({ number, svg: cleanSvg(svg, id, window) } satisfies Delivery);
	} catch (error) {
		parentPort!.postMessage({
			number,
			error: error instanceof Error ? error.message : String(error),
		} satisfies Delivery);
	}
});
