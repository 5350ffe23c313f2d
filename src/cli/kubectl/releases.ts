/**
 * Which kubectl is installed on the laptop, and what is known of releases of Kubernetes.
 *
 * It is of the minor that the laptop's kind builds clusters of when nothing else is asked for: whoever got kind got
 * kubectl with it. Commands ask here, and nowhere else, how old their kubectl is.
 */
import { KIND_RELEASES, type Lab } from '../../sim/lab/index.ts';

/** `v1.24.0` */
export const kubectlVersion = (lab: Lab): string => KIND_RELEASES[lab.kind.release] ?? 'v1.24.0';

/** 24 of `v1.24.0`. */
export const minorOf = (version: string): number => Number(/^v?\d+\.(\d+)/.exec(version)?.[1] ?? 0);

/** 24 where kubectl v1.24.0 is installed. */
export const kubectlMinor = (lab: Lab): number => minorOf(kubectlVersion(lab));

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

/** Kustomize within kubectl, by kubectl's minor. It says so from 1.24. */
const KUSTOMIZE: Readonly<Record<number, string>> = {
	24: 'v4.5.4',
	25: 'v4.5.7',
	26: 'v4.5.7',
	27: 'v5.0.1',
	28: 'v5.0.4-0.20230601165947-6ce0bf390ce3',
	29: 'v5.0.4-0.20230601165947-6ce0bf390ce3',
	30: 'v5.0.4-0.20230601165947-6ce0bf390ce3',
	31: 'v5.4.2',
	32: 'v5.5.0',
	33: 'v5.6.0',
	34: 'v5.7.1',
};

export const kustomizeVersion = (version: string): string | undefined => KUSTOMIZE[minorOf(version)];
