/**
 * Which kubectl is installed on the laptop, and what is known of releases of Kubernetes.
 *
 * It is of the minor that the laptop's kind builds clusters of when nothing else is asked for: whoever got kind got
 * kubectl with it. Commands ask here, and nowhere else, how old their kubectl is.
 */
import { KIND_RELEASES, type Lab } from '../../sim/lab/index.ts';

export { serverInfo, type VersionInfo, versionInfo } from '../kube/version-info.ts';

/** `v1.24.0` */
export const kubectlVersion = (lab: Lab): string => KIND_RELEASES[lab.kind.release] ?? 'v1.24.0';

/** 24 of `v1.24.0`. */
export const minorOf = (version: string): number => Number(/^v?\d+\.(\d+)/.exec(version)?.[1] ?? 0);

/** 24 where kubectl v1.24.0 is installed. */
export const kubectlMinor = (lab: Lab): number => minorOf(kubectlVersion(lab));

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
