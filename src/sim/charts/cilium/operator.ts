/**
 * The operator's Deployment, and the Envoy DaemonSet that newer charts install beside the agents.
 *
 * Source: install/kubernetes/cilium/templates/{cilium-operator/deployment.yaml,cilium-envoy/daemonset.yaml} @ v1.12.1
 * to v1.19.5.
 */
import type { ApiInput } from '../../api/index.ts';
import { tagOf } from './images.ts';
import {
	antiAffinity,
	apiServerEnv,
	fieldEnv,
	flag,
	hostPath,
	httpProbe,
	image,
	meta,
	type Release,
	setting,
} from './parts.ts';

/** The operator is built for a cloud; `generic` serves all the others. */
const flavour = (release: Release): string => {
	if (release.config.get('ipam') === 'eni') return 'operator-aws';
	if (release.config.get('ipam') === 'azure') return 'operator-azure';
	return 'operator-generic';
};

export function operatorDeployment(release: Release, checksum: string): ApiInput {
	const name = flavour(release);
	const labels = {
		'io.cilium/app': 'operator',
		name: 'cilium-operator',
		...(release.minor >= 13
			? { 'app.kubernetes.io/part-of': 'cilium', 'app.kubernetes.io/name': 'cilium-operator' }
			: {}),
	};
	return {
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		metadata: meta(release, 'cilium-operator', labels),
		spec: {
			replicas: Number(setting(release, 'operator.replicas', '2')),
			selector: { matchLabels: { 'io.cilium/app': 'operator', name: 'cilium-operator' } },
			strategy: {
				type: 'RollingUpdate',
				rollingUpdate: { maxSurge: release.minor >= 14 ? '25%' : 1, maxUnavailable: release.minor >= 14 ? '50%' : 1 },
			},
			template: {
				metadata: {
					labels,
					...(flag(release, 'operator.rollOutPods', false)
						? { annotations: { 'cilium.io/cilium-configmap-checksum': checksum } }
						: {}),
				},
				spec: {
					containers: [
						{
							name: 'cilium-operator',
							image: image(release, 'operator.image', name),
							imagePullPolicy: 'IfNotPresent',
							command: [`cilium-${name}`],
							args: ['--config-dir=/tmp/cilium/config-map', '--debug=$(CILIUM_DEBUG)'],
							env: [
								fieldEnv('K8S_NODE_NAME', 'spec.nodeName'),
								fieldEnv('CILIUM_K8S_NAMESPACE', 'metadata.namespace'),
								{
									name: 'CILIUM_DEBUG',
									valueFrom: { configMapKeyRef: { key: 'debug', name: 'cilium-config', optional: true } },
								},
								...apiServerEnv(release),
							],
							livenessProbe: httpProbe(9234, { initialDelaySeconds: 60, periodSeconds: 10, timeoutSeconds: 3 }),
							...(release.minor >= 14
								? {
										readinessProbe: httpProbe(9234, {
											initialDelaySeconds: 0,
											periodSeconds: 5,
											timeoutSeconds: 3,
											failureThreshold: 5,
										}),
									}
								: {}),
							volumeMounts: [{ name: 'cilium-config-path', mountPath: '/tmp/cilium/config-map', readOnly: true }],
							terminationMessagePolicy: 'FallbackToLogsOnError',
						},
					],
					hostNetwork: true,
					restartPolicy: 'Always',
					priorityClassName: 'system-cluster-critical',
					serviceAccountName: 'cilium-operator',
					serviceAccount: 'cilium-operator',
					automountServiceAccountToken: true,
					affinity: antiAffinity('io.cilium/app=operator'),
					nodeSelector: { 'kubernetes.io/os': 'linux' },
					tolerations:
						release.minor >= 18
							? [
									{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' },
									{ key: 'node-role.kubernetes.io/master', operator: 'Exists' },
									{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' },
									{ key: 'node.cloudprovider.kubernetes.io/uninitialized', operator: 'Exists' },
									{ key: 'node.cilium.io/agent-not-ready', operator: 'Exists' },
								]
							: [{ operator: 'Exists' }],
					volumes: [{ name: 'cilium-config-path', configMap: { name: 'cilium-config' } }],
				},
			},
		},
	};
}

const ENVOY = 'cilium-envoy';

/** From 1.16 on new installations have Envoy in a pod of its own. */
export function envoyDaemonSet(release: Release): readonly ApiInput[] {
	if (!flag(release, 'envoy.enabled', release.minor >= 16)) return [];
	const labels = {
		'k8s-app': ENVOY,
		name: ENVOY,
		'app.kubernetes.io/name': ENVOY,
		'app.kubernetes.io/part-of': 'cilium',
	};
	return [
		{
			apiVersion: 'v1',
			kind: 'ConfigMap',
			metadata: meta(release, 'cilium-envoy-config'),
			data: { 'bootstrap-config.json': '{}' },
		},
		{
			apiVersion: 'v1',
			kind: 'Service',
			metadata: meta(release, ENVOY, { 'k8s-app': ENVOY }),
			spec: {
				clusterIP: 'None',
				type: 'ClusterIP',
				selector: { 'k8s-app': ENVOY },
				ports: [{ name: 'envoy-metrics', port: 9964, protocol: 'TCP', targetPort: 'envoy-metrics' }],
			},
		},
		{
			apiVersion: 'apps/v1',
			kind: 'DaemonSet',
			metadata: meta(release, ENVOY, labels),
			spec: {
				selector: { matchLabels: { 'k8s-app': ENVOY } },
				updateStrategy: { rollingUpdate: { maxUnavailable: 2 }, type: 'RollingUpdate' },
				template: {
					metadata: { labels },
					spec: {
						containers: [
							{
								name: ENVOY,
								image: image(release, 'envoy.image', ENVOY, tagOf(release.version, 'envoy')),
								imagePullPolicy: 'IfNotPresent',
								command: ['/usr/bin/cilium-envoy-starter'],
								args: ['--', '-c /var/run/cilium/envoy/bootstrap-config.json', '--base-id 0', '--log-level info'],
								startupProbe: httpProbe(9878, { failureThreshold: 105, periodSeconds: 2, initialDelaySeconds: 5 }),
								livenessProbe: httpProbe(9878, { failureThreshold: 10, periodSeconds: 30, timeoutSeconds: 5 }),
								readinessProbe: httpProbe(9878, { failureThreshold: 3, periodSeconds: 30, timeoutSeconds: 5 }),
								env: [
									fieldEnv('K8S_NODE_NAME', 'spec.nodeName'),
									fieldEnv('CILIUM_K8S_NAMESPACE', 'metadata.namespace'),
									...apiServerEnv(release),
								],
								ports: [{ name: 'envoy-metrics', containerPort: 9964, hostPort: 9964, protocol: 'TCP' }],
								volumeMounts: [
									{ name: 'envoy-sockets', mountPath: '/var/run/cilium/envoy/sockets', readOnly: false },
									{ name: 'envoy-config', mountPath: '/var/run/cilium/envoy/', readOnly: true },
								],
							},
						],
						hostNetwork: true,
						priorityClassName: 'system-node-critical',
						serviceAccountName: ENVOY,
						terminationGracePeriodSeconds: 1,
						affinity: antiAffinity(`k8s-app=${ENVOY}`),
						nodeSelector: { 'kubernetes.io/os': 'linux' },
						tolerations: [{ operator: 'Exists' }],
						volumes: [
							hostPath('envoy-sockets', '/var/run/cilium/envoy/sockets', 'DirectoryOrCreate'),
							{ name: 'envoy-config', configMap: { name: 'cilium-envoy-config' } },
						],
					},
				},
			},
		},
	];
}
