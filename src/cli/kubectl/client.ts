/**
 * Which kubectl is installed on the laptop: the one of the minor that the laptop's kind builds clusters of when nothing
 * else is asked for. Whoever got kind got kubectl with it.
 */
import { KIND_RELEASES, type Lab } from '../../sim/lab/index.ts';

/** `v1.24.0` */
export const kubectlVersion = (lab: Lab): string => KIND_RELEASES[lab.kind.release] ?? 'v1.24.0';

/** 24 of `v1.24.0`. */
export const minorOf = (version: string): number => Number(/^v?\d+\.(\d+)/.exec(version)?.[1] ?? 0);
