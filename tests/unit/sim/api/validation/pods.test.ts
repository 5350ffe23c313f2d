/** Pods that a server does not take: kubernetes pkg/apis/core/validation/validation.go @ v1.24.0. */
import { describe, expect, test } from 'vitest';
import { bench, deployment, pod } from '../fixtures.ts';

const refused = (spec: Record<string, unknown>, version?: string): string | undefined =>
	bench(version).api.create(pod('p', spec)).error?.message;
const container = (more: object): { containers: object[] } => ({ containers: [{ name: 'c', image: 'x', ...more }] });
const volumes = [{ name: 'v', emptyDir: {} }];
const PLAIN = container({});

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const nodeAffinity = (expression: object): object => ({
	...PLAIN,
	affinity: { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } } },
});
const EXPRESSION = `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms[0].matchExpressions[0]`;

describe('a container is refused for', () => {
	test.each([
		[
			{ livenessProbe: { successThreshold: 2, exec: { command: ['a'] } } },
			'livenessProbe.successThreshold: Invalid value: 2: must be 1',
		],
		[{ readinessProbe: { successThreshold: 2, exec: { command: ['a'] } } }, undefined],
		[{ livenessProbe: { exec: {} } }, 'livenessProbe.exec.command: Required value'],
		[
			{ livenessProbe: { httpGet: { port: 80, scheme: 'https' } } },
			'livenessProbe.httpGet.scheme: Unsupported value: "https": supported values: "HTTP", "HTTPS"',
		],
		[
			{ livenessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } } },
			'livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
		],
		[{ lifecycle: { preStop: {} } }, 'lifecycle.preStop: Required value: must specify a handler type'],
		[
			{
				volumeMounts: [
					{ name: 'v', mountPath: '/a' },
					{ name: 'v', mountPath: '/a' },
				],
			},
			'volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
		],
		[
			{ volumeMounts: [{ name: 'v', mountPath: '/a', subPath: '/b' }] },
			'volumeMounts.subPath: Invalid value: "/b": must be a relative path',
		],
		[
			{ volumeMounts: [{ name: 'v', mountPath: '/a', subPath: 'a/../b' }] },
			'volumeMounts.subPath: Invalid value: "a/../b": must not contain \'..\'',
		],
		[
			{ securityContext: { privileged: true, allowPrivilegeEscalation: false } },
			'securityContext: Invalid value: core.SecurityContext{(the simulator leaves out what stands here)}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
		],
		[
			{ securityContext: { runAsUser: -1 } },
			'securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive',
		],
		[
			{ securityContext: { seccompProfile: { type: 'Localhost' } } },
			'securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
		],
		[
			{ resources: { requests: { cpu: '-1' } } },
			'resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0',
		],
		[
			{ resources: { requests: { 'nvidia.com/gpu': '1' } } },
			'resources.limits: Required value: Limit must be set for non overcommitable resources',
		],
		[{ resources: { limits: { 'nvidia.com/gpu': '1' } } }, undefined],
		[
			{ env: [{ name: 'A', value: 'b', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
			'env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
		],
		[
			{ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.nam' } } }] },
			'env[0].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.nam": error converting fieldPath: field label not supported: metadata.nam',
		],
		[{ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['a']" } } }] }, undefined],
		[
			{ env: [{ name: 'A', valueFrom: {} }] },
			'env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
		],
		[{ envFrom: [{}] }, 'envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`'],
		[
			{
				ports: [
					{ containerPort: 80, hostPort: 80 },
					{ containerPort: 81, hostPort: 80 },
				],
			},
			'ports[1].hostPort: Duplicate value: "TCP//80"',
		],
	])('%j', (more, fault) =>
		expect(refused({ ...container(more), volumes })).toBe(fault && `Pod "p" is invalid: spec.containers[0].${fault}`),
	);

	test('a resource there is not', () =>
		expect(refused(container({ resources: { requests: { gpu: '1' } } }))).toBe(
			'Pod "p" is invalid: [spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified, spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers]',
		));
});

describe('a pod is refused for', () => {
	test.each([
		[
			{ ...container({ ports: [{ containerPort: 80, hostPort: 81 }] }), hostNetwork: true },
			'spec.containers[0].ports[0].containerPort: Invalid value: 80: must match `hostPort` when `hostNetwork` is true',
		],
		[
			{ ...PLAIN, volumes: [{ name: 'v', hostPath: { path: '/a/..' } }] },
			'spec.volumes[0].hostPath.path: Invalid value: "/a/..": must not contain \'..\'',
		],
		[{ ...PLAIN, volumes: [{ name: 'v', configMap: {} }] }, 'spec.volumes[0].configMap.name: Required value'],
		[
			{ ...PLAIN, volumes: [{ name: 'v', secret: { secretName: 's', defaultMode: 644 } }] },
			'spec.volumes[0].secret.defaultMode: Invalid value: 644: must be a number between 0 and 0777 (octal), both inclusive',
		],
		[
			{ ...PLAIN, tolerations: [{ key: 'a', operator: 'Equals', value: 'b' }] },
			'spec.tolerations[0].operator: Unsupported value: "Equals": supported values: "Equal", "Exists"',
		],
		[
			{ ...PLAIN, tolerations: [{ key: 'a', effect: 'NoSchedul' }] },
			'spec.tolerations[0].effect: Unsupported value: "NoSchedul": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
		],
		[
			nodeAffinity({ key: 'a', operator: 'Equals', values: ['b'] }),
			`${EXPRESSION}.operator: Invalid value: "Equals": not a valid selector operator`,
		],
		[
			nodeAffinity({ key: 'a', operator: 'In' }),
			`${EXPRESSION}.values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`,
		],
		[
			nodeAffinity({ key: 'a', operator: 'Exists', values: ['b'] }),
			`${EXPRESSION}.values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`,
		],
		[nodeAffinity({ key: 'a', operator: 'Gt', values: ['1'] }), undefined],
		[
			{ ...PLAIN, topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'z', whenUnsatisfiable: 'DoNotSchedule' }] },
			'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
		],
		[
			{ ...PLAIN, activeDeadlineSeconds: 0 },
			'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive',
		],
		[
			{ ...PLAIN, securityContext: { fsGroup: -2 } },
			'spec.securityContext.fsGroup: Invalid value: -2: must be between 0 and 2147483647, inclusive',
		],
		[
			{ ...PLAIN, initContainers: [{ name: 'i', image: 'x', livenessProbe: { exec: { command: ['a'] } } }] },
			'spec.initContainers[0].livenessProbe: Invalid value: core.Probe{(the simulator leaves out what stands here)}: must not be set for init containers',
		],
	])('%j', (spec, fault) =>
		expect(refused(spec as Record<string, unknown>)).toBe(fault && `Pod "p" is invalid: ${fault}`),
	);

	test('a probe of an init container that is no sidecar', () => {
		const init = { name: 'i', image: 'x', livenessProbe: { exec: { command: ['a'] } } };
		expect(refused({ ...PLAIN, initContainers: [init] }, 'v1.33.0')).toBe(
			'Pod "p" is invalid: spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
		);
		expect(refused({ ...PLAIN, initContainers: [{ ...init, restartPolicy: 'Always' }] }, 'v1.33.0')).toBeUndefined();
	});

	test('what stands in the template of a workload', () =>
		expect(
			bench().api.create(
				deployment('web', {
					template: { metadata: { labels: { app: 'web' } }, spec: container({ lifecycle: { preStop: {} } }) },
				}),
			).error?.message,
		).toBe(
			'Deployment.apps "web" is invalid: spec.template.spec.containers[0].lifecycle.preStop: Required value: must specify a handler type',
		));
});
