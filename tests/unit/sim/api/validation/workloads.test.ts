/** Workloads that a server does not take: kubernetes pkg/apis/{apps,batch,policy,autoscaling}/validation/validation.go @ v1.24.0, of Jobs @ v1.31.0. */
import { describe, expect, test } from 'vitest';
import type { ApiInput } from '../../../../../src/sim/api/index.ts';
import { bench, deployment } from '../fixtures.ts';

const said = (input: ApiInput, version?: string): string | undefined =>
	bench(version)
		.api.create(input)
		.error?.message.replace(/^\S+ "x" is invalid: /, '');
const of = (apiVersion: string, kind: string, spec: object, name = 'x'): ApiInput => ({
	apiVersion,
	kind,
	metadata: { name },
	spec,
});
const labels = { app: 'x' };
const container = { name: 'c', image: 'i' };
const template = (spec: object = {}, metadata: object = { labels }): object => ({
	metadata,
	spec: { containers: [container], ...spec },
});
const basic = { selector: { matchLabels: labels }, template: template() };
const daemons = (more: object): ApiInput => of('apps/v1', 'DaemonSet', { ...basic, ...more });
const stateful = (more: object): ApiInput => of('apps/v1', 'StatefulSet', { serviceName: 's', ...basic, ...more });
const never = template({ restartPolicy: 'Never' }, {});
const job = (more: object): ApiInput => of('batch/v1', 'Job', { template: never, ...more });
const cron = (more: object, name?: string): ApiInput =>
	of('batch/v1', 'CronJob', { schedule: '* * * * *', jobTemplate: { spec: { template: never } }, ...more }, name);
const NO_MATCH = '`selector` does not match template `labels`';

describe('what makes pods for ever', () => {
	test.each([
		[
			deployment('x', { template: template({}, { labels: { app: 'y' } }) }),
			`spec.template.metadata.labels: Invalid value: map[string]string{"app":"y"}: ${NO_MATCH}`,
		],
		[
			deployment('x', { template: template({}, {}) }),
			`spec.template.metadata.labels: Invalid value: map[string]string(nil): ${NO_MATCH}`,
		],
		[
			deployment('x', { selector: { matchLabels: {} } }),
			'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for deployment',
		],
		[
			deployment('x', { strategy: { type: 'Rolling' } }),
			'spec.strategy: Unsupported value: apps.DeploymentStrategy{Type:"Rolling", RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}: supported values: "Recreate", "RollingUpdate"',
		],
		[
			deployment('x', { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
			"spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
		],
		[
			deployment('x', { strategy: { rollingUpdate: { maxUnavailable: '150%' } } }),
			'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:"150%"}: must not be greater than 100%',
		],
		[
			deployment('x', { strategy: { rollingUpdate: { maxSurge: -1 } } }),
			'spec.strategy.rollingUpdate.maxSurge: Invalid value: -1: must be greater than or equal to 0',
		],
		[
			deployment('x', { template: template({ restartPolicy: 'OnFailure' }) }),
			'spec.template.spec.restartPolicy: Unsupported value: "OnFailure": supported values: "Always"',
		],
		[
			deployment('x', { template: template({ restartPolicy: 'always' }) }),
			'[spec.template.spec.restartPolicy: Unsupported value: "always": supported values: "Always", "OnFailure", "Never", spec.template.spec.restartPolicy: Unsupported value: "always": supported values: "Always"]',
		],
		[
			deployment('x', { template: template({ activeDeadlineSeconds: 5 }) }),
			'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported',
		],
		[deployment('x', { template: template({ containers: [] }) }), 'spec.template.spec.containers: Required value'],
		[
			deployment('x', { template: template({}, { labels: { app: 'x', 'a b': 'c' } }) }),
			/^spec\.template\.labels: Invalid value: "a b"/,
		],
		[
			deployment('x', { minReadySeconds: -1, revisionHistoryLimit: -1 }),
			'[spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0, spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0]',
		],
		[
			daemons({ updateStrategy: { type: 'Recreate' } }),
			'spec.updateStrategy: Unsupported value: apps.DaemonSetUpdateStrategy{Type:"Recreate", RollingUpdate:(*apps.RollingUpdateDaemonSet)(nil)}: supported values: "RollingUpdate", "OnDelete"',
		],
		[
			daemons({ updateStrategy: { rollingUpdate: { maxSurge: 1 } } }),
			'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: intstr.IntOrString{Type:0, IntVal:1, StrVal:""}: may not be set when maxUnavailable is non-zero',
		],
		[
			daemons({ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }),
			'spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0',
		],
		[
			daemons({ template: template({}, { labels: { app: 'y' } }) }),
			`spec.template.metadata.labels: Invalid value: map[string]string{"app":"y"}: ${NO_MATCH}`,
		],
		[
			stateful({ podManagementPolicy: 'Ordered' }),
			"spec.podManagementPolicy: Invalid value: \"Ordered\": must be 'OrderedReady' or 'Parallel'",
		],
		[
			stateful({ updateStrategy: { rollingUpdate: { partition: -1 } } }),
			'spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0',
		],
		// Its pods are looked at when they are made.
		[stateful({ template: template({ containers: [{ name: 'c', image: '' }] }) }), undefined],
		[
			of('v1', 'ReplicationController', { selector: { app: 'y' }, template: template() }),
			`spec.template.metadata.labels: Invalid value: map[string]string{"app":"x"}: ${NO_MATCH}`,
		],
	] as const)('%j', (input, fault) => {
		const told = said(input);
		if (fault instanceof RegExp) expect(told).toMatch(fault);
		else expect(told).toBe(fault);
	});
});

const failure = (rule: object): ApiInput => job({ podFailurePolicy: { rules: [rule] } });
const RULE = 'spec.podFailurePolicy.rules[0]';

describe('jobs', () => {
	test.each([
		[
			job({ template: template({}, {}) }),
			'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
		],
		[
			job({ completionMode: 'indexed' }),
			'spec.completionMode: Unsupported value: "indexed": supported values: "NonIndexed", "Indexed"',
		],
		[
			job({ completionMode: 'Indexed', parallelism: 1 }),
			'spec.completions: Required value: when completion mode is Indexed',
		],
		[job({ backoffLimit: -1 }), 'spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0'],
		[
			cron({ schedule: '0 9 * *' }),
			'spec.schedule: Invalid value: "0 9 * *": expected exactly 5 fields, found 4: [0 9 * *]',
		],
		[
			cron({ schedule: '61 * * * *' }),
			'spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61',
		],
		[cron({ schedule: '' }), 'spec.schedule: Required value'],
		[
			cron({ concurrencyPolicy: 'forbid' }),
			'spec.concurrencyPolicy: Unsupported value: "forbid": supported values: "Allow", "Forbid", "Replace"',
		],
		[
			cron({ successfulJobsHistoryLimit: -1 }),
			'spec.successfulJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0',
		],
		[
			cron({ jobTemplate: { spec: { template: template({}, {}) } } }),
			'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
		],
		[
			cron({}, 'n'.repeat(53)),
			`CronJob.batch "${'n'.repeat(53)}" is invalid: metadata.name: Invalid value: "${'n'.repeat(53)}": must be no more than 52 characters`,
		],
	])('%j', (input, fault) => expect(said(input)).toBe(fault));

	test.each([
		[
			failure({ action: 'Fail', onExitCodes: { operator: 'In', values: [1] } }),
			`${RULE}.action: Unsupported value: "Fail": supported values: "Count", "FailIndex", "FailJob", "Ignore"`,
		],
		[
			failure({ action: 'FailJob' }),
			`${RULE}: Invalid value: specifying one of OnExitCodes and OnPodConditions is required`,
		],
		[
			failure({ action: 'FailJob', onExitCodes: { operator: 'In', values: [0] } }),
			`${RULE}.onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator`,
		],
		[
			failure({ action: 'FailJob', onExitCodes: { operator: 'In', values: [3, 1] } }),
			`${RULE}.onExitCodes.values: Invalid value: []int32{3, 1}: must be ordered`,
		],
		[
			failure({ action: 'FailJob', onExitCodes: { containerName: 'd', operator: 'In', values: [1] } }),
			`${RULE}.onExitCodes.containerName: Invalid value: "d": must be one of the container or initContainer names in the pod template`,
		],
		[failure({ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }), undefined],
	])('%j', (input, fault) => expect(said(input, 'v1.31.0')).toBe(fault));
});

const scaled = (more: object): ApiInput =>
	of('autoscaling/v2', 'HorizontalPodAutoscaler', {
		scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
		maxReplicas: 3,
		...more,
	});
const metric = (more: object): ApiInput => scaled({ metrics: [more] });
const cpu = (target: object): ApiInput => metric({ type: 'Resource', resource: { name: 'cpu', target } });
const TARGET = 'spec.metrics[0].resource.target';
const down = (rules: object): ApiInput => scaled({ behavior: { scaleDown: rules } });
const DOWN = 'spec.behavior.scaleDown';

describe('autoscalers', () => {
	test.each([
		[scaled({ minReplicas: 5 }), 'spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`'],
		[scaled({ minReplicas: 0 }), 'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1'],
		[
			scaled({ maxReplicas: 0 }),
			'[spec.maxReplicas: Invalid value: 0: must be greater than 0, spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`]',
		],
		[
			scaled({ scaleTargetRef: { kind: '', name: '' } }),
			'[spec.scaleTargetRef.kind: Required value, spec.scaleTargetRef.name: Required value]',
		],
		[
			cpu({ type: 'Percent', averageUtilization: 50 }),
			`${TARGET}.type: Invalid value: "Percent": must be either Utilization, Value, or AverageValue`,
		],
		[
			cpu({ type: 'Utilization' }),
			`${TARGET}.averageUtilization: Required value: must set either a target raw value or a target utilization`,
		],
		[
			cpu({ type: 'Utilization', averageUtilization: 0 }),
			`${TARGET}.averageUtilization: Invalid value: 0: must be greater than 0`,
		],
		[
			cpu({ type: 'Utilization', averageUtilization: 5, averageValue: '1' }),
			`${TARGET}.averageValue: Forbidden: may not set both a target raw value and a target utilization`,
		],
		[
			metric({ type: 'resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 5 } } }),
			'spec.metrics[0].type: Unsupported value: "resource": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
		],
		[
			metric({ type: 'Resource' }),
			'spec.metrics[0].resource: Required value: must populate information for the given metric source',
		],
		[
			metric({ type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue' } } }),
			'spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue',
		],
		[
			metric({ type: 'External', external: { metric: {}, target: { type: 'Value', value: '1', averageValue: '2' } } }),
			'[spec.metrics[0].external.metric.name: Required value: must specify a metric name, spec.metrics[0].external.target.value: Forbidden: may not set both a target value for metric and a per-pod target]',
		],
		[
			down({ stabilizationWindowSeconds: 4000 }),
			`${DOWN}.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600`,
		],
		[
			down({ selectPolicy: 'max' }),
			`${DOWN}.selectPolicy: Unsupported value: "max": supported values: "Disabled", "Max", "Min"`,
		],
		[
			down({ policies: [{ type: 'Pod', value: 0, periodSeconds: 1900 }] }),
			`[${DOWN}.policies[0].type: Unsupported value: "Pod": supported values: "Percent", "Pods", ${DOWN}.policies[0].value: Invalid value: 0: must be greater than zero, ${DOWN}.policies[0].periodSeconds: Invalid value: 1900: must be less than or equal to 1800]`,
		],
		[down({ selectPolicy: 'Disabled' }), undefined],
	])('%j', (input, fault) => expect(said(input)).toBe(fault));
});
