/**
 * What Pagefind's own script finds in place of the browser's globals (esbuild's `inject`): a `fetch` that asks the
 * page's loader for packed files.
 */

type Provide = (name: string) => Promise<Uint8Array>;

const providers = new Map<string, Provide>();

/** Files below `/packed/<language>/` come from `provide`. Returns that base path. */
export function mount(language: string, provide: Provide): string {
	providers.set(language, provide);
	return `/packed/${language}/`;
}

const packedFetch = async (input: string): Promise<object> => {
	const [, language = '', name = ''] = /^\/packed\/([^/]+)\/([^?]+)/.exec(input) ?? [];
	const provide = providers.get(language);
	if (!provide) throw new Error(`no packed index for ${input}`);
	const bytes = await provide(name);
	return {
		ok: true,
		arrayBuffer: async () => bytes,
		json: async () => JSON.parse(new TextDecoder().decode(bytes)),
	};
};

/** Pagefind polls every 50 ms for its own start: a few are enough. */
const briefTimeout = (run: () => void, milliseconds: number): unknown =>
	globalThis.setTimeout(run, Math.min(milliseconds, 4));

export { briefTimeout as setTimeout, packedFetch as fetch };
