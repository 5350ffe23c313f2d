/** Style sheets that come with what needs them: a page's own sheet holds what a reader sees at once. */

const asked = new Map<string, Promise<void>>();

/** Adds a style sheet of the site to the page, once; fulfilled when it is there. `path`: as `?url` gives it, `/assets/…`. */
export function styleSheet(path: string): Promise<void> {
	let sheet = asked.get(path);
	if (!sheet) {
		sheet = new Promise<void>((resolve, reject) => {
			const link = document.createElement('link');
			link.rel = 'stylesheet';
			link.href = (document.documentElement.dataset.root ?? '/') + path.slice(1);
			link.onload = () => resolve();
			link.onerror = () => {
				asked.delete(path);
				link.remove();
				reject(new Error(`cannot load ${link.href}`));
			};
			document.head.append(link);
		});
		asked.set(path, sheet);
	}
	return sheet;
}
