/** Files that images bring along: the name of their system, and what nginx serves. */
import type { Lab } from '../../sim/lab/index.ts';
import type { MadeFile } from '../shell/index.ts';
import type { Place } from '../tool.ts';
import { NGINX_INDEX } from './http.ts';
import { imageAt } from './images.ts';
import { keep, volumeFiles, writtenIn } from './volumes.ts';

const DEBIAN = `PRETTY_NAME="Debian GNU/Linux 11 (bullseye)"
NAME="Debian GNU/Linux"
VERSION_ID="11"
VERSION="11 (bullseye)"
VERSION_CODENAME=bullseye
ID=debian
`;

const alpine = (version: string): string =>
	`NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${version}\nPRETTY_NAME="Alpine Linux v${version.replace(/\.\d+$/, '')}"\n`;

/** Of the lab's time: Debian 11 under the official images, Alpine 3.16; undefined of an image nobody described. */
function osRelease(image: string): string | undefined {
	const [, name = '', tag = 'latest'] = /([^/:@]+)(?::([^/@]+))?(?:@.*)?$/.exec(image) ?? [];
	if (name === 'alpine') {
		if (/^\d+\.\d+\.\d+$/.test(tag)) return alpine(tag);
		return tag === 'latest' || tag === '3' || tag === '3.16' ? alpine('3.16.2') : undefined;
	}
	if (!['nginx', 'httpd', 'python', 'debian'].includes(name)) return undefined;
	if (/alpine/.test(tag)) return alpine('3.16.2');
	return name === 'debian' && !/^(?:latest|stable|11|bullseye)/.test(tag) ? undefined : DEBIAN;
}

const HTML = '/usr/share/nginx/html/';
const isNginx = (image: string | undefined): boolean => /(?:^|\/)nginx(?:[:@]|$)/.test(image ?? '');

/** What is in nginx's directory as long as no volume is mounted there: the image's page, and what was written since. */
function pages(place: Place, lab: Lab): Map<string, string> | undefined {
	if (place.kind !== 'pod' && place.kind !== 'container') return undefined;
	if (!isNginx(imageAt(place, lab))) return undefined;
	const id =
		place.kind === 'container'
			? place.id
			: lab
					.cluster(place.cluster)
					?.running()
					.find((c) => c.pod.namespace === place.namespace && c.pod.name === place.pod && c.name === place.container)
					?.id;
	return id === undefined ? undefined : writtenIn(lab, `html ${id}`, { 'index.html': NGINX_INDEX });
}

export function imageFiles(place: Place, lab: Lab): Record<string, MadeFile> {
	const out: Record<string, MadeFile> = {};
	const release = osRelease(imageAt(place, lab) ?? '');
	if (release !== undefined) out['/etc/os-release'] = () => release;
	const html = pages(place, lab);
	if (html) {
		const told = (text: () => string): MadeFile => Object.assign(text, { writes: 'told' as const });
		out[HTML] = told(() => '');
		for (const [path, text] of html) out[`${HTML}${path}`] = told(() => text);
	}
	return out;
}

/** A file of nginx's directory was written, or is gone. */
export function pageWritten(place: Place, lab: Lab, path: string, text: string | undefined): void {
	const html = path.startsWith(HTML) ? pages(place, lab) : undefined;
	if (html) keep(html, path.slice(HTML.length), text);
}

/** What nginx in a container reads for a path of a URL; undefined when there is no such file. */
export function pageOf(place: Place, lab: Lab, path: string): string | undefined {
	const name = `${HTML}${path.slice(1)}${path.endsWith('/') ? 'index.html' : ''}`;
	const mounted = place.kind === 'pod' ? volumeFiles(place, lab, () => ({})) : {};
	const files = Object.keys(mounted).some((at) => at === HTML) ? mounted : { ...imageFiles(place, lab), ...mounted };
	return Object.hasOwn(files, name) ? files[name]!() : undefined;
}
