/**
 * kubectl's own check of a manifest, before Kubernetes 1.25's server did it: by the OpenAPI document of the server.
 *
 * Source: k8s.io/kubectl pkg/util/openapi/validation @ v0.24.0 over kube-openapi pkg/util/proto/validation.
 */
import { checkObject } from './check-object.ts';
import type { ApiInput, Resource } from './object.ts';
import type { Problem } from './schema/check.ts';
import { rootType } from './schema/read.ts';

const META = new Set(['ObjectMeta', 'OwnerReference', 'LabelSelector', 'LabelSelectorRequirement', 'Condition']);

/** `com.example.stable.v1.CronTab.spec`: what a definition describes has no types, only places. */
const placeName = (place: string, { group, version }: Resource): string =>
	`${group.split('.').reverse().join('.')}.${version}.${place}`;

/** Groups whose kinds have types that are not called after them. */
const OWN = new Set([
	'',
	'autoscaling',
	'batch',
	'flowcontrol.apiserver.k8s.io',
	'networking.k8s.io',
	'rbac.authorization.k8s.io',
]);

/** `io.k8s.api.apps.v1.DeploymentSpec`: the package a type is from. `place`: where it stands, from the kind on. */
const fullName = (type: string, place: string, resource: Resource): string => {
	if (resource.schemas) return placeName(type, resource);
	if (resource.custom && type !== 'ObjectMeta' && type !== 'OwnerReference')
		return placeName(place.replace(/\[\d+\]/g, ''), resource);
	if (META.has(type)) return `io.k8s.apimachinery.pkg.apis.meta.v1.${type}`;
	if (resource.group === 'admissionregistration.k8s.io')
		return `io.k8s.api.admissionregistration.${resource.version}.${type}`;
	if (resource.group === 'apiregistration.k8s.io')
		return `io.k8s.kube-aggregator.pkg.apis.apiregistration.${resource.version}.${type}`;
	const own = type.startsWith(resource.kind) || rootType(type) === undefined || OWN.has(resource.group);
	const group = own && !isCore(type) ? resource.group.split('.')[0] || 'core' : 'core';
	const version = group === 'core' ? 'v1' : resource.version;
	return `io.k8s.api.${group}.${version}.${type}`;
};

const CORE =
	/^(Pod(?!sMetric|Disruption|FailurePolicy)|Container(?!ResourceMetric)|Volume|Env|Probe|ExecAction|HTTP(GetAction|Header)|TCPSocket|SecurityContext|Capabilities|Toleration|Affinity|Node(Affinity|Selector)|Resource(Requirements|FieldSelector)|Host(Alias|Path)|ConfigMap|Secret|EmptyDir|Projected|PersistentVolumeClaim|Lifecycle|KeySelector|KeyToPath|ObjectFieldSelector|(Typed)?LocalObjectReference|CSI(Persistent)?Volume|DownwardAPI|EphemeralVolume|ServiceAccountToken|SELinux|LocalVolume|TopologySelector)/;

const isCore = (type: string): boolean => CORE.test(type);

const EXPECTED: Readonly<Record<string, string>> = {
	s: 'string',
	t: 'string',
	i: 'integer',
	b: 'boolean',
	q: 'string',
	y: 'string',
};

const say = (problem: Problem, resource: Resource): string => {
	const { what, path, owner, field, got, expected = '' } = problem;
	const dot = path.lastIndexOf('.');
	const parent = dot < 0 ? '' : path.slice(0, dot);
	const at = `${resource.kind}${parent === '' ? '' : `.${parent}`}`;
	const name = fullName(owner, at, resource);
	if (what === 'unknown') return `ValidationError(${at}): unknown field "${field}" in ${name}`;
	if (what === 'missing') return `ValidationError(${at}): missing required field "${field}" in ${name}`;
	const is = got === 'object' ? 'map' : got === 'bool' ? 'boolean' : got === 'number' ? 'integer' : got;
	const wanted =
		EXPECTED[expected] ??
		(resource.schemas && expected !== 'object' ? expected : undefined) ??
		(expected.startsWith('[]') ? 'array' : 'map');
	return `ValidationError(${resource.kind}.${path}): invalid type for ${name}.${field}: got "${is}", expected "${wanted}"`;
};

/** What a kubectl of 1.24 or older finds wrong with a manifest for a server of this minor, in its words; empty when nothing. */
export const clientProblems = (resource: Resource, input: ApiInput, minor = 24): readonly string[] => {
	const { problems = [] } = checkObject(resource, input, true, minor) ?? {};
	return (
		problems
			.filter(({ what }) => (resource.schemas === undefined && !resource.custom) || what !== 'value')
			// What a quantity says is the server's to read.
			.filter(({ what, said }) => !(what === 'type' && said !== undefined && resource.schemas === undefined))
			.filter((problem) => !(problem.field === 'name' && problem.owner === 'ObjectMeta'))
			.map((problem) => say(problem, resource))
	);
};
