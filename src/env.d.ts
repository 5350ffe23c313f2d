/// <reference types="astro/client" />

/** Set by astro.config.mjs. */
declare const __BUILD__: import('./integrations/build-info.ts').BuildInfo;

/** For plain `tsc`; `astro check` knows each component's own props. */
declare module '*.astro' {
	const component: (props: Record<string, unknown>) => unknown;
	export default component;
}
