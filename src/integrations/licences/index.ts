import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';

/** Packages whose code is part of the site though no chunk imports them: Pagefind's reader and stemmers are copied in. */
const COPIED = ['pagefind'];
/** Packages that stand inside the file of another one, as far as that file is shipped. */
const INSIDE: Readonly<Record<string, readonly string[]>> = { 'just-bash': ['re2js'] };

/**
 * Writes `THIRD-PARTY.txt` into the site: every package that is part of what the browser loads, with its licence.
 * Which ones they are is read off the client's chunks, so the list cannot go stale.
 */
export function licences(): AstroIntegration {
	const shipped = new Set(COPIED);
	let root = '';
	return {
		name: 'packetwalk:licences',
		hooks: {
			'astro:config:setup': ({ config, updateConfig }) => {
				root = fileURLToPath(config.root);
				updateConfig({
					vite: {
						plugins: [
							{
								name: 'packetwalk:shipped-packages',
								applyToEnvironment: ({ name }: { name: string }) => name === 'client',
								generateBundle(_: unknown, bundle: Record<string, { type: string; moduleIds?: string[] }>) {
									for (const chunk of Object.values(bundle)) {
										for (const id of chunk.moduleIds ?? []) {
											const name = packageOf(id);
											if (name) shipped.add(name);
										}
									}
								},
							},
						],
					},
				});
			},
			'astro:build:done': ({ dir }) => {
				writeFileSync(
					new URL('THIRD-PARTY.txt', dir),
					thirdParty(
						[...new Set([...shipped].flatMap((name) => [name, ...(INSIDE[name] ?? [])]))].sort(),
						join(root, 'node_modules'),
					),
				);
			},
		},
	};
}

/** Name of the package a module belongs to; undefined for our own code and for what the bundler makes up. */
export function packageOf(id: string): string | undefined {
	const tail = id.replaceAll('\\', '/').split('/node_modules/').at(-1)!;
	if (tail === id.replaceAll('\\', '/') || id.startsWith('\0')) return undefined;
	const [first = '', second = ''] = tail.split('/');
	return first.startsWith('@') ? `${first}/${second}` : first;
}

/** The text: for each package its version, address and licence. @throws Error when a licence is not to be found */
export function thirdParty(packages: readonly string[], modules: string): string {
	const rule = '-'.repeat(78);
	const parts = packages.map((name) => {
		const folder = join(modules, name);
		const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
			version: string;
			license?: string;
			homepage?: string;
			author?: string | { name: string };
		};
		const text = licenceText(folder);
		if (!text && !about.license) throw new Error(`${name} says nothing about its licence`);
		const author = typeof about.author === 'object' ? about.author.name : about.author;
		const body = text ?? `Licensed under ${about.license}.${author ? ` Copyright ${author}.` : ''}`;
		return [
			rule,
			`${name} ${about.version} (${about.license ?? 'see below'})`,
			about.homepage ?? '',
			rule,
			'',
			body,
			'',
		]
			.filter((line, index) => line || index > 2)
			.join('\n');
	});
	return `This site contains code of the following packages.\n\n${parts.join('\n')}`;
}

/** The licence file of a package, or all files of its licence folder. */
function licenceText(folder: string): string | undefined {
	const entry = readdirSync(folder, { withFileTypes: true }).find(({ name }) =>
		/^(?:licen[cs]e|copying)(?:\.|$)/i.test(name),
	);
	if (!entry) return undefined;
	const path = join(folder, entry.name);
	const files = entry.isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
	return files.map((file) => readFileSync(file, 'utf8').trim()).join('\n\n');
}
