/** `images` of a kustomization. Source: kustomize api/filters/imagetag @ kustomize/v4.5.4. */
import { isRecord } from '../../../sim/api/index.ts';
import type { Draft } from './resource.ts';
import { records, text } from './values.ts';

/** `repository:tag@digest`; a port is no tag. */
function splitImage(image: string): { readonly name: string; readonly tag: string; readonly digest: string } {
	const at = image.indexOf('@');
	const digest = at < 0 ? '' : image.slice(at + 1);
	const rest = at < 0 ? image : image.slice(0, at);
	const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
	return { name: colon < 0 ? rest : rest.slice(0, colon), tag: colon < 0 ? '' : rest.slice(colon + 1), digest };
}

/** A name is an expression, as kustomize takes it (api/image/image.go IsImageMatched()). */
function matched(image: string, name: string): boolean {
	try {
		return new RegExp(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`).test(image);
	} catch {
		return false;
	}
}

function imageOf(image: string, change: Draft): string {
	if (!matched(image, text(change.name))) return image;
	const now = splitImage(image);
	const name = text(change.newName) || now.name;
	const newTag = change.newTag === undefined ? '' : String(change.newTag);
	const newDigest = text(change.digest);
	const suffix = text(change.tagSuffix);
	let { tag, digest } = now;
	if (newTag !== '' || newDigest !== '') {
		tag = newTag;
		digest = newDigest;
	} else if (suffix !== '') {
		tag += suffix;
		digest = '';
	}
	return `${name}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}

/** Every list of containers, wherever it is (LegacyFilter). */
export function setImages(value: unknown, change: Draft): void {
	if (Array.isArray(value)) for (const item of value) setImages(item, change);
	if (!isRecord(value)) return;
	for (const [key, item] of Object.entries(value)) {
		if ((key === 'containers' || key === 'initContainers') && Array.isArray(item))
			for (const container of records(item))
				if (typeof container.image === 'string') container.image = imageOf(container.image, change);
		setImages(item, change);
	}
}
