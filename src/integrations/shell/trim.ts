/** Leaves out of just-bash's file for browsers what the terminal does not offer. */

/**
 * The loaders of commands that are not offered go, and what runs only for them goes with them, since the makers of
 * modules and namespaces are marked as free of side effects. Of RE2's Unicode tables those behind `\p{Greek}` go.
 * @throws Error when the file is not built as it was: then this has to be looked at again
 */
export function trimShell(source: string, commands: readonly string[]): string {
	return markPure(withoutUnused(withoutTables(withoutLoaders(source, commands))));
}

/**
 * What our shell never asks for: a network, texts of a `help` that is ours, and the patching of a page's globals against
 * scripts that would break out of a sandbox, which the terminal turns off: it runs no JavaScript of a learner's.
 */
function withoutUnused(source: string): string {
	const from = source.indexOf('applyPatches(){');
	const to = source.indexOf('restorePatches(){', from);
	if (from < 0 || to < from) throw new Error('just-bash: no patches');
	return [
		[/(\w+)\.network&&\(this\.secureFetch=[\w$]+\(\1\.network\)\)/, '0'],
		[/if\(\w+==="help"\)return [\w$]+\(\w+,\w+\);/, ''],
		[/(function [\w$]+\(\)\{let \w+=)\[\{prop:"Function",target:globalThis.*?\}\]([;,])/, '$1[]$2'],
	].reduce(
		(text, [pattern, by]) => {
			if (!(pattern as RegExp).test(text)) throw new Error(`just-bash: no ${pattern}`);
			return text.replace(pattern!, by as string);
		},
		`${source.slice(0, from)}applyPatches(){}${source.slice(to)}`,
	);
}

function withoutLoaders(source: string, commands: readonly string[]): string {
	let dropped = 0;
	let kept = 0;
	const text = source.replace(
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
	return text;
}

/** Maps of RE2's tables of characters, by the names that `\p{…}` takes. */
const TABLES = ['CATEGORIES', 'SCRIPTS'];

function withoutTables(source: string): string {
	const names = new Set<string>();
	let text = source;
	for (const table of TABLES) {
		const list = new RegExp(`static ${table}=new Map\\(\\[(.*?)\\]\\);`).exec(text);
		if (!list) throw new Error(`just-bash: no ${table}`);
		for (const [, name] of list[1]!.matchAll(/\["(\w+)",/g)) names.add(name!);
		text = text.replace(list[0], `static ${table}=new Map;`);
	}
	// A table that has a second name stays.
	for (const [, name] of text.matchAll(/static \w+=this\.(\w+);/g)) names.delete(name!);
	// What can be printed is asked for messages about patterns only.
	const printable = /static Print=new ([\w$]+)\(new Uint32Array\(\[[^\]]*\]\)\)/;
	if (!printable.test(text)) throw new Error('just-bash: no table of what can be printed');
	return text
		.replace(printable, 'static Print=new $1(new Uint32Array([33,126,1]))')
		.replace(/static (FOLD_(?:CATEGORIES|SCRIPTS?))=new Map\(\[.*?\]\);/g, 'static $1=new Map;')
		.replace(/static (?:fold)?(\w+)=new [\w$]+\(new Uint32Array\(\[[^\]]*\]\)\);/g, (whole, name: string) =>
			names.has(name) ? '' : whole,
		);
}

function markPure(source: string): string {
	const makers = [
		...source.matchAll(/(?:var |,)([\w$]+)=\(e,t\)=>\(\)=>\((?:e&&\(t=e\(e=0\)\),t|t\|\|e\(\(t=\{)/g),
	].map((m) => m[1]!);
	if (makers.length !== 2) throw new Error(`just-bash: ${makers.length} makers of modules instead of 2`);
	const literal = (name: string): string => name.replaceAll('$', '\\$');
	const pure = new RegExp(`=(${makers.map(literal).join('|')})\\(`, 'g');
	// `var a={};give(a,{...})` fills a namespace: written as one expression it can go with its module.
	const give = /var ([\w$]+)=\{\};([\w$]+)\(\1,\{/.exec(source)?.[2];
	if (!give) throw new Error('just-bash: no namespaces');
	const filled = new RegExp(`var ([\\w$]+)=\\{\\};${literal(give)}\\(\\1,`, 'g');
	return `${source.replace(pure, '=/* @__PURE__ */$1(').replace(filled, 'var $1=/* @__PURE__ */filled({},')}
function filled(space, getters) { ${give}(space, getters); return space; }
`;
}
