/** What a build of Kubernetes says of itself. */

/** k8s.io/apimachinery pkg/version Info, in its order. */
export interface VersionInfo {
	readonly major: string;
	readonly minor: string;
	readonly gitVersion: string;
	readonly gitCommit: string;
	readonly gitTreeState: string;
	readonly buildDate: string;
	readonly goVersion: string;
	readonly compiler: string;
	readonly platform: string;
}

/** Of others, when they were built and from which commit is not known: these fields stay empty. */
const BUILDS: Readonly<Record<string, readonly [commit: string, date: string, go: string]>> = {
	'v1.24.0': ['4ce5a8954017644c5420bae81d72b09b735c21f0', '2022-05-03T13:46:05Z', 'go1.18.1'],
};

export function versionInfo(version: string): VersionInfo {
	const [major = '', minor = ''] = version.slice(1).split('.');
	const [gitCommit = '', buildDate = '', goVersion = ''] = BUILDS[version] ?? [];
	const gitTreeState = gitCommit === '' ? '' : 'clean';
	return {
		major,
		minor,
		gitVersion: version,
		gitCommit,
		gitTreeState,
		buildDate,
		goVersion,
		compiler: 'gc',
		platform: 'linux/amd64',
	};
}
