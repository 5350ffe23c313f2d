/** Images on a machine or a node, and what a registry answers about those that are not. */
import { hashText } from '../../linux/index.ts';
import { hex, sha256 } from '../../trace/index.ts';
import { peoplesContainers } from '../containers/later.ts';
import { catalogued, type ImageFacts } from './catalog.ts';
import { fullName, type ImageName, parseImage, repositoryOf } from './image-names.ts';

export interface StoredImage {
	readonly repository: string;
	readonly tag: string;
	/** `sha256:` and 64 digits. */
	readonly id: string;
	/** Of the manifest, likewise. */
	readonly digest: string;
	/** When it was built, virtual microseconds: some time before the lab began. */
	readonly created: number;
	readonly size: number;
	/** `docker.io/library/nginx:1.25`. */
	readonly name: string;
	/** The name it came by, where somebody gave it another. */
	readonly of?: string;
}

export interface ImageStore {
	list(): readonly StoredImage[];
	has(name: string): boolean;
	find(name: string): StoredImage | undefined;
	add(name: ImageName): StoredImage;
	remove(name: string): void;
	/** Another name for an image there is. */
	tag(image: string, name: string): void;
	/** What the registry knows of it. */
	inRegistry(name: ImageName): ImageFacts | undefined;
}

const digest = (text: string): string => `sha256:${hex(sha256(new TextEncoder().encode(text)))}`;

/**
 * Digest of an image's manifest. The lab has no octets of any image: where a reference names no digest, it is the SHA-256
 * of the reference itself (`docker.io/library/nginx:1.25`), so that one image has one digest wherever it lies. It is not
 * the digest that image has in its registry.
 */
export const digestOf = (name: ImageName): string => name.digest ?? digest(fullName(name));

/** Id of an image, which really is the digest of its configuration: here the SHA-256 of the manifest's digest. */
const imageId = (name: ImageName): string => digest(digestOf(name));

/** Half a month to eight months before anything happens here. */
const builtAt = (name: string): number => -(15 + (hashText(99, name) % 220)) * 86_400_000_000;

/** Names as people write them find names as they are stored. */
const keyOf = (text: string): string => {
	const name = parseImage(text);
	return name
		? fullName({ registry: name.registry, path: name.path, tag: name.tag === '' ? 'latest' : name.tag })
		: text;
};

/** Newest first. */
export function createImageStore(): ImageStore {
	const images = new Map<string, StoredImage>();
	return {
		list: () => [...images.values()].reverse(),
		has: (name) => images.has(keyOf(name)),
		find: (name) => images.get(keyOf(name)),
		add(name) {
			const key = keyOf(fullName(name));
			const old = images.get(key);
			if (old) return old;
			const image: StoredImage = {
				repository: repositoryOf(name),
				tag: name.tag === '' ? '<none>' : name.tag,
				id: imageId(name),
				digest: digestOf(name),
				created: builtAt(key),
				size: catalogued(name)?.size ?? 0,
				name: key,
			};
			images.set(key, image);
			return image;
		},
		remove: (name) => images.delete(keyOf(name)),
		tag(image, text) {
			const old = images.get(keyOf(image));
			const name = parseImage(text);
			if (!old || !name) return;
			const key = keyOf(text);
			images.delete(key);
			images.set(key, {
				...old,
				repository: repositoryOf(name),
				tag: name.tag || 'latest',
				name: key,
				of: old.of ?? old.name,
			});
		},
		inRegistry: catalogued,
	};
}

/** What Docker says of an image it cannot pull, after `Error response from daemon: ` (docker 20.10). */
export const pullFault = (name: ImageName | undefined): string => {
	if (!name) return 'invalid reference format';
	const repository = repositoryOf(name);
	const dial = peoplesContainers()?.dockerDial(name);
	if (dial !== undefined) return dial;
	if (hasRepository(name) && name.digest !== undefined)
		return `manifest for ${repository}@${name.digest} not found: manifest unknown: manifest unknown`;
	if (hasRepository(name))
		return `manifest for ${repository}:${name.tag} not found: manifest unknown: manifest unknown`;
	return name.registry === 'docker.io'
		? `pull access denied for ${repository}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`
		: name.registry === 'quay.io'
			? `unauthorized: access to the requested resource is not authorized`
			: `manifest unknown: Failed to fetch "${name.tag}" from request "/v2/${name.path}/manifests/${name.tag}".`;
};

/** What containerd says, after `rpc error: code = … desc = ` (containerd 1.6 pkg/cri/server/image_pull.go). */
export const containerdFault = (
	name: ImageName,
	machine: { readonly containerd: string; readonly dns: string } = { containerd: '1.6.4', dns: '172.18.0.1:53' },
): { readonly code: string; readonly text: string } => {
	const full = fullName(name);
	const people = peoplesContainers();
	if (people) return people.pullRefusal(name, hasRepository(name), { full, ...machine });
	return {
		code: 'NotFound',
		text: `failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${full}: not found`,
	};
};

/**
 * What tells a learner that an image is missing here, and maybe here only: the lab's registries keep the images that it
 * knows how to run, and one of another name may well exist. Undefined where no registry answers, as in life.
 */
export const notInLab = (name: ImageName): string | undefined =>
	catalogued(name) || peoplesContainers()?.dockerDial(name) !== undefined
		? undefined
		: `The registries of this lab keep only images that it can run, and ${fullName(name)} is none of them; those of the internet may have it`;

const hasRepository = (name: ImageName): boolean => catalogued({ ...name, tag: 'latest' }, true) !== undefined;
