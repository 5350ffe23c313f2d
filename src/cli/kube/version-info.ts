/** What a build of Kubernetes says of itself. */

/** k8s.io/apimachinery pkg/version Info, in its order. */
export interface VersionInfo {
	readonly major: string;
	readonly minor: string;
	readonly emulationMajor?: string;
	readonly emulationMinor?: string;
	readonly minCompatibilityMajor?: string;
	readonly minCompatibilityMinor?: string;
	readonly gitVersion: string;
	readonly gitCommit: string;
	readonly gitTreeState: string;
	readonly buildDate: string;
	readonly goVersion: string;
	readonly compiler: string;
	readonly platform: string;
}

/**
 * Commit, Go, when kubectl was built, and when kind built the server of its image, which is another build of the same
 * commit. What of this nobody tells for a version stays empty.
 *
 * Source: the tags; what `kubectl version` prints of dl.k8s.io's binaries for linux/amd64 and of kind's node images.
 */
const BUILDS: Readonly<Record<string, readonly [commit: string, go: string, client: string, server?: string]>> = {
	'v1.21.1': ['5e58841cce77d4bc13713ad2b91fa0d961e69192', 'go1.16.4', '2021-05-12T14:18:45Z', '2021-05-21T23:01:33Z'],
	'v1.23.4': ['e6c093d87ea4cbb530a7b2ae91e54c0842d8308a', 'go1.17.7', '2022-02-16T12:38:05Z', '2022-03-06T21:32:53Z'],
	'v1.24.0': ['4ce5a8954017644c5420bae81d72b09b735c21f0', 'go1.18.1', '2022-05-03T13:46:05Z', '2022-05-19T15:39:43Z'],
	'v1.25.3': ['434bfd82814af038ad94d62ebe59b133fcb50506', 'go1.19.2', '2022-10-12T10:57:26Z'],
	'v1.26.3': ['9e644106593f3f4aa98f8a84b23db5fa378900bd', 'go1.19.7', '2023-03-15T13:40:17Z', '2023-03-30T06:34:50Z'],
	'v1.27.3': ['25b4e43193bcda6c7328a6d147b1fb73a33f1598', 'go1.20.5', '2023-06-14T09:53:42Z', '2023-06-15T00:36:28Z'],
	'v1.29.2': ['4b8e819355d791d96b7e9d9efe4cbafae2311c88', 'go1.21.7', '2024-02-14T10:40:49Z'],
	'v1.30.0': ['7c48c2bd72b9bf5c44d21d7338cc7bea77d0ad2a', 'go1.22.2', '2024-04-17T17:36:05Z'],
	'v1.31.0': ['9edcffcde5595e8a5b1a35f88c421764e575afce', 'go1.22.5', ''],
	'v1.32.0': ['70d3cc986aa8221cd1dfb1121852688902d3bf53', 'go1.23.3', ''],
	'v1.33.1': ['8adc0f041b8e7ad1d30e29cc59c6ae7a15e19828', 'go1.24.2', '2025-05-15T08:27:33Z'],
};

/** Of kubectl, or of what is in a node's image: the server also says which versions it keeps to, from 1.33. */
export function versionInfo(version: string, of: 'kubectl' | 'node' = 'node'): VersionInfo {
	const [major = '', minor = ''] = version.slice(1).split('.');
	const [gitCommit = '', goVersion = '', client = '', server = ''] = BUILDS[version] ?? [];
	const gitTreeState = gitCommit === '' ? '' : 'clean';
	return {
		major,
		minor,
		gitVersion: version,
		gitCommit,
		gitTreeState,
		buildDate: of === 'kubectl' ? client : server,
		goVersion,
		compiler: 'gc',
		platform: 'linux/amd64',
	};
}

/** What an API server answers (staging/src/k8s.io/component-base/version, apimachinery pkg/version @ v1.33.1). */
export function serverInfo(version: string): VersionInfo {
	const { major, minor, ...info } = versionInfo(version);
	const keeps = {
		emulationMajor: major,
		emulationMinor: minor,
		minCompatibilityMajor: major,
		minCompatibilityMinor: String(Number(minor) - 1),
	};
	return { major, minor, ...(Number(minor) >= 33 ? keeps : {}), ...info };
}
