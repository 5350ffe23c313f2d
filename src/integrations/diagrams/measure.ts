/**
 * What jsdom lacks and Mermaid needs: the size of text and shapes. Widths are estimates for a system sans, a little
 * generous, since each reader's font is another; the layout leaves room, and text is centred in what holds it.
 */
interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

const EMPTY: Box = { x: 0, y: 0, width: 0, height: 0 };
const WIDE = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]/;
/** Ascent and line height of a line of text, in parts of its font size. */
const ASCENT = 0.93;
const LINE = 1.2;

/** Width of text set in `size` pixels. */
export function textWidth(text: string, size: number): number {
	let ems = 0;
	for (const char of text) {
		if (WIDE.test(char)) ems += 1;
		else if (/[mwMW@→←⇒]/.test(char)) ems += 0.88;
		else if (/[A-Z0-9]/.test(char)) ems += 0.64;
		else if (/[iljtfrI.,:;'’|()[\] ]/.test(char)) ems += 0.34;
		else ems += 0.56;
	}
	return ems * size;
}

/** Gives the SVG elements of a jsdom window their geometry. */
export function teachMeasuring(window: { SVGElement: { prototype: object }; Element: { prototype: object } }): void {
	Object.assign(window.SVGElement.prototype, {
		getBBox(this: Element): Box {
			return boxOf(this);
		},
		getComputedTextLength(this: Element): number {
			return textWidth(this.textContent ?? '', fontSize(this));
		},
	});
	Object.assign(window.Element.prototype, {
		getBoundingClientRect(this: Element) {
			const box = boxOf(this);
			return { ...box, left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height };
		},
	});
}

function boxOf(element: Element): Box {
	const number = (name: string): number => Number.parseFloat(element.getAttribute(name) ?? '') || 0;
	switch (element.tagName.toLowerCase()) {
		case 'rect':
		case 'image':
		case 'foreignobject':
			return { x: number('x'), y: number('y'), width: number('width'), height: number('height') };
		case 'circle':
			return around(number('cx'), number('cy'), number('r'), number('r'));
		case 'ellipse':
			return around(number('cx'), number('cy'), number('rx'), number('ry'));
		case 'line':
			return hull([number('x1'), number('y1'), number('x2'), number('y2')]);
		case 'polygon':
		case 'polyline':
			return hull(numbers(element.getAttribute('points')));
		case 'path':
			return hull(numbers(element.getAttribute('d')));
		case 'text':
		case 'tspan':
			return textBox(element, number);
		default:
			return union(element);
	}
}

function textBox(element: Element, number: (name: string) => number): Box {
	const size = fontSize(element);
	const rows = [...element.children].filter((row) => row.hasAttribute('dy') || row.classList.contains('row'));
	const lines = (rows.length > 0 ? rows : [element]).map((row) => row.textContent ?? '');
	const width = Math.max(0, ...lines.map((line) => textWidth(line, size)));
	const first = rows[0];
	const base = first
		? length(first.getAttribute('y') ?? element.getAttribute('y'), size) + length(first.getAttribute('dy'), size)
		: number('y');
	const anchor = element.getAttribute('text-anchor') ?? (element as SVGElement).style?.textAnchor;
	const centred = anchor === 'middle' || element.closest('.node, .edgeLabel, .cluster-label, .label') !== null;
	return {
		x: number('x') - (centred ? width / 2 : 0),
		y: base - size * ASCENT,
		width,
		height: lines.filter(Boolean).length * size * LINE,
	};
}

function union(element: Element): Box {
	const drawn = [...element.children].filter((child) => !/^(?:defs|style|marker|title|desc)$/i.test(child.tagName));
	const corners: number[] = [];
	for (const child of drawn) {
		const box = boxOf(child);
		if (box.width === 0 && box.height === 0) continue;
		const [, dx = '0', dy = '0'] =
			/translate\(\s*(-?[\d.]+)[\s,]*(-?[\d.]+)?/.exec(child.getAttribute('transform') ?? '') ?? [];
		const x = box.x + Number(dx);
		const y = box.y + Number(dy);
		corners.push(x, y, x + box.width, y + box.height);
	}
	return hull(corners);
}

function hull(points: readonly number[]): Box {
	const xs = points.filter((_, index) => index % 2 === 0);
	const ys = points.filter((_, index) => index % 2 === 1);
	if (xs.length === 0 || ys.length === 0) return { ...EMPTY };
	const x = Math.min(...xs);
	const y = Math.min(...ys);
	return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

const around = (x: number, y: number, rx: number, ry: number): Box => ({
	x: x - rx,
	y: y - ry,
	width: 2 * rx,
	height: 2 * ry,
});

const numbers = (text: string | null): number[] => (text?.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);

function length(value: string | null, size: number): number {
	const number = Number.parseFloat(value ?? '') || 0;
	return value?.includes('em') ? number * size : number;
}

function fontSize(element: Element): number {
	for (let node: Element | null = element; node; node = node.parentElement) {
		const value = (node as SVGElement).style?.fontSize || node.getAttribute('font-size');
		if (value && Number.parseFloat(value)) return length(value, 16);
	}
	return 16;
}
