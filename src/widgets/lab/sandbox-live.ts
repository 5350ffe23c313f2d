/** The part of the lab that is in its page from the start: the choice where to begin, and the button. */
export function offerSandbox(asks: () => boolean): void {
	const element = document.querySelector<HTMLElement>('[data-sandbox]');
	const button = element?.querySelector<HTMLButtonElement>('.sb-open');
	if (!element || !button) return;
	const open = (): void => {
		const chosen = element.querySelector<HTMLInputElement>('input[name="sb-scenario"]:checked')?.value ?? '';
		button.disabled = true;
		button.textContent = element.dataset.opening ?? '';
		import('./sandbox-entry.tsx')
			.then((m) => m.openSandbox(element, chosen))
			.catch((error: unknown) => {
				button.disabled = false;
				button.textContent = element.dataset.failed ?? '';
				console.error(error);
			});
	};
	button.hidden = false;
	button.addEventListener('click', open);
	// A link to a session: who follows it wants to see it.
	if (asks()) open();
}
