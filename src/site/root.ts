/** Address of the site's first folder, ending in a slash. The build writes it, relative, into `<html data-root>`. */
export function siteRoot(): string {
	return new URL(document.documentElement.dataset.root ?? '/', location.href).href;
}
