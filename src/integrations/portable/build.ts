import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { elementsOf } from './html.ts';
import { type Chunk, inOrder, toClassic } from './modules.ts';
import { type PageContext, portablePage } from './page.ts';
import { relative, resolve } from './urls.ts';

export interface PortableOptions {
	/** Folder of scripts and styles inside the site. */
	readonly assets: string;
	/** Path of the site on its host, with a slash at both ends. */
	readonly base: string;
}

export interface PortableReport {
	readonly pages: number;
	readonly chunks: number;
	readonly problems: readonly string[];
}

/** Makes a built site independent of where it lies: any host, any path, a disk. Edits the files under `root`. */
export async function makePortable(root: string, options: PortableOptions): Promise<PortableReport> {
	const files = new Set(listFiles(root));
	const read = (file: string) => readFileSync(join(root, file), 'utf8');
	const write = (file: string, text: string) => writeFileSync(join(root, file), text);

	const chunks = new Map<string, Chunk>();
	for (const file of files) {
		if (!file.startsWith(`${options.assets}/`) || !file.endsWith('.js')) continue;
		const chunk = await toClassic(file, read(file));
		chunks.set(file, chunk);
		write(file, chunk.code);
	}
	const problems: string[] = [];
	for (const [id, chunk] of chunks) {
		for (const other of [...chunk.needs, ...chunk.later]) {
			if (!chunks.has(other)) problems.push(`${id}: ${other} is not a chunk`);
		}
	}
	const runtime = `${options.assets}/modules.js`;
	if (chunks.size > 0) {
		write(runtime, await runtimeScript());
		files.add(runtime);
	}

	// The build of the pages writes the sheets that scripts ask for a second time, under names of its own.
	const texts = [...files].filter((file) => /\.(?:html|js)$/.test(file)).map(read);
	for (const file of files) {
		if (!file.startsWith(`${options.assets}/`) || !file.endsWith('.css')) continue;
		if (texts.some((text) => text.includes(file))) continue;
		files.delete(file);
		rmSync(join(root, file));
	}
	for (const file of files) {
		if (file.endsWith('.css')) write(file, portableCss(file, read(file), files, problems));
	}

	const pages = new Map([...files].filter((file) => file.endsWith('.html')).map((file) => [file, read(file)]));
	const ids = new Map<string, ReadonlySet<string>>();
	const context: PageContext = {
		site: files,
		runtime,
		base: options.base,
		chunksFor: (entry) => inOrder(entry, (id) => chunks.get(id)?.needs ?? []),
		idsIn(file) {
			let known = ids.get(file);
			if (!known) {
				known = new Set(elementsOf(pages.get(file) ?? '').flatMap(({ attributes }) => attributes.id ?? []));
				ids.set(file, known);
			}
			return known;
		},
	};
	for (const [file, html] of pages) {
		const page = portablePage(file, html, context);
		write(file, page.html);
		problems.push(...page.problems);
	}
	return { pages: pages.size, chunks: chunks.size, problems };
}

function portableCss(file: string, css: string, files: ReadonlySet<string>, problems: string[]): string {
	return css.replace(/url\((["']?)([^)"']+)\1\)/g, (whole, quote: string, url: string) => {
		const target = url.startsWith('data:') ? undefined : resolve(file, url, files);
		if (!target) return whole;
		if (target.kind === 'file') return `url(${quote}${relative(file, target.file)}${target.tail}${quote})`;
		problems.push(`${file}: url(${url}) is not a file of the site`);
		return whole;
	});
}

async function runtimeScript(): Promise<string> {
	const entry = fileURLToPath(new URL('./runtime.ts', import.meta.url));
	const { outputFiles } = await build({
		entryPoints: [entry],
		bundle: true,
		write: false,
		minify: true,
		format: 'iife',
		target: 'es2020',
	});
	return outputFiles[0]!.text;
}

function listFiles(root: string): string[] {
	return (readdirSync(root, { recursive: true }) as string[])
		.filter((name) => statSync(join(root, name)).isFile())
		.map((name) => name.split(sep).join('/'));
}
