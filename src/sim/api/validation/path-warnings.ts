/**
 * Files of one volume that lie over each other: `path` and `path/two`, or the same twice.
 *
 * Source: kubernetes pkg/api/pod/warnings.go warningsForOverlappingVirtualPaths() @ v1.32.0. Upstream asks whether one
 * path begins with the other, so that `test` and `testing` are told too.
 */
import { type Draft, isRecord, sub, subs, text } from '../json.ts';

const overlaps = (paths: readonly string[], words: string): string[] => {
	const seen = new Set<string>();
	return paths.flatMap((written) => {
		const path = written.replace(/\/+$/, '');
		const other = [...seen].find(
			(one) => one === '' || path === '' || `${one}/`.startsWith(path) || `${path}/`.startsWith(one),
		);
		seen.add(path);
		return other === undefined || other === '' || path === '' ? [] : [`${words}: "${path}" with "${other}"`];
	});
};

const itemsOf = (source: unknown): readonly string[] | undefined =>
	isRecord(source) && Array.isArray(source.items)
		? subs(source, 'items').map((item) => text(item, 'path') ?? '')
		: undefined;

/** What one source of a projected volume brings, and as what it is told. */
const projected = (source: Draft): readonly [paths: readonly string[], as: string] | undefined => {
	for (const [key, kind] of [
		['configMap', 'ConfigMap'],
		['secret', 'Secret'],
	] as const) {
		const paths = itemsOf(source[key]);
		if (paths) return [paths, ` ${kind} "${text(source, key, 'name') ?? ''}"`];
	}
	const paths = itemsOf(source.downwardAPI);
	if (paths) return [paths, ' DownwardAPI'];
	if (isRecord(source.serviceAccountToken))
		return [[text(source, 'serviceAccountToken', 'path') ?? ''], ' ServiceAccountToken'];
	const bundle = sub(source, 'clusterTrustBundle');
	return isRecord(source.clusterTrustBundle)
		? [[text(bundle, 'path') ?? ''], ` ClusterTrustBundle "${bundle.name ?? bundle.signerName ?? ''}"`]
		: undefined;
};

/** All such files of a pod's volumes. */
export const overlappingPaths = (volumes: readonly Draft[]): readonly string[] =>
	volumes.flatMap((volume) => {
		const named = `volume "${volume.name}"`;
		const own: string[] = [];
		const say = (source: unknown, as: string): void => {
			own.push(...overlaps(itemsOf(source) ?? [], `${named} (${as}): overlapping paths`));
		};
		say(volume.configMap, `ConfigMap "${text(volume, 'configMap', 'name') ?? ''}"`);
		say(volume.secret, `Secret "${text(volume, 'secret', 'secretName') ?? ''}"`);
		say(volume.downwardAPI, 'DownwardAPI');
		const all = new Set<string>();
		// As upstream's loop has it, a source without paths of its own is told with those of the one before it.
		let last: readonly [paths: readonly string[], as: string] = [[], ''];
		for (const source of subs(volume, 'projected', 'sources')) {
			if (Object.keys(source).length === 0) {
				own.push(`${named} (Projected) has no sources provided`);
				continue;
			}
			last = projected(source) ?? last;
			const [paths, as] = last;
			if (paths.length === 0) continue;
			const words = `${named} (Projected${as}): overlapping paths`;
			const unique = [...new Set(paths)];
			own.push(...overlaps(paths, words), ...overlaps([...unique, ...all].sort(), words));
			for (const path of unique) all.add(path);
		}
		return own;
	});
