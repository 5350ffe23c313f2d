/** What rendering a chart gives, and what it refuses. */
import type { ApiInput } from '../api/index.ts';
import type { CiliumMessage } from '../cilium/index.ts';
import type { Values } from './values.ts';

export interface ChartRequest {
	/** Name of the release. */
	readonly release: string;
	readonly namespace: string;
	/** A released version of the chart: `1.12.1`. */
	readonly version: string;
	/** What the user gave, merged. */
	readonly values: Values;
	/** `v1.24.0`: the templates ask for it. */
	readonly kubernetes: string;
}

export interface Rendered {
	/** In the order helm installs kinds (pkg/releaseutil/kind_sorter.go). */
	readonly manifests: readonly ApiInput[];
	readonly notes: string;
	/** What nobody says and the course may explain: keys without effect. */
	readonly messages: readonly CiliumMessage[];
}

/** helm stops: `text` is what it prints after `Error: INSTALLATION FAILED: `. */
export interface ChartError {
	readonly error: string;
}
