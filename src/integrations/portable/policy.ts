import type { Element } from './html.ts';

/** The one content security policy, the same on every page. */
export const POLICY =
	"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'";

/** Types of `<script>` that are data, which no policy stops. */
const DATA_TYPES = new Set(['application/json', 'application/ld+json', 'text/plain']);

/** What on a page the policy would stop, or what would ask another host for something. One sentence each. */
export function violations(elements: Iterable<Element>): string[] {
	const found: string[] = [];
	for (const element of elements) {
		const { name, attributes, text } = element;
		const say = (what: string) => found.push(`<${name}> ${what}`);
		if (name === 'style') say('is an inline style sheet');
		if (name === 'foreignobject') say('is not allowed in pictures');
		if (name === 'script' && attributes.src === undefined && !DATA_TYPES.has(attributes.type ?? '')) {
			say(`is an inline script: ${text.slice(0, 60)}`);
		}
		for (const [key, value] of Object.entries(attributes)) {
			if (key === 'style') say(`has a style attribute: ${value.slice(0, 60)}`);
			if (/^on[a-z]+$/.test(key)) say(`has a handler: ${key}`);
			if (/^\s*javascript:/i.test(value)) say(`has a javascript: address in ${key}`);
		}
		const loads =
			name === 'a' || (name === 'link' && /canonical|alternate/.test(attributes.rel ?? ''))
				? ''
				: 'src href srcset poster data';
		for (const key of loads.split(' ')) {
			if (/^(?:https?:)?\/\//i.test(attributes[key] ?? '')) say(`asks another host: ${attributes[key]}`);
		}
	}
	return found;
}
