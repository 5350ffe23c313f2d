/** What crictl and ctr print alike: ages, sizes, times, identifiers. */
import { tabulate } from '../text/index.ts';
import { decimals } from './words.ts';

/** `2 minutes ago`, in the words of docker/go-units HumanDuration. Microseconds. */
export function ago(microseconds: number): string {
	const seconds = Math.floor(microseconds / 1e6);
	const minutes = Math.floor(seconds / 60);
	const hours = Math.round(seconds / 3600);
	if (seconds < 1) return 'Less than a second ago';
	if (seconds === 1) return '1 second ago';
	if (seconds < 60) return `${seconds} seconds ago`;
	if (minutes === 1) return 'About a minute ago';
	if (minutes < 60) return `${minutes} minutes ago`;
	if (hours === 1) return 'About an hour ago';
	if (hours < 48) return `${hours} hours ago`;
	return `${Math.floor(hours / 24)} days ago`;
}

/** 45170000 as `45.2MB`: powers of 1000, three digits (go-units HumanSizeWithPrecision). */
export function sizeText(n: number): string {
	let value = n;
	for (const unit of ['B', 'kB', 'MB', 'GB']) {
		if (value < 1000) {
			const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
			return `${decimals(value, digits)
				.replace(/(\.\d*?)0+$/, '$1')
				.replace(/\.$/, '')}${unit}`;
		}
		value /= 1000;
	}
	return `${n}B`;
}

/** 13 digits of an identifier, as crictl truncates it. */
export const short = (id: string): string => id.replace('sha256:', '').slice(0, 13);

/** crictl's columns (cmd/crictl/display.go @ v1.24.0). */
export const rows = (cells: readonly (readonly string[])[]): string =>
	tabulate(cells.map((r) => `${r.join('\t')}\n`).join(''), { minWidth: 20, tabWidth: 1, padding: 3 });

/** Repository and tag of `docker.io/library/nginx:1.25`. */
export function nameAndTag(name: string): readonly [name: string, tag: string] {
	const colon = name.lastIndexOf(':');
	return colon > name.lastIndexOf('/') ? [name.slice(0, colon), name.slice(colon + 1)] : [name, '<none>'];
}
