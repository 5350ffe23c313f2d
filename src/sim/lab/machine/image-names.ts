/** Names of images, as Docker and containerd normalise them (distribution/reference). */

export interface ImageName {
	/** `docker.io`, `quay.io` … */
	readonly registry: string;
	/** `library/nginx`, `cilium/cilium`. */
	readonly path: string;
	readonly tag: string;
	/** `sha256:…` when the name is pinned. */
	readonly digest?: string;
}

/** Undefined when it is no image name at all. */
export function parseImage(text: string): ImageName | undefined {
	const m =
		/^(?<name>[a-z0-9][a-zA-Z0-9._:/-]*?)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{6,64}))?$/.exec(
			text,
		);
	if (!m?.groups) return undefined;
	const { name = '', tag, digest } = m.groups;
	const slash = name.indexOf('/');
	const first = slash < 0 ? '' : name.slice(0, slash);
	const hasRegistry = first.includes('.') || first.includes(':') || first === 'localhost';
	const path = hasRegistry ? name.slice(slash + 1) : name;
	if (!/^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/.test(path)) return undefined;
	return {
		registry: hasRegistry ? first : 'docker.io',
		path: !hasRegistry && !path.includes('/') ? `library/${path}` : path,
		tag: tag ?? (digest === undefined ? 'latest' : ''),
		...(digest === undefined ? {} : { digest }),
	};
}

/** `docker.io/library/nginx:1.25`: what containerd calls it. */
export const fullName = ({ registry, path, tag, digest }: ImageName): string =>
	`${registry}/${path}${tag === '' ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;

/** Without registry, tag and digest: what the lab knows an image by. */
export const repositoryOf = ({ registry, path }: ImageName): string =>
	registry === 'docker.io' ? path.replace(/^library\//, '') : `${registry}/${path}`;
