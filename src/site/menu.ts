/** A menu closes when the reader clicks elsewhere or presses Escape. */
export function closeMenus(): void {
	const menus = [...document.querySelectorAll<HTMLDetailsElement>('details[data-menu]')];
	document.addEventListener('click', (event) => {
		for (const menu of menus) if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
	});
	for (const menu of menus) {
		menu.addEventListener('keydown', (event) => {
			if (event.key !== 'Escape' || !menu.open) return;
			menu.open = false;
			menu.querySelector('summary')?.focus();
		});
	}
}
