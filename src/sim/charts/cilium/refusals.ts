/**
 * Where helm stops before anything is written: `fail` in the templates, and from 1.16 the chart's schema.
 *
 * Source: install/kubernetes/cilium/templates/{validate.yaml,cilium-configmap.yaml} @ v1.13.4, v1.14.14, v1.16.11,
 * v1.18.11; values.schema.json @ v1.16.11. helm gives line and column of the template after its path; they differ
 * with every patch and are left out here.
 */
import type { ChartError } from '../types.ts';
import { type Values, valueAt, valueText } from '../values.ts';

const failure = (file: string, text: string): ChartError => ({
	error: `execution error at (cilium/templates/${file}): ${text}`,
});

/** Types of the schema, for the values people set. */
const BOOLEANS = [
	'autoDirectNodeRoutes',
	'bgpControlPlane.enabled',
	'bpf.lbExternalClusterIP',
	'bpf.masquerade',
	'debug.enabled',
	'egressGateway.enabled',
	'enableIPv4Masquerade',
	'encryption.enabled',
	'endpointRoutes.enabled',
	'envoy.enabled',
	'hostFirewall.enabled',
	'hubble.enabled',
	'hubble.relay.enabled',
	'hubble.ui.enabled',
	'installNoConntrackIptablesRules',
	'ipMasqAgent.enabled',
	'ipv4.enabled',
	'ipv6.enabled',
	'k8s.requireIPv4PodCIDR',
	'l2announcements.enabled',
	'operator.enabled',
	'socketLB.enabled',
];
const INTEGERS = ['bpf.lbMapMax', 'bpf.policyMapMax', 'operator.replicas', 'cluster.id'];
/** null stands for "not set" in these. */
const STRINGS = ['routingMode', 'tunnelProtocol', 'ipam.mode', 'cluster.name', 'bpf.monitorAggregation'];

const typeName = (value: unknown): string => {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
	return typeof value;
};

function schemaErrors(values: Values): string[] {
	const out: string[] = [];
	const check = (paths: readonly string[], expected: string): void => {
		for (const path of paths) {
			const value = valueAt(values, path);
			if (value === undefined || value === null || typeName(value) === expected) continue;
			out.push(`- ${path}: Invalid type. Expected: ${expected}, given: ${typeName(value)}`);
		}
	};
	check(BOOLEANS, 'boolean');
	check(INTEGERS, 'integer');
	check(STRINGS, 'string');
	return out.sort();
}

/** Undefined when the templates render. */
export function refusal(minor: number, values: Values): ChartError | undefined {
	if (minor >= 16) {
		const errors = schemaErrors(values);
		if (errors.length > 0)
			return {
				error: `values don't meet the specifications of the schema(s) in the following chart(s):\ncilium:\n${errors.join('\n')}\n`,
			};
	}
	if (valueAt(values, 'preflight.enabled') === true)
		return { error: 'the simulator’s chart has no pre-flight check (preflight.enabled=true): nothing is installed' };
	// helm renders templates of one folder from z to a (pkg/engine sortTemplates @ v3.9.4): validate.yaml comes first.
	if (minor >= 15 && valueAt(values, 'tunnel') !== undefined)
		return failure(
			'validate.yaml',
			`tunnel was deprecated in v1.14 and has been removed in v1.15. For details please refer to https://docs.cilium.io/en/v1.${minor}/operations/upgrade/#helm-options`,
		);
	const name = valueAt(values, 'cluster.name');
	if (minor >= 14 && typeof name === 'string') {
		if (name.length > 32 && minor >= 15)
			return failure(
				'validate.yaml',
				`The cluster name is invalid: must not be more than 32 characters. Configure 'upgradeCompatibility' to 1.14 or earlier to skip this check at your own risk`,
			);
		if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))
			return failure(
				'validate.yaml',
				`The cluster name is invalid: must consist of lower case alphanumeric characters and '-', and must start and end with an alphanumeric character. Configure 'upgradeCompatibility' to 1.14 or earlier to skip this check at your own risk`,
			);
	}
	const kpr = valueAt(values, 'kubeProxyReplacement');
	const kprText = kpr === undefined || kpr === null ? '' : valueText(kpr);
	// `false` is empty to the template's coalesce.
	if (minor === 13 && kprText !== '' && kprText !== 'false' && !['disabled', 'partial', 'strict'].includes(kprText))
		return failure(
			'cilium-configmap.yaml',
			'kubeproxyReplacement must be explicitly set to a valid value (disabled, partial, or strict) to continue.',
		);
	if (minor >= 16 && kprText !== '' && kprText !== 'true' && kprText !== 'false')
		return failure(
			'cilium-configmap.yaml',
			'kubeProxyReplacement must be explicitly set to a valid value (true or false) to continue.',
		);
	return undefined;
}
