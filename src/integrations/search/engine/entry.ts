/** The engine script: Pagefind's own, with packed files in place of the network. Sets one global. */
// @ts-expect-error The build puts Pagefind's script here.
import { createInstance } from 'pagefind-runtime';
import type { Engine } from '../../../search/packed.ts';
import { mount } from './globals.ts';

const engine: Engine = {
	open: (language, provide) => createInstance({ basePath: mount(language, provide), noWorker: true }),
};
(globalThis as { packetwalkEngine?: Engine }).packetwalkEngine = engine;
