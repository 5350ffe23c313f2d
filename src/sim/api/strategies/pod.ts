/** Pods. Source: kubernetes pkg/registry/core/pod/strategy.go, pkg/apis/core/validation/validation.go @ v1.24.0. */
import { limitChecks, peoplesMistakes } from '../for-people.ts';
import { clone, type Draft, equal, fill, isRecord, number, put, sub, subs, text, within } from '../json.ts';
import type { ApiObject } from '../object.ts';
import { DIFFERENCE, type FieldError, fieldForbidden } from '../status.ts';
import type { Context, Strategy } from '../strategy.ts';
import { admitPod, admitPodUpdate } from './pod-admission.ts';
import { defaultPodSpec, defaultRequests, defaultTemplate } from './pod-defaults.ts';
import { validateEphemeralUpdate } from './pod-ephemeral.ts';

const KINDS = ['cpu', 'memory'];

/** Guaranteed, Burstable or BestEffort (pkg/apis/core/helper/qos). */
export const qosClass = (spec: Draft): string => {
	// What a pod has as a whole counts alone (PodLevelResources).
	const whole = sub(spec, 'resources');
	const containers =
		Object.keys(whole).length > 0 ? [spec] : [...subs(spec, 'initContainers'), ...subs(spec, 'containers')];
	const named = (container: Draft, what: 'requests' | 'limits'): Draft => sub(container, 'resources', what);
	const any = containers.some((c) => KINDS.some((k) => named(c, 'requests')[k] || named(c, 'limits')[k]));
	if (!any) return 'BestEffort';
	const all = containers.every((c) =>
		KINDS.every(
			(k) => named(c, 'limits')[k] && (named(c, 'requests')[k] ?? named(c, 'limits')[k]) === named(c, 'limits')[k],
		),
	);
	return all ? 'Guaranteed' : 'Burstable';
};

const IMMUTABLE_24 =
	'pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds`, `spec.tolerations` (only additions to existing tolerations) or `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
const IMMUTABLE_25 =
	'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** A spec with what may change put back to what it was. */
const settled = (spec: Draft, old: Draft): Draft => {
	const out = clone(spec);
	for (const key of ['containers', 'initContainers'])
		for (const [i, container] of subs(out, key).entries()) {
			const before = subs(old, key)[i];
			if (before !== undefined) container.image = before.image;
		}
	out.activeDeadlineSeconds = old.activeDeadlineSeconds;
	out.tolerations = old.tolerations;
	// A grace period of less than nothing may become a second.
	if (out.terminationGracePeriodSeconds === 1 && (number(old, 'terminationGracePeriodSeconds') ?? 0) < 0)
		out.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds;
	const gates = subs(old, 'schedulingGates');
	put(out, 'schedulingGates', old.schedulingGates);
	// A pod that has gates may be narrowed to fewer nodes.
	const [before, after] = [sub(old, 'nodeSelector'), sub(out, 'nodeSelector')];
	if (gates.length > 0 && Object.keys(before).every((key) => before[key] === after[key]))
		put(out, 'nodeSelector', old.nodeSelector);
	return out;
};

const validateUpdate = (pod: Draft, old: ApiObject, minor: number): readonly FieldError[] => {
	const before = sub(old, 'spec');
	const after = sub(pod, 'spec');
	const { stop = false, errors = [] } = peoplesMistakes()?.podUpdateErrors(pod, old) ?? {};
	if (stop || equal(settled(after, before), before)) return errors;
	return [...errors, fieldForbidden('spec', `${minor >= 25 ? IMMUTABLE_25 : IMMUTABLE_24}${DIFFERENCE}`)];
};

/** The scheduler leaves a pod alone while it has gates (applySchedulingGatedCondition). */
const GATED = {
	lastProbeTime: null,
	lastTransitionTime: null,
	message: 'Scheduling is blocked due to non-empty scheduling gates',
	reason: 'SchedulingGated',
	status: 'False',
	type: 'PodScheduled',
};

/** What a kubelet tells of a file of its own. */
const isMirror = (pod: Draft): boolean =>
	sub(pod, 'metadata', 'annotations')['kubernetes.io/config.mirror'] !== undefined;

/**
 * The account of a pod that is made. A namespace's own comes a moment after the namespace: admission looks for it ten
 * times, with 100 to 200 ms between two looks (plugin/pkg/admission/serviceaccount getServiceAccount() @ v1.24.0).
 */
const findAccount = (namespace: string | undefined, name: string, context: Context): boolean => {
	if (context.get('serviceaccounts', namespace, name)) return true;
	const comes = name === 'default' ? context.accountComes() : false;
	if (name !== 'default' || comes === undefined) return name === 'default';
	const interval = (100 + context.random('account look', `${namespace} ${context.timestamp}`, 100)) * 1000;
	context.wait(comes ? interval : 9 * interval);
	return comes;
};

const pod: Strategy = {
	// PodObservedGenerationTracking, on by default from 1.34.
	counts: 34,
	status: true,
	initialStatus: (object) => ({
		...(subs(object, 'spec', 'schedulingGates').length > 0 ? { conditions: [GATED] } : {}),
		phase: 'Pending',
		qosClass: qosClass(sub(object, 'spec')),
	}),
	defaults(object, { minor }) {
		const spec = within(object, 'spec');
		// PodSchedulingReadiness, on by default from 1.27.
		if (minor < 27) delete spec.schedulingGates;
		// SidecarContainers, on by default from 1.29.
		if (minor < 29) for (const container of subs(spec, 'initContainers')) delete container.restartPolicy;
		peoplesMistakes()?.dropDisabled(spec, minor);
		defaultPodSpec(spec, minor);
		defaultRequests(spec);
		fill(spec, 'enableServiceLinks', true);
	},
	admission(object, context) {
		admitPod(object, context);
		limitChecks()?.limitPod(object, context);
	},
	keep: (object, old) => admitPodUpdate(object, old as unknown as Draft),
	validateCreate: (object) => peoplesMistakes()?.podCreateErrors(object) ?? [],
	validateUpdate: (object, old, context) => validateUpdate(object, old, context.minor),
	admit(object, context) {
		const namespace = text(object, 'metadata', 'namespace');
		const account = text(object, 'spec', 'serviceAccountName') || text(object, 'spec', 'serviceAccount');
		if (isMirror(object)) {
			if (account) return 'a mirror pod may not reference service accounts';
		} else if (!findAccount(namespace, account || 'default', context))
			return `error looking up service account ${namespace}/${account || 'default'}: serviceaccount "${account || 'default'}" not found`;
		const name = text(object, 'spec', 'priorityClassName');
		const system = name === 'system-cluster-critical' || name === 'system-node-critical';
		if (name && !system && !context.get('priorityclasses', undefined, name))
			return `no PriorityClass with name ${name} was found`;
		return limitChecks()?.runtimeRefusal(object, context);
	},
};

export const podStrategies: Readonly<Record<string, Strategy>> = {
	Pod: pod,
	'Pod/ephemeralcontainers': {
		...pod,
		validateUpdate: (object, old, context) => validateEphemeralUpdate(object, old, context.minor),
	},
	PodTemplate: {
		defaults: (object, { minor }) => {
			if (isRecord(object.template)) defaultTemplate(object, minor);
		},
	},
};
