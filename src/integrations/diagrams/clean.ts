/** Mermaid's picture made ours: geometry and class names stay; colours, styles and names of its own go (diagram.css has the rest). */

/** Attributes that are geometry or meaning. Everything else goes. */
const KEPT = new Set(
	(
		'class x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height viewBox transform refX refY orient markerUnits ' +
		'markerWidth markerHeight marker-start marker-end text-anchor dominant-baseline alignment-baseline font-size ' +
		'stroke-dasharray preserveAspectRatio href xlink:href id'
	).split(' '),
);
/** Style properties that say where something is, kept as attributes. */
const GEOMETRY = ['text-anchor', 'font-size', 'dominant-baseline', 'stroke-dasharray'];
/** Colours are the stylesheet's, but "no fill" is part of a shape. */
const PAINT = ['fill', 'stroke'];

/**
 * @param svg text of one SVG as Mermaid gives it
 * @param prefix stands before each id, so that several pictures fit on a page
 * @param window a DOM to read it with
 */
export function cleanSvg(svg: string, prefix: string, window: { document: Document }): string {
	const host = window.document.createElement('div');
	host.innerHTML = svg;
	const root = host.querySelector('svg');
	if (!root) throw new Error('Mermaid gave no picture');
	for (const element of [...root.querySelectorAll('style, symbol, filter, linearGradient, title, desc')])
		element.remove();
	if (root.querySelector('foreignObject')) throw new Error('the picture holds HTML');

	const used = new Set([...root.outerHTML.matchAll(/(?:url\(|href=")#([^)"]+)/g)].map(([, id]) => id!));
	for (const element of [...root.querySelectorAll('marker')]) if (!used.has(element.id)) element.remove();
	for (const element of [...root.querySelectorAll('defs, g')].reverse())
		if (element.childNodes.length === 0) element.remove();
	const names = new Map([...used].map((id, index) => [id, `${prefix}-${index + 1}`]));

	const [left = 0, top = 0, width = 0, height = 0] = (root.getAttribute('viewBox') ?? '').split(/\s+/).map(Number);
	for (const element of [root, ...root.querySelectorAll('*')]) cleanElement(element, names, top + height);
	root.setAttribute('viewBox', [left, top, width, height].map(rounded).join(' '));
	root.setAttribute('width', String(Math.round(width)));
	root.setAttribute('height', String(Math.round(height)));
	return root.outerHTML;
}

function cleanElement(element: Element, names: ReadonlyMap<string, string>, bottom: number): void {
	const style = new Map(
		(element.getAttribute('style') ?? '').split(';').map((part) => {
			const [name = '', value = ''] = part.split(':');
			return [name.trim(), value.trim()] as const;
		}),
	);
	for (const { name, value } of [...element.attributes]) {
		const isNone = PAINT.includes(name) && value === 'none';
		if (!KEPT.has(name) && !isNone && name !== 'xmlns') element.removeAttribute(name);
	}
	for (const name of GEOMETRY) {
		const value = style.get(name);
		if (value && !/^(?:0|1,0|0 0)/.test(value)) element.setAttribute(name, value);
	}
	for (const name of PAINT) if (style.get(name) === 'none') element.setAttribute(name, 'none');
	if (element.classList.contains('actor-line')) {
		element.setAttribute('y2', String(Math.min(Number(element.getAttribute('y2')), bottom)));
	}
	for (const { name, value } of [...element.attributes]) {
		if (name === 'id') {
			const id = names.get(value);
			if (id) element.id = id;
			else element.removeAttribute('id');
		} else if (value.includes('#')) {
			element.setAttribute(
				name,
				value.replace(/#([^)"]+)/g, (whole, id: string) => (names.has(id) ? `#${names.get(id)}` : whole)),
			);
		} else if (/^(?:d|points|transform|x|y|x1|x2|y1|y2|width|height|cx|cy|r|rx|ry)$/.test(name)) {
			element.setAttribute(
				name,
				value.replace(/-?\d+\.\d+/g, (number) => rounded(Number(number))),
			);
		}
	}
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100);
