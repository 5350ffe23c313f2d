/** What kind installs from its node image: kindnet and local-path storage. */
import { formatPrefix } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { minorOf } from '../machine/node-images.ts';
import { endpointHost } from './control-plane.ts';
import { localPathHelperOf } from './images.ts';
import { account, CONTROL_PLANE, configMap, create } from './manifests.ts';

/** kind images/kindnetd and the manifest in the node image (/kind/manifests/default-cni.yaml @ v0.14.0 and v0.18.0). */
export function installKindnet(cluster: ClusterContext): void {
	const { image, config } = cluster;
	const labels = { app: 'kindnet', 'k8s-app': 'kindnet', tier: 'node' };
	create(cluster, [
		account('kindnet'),
		{
			apiVersion: 'apps/v1',
			kind: 'DaemonSet',
			metadata: { name: 'kindnet', namespace: 'kube-system', labels },
			spec: {
				selector: { matchLabels: { app: 'kindnet' } },
				template: {
					metadata: { labels },
					spec: {
						hostNetwork: true,
						// Since kind v0.18.0.
						...(minorOf(image.kubernetes) < 26 ? {} : { nodeSelector: { 'kubernetes.io/os': 'linux' } }),
						tolerations: [{ operator: 'Exists' }],
						serviceAccountName: 'kindnet',
						containers: [
							{
								name: 'kindnet-cni',
								image: `docker.io/kindest/kindnetd:${image.kindnetd}`,
								env: [
									{ name: 'HOST_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
									{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
									{ name: 'POD_SUBNET', value: formatPrefix(config.podSubnet) },
									{ name: 'CONTROL_PLANE_ENDPOINT', value: `${endpointHost(cluster)}:6443` },
								],
								volumeMounts: [
									{ name: 'cni-cfg', mountPath: '/etc/cni/net.d' },
									{ name: 'xtables-lock', mountPath: '/run/xtables.lock' },
									{ name: 'lib-modules', mountPath: '/lib/modules', readOnly: true },
								],
								resources: { requests: { cpu: '100m', memory: '50Mi' }, limits: { cpu: '100m', memory: '50Mi' } },
								securityContext: { privileged: false, capabilities: { add: ['NET_RAW', 'NET_ADMIN'] } },
							},
						],
						volumes: [
							{ name: 'cni-cfg', hostPath: { path: '/etc/cni/net.d' } },
							{ name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
							{ name: 'lib-modules', hostPath: { path: '/lib/modules' } },
						],
					},
				},
			},
		},
	]);
}

/** /kind/manifests/default-storage.yaml @ v0.14.0 and v0.27.0. */
export function installStorage(cluster: ClusterContext): void {
	const { image } = cluster;
	const helper = localPathHelperOf(image);
	// Since kind v0.26.0.
	const late = minorOf(image.kubernetes) >= 32;
	const namespace = 'local-path-storage';
	const labels = { app: 'local-path-provisioner' };
	create(cluster, [
		{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
		account('local-path-provisioner-service-account', namespace),
		configMap(
			'local-path-config',
			{
				'config.json':
					'{\n        "nodePathMap":[\n        {\n                "node":"DEFAULT_PATH_FOR_NON_LISTED_NODES",\n                "paths":["/var/local-path-provisioner"]\n        }\n        ]\n}',
				'helperPod.yaml': `apiVersion: v1\nkind: Pod\nmetadata:\n  name: helper-pod\nspec:\n${late ? '  priorityClassName: system-node-critical\n  tolerations:\n    - key: node.kubernetes.io/disk-pressure\n      operator: Exists\n      effect: NoSchedule\n' : ''}  containers:\n  - name: helper-pod\n    image: ${helper}\n    imagePullPolicy: IfNotPresent`,
				setup: '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"',
				teardown: '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"',
			},
			undefined,
			namespace,
		),
		{
			apiVersion: 'apps/v1',
			kind: 'Deployment',
			metadata: { name: 'local-path-provisioner', namespace },
			spec: {
				replicas: 1,
				selector: { matchLabels: labels },
				template: {
					metadata: { labels },
					spec: {
						nodeSelector: { 'kubernetes.io/os': 'linux' },
						tolerations: CONTROL_PLANE.map((key) => ({ key, operator: 'Equal', effect: 'NoSchedule' })),
						serviceAccountName: 'local-path-provisioner-service-account',
						containers: [
							{
								name: 'local-path-provisioner',
								image: `docker.io/kindest/local-path-provisioner:${image.localPath}`,
								imagePullPolicy: 'IfNotPresent',
								command: [
									'local-path-provisioner',
									'--debug',
									'start',
									'--helper-image',
									helper,
									'--config',
									'/etc/config/config.json',
								],
								volumeMounts: [{ name: 'config-volume', mountPath: '/etc/config/' }],
								env: [
									{ name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
									...(late ? [{ name: 'CONFIG_MOUNT_PATH', value: '/etc/config/' }] : []),
								],
							},
						],
						volumes: [{ name: 'config-volume', configMap: { name: 'local-path-config' } }],
					},
				},
			},
		},
		{
			apiVersion: 'storage.k8s.io/v1',
			kind: 'StorageClass',
			metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
			provisioner: 'rancher.io/local-path',
			volumeBindingMode: 'WaitForFirstConsumer',
			reclaimPolicy: 'Delete',
		},
	]);
}
