import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** From low to high: a folder may import from those before it. `ARCHITECTURE.md` has the same line. */
const LAYERS = [
	'src/sim/wire',
	'src/sim/trace',
	'src/sim/linux',
	'src/sim/kube',
	'src/sim/cilium',
	'src/sim/world',
	'src/sim/scenarios',
	'src/sim/api',
	'src/sim/charts',
	'src/sim/lab',
	'src/state',
	'src/i18n',
	'src/cli',
	'src/exercises',
	'src/content',
	'content',
	'src/widgets',
	'src/search',
	'src/site',
	'src/components',
	'src/layouts',
	'src/pages',
];
/** Beside the layers: may use what is below `widgets`, and search its own half. */
const BESIDE = ['src/integrations', 'tools', 'bench'];
/** Folders entered by an `index.ts` only. */
const WITH_DOOR = LAYERS.filter((layer) => layer.startsWith('src/sim/')).concat(
	'src/state',
	'src/cli',
	'src/exercises',
);

/**
 * What `src/sim` may not use: one trace has one digest in every engine and language. That it knows no browser and no
 * Node is held by `tsconfig.sim.json`, which has neither in its library.
 */
const FORBIDDEN_IN_SIM =
	/\b(?:Intl|Date|console)\b|\bMath\.random\b|\.(?:toLocale\w*|localeCompare|toFixed|toPrecision|toExponential)\(/;

interface Import {
	readonly from: string;
	readonly to: string;
}

function listFiles(folder: string): string[] {
	return (readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }) as string[])
		.map((name) => join(folder, name).split(sep).join('/'))
		.filter((name) => /\.(?:ts|tsx|astro)$/.test(name) && statSync(join(ROOT, name)).isFile());
}

/** Relative imports of a file, type-only ones, `import()` and re-exports included. */
function importsOf(file: string): Import[] {
	const text = readFileSync(join(ROOT, file), 'utf8');
	const specifiers = new Set<string>();
	// In Astro files, the frontmatter and each script are TypeScript; the markup between them holds no imports.
	const sources = file.endsWith('.astro')
		? [
				/^---\n(.*?)\n---/s.exec(text)?.[1] ?? '',
				...[...text.matchAll(/<script>(.*?)<\/script>/gs)].map(([, code]) => code!),
			]
		: [text];
	for (const source of sources) {
		const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, false, ts.ScriptKind.TSX);
		const visit = (node: ts.Node): void => {
			const named = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined;
			const called =
				ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
					? node.arguments[0]
					: undefined;
			const typed =
				ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
			const found = named ?? called ?? typed;
			if (found && ts.isStringLiteralLike(found)) specifiers.add(found.text);
			ts.forEachChild(node, visit);
		};
		visit(tree);
	}
	return [...specifiers]
		.filter((specifier) => specifier.startsWith('.'))
		.map((specifier) => ({
			from: file,
			to: relative(ROOT, join(ROOT, dirname(file), specifier))
				.split(sep)
				.join('/')
				.replace(/\?.*$/, ''),
		}));
}

const folderOf = (file: string, folders: readonly string[]) => folders.find((folder) => file.startsWith(`${folder}/`));

const FILES = ['src', 'content', 'tools'].flatMap(listFiles);
const IMPORTS = FILES.flatMap(importsOf);

describe('layers', () => {
	it('every import points down', () => {
		const up = IMPORTS.filter(({ from, to }) => {
			const target = LAYERS.indexOf(folderOf(to, LAYERS) ?? '');
			if (target < 0) return false;
			if (folderOf(from, BESIDE)) {
				return (
					target >= LAYERS.indexOf('src/widgets') &&
					!(from.startsWith('src/integrations/search') && to.startsWith('src/search/'))
				);
			}
			const source = LAYERS.indexOf(folderOf(from, LAYERS) ?? '');
			return source >= 0 && target > source;
		});
		expect(up.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
	});

	it('a folder of the simulator is entered by its door', () => {
		const past = IMPORTS.filter(({ from, to }) => {
			const target = folderOf(to, WITH_DOOR);
			return target && folderOf(from, WITH_DOOR) !== target && !to.endsWith('/index.ts');
		});
		expect(past.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
	});

	it('every folder of the source has a place in the order', () => {
		const placed = [...LAYERS, ...BESIDE, 'src/styles'];
		const lost = FILES.filter(
			(file) => file.startsWith('src/') && file.split('/').length > 2 && !folderOf(file, placed),
		);
		expect(lost).toEqual([]);
	});

	it('the simulator is plain TypeScript: no package, no locale, no clock, no chance', () => {
		const packages = FILES.filter((file) => file.startsWith('src/sim/')).flatMap((file) => {
			const text = readFileSync(join(ROOT, file), 'utf8');
			return [...text.matchAll(/\bfrom\s+'([^.'][^']*)'/g)].map(([, name]) => `${file} imports ${name}`);
		});
		expect(packages).toEqual([]);
		const strangers = FILES.filter((file) => file.startsWith('src/sim/')).flatMap((file) => {
			const found = FORBIDDEN_IN_SIM.exec(codeOf(file));
			return found ? [`${file}: ${found[0]}`] : [];
		});
		expect(strangers).toEqual([]);
	});
});

/** A file without its comments and strings. */
function codeOf(file: string): string {
	const text = readFileSync(join(ROOT, file), 'utf8');
	const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text);
	const skipped = new Set([
		ts.SyntaxKind.StringLiteral,
		ts.SyntaxKind.NoSubstitutionTemplateLiteral,
		ts.SyntaxKind.TemplateHead,
		ts.SyntaxKind.RegularExpressionLiteral,
	]);
	let code = '';
	let before = '';
	for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
		const word = scanner.getTokenText();
		// A property or a field of that name is ours, not the global.
		const own = token === ts.SyntaxKind.Identifier && (before === '.' || before === '?.');
		code +=
			skipped.has(token) || (own && !/^(?:random|toLocale|localeCompare|toFixed|toPrecision|toExponential)/.test(word))
				? ' x '
				: word.length > 1
					? ` ${word}`
					: word;
		before = word;
	}
	return code.replace(/\s*\.\s*/g, '.').replace(/\s*\(/g, '(');
}
