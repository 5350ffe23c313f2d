/** Stations of a table of ways lead to the figure that has them: there the same station is chosen. */
export function offerPaths(): void {
	for (const element of document.querySelectorAll<HTMLElement>('[data-paths]'))
		element.addEventListener('click', (e) => {
			const link = e.target instanceof Element ? e.target.closest('a') : null;
			const stop = link && document.querySelector<HTMLElement>(`.pw-stop[href="${link.getAttribute('href')}"]`);
			// Without it, as in a figure whose settings were changed, the link is what it is.
			if (!stop) return;
			e.preventDefault();
			stop.click();
			stop.scrollIntoView({ block: 'center' });
			stop.focus({ preventScroll: true });
		});
}
