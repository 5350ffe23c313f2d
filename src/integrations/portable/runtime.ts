/**
 * The registry that stands in for ES modules in the browser, where pages opened from disk may not load any.
 * Each chunk is a classic script that calls `define`; chunks load when an entry or an `import()` asks for them.
 */
type Namespace = Record<string, unknown>;
type Require = (id: string) => Namespace;
type Factory = (
	require: Require,
	module: { exports: Namespace },
	exports: Namespace,
	load: (id: string) => Promise<Namespace>,
	url: string,
	give: (getters: Readonly<Record<string, () => unknown>>) => void,
) => void;

interface Registry {
	define(id: string, needs: readonly string[], factory: Factory): void;
}

const host = window as unknown as { packetwalk?: Registry };

if (!host.packetwalk) {
	const own = document.currentScript as HTMLScriptElement;
	// data-root of the page, resolved: the folder that module ids are relative to.
	const root = new URL(own.dataset.root ?? './', location.href).href;
	const defined = new Map<string, { needs: readonly string[]; factory: Factory }>();
	const ran = new Map<string, { exports: Namespace }>();
	const loading = new Map<string, Promise<void>>();

	const run: Require = (id) => {
		const known = ran.get(id);
		if (known) return known.exports;
		const chunk = defined.get(id);
		if (!chunk) throw new Error(`module ${id} is not loaded`);
		const module = { exports: {} as Namespace };
		ran.set(id, module);
		chunk.factory(run, module, module.exports, load, root + id, (getters) => {
			Object.defineProperty(module.exports, '__esModule', { value: true });
			for (const name in getters) Object.defineProperty(module.exports, name, { get: getters[name], enumerable: true });
		});
		return module.exports;
	};

	/** Loads a chunk's script and those it needs; `onPath` stops at cycles. */
	const fetchChunk = (id: string, onPath: readonly string[]): Promise<void> => {
		if (onPath.includes(id)) return Promise.resolve();
		const needs = () => Promise.all(defined.get(id)!.needs.map((need) => fetchChunk(need, [...onPath, id])));
		if (defined.has(id)) return needs().then(() => undefined);
		let script = loading.get(id);
		if (!script) {
			script = new Promise<void>((resolve, reject) => {
				const element = document.createElement('script');
				element.src = root + id;
				element.onload = () => resolve();
				element.onerror = () => {
					loading.delete(id);
					reject(new Error(`cannot load ${id}`));
				};
				document.head.append(element);
			});
			loading.set(id, script);
		}
		return script.then(needs).then(() => undefined);
	};

	const load = (id: string): Promise<Namespace> => fetchChunk(id, []).then(() => run(id));

	host.packetwalk = {
		define(id, needs, factory) {
			defined.set(id, { needs, factory });
			if ((document.currentScript as HTMLScriptElement | null)?.hasAttribute('data-run')) run(id);
		},
	};
}
