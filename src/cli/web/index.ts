/**
 * The web, as far as the lab has one: addresses that the course's commands fetch, with what the course wrote for them.
 *
 * Files at these addresses upstream describe the same objects; these were written anew for the lab.
 */
import { PAGES } from './pages.ts';

export interface Page {
	/** HTTP status; 0 when the name does not resolve. */
	readonly status: number;
	readonly text: string;
}

const HOSTS = new Set(['raw.githubusercontent.com', 'github.com', 'helm.cilium.io', 'quay.io', 'docs.cilium.io']);

/** What a GET of an address gives. */
export function webPage(address: string): Page {
	let url: URL;
	try {
		url = new URL(address);
	} catch {
		return { status: 0, text: '' };
	}
	if (!HOSTS.has(url.hostname)) return { status: 0, text: '' };
	for (const { pattern, text } of PAGES)
		if (pattern.test(`${url.hostname}${url.pathname}`)) return { status: 200, text: text() };
	return { status: 404, text: '404: Not Found' };
}
