import { shareableUrl } from '../state/index.ts';

/** Gives each section's heading a link to itself that also copies the address, without anything personal in it. */
export function linkHeadings(): void {
	const words = document.querySelector<HTMLElement>('[data-copy-words]')?.dataset;
	for (const heading of document.querySelectorAll<HTMLElement>('.prose h2[id], .prose h3[id]')) {
		const link = document.createElement('a');
		link.className = 'heading-link';
		link.href = `#${heading.id}`;
		link.setAttribute('aria-label', `${words?.copy ?? ''}: ${heading.textContent}`);
		link.addEventListener('click', async () => {
			try {
				await navigator.clipboard.writeText(shareableUrl({}, heading.id));
				link.dataset.copied = words?.copied ?? '';
				setTimeout(() => delete link.dataset.copied, 2000);
			} catch {
				// No clipboard: the address bar has the link.
			}
		});
		heading.append(link);
	}
}
