/** The lab's parts as the build writes them: the live components, drawn once. */
import { renderToString } from 'preact-render-to-string';
import { ConfigDiff, type ConfigDiffIsland } from './config-diff.tsx';
import { KindConfig, type KindConfigIsland } from './kind-config.tsx';
import { Readiness, type ReadinessIsland } from './readiness.tsx';
import { StatusDecoder, type StatusDecoderIsland } from './status-decoder.tsx';
import type { LabWords } from './words.ts';

export { loadLabWords } from './words.ts';

export const renderConfigDiff = (island: ConfigDiffIsland, words: LabWords): string =>
	renderToString(<ConfigDiff island={island} words={words} />);
export const renderKindConfig = (island: KindConfigIsland, words: LabWords): string =>
	renderToString(<KindConfig island={island} words={words} />);
export const renderReadiness = (island: ReadinessIsland, words: LabWords): string =>
	renderToString(<Readiness island={island} words={words} />);
export const renderStatusDecoder = (island: StatusDecoderIsland, words: LabWords): string =>
	renderToString(<StatusDecoder island={island} words={words} />);
