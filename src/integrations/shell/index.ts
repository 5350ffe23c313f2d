import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { COMMANDS, REPLACED } from '../../cli/index.ts';
import { splitShell } from './split.ts';
import { trimShell } from './trim.ts';

/** just-bash's one file for browsers. */
const BUNDLE = /\/node_modules\/just-bash\/dist\/bundle\/browser\.js$/;
/** What only commands that are left out import. */
const NOT_NEEDED: Readonly<Record<string, string>> = {
	'node:zlib': 'export const gunzipSync = undefined, gzipSync = undefined, constants = {};',
	turndown: 'export default undefined;',
};
const NONE = '\0packetwalk:not-needed/';
const PART = 'packetwalk:just-bash/';

/** Makes just-bash small: without what is not offered, and each command in a file of its own that comes when it is run, RE2 with the first line. */
export function smallerShell(): Plugin {
	let file = '';
	let parts: ReadonlyMap<string, string> | undefined;
	return {
		name: 'packetwalk:smaller-shell',
		enforce: 'pre',
		resolveId(source, importer) {
			if (source.startsWith(PART)) return `\0${source}`;
			if (!importer || !(BUNDLE.test(importer) || importer.startsWith(`\0${PART}`))) return;
			if (Object.hasOwn(NOT_NEEDED, source)) return NONE + source;
			// A part's packages are the file's.
			if (importer.startsWith('\0') && !source.startsWith('.')) return this.resolve(source, file, { skipSelf: true });
		},
		load(id) {
			if (id.startsWith(NONE)) return NOT_NEEDED[id.slice(NONE.length)];
			if (id.startsWith(`\0${PART}`)) return parts!.get(id.slice(PART.length + 1));
			if (!BUNDLE.test(id)) return;
			file = id;
			const wanted = COMMANDS.filter((name) => !REPLACED.has(name));
			const trimmed = trimShell(readFileSync(id, 'utf8'), wanted);
			const split = splitShell(
				trimmed,
				(code) => this.parse(code),
				(module) => PART + module,
			);
			parts = split.modules;
			return `export*from"${PART}core";`;
		},
	};
}

export { splitShell, trimShell };
