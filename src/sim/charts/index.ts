/**
 * Helm for the one chart the course teaches: values to manifests, with the refusals of its templates.
 *
 * `helm` itself (releases, history, output) is `src/cli/helm` over `src/sim/lab`.
 */
export { renderCilium } from './cilium/index.ts';
export { parseSet, type SetError, wholeScalar } from './strvals.ts';
export type { ChartError, ChartRequest, Rendered } from './types.ts';
export { flattenValues, mergeValues, type Values, valueAt, valueText } from './values.ts';
export { chartVersion, ciliumChartVersions, releaseOf } from './versions.ts';
