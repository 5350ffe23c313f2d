/** What `l` writes (do_list of sed/execute.c @ v4.8). */

const NAMES: Readonly<Record<string, string>> = {
	'\x07': '\\a',
	'\b': '\\b',
	'\f': '\\f',
	'\n': '\\n',
	'\r': '\\r',
	'\t': '\\t',
	'\v': '\\v',
	'\\': '\\\\',
};

/** @param octets of the line @param width of the output with the backslash; 0 for lines that do not break */
export function listed(octets: string, width: number, end: string): string {
	let out = '';
	let used = 0;
	for (const octet of octets) {
		const shown =
			NAMES[octet] ?? (octet >= ' ' && octet <= '~' ? octet : `\\${octet.charCodeAt(0).toString(8).padStart(3, '0')}`);
		if (width > 0 && used + shown.length >= width) {
			out += `\\${end}`;
			used = 0;
		}
		out += shown;
		used += shown.length;
	}
	return `${out}$${end}`;
}
