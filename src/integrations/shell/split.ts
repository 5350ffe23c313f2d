/**
 * Cuts just-bash's one file for browsers into modules again: a core, and for each command what only it needs. The file
 * is esbuild's: a module of it is a function that runs when first asked for (`X=L(()=>{…})`), and whatever a module
 * assigns is assigned inside of it. So every statement of the top level can stand in another file, as long as what
 * writes a name stays with what declares it.
 *
 * RE2 is a module that the core uses at once. It stands in a file of its own as well, and what the core uses of it is
 * empty until `loadPatterns` was waited for.
 */
import { bound, type Node, namesOf } from './names.ts';

export interface Parts {
	/** Module texts by name; `core` is the one with just-bash's own exports. */
	readonly modules: ReadonlyMap<string, string>;
}

interface Unit {
	readonly code: string;
	readonly declares: readonly string[];
	readonly uses: Set<string>;
	readonly order: number;
	/** A statement that does something at once: it belongs to the core. */
	readonly acts: boolean;
	group: number;
}

/** `load:async()=>(await Promise.resolve().then(()=>(X(),N))).command`, of a command that is kept. */
const LOADER = /load:async\(\)=>\(await Promise\.resolve\(\)\.then\(\(\)=>\(([\w$]+)\(\),([\w$]+)\)\)\)\.([\w$]+)/g;

/** Of the statement that makes RE2: first of its flags. */
const RE2 = /=>\{[\w$]+=class [\w$]+\{static FOLD_CASE=1;/;
/** The module RE2 stands in. */
const PATTERNS = 'patterns';

/**
 * @param nameOf how a module asks for another one of these
 * @throws Error when the file is not built as it was
 */
export function splitShell(source: string, parse: (code: string) => Node, nameOf: (module: string) => string): Parts {
	const roots = new Map<string, readonly string[]>();
	const cut = source.replace(LOADER, (_, start: string, space: string, command: string) => {
		roots.set(`${start} ${space}`, [start, space]);
		// Asked for by a name that is no name of the file: what it loads is not what the list of loaders needs.
		return `load:async()=>{let m=await import("${start} ${space}");m.${start}();return m.${space}.${command}}`;
	});
	if (roots.size === 0) throw new Error('just-bash: no loaders');
	const units = unitsOf(cut, parse);
	const home = new Map<string, Unit>();
	for (const unit of units) for (const name of unit.declares) home.set(name, unit);

	/** A short name of a file for what a loader asks for. */
	const loaderName = (root: string): string => `command${[...roots.keys()].indexOf(root)}`;
	const groups = grouped(units, home);
	const makers = units.filter((unit) => RE2.test(unit.code));
	if (makers.length !== 1) throw new Error(`just-bash: ${makers.length} makers of RE2 instead of 1`);
	const { group: re2, declares } = makers[0]!;
	const [makeRe2] = declares;
	const reach = (from: Iterable<string>): Set<number> => {
		const seen = new Set<number>();
		const todo = [...from].flatMap((name) => home.get(name)?.group ?? []);
		while (todo.length > 0) {
			const group = todo.pop()!;
			if (seen.has(group) || group === re2) continue;
			seen.add(group);
			for (const unit of groups.get(group)!) for (const name of unit.uses) todo.push(home.get(name)!.group);
		}
		return seen;
	};
	const core = reach(units.filter((u) => u.acts).flatMap((u) => [...u.uses, ...u.declares]));
	for (const unit of units) if (unit.acts) core.add(unit.group);
	const wanted = new Map<number, string[]>();
	for (const [root, names] of roots) {
		for (const group of reach(names)) if (!core.has(group)) wanted.set(group, [...(wanted.get(group) ?? []), root]);
	}
	const moduleOf = (unit: Unit): string | undefined => {
		if (unit.group === re2) return PATTERNS;
		if (core.has(unit.group)) return 'core';
		const by = wanted.get(unit.group);
		return by && names.get(by.join());
	};
	const names = new Map<string, string>();
	for (const by of wanted.values()) if (!names.has(by.join())) names.set(by.join(), `part${names.size}`);

	const texts = new Map<string, Unit[]>();
	for (const unit of units) {
		const module = moduleOf(unit);
		if (module) texts.set(module, [...(texts.get(module) ?? []), unit]);
	}
	const modules = new Map<string, string>();
	for (const [module, own] of texts) modules.set(module, textOf(module, own));
	modules.set('core', modules.get('core')! + lender());
	// What a loader asks for: its own two names, wherever they are.
	for (const [root, [start, space]] of roots) {
		const from = (name: string): string => `export{${name}}from"${nameOf(moduleOf(home.get(name)!)!)}";`;
		modules.set(loaderName(root), from(start!) + from(space!));
	}
	modules.set(
		'core',
		modules
			.get('core')!
			.replace(/import\("([\w$]+ [\w$]+)"\)/g, (_, root: string) => `import("${nameOf(loaderName(root))}")`),
	);
	return { modules };

	/** What the core has for RE2 until it is there: names that are empty, and what fills them. */
	function lender(): string {
		const users = units.filter((unit) => unit.group !== re2 && moduleOf(unit));
		const all = new Set(groups.get(re2)!.flatMap((unit) => unit.declares));
		const lent = [...new Set(users.flatMap((unit) => [...unit.uses]))].filter((n) => all.has(n) && n !== makeRe2);
		return `var ${makeRe2}=()=>{},${lent.join()};export async function loadPatterns(){let m=await import("${nameOf(PATTERNS)}");m.${makeRe2}();${lent.map((name) => `${name}=m.${name};`).join('')}}export{${[makeRe2, ...lent].join()}};`;
	}

	function textOf(module: string, own: readonly Unit[]): string {
		const needed = new Map<string, Set<string>>();
		for (const unit of own) {
			for (const name of unit.uses) {
				const its = moduleOf(home.get(name)!)!;
				const from = its === PATTERNS ? 'core' : its;
				if (its === module || from === module) continue;
				if (!needed.has(from)) needed.set(from, new Set());
				needed.get(from)!.add(name);
			}
		}
		const imports = [...needed].map(([from, list]) => `import{${[...list].join()}}from"${nameOf(from)}";`);
		const exports = own.flatMap((u) => u.declares);
		return `${imports.join('')}${own.map((u) => u.code).join('\n')}\nexport{${exports.join()}};`;
	}
}

function unitsOf(source: string, parse: (code: string) => Node): Unit[] {
	const found: { node: Node; code: string; declares: string[]; acts: boolean }[] = [];
	for (const node of parse(source).body as Node[]) {
		const code = source.slice(node.start, node.end);
		if (node.type === 'VariableDeclaration') {
			for (const d of node.declarations)
				found.push({
					node: d,
					code: `${node.kind} ${source.slice(d.start, d.end)};`,
					declares: [...bound(d.id)],
					acts: false,
				});
		} else if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration')
			found.push({ node, code, declares: [node.id.name], acts: false });
		else if (node.type === 'ImportDeclaration')
			found.push({ node: undefined, code, declares: node.specifiers.map((s: Node) => s.local.name), acts: false });
		else found.push({ node, code, declares: [], acts: true });
	}
	const known = new Set(found.flatMap((f) => f.declares));
	return found.map(({ node, code, declares, acts }, order) => {
		const { reads, writes } = node ? namesOf(node) : { reads: [], writes: [] };
		const uses = new Set([...reads, ...writes].filter((name) => known.has(name)));
		const unit = { code, declares, uses, order, acts, group: order };
		written.set(
			unit,
			[...writes].filter((name) => known.has(name)),
		);
		return unit;
	});
}

const written = new WeakMap<Unit, readonly string[]>();

/** What writes a name and what declares it are one group. */
function grouped(units: readonly Unit[], home: ReadonlyMap<string, Unit>): Map<number, Unit[]> {
	const find = (group: number): number => {
		while (units[group]!.group !== group) group = units[group]!.group;
		return group;
	};
	for (const unit of units) {
		for (const name of written.get(unit)!) units[find(home.get(name)!.order)]!.group = find(unit.order);
	}
	const groups = new Map<number, Unit[]>();
	for (const unit of units) {
		const group = find(unit.order);
		groups.set(group, [...(groups.get(group) ?? []), unit]);
	}
	for (const [group, members] of groups) for (const unit of members) unit.group = group;
	return groups;
}
