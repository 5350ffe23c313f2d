/**
 * Fields of pods that a server knows and drops, since their feature is off where nobody turned it on: kind's
 * `featureGates` do nothing here.
 *
 * Source: kubernetes pkg/api/pod/util.go (dropDisabledFields), pkg/features/kube_features.go @ v1.24.0 … v1.35.0.
 */
import { type Draft, isRecord, sub, subs } from '../json.ts';

/** From which minor on each is on by default; of those without one that is later than the last server here. */
const LATER = 99;
const POD: Readonly<Record<string, number>> = {
	/** HostnameOverride */
	hostnameOverride: 35,
	/** UserNamespacesSupport */
	hostUsers: 33,
	/** DynamicResourceAllocation */
	resourceClaims: 34,
	/** PodLevelResources */
	resources: 34,
};
const SECURITY: Readonly<Record<string, number>> = {
	/** SELinuxChangePolicy */
	seLinuxChangePolicy: 33,
	supplementalGroupsPolicy: 33,
};
const CONTAINER: Readonly<Record<string, number>> = {
	/** InPlacePodVerticalScaling */
	resizePolicy: 33,
	/** ContainerRestartRules */
	restartPolicyRules: 35,
};

const drop = (from: unknown, fields: Readonly<Record<string, number>>, minor: number): void => {
	if (isRecord(from)) for (const key in fields) if (minor < fields[key]!) delete from[key];
};

/** Takes them out of a pod's specification. */
export const dropDisabled = (spec: Draft, minor: number): void => {
	drop(spec, POD, minor);
	drop(spec.securityContext, SECURITY, minor);
	// Not of a feature: a pod that may not end has a second for it (apis/core/v1/conversion.go, from 1.27).
	if (minor >= 27 && Number(spec.terminationGracePeriodSeconds) < 0) spec.terminationGracePeriodSeconds = 1;
	// ClusterTrustBundleProjection
	for (const volume of subs(spec, 'volumes'))
		for (const source of subs(volume, 'projected', 'sources')) drop(source, { clusterTrustBundle: LATER }, minor);
	const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) => subs(spec, key));
	for (const container of containers) {
		drop(container, CONTAINER, minor);
		drop(container.resources, { claims: 34 }, minor);
		// RecursiveReadOnlyMounts
		for (const mount of subs(container, 'volumeMounts')) drop(mount, { recursiveReadOnly: 31 }, minor);
		// EnvFiles
		for (const variable of subs(container, 'env')) drop(variable.valueFrom, { fileKeyRef: 35 }, minor);
		// ContainerStopSignals
		const lifecycle = sub(container, 'lifecycle');
		if (isRecord(container.lifecycle)) {
			delete container.lifecycle.stopSignal;
			if (Object.keys(container.lifecycle).length === 0) delete container.lifecycle;
		}
		// PodLifecycleSleepAction
		for (const key of ['postStart', 'preStop']) drop(lifecycle[key], { sleep: 30 }, minor);
	}
	// MatchLabelKeysInPodAffinity
	for (const key of ['podAffinity', 'podAntiAffinity']) {
		const affinity = sub(spec, 'affinity', key);
		const terms = [
			...subs(affinity, 'requiredDuringSchedulingIgnoredDuringExecution'),
			...subs(affinity, 'preferredDuringSchedulingIgnoredDuringExecution').map(
				({ podAffinityTerm }) => podAffinityTerm,
			),
		];
		for (const term of terms) drop(term, { matchLabelKeys: 31, mismatchLabelKeys: 31 }, minor);
	}
	// MatchLabelKeysInPodTopologySpread, NodeInclusionPolicyInPodTopologySpread
	for (const constraint of subs(spec, 'topologySpreadConstraints'))
		drop(constraint, { matchLabelKeys: 27, nodeAffinityPolicy: 26, nodeTaintsPolicy: 26 }, minor);
};
