/** Groups of somebody's own server, as kubectl finds them. */
import { customChecks } from '../../sim/api/index.ts';
import type { Kube } from './kube.ts';
import { kubectlMinor, minorOf } from './releases.ts';

/**
 * From 1.27 on server and kubectl exchange one document of all groups, in which kubectl does not see those that are
 * stale (client-go discovery/aggregated_discovery.go SplitGroupsAndResources() @ v0.27.0).
 */
export const asksOneDocument = ({ api, run }: Kube): boolean =>
	Math.min(minorOf(api.version), kubectlMinor(run.call.lab)) >= 27;

/** What APIServices stand for, as far as kubectl is told of it. */
export const othersOf = (kube: Kube) =>
	(customChecks()?.aggregated(kube.api) ?? []).filter(({ available }) => available || !asksOneDocument(kube));
