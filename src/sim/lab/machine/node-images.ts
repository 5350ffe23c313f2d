/**
 * What is in a `kindest/node` image, and which one each release of kind takes by default.
 *
 * Source: kind's release notes v0.11.1 to v0.32.0, and the images built for them (pkg/build/nodeimage,
 * images/base @ the release).
 */

export interface NodeImage {
	/** `1.24.0` */
	readonly kubernetes: string;
	readonly osImage: string;
	readonly containerd: string;
	readonly coredns: string;
	readonly etcd: string;
	readonly pause: string;
	readonly kindnetd: string;
	readonly localPath: string;
	/** Where Kubernetes' own images are from. */
	readonly registry: 'k8s.gcr.io' | 'registry.k8s.io';
	/** Octets: unpacked, and over the network. */
	readonly size: number;
	readonly transfer: number;
}

const MB = 1_000_000;
const image = (
	kubernetes: string,
	osImage: string,
	containerd: string,
	[coredns, etcd, pause, kindnetd, localPath]: readonly [string, string, string, string, string],
	size: number,
): NodeImage => ({
	kubernetes,
	osImage,
	containerd,
	coredns,
	etcd,
	pause,
	kindnetd,
	localPath,
	registry: Number(kubernetes.split('.')[1]) < 25 ? 'k8s.gcr.io' : 'registry.k8s.io',
	size: size * MB,
	transfer: Math.round(size * 0.36) * MB,
});

const JAMMY = 'Ubuntu 22.04.1 LTS';
const BULLSEYE = 'Debian GNU/Linux 11 (bullseye)';
const BOOKWORM = 'Debian GNU/Linux 12 (bookworm)';

/** Oldest first. */
export const NODE_IMAGES: readonly NodeImage[] = [
	image('1.21.1', 'Ubuntu 21.04', '1.5.2', ['v1.8.0', '3.4.13-0', '3.5', 'v20210326-1e038dc5', 'v0.0.14'], 911),
	image('1.22.0', 'Ubuntu 21.04', '1.5.5', ['v1.8.4', '3.5.0-0', '3.5', 'v20210616-2c7d23d0', 'v0.0.14'], 1420),
	image('1.23.4', 'Ubuntu 21.10', '1.5.10', ['v1.8.6', '3.5.1-0', '3.6', 'v20211122-a2c10462', 'v0.0.14'], 1460),
	image('1.24.0', 'Ubuntu 21.10', '1.6.4', ['v1.8.6', '3.5.3-0', '3.6', 'v20220510-4929dd75', 'v0.0.22-kind.0'], 945),
	image('1.25.3', JAMMY, '1.6.9', ['v1.9.3', '3.5.4-0', '3.7', 'v20221004-44d545d1', 'v0.0.22-kind.0'], 919),
	image('1.26.3', JAMMY, '1.6.19', ['v1.9.3', '3.5.6-0', '3.7', 'v20230330-48f316cd', 'v0.0.23-kind.0'], 932),
	image('1.27.3', BULLSEYE, '1.7.1', ['v1.10.1', '3.5.7-0', '3.7', 'v20230511-dc714da8', 'v20230511-dc714da8'], 932),
	image('1.28.0', BULLSEYE, '1.7.1', ['v1.10.1', '3.5.9-0', '3.7', 'v20230511-dc714da8', 'v20230511-dc714da8'], 943),
	image('1.29.2', BOOKWORM, '1.7.13', ['v1.11.1', '3.5.10-0', '3.7', 'v20240202-8f1494ea', 'v20240202-8f1494ea'], 956),
	image('1.30.0', BOOKWORM, '1.7.15', ['v1.11.1', '3.5.12-0', '3.7', 'v20240202-8f1494ea', 'v20240202-8f1494ea'], 974),
	image(
		'1.31.0',
		BOOKWORM,
		'1.7.18',
		['v1.11.1', '3.5.15-0', '3.10', 'v20240813-c6f155d6', 'v20240813-c6f155d6'],
		1030,
	),
	image(
		'1.32.0',
		BOOKWORM,
		'1.7.24',
		['v1.11.3', '3.5.16-0', '3.10', 'v20241108-5c6d2daf', 'v20241108-5c6d2daf'],
		1040,
	),
	image('1.33.1', BOOKWORM, '2.1.1', ['v1.12.0', '3.5.21-0', '3.10', 'v20250512-df8de77b', 'v20250512-df8de77b'], 1090),
	image('1.34.0', BOOKWORM, '2.1.3', ['v1.12.1', '3.6.4-0', '3.10', 'v20250512-df8de77b', 'v20250512-df8de77b'], 1110),
];

/** Patches of each minor that were published (hub.docker.com/r/kindest/node/tags). */
const PATCHES: Readonly<Record<number, readonly number[]>> = {
	21: [1, 2, 10, 12, 14],
	22: [0, 1, 2, 4, 5, 7, 9, 13, 15, 17],
	23: [0, 1, 3, 4, 5, 6, 10, 12, 13, 15, 17],
	24: [0, 1, 2, 3, 4, 6, 7, 12, 13, 15, 17],
	25: [0, 2, 3, 8, 9, 11, 16],
	26: [0, 2, 3, 4, 6, 13, 14, 15],
	27: [0, 1, 2, 3, 10, 11, 13, 16],
	28: [0, 6, 7, 9, 12, 13, 15],
	29: [0, 1, 2, 4, 7, 8, 10, 12, 14],
	30: [0, 2, 3, 4, 6, 8, 10, 13],
	31: [0, 1, 2, 4, 6, 9, 12],
	32: [0, 1, 2, 3, 5, 8],
	33: [0, 1, 2, 4],
	34: [0],
};

/**
 * By the tag of `kindest/node`: `v1.24.0`. Another patch of a minor is taken to have what the one in the table has
 * beside Kubernetes.
 */
export function nodeImageOf(tag: string): NodeImage | undefined {
	const known = NODE_IMAGES.find(({ kubernetes }) => `v${kubernetes}` === tag);
	if (known) return known;
	const m = /^v1\.(\d+)\.(\d+)$/.exec(tag);
	const minor = Number(m?.[1]);
	const base = NODE_IMAGES.find(({ kubernetes }) => minorOf(kubernetes) === minor);
	return base && PATCHES[minor]?.includes(Number(m![2])) ? { ...base, kubernetes: `1.${minor}.${m![2]}` } : undefined;
}

/** Default images by release of kind. */
export const KIND_RELEASES: Readonly<Record<string, string>> = {
	'v0.11.1': 'v1.21.1',
	'v0.12.0': 'v1.23.4',
	'v0.14.0': 'v1.24.0',
	'v0.17.0': 'v1.25.3',
	'v0.18.0': 'v1.26.3',
	'v0.20.0': 'v1.27.3',
	'v0.22.0': 'v1.29.2',
	'v0.23.0': 'v1.30.0',
	'v0.24.0': 'v1.31.0',
	'v0.26.0': 'v1.32.0',
	'v0.29.0': 'v1.33.1',
	'v0.30.0': 'v1.34.0',
};

export const minorOf = (version: string): number => Number(version.replace(/^v/, '').split('.')[1] ?? 0);
