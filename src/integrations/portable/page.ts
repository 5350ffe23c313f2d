import MagicString from 'magic-string';
import { type Element, elementsOf, quoted } from './html.ts';
import { POLICY, violations } from './policy.ts';
import { relative, resolve, rootOf, type Site } from './urls.ts';

/** Attributes that hold one URL. */
const URL_ATTRIBUTES = ['href', 'src', 'poster', 'action', 'data', 'xlink:href'];

export interface PageContext {
	readonly site: Site;
	/** File of the registry, and the chunks to load for an entry, in order, the entry last. */
	readonly runtime: string;
	chunksFor(entry: string): readonly string[];
	/** Ids that may be linked to in a page. */
	idsIn(file: string): ReadonlySet<string>;
	/** Path of the site on its host, for the one page that is served at any depth (404). */
	readonly base: string;
}

export interface PortablePage {
	readonly html: string;
	/** What is wrong with the page, one sentence each. */
	readonly problems: readonly string[];
}

/** Rewrites one page: relative URLs, classic scripts, the policy. */
export function portablePage(file: string, html: string, context: PageContext): PortablePage {
	const edited = new MagicString(html);
	const elements = elementsOf(html);
	const problems: string[] = [];
	const base = file === '404.html' ? context.base : undefined;
	const root = base ?? rootOf(file);
	const loaded = new Set<string>();

	const url = (value: string): string => {
		const target = resolve(file, value, context.site);
		if (target.kind === 'elsewhere') return value;
		if (target.kind === 'broken') {
			problems.push(`${value} leads nowhere`);
			return value;
		}
		const anchor = target.fragment.split('&')[0]!;
		if (anchor && target.file.endsWith('.html') && !context.idsIn(target.file).has(anchor)) {
			problems.push(`${value} leads to a section that is not there`);
		}
		return target.file === file && value.startsWith('#') ? value : relative(file, target.file, base) + target.tail;
	};

	const scriptTag = (chunk: string, more = ''): string =>
		`<script defer src="${quoted(relative(file, chunk, base))}"${more}></script>`;

	const moduleScript = (element: Element): string => {
		const target = resolve(file, element.attributes.src ?? '', context.site);
		if (target.kind !== 'file') return '';
		const tags: string[] = [];
		for (const chunk of [context.runtime, ...context.chunksFor(target.file)]) {
			const entry = chunk === target.file;
			if (loaded.has(chunk) && !entry) continue;
			loaded.add(chunk);
			tags.push(scriptTag(chunk, chunk === context.runtime ? ` data-root="${root}"` : entry ? ' data-run' : ''));
		}
		return tags.join('');
	};

	let policySet = false;
	for (const element of elements) {
		const { name, attributes, at } = element;
		if (name === 'html') edited.appendLeft(element.afterName, ` data-root="${root}"`);
		if (name === 'meta' && 'charset' in attributes) {
			edited.appendLeft(
				element.endOfStartTag,
				`<meta http-equiv="Content-Security-Policy" content="${quoted(POLICY)}">`,
			);
			policySet = true;
		}
		if (name === 'script' && attributes.type === 'module' && attributes.src !== undefined) {
			edited.overwrite(element.start, element.end, moduleScript(element));
			continue;
		}
		if (name === 'link' && attributes.rel === 'modulepreload') {
			edited.remove(element.start, element.end);
			continue;
		}
		for (const key of URL_ATTRIBUTES) {
			const value = attributes[key];
			const where = at[key];
			if (value === undefined || !where) continue;
			const mended = url(value);
			if (mended !== value) edited.overwrite(where.startOffset, where.endOffset, `${key}="${quoted(mended)}"`);
		}
		// CORS has no meaning on disk, and browsers refuse scripts and styles that ask for it there.
		if (at.crossorigin) edited.remove(at.crossorigin.startOffset, at.crossorigin.endOffset);
	}
	if (!policySet) problems.push('has no <meta charset>, so the policy has no place');
	problems.push(...violations(elements));
	return { html: edited.toString(), problems: problems.map((problem) => `${file}: ${problem}`) };
}
