/**
 * Pods and their templates, in the order in which a server looks at them.
 *
 * Source: kubernetes pkg/apis/core/validation/validation.go ValidatePodSpec(), ValidatePodCreate() @ v1.24.0 and
 * @ v1.31.0.
 */
import { type Draft, isRecord, number, sub, subs, text, texts } from '../json.ts';
import { validateLabels } from '../meta.ts';
import { duplicate, type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { containersErrors, ephemeralErrors, imageErrors, initErrors, type Surrounding } from './containers.ts';
import { IP_TEXT, ipErrors, named, oneOf } from './parts.ts';
import { requirementErrors } from './resources.ts';
import { affinityErrors, spreadErrors, tolerationErrors } from './scheduling.ts';
import { hostUserErrors, podContextErrors } from './security.ts';
import { labelName } from './selectors.ts';
import { volumeErrors } from './volumes.ts';

const RESTART = ['Always', 'OnFailure', 'Never'];
const DNS = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

/** Before 1.31 addresses were parsed here, later where all are. */
const addressText = (minor: number): string => (minor < 31 ? 'must be valid IP address' : IP_TEXT);

/** validatePodDNSConfig() */
const dnsErrors = (spec: Draft, field: string, { minor }: Context): FieldError[] => {
	const { dnsConfig: config } = spec;
	const [servers, searches] = [texts(config, 'nameservers'), texts(config, 'searches')];
	if (spec.dnsPolicy === 'None') {
		if (!isRecord(config)) return [required(field, 'must provide `dnsConfig` when `dnsPolicy` is None')];
		if (servers.length === 0)
			return [required(`${field}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
	}
	const errors: FieldError[] = [];
	if (servers.length > 3)
		errors.push(invalidValue(`${field}.nameservers`, servers, 'must not have more than 3 nameservers'));
	for (const [i, server] of servers.entries())
		errors.push(...ipErrors(server, `${field}.nameservers[${i}]`, addressText(minor)));
	// ExpandedDNSConfig, on by default from 1.26.
	const [most, letters] = minor >= 26 ? [32, 2048] : [6, 256];
	if (searches.length > most)
		errors.push(invalidValue(`${field}.searches`, searches, `must not have more than ${most} search paths`));
	if (searches.join(' ').length > letters)
		errors.push(
			invalidValue(
				`${field}.searches`,
				searches,
				`must not have more than ${letters} characters (including spaces) in the search list`,
			),
		);
	for (const [i, search] of searches.entries())
		errors.push(...named(search.replace(/\.$/, ''), `${field}.searches[${i}]`));
	for (const [i, option] of subs(config, 'options').entries())
		if (!text(option, 'name')) errors.push(required(`${field}.options[${i}]`, 'must not be empty'));
	return errors;
};

/** ValidateHostAliases(); before 1.31 without indices. */
const aliasErrors = (spec: Draft, field: string, { minor }: Context): FieldError[] =>
	subs(spec, 'hostAliases').flatMap((alias, i) => {
		const here = minor < 31 ? field : `${field}[${i}]`;
		return [
			...ipErrors(alias.ip, `${here}.ip`, addressText(minor)),
			...texts(alias, 'hostnames').flatMap((name, j) => named(name, `${here}.hostnames${minor < 31 ? '' : `[${j}]`}`)),
		];
	});

/** Until 1.27 told of the container's port, from 1.28 on of the host's. */
const hostNetwork = (spec: Draft, field: string, { minor }: Context, isPod: boolean): FieldError[] => {
	if (spec.hostNetwork !== true) return [];
	const errors: FieldError[] = [];
	for (const [i, container] of subs(spec, 'containers').entries())
		for (const [j, port] of subs(container, 'ports').entries()) {
			const [inner, outer] = [port.containerPort ?? 0, port.hostPort ?? 0];
			if (outer === inner || (minor >= 28 && !isPod && outer === 0)) continue;
			const here = `${field}.containers[${i}].ports[${j}]`;
			errors.push(
				minor < 28
					? invalidValue(`${here}.containerPort`, inner, 'must match `hostPort` when `hostNetwork` is true')
					: invalidValue(`${here}.hostPort`, outer, 'must match `containerPort` when `hostNetwork` is true'),
			);
		}
	return errors;
};

const gateErrors = (spec: Draft, field: string): FieldError[] => {
	const errors: FieldError[] = [];
	const seen = new Set<unknown>();
	for (const [i, gate] of subs(spec, 'schedulingGates').entries()) {
		const name = text(gate, 'name') ?? '';
		errors.push(...labelName(name, `${field}[${i}]`));
		if (seen.has(name)) errors.push(duplicate(`${field}[${i}]`, name));
		seen.add(name);
	}
	return errors;
};

const LONGEST = 2 ** 31 - 1;

/** What a pod is called and where it is to go. */
const naming = (spec: Draft, field: string, context: Context): FieldError[] => {
	const errors: FieldError[] = [];
	const names = (key: string, rule: 'subdomain' | 'label'): void => {
		const name = text(spec, key);
		if (name) errors.push(...named(name, `${field}.${key}`, rule));
	};
	names('serviceAccountName', 'subdomain');
	names('nodeName', 'subdomain');
	const deadline = number(spec, 'activeDeadlineSeconds');
	if (deadline !== undefined && (deadline < 1 || deadline > LONGEST))
		errors.push(
			invalidValue(`${field}.activeDeadlineSeconds`, deadline, `must be between 1 and ${LONGEST}, inclusive`),
		);
	names('hostname', 'label');
	names('subdomain', 'label');
	errors.push(...tolerationErrors(spec, field), ...aliasErrors(spec, `${field}.hostAliases`, context));
	names('priorityClassName', 'subdomain');
	names('runtimeClassName', 'subdomain');
	errors.push(...oneOf(`${field}.preemptionPolicy`, spec.preemptionPolicy, ['PreemptLowerPriority', 'Never']));
	if (isRecord(spec.overhead))
		errors.push(...requirementErrors({ limits: spec.overhead }, `${field}.overhead`, context));
	if (isRecord(spec.os)) {
		const name = text(spec, 'os', 'name') ?? '';
		if (name === '') errors.push(required(`${field}.os.name`, 'cannot be empty'));
		else if (name !== 'linux' && name !== 'windows')
			errors.push(notSupported(`${field}.os`, name, ['linux', 'windows']));
	}
	return errors;
};

/** A pod's spec at a field path; `pod` is its name, empty in a template; `claims` are volumes from elsewhere. */
export const podSpecErrors = (
	spec: Draft,
	field: string,
	context: Context,
	pod = '',
	claims: readonly string[] = [],
): FieldError[] => {
	const { errors: faults, volumes } = volumeErrors(spec, `${field}.volumes`, pod, context);
	for (const claim of claims) if (!volumes.has(claim)) volumes.set(claim, true);
	const around: Surrounding = {
		volumes,
		context,
		restart: spec.restartPolicy,
		users: spec.hostUsers !== false,
		grace: number(spec, 'terminationGracePeriodSeconds') ?? 30,
	};
	return [
		...faults,
		...containersErrors(spec, `${field}.containers`, around),
		...initErrors(spec, `${field}.initContainers`, around),
		...ephemeralErrors(spec, `${field}.ephemeralContainers`, around),
		...(context.minor >= 28 ? hostNetwork(spec, field, context, pod !== '') : []),
		...oneOf(`${field}.restartPolicy`, spec.restartPolicy, RESTART),
		...oneOf(`${field}.dnsPolicy`, spec.dnsPolicy, DNS),
		...validateLabels(spec.nodeSelector, `${field}.nodeSelector`),
		...(context.minor < 28 ? hostNetwork(spec, field, context, pod !== '') : []),
		...podContextErrors(spec, field, context),
		...affinityErrors(spec, field, context),
		...dnsErrors(spec, `${field}.dnsConfig`, context),
		...subs(spec, 'readinessGates').flatMap((gate, i) =>
			labelName(text(gate, 'conditionType') ?? '', `${field}.readinessGates[${i}].conditionType`),
		),
		...gateErrors(spec, `${field}.schedulingGates`),
		...spreadErrors(spec, field, context),
		...hostUserErrors(spec, field),
		...naming(spec, field, context),
	];
};

/** validatePodMetadataAndSpec() */
export const podErrors = (object: Draft, context: Context): FieldError[] => {
	const spec = sub(object, 'spec');
	const name = text(object, 'metadata', 'name') ?? '';
	const errors = podSpecErrors(spec, 'spec', context, name);
	for (const list of ['containers', 'initContainers'])
		errors.push(...subs(spec, list).flatMap((container, i) => imageErrors(container, `spec.${list}[${i}]`)));
	return errors;
};

/** ValidatePodCreate(), beyond what holds for updates too. */
export const podCreateErrors = (object: Draft): FieldError[] => {
	const spec = sub(object, 'spec');
	return [
		...(subs(spec, 'ephemeralContainers').length > 0
			? [fieldForbidden('spec.ephemeralContainers', 'cannot be set on create')]
			: []),
		...(spec.nodeName && subs(spec, 'schedulingGates').length > 0
			? [fieldForbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared')]
			: []),
	];
};
