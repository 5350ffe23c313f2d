/** The part of a terminal that is in a page from the start: its button, which fetches the rest. */
export function offerTerminals(): void {
	for (const element of document.querySelectorAll<HTMLElement>('[data-terminal]')) {
		const button = element.querySelector('button');
		if (!button) continue;
		button.hidden = false;
		button.addEventListener('click', () => {
			button.disabled = true;
			button.textContent = element.dataset.opening ?? '';
			import('./entry.tsx')
				.then((m) => m.openTerminal(element))
				.catch((error: unknown) => {
					button.disabled = false;
					button.textContent = element.dataset.failed ?? '';
					console.error(error);
				});
		});
	}
}
