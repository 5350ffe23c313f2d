/**
 * The web, as far as the lab has one: addresses that the course's commands and Kubernetes' documentation fetch, with what was
 * written for them here.
 *
 * Files at these addresses upstream describe the same objects; these were written anew for the lab.
 */
import { PAGES } from './pages.ts';

export type Page =
	| { readonly text: string }
	/** The name does not resolve: a laptop without Internet. */
	| { readonly unresolved: string }
	/** There is something at the address, but not in the lab: one clause of why. */
	| { readonly lacking: string };

const HOSTS = new Set([
	'raw.githubusercontent.com',
	'github.com',
	'helm.cilium.io',
	'quay.io',
	'docs.cilium.io',
	'k8s.io',
	'kubernetes.io',
]);

/** Where an example of Kubernetes' documentation is: by its short address, and as the file it leads to. */
const EXAMPLE =
	/^(?:(?:www\.)?(?:k8s|kubernetes)\.io\/(?:docs\/)?|raw\.githubusercontent\.com\/kubernetes\/website\/[^/]+\/content\/[\w-]+\/)examples\/(.+)$/;

/** What a GET of an address gives. */
export async function webPage(address: string): Promise<Page> {
	let url: URL;
	try {
		url = new URL(address);
	} catch {
		return { unresolved: address };
	}
	if (!HOSTS.has(url.hostname.replace(/^www\./, ''))) return { unresolved: url.hostname };
	const at = `${url.hostname}${url.pathname}`;
	for (const { pattern, text } of PAGES) if (pattern.test(at)) return { text: text() };
	const example = EXAMPLE.exec(at)?.[1];
	if (example !== undefined) {
		const { kubernetesExample } = await import('./kubernetes-examples.ts');
		const text = kubernetesExample(example);
		return text === undefined ? { lacking: lacking('these examples') } : { text };
	}
	const project = /^(?:raw\.githubusercontent|github)\.com\/([^/]+\/[^/]+)/.exec(at)?.[1];
	return { lacking: lacking(project ?? url.hostname) };
}

const lacking = (what: string): string => `the lab has no Internet, and of ${what} it keeps nothing at this address`;
