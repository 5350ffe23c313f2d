import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { COMMANDS } from '../cli/index.ts';

/** just-bash's one file for browsers. */
const BUNDLE = /\/node_modules\/just-bash\/dist\/bundle\/browser\.js$/;
/** What only commands that are left out import. */
const NOT_NEEDED: Readonly<Record<string, string>> = {
	'node:zlib': 'export const gunzipSync = undefined, gzipSync = undefined, constants = {};',
	turndown: 'export default undefined;',
};
const NONE = '\0packetwalk:not-needed/';

/**
 * Leaves out of just-bash's file for browsers what the terminal does not offer: the file names every command in a list of
 * loaders, and each command's modules stand in it as functions that run when first asked for. The loaders of commands
 * that are not offered go, and the makers of such functions are marked as free of side effects, so that the bundler can
 * drop what nobody asks for any more.
 */
export function smallerShell(): Plugin {
	return {
		name: 'packetwalk:smaller-shell',
		enforce: 'pre',
		resolveId(source, importer) {
			if (Object.hasOwn(NOT_NEEDED, source) && importer && BUNDLE.test(importer)) return NONE + source;
		},
		load(id) {
			if (id.startsWith(NONE)) return NOT_NEEDED[id.slice(NONE.length)];
			if (BUNDLE.test(id)) return trimShell(readFileSync(id, 'utf8'), COMMANDS);
		},
	};
}

/** @throws Error when the file is not built as it was: then this has to be looked at again */
export function trimShell(source: string, commands: readonly string[]): string {
	const makers = [
		...source.matchAll(/(?:var |,)([\w$]+)=\(e,t\)=>\(\)=>\((?:e&&\(t=e\(e=0\)\),t|t\|\|e\(\(t=\{)/g),
	].map((m) => m[1]!);
	if (makers.length !== 2) throw new Error(`just-bash: ${makers.length} makers of modules instead of 2`);
	let dropped = 0;
	let kept = 0;
	const loaders = source.replace(
		/\{name:"([\w-]+)",load:async\(\)=>\(await Promise\.resolve\(\)\.then\(\(\)=>\([^)]*\),[\w$]+\)\)\)\.[\w$]+\}(,?)/g,
		(whole, name: string) => {
			if (commands.includes(name)) {
				kept++;
				return whole;
			}
			dropped++;
			return '';
		},
	);
	if (kept !== commands.length) throw new Error(`just-bash: ${kept} loaders of ${commands.length} commands`);
	if (dropped === 0) throw new Error('just-bash: no loader is left out');
	const literal = (name: string): string => name.replaceAll('$', '\\$');
	const pure = new RegExp(`=(${makers.map(literal).join('|')})\\(`, 'g');
	// `var a={};give(a,{...})` fills a namespace: written as one expression it can go with its module.
	const give = /var ([\w$]+)=\{\};([\w$]+)\(\1,\{/.exec(source)?.[2];
	if (!give) throw new Error('just-bash: no namespaces');
	const filled = new RegExp(`var ([\\w$]+)=\\{\\};${literal(give)}\\(\\1,`, 'g');
	return `${loaders.replace(pure, '=/* @__PURE__ */$1(').replace(filled, 'var $1=/* @__PURE__ */filled({},')}
function filled(space, getters) { ${give}(space, getters); return space; }
`;
}
