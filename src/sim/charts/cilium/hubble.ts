/**
 * Hubble: the agents' peer service, the relay, the user interface.
 *
 * Source: install/kubernetes/cilium/templates/{hubble,hubble-relay,hubble-ui} @ v1.12.1 to v1.19.5.
 */
import type { ApiInput } from '../../api/index.ts';
import { tagOf } from './images.ts';
import { flag, image, meta, type Release, setting } from './parts.ts';

const part = (release: Release, name: string): Readonly<Record<string, string>> => ({
	'k8s-app': name,
	...(release.minor >= 13 ? { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'cilium' } : {}),
});

const service = (release: Release, name: string, selector: string, port: ApiInput): ApiInput => ({
	apiVersion: 'v1',
	kind: 'Service',
	metadata: meta(release, name, part(release, selector)),
	spec: { type: 'ClusterIP', selector: { 'k8s-app': selector }, ports: [port] },
});

const deployment = (
	release: Release,
	name: string,
	containers: readonly ApiInput[],
	volumes: readonly ApiInput[],
): ApiInput => ({
	apiVersion: 'apps/v1',
	kind: 'Deployment',
	metadata: meta(release, name, part(release, name)),
	spec: {
		replicas: Number(setting(release, name === 'hubble-relay' ? 'hubble.relay.replicas' : 'hubble.ui.replicas', '1')),
		selector: { matchLabels: { 'k8s-app': name } },
		strategy: { rollingUpdate: { maxUnavailable: 1 }, type: 'RollingUpdate' },
		template: {
			metadata: { labels: part(release, name) },
			spec: {
				containers,
				restartPolicy: 'Always',
				serviceAccountName: name,
				serviceAccount: name,
				nodeSelector: { 'kubernetes.io/os': 'linux' },
				volumes,
			},
		},
	},
});

export const hubbleEnabled = (release: Release): boolean => flag(release, 'hubble.enabled', true);
export const relayEnabled = (release: Release): boolean =>
	hubbleEnabled(release) && flag(release, 'hubble.relay.enabled', false);
export const uiEnabled = (release: Release): boolean =>
	hubbleEnabled(release) && flag(release, 'hubble.ui.enabled', false);

/** Everything of Hubble that runs outside the agents. */
export function hubble(release: Release): readonly ApiInput[] {
	if (!hubbleEnabled(release)) return [];
	const peer = service(release, 'hubble-peer', 'cilium', {
		name: 'peer-service',
		port: 443,
		protocol: 'TCP',
		targetPort: 4244,
	});
	const relay: readonly ApiInput[] = relayEnabled(release)
		? [
				{
					apiVersion: 'v1',
					kind: 'ConfigMap',
					metadata: meta(release, 'hubble-relay-config'),
					data: {
						'config.yaml': `cluster-name: ${release.config.get('cluster-name')}\npeer-service: "hubble-peer.${release.namespace}.svc.cluster.local:443"\nlisten-address: :4245\n`,
					},
				},
				service(release, 'hubble-relay', 'hubble-relay', {
					protocol: 'TCP',
					port: 80,
					targetPort: release.minor >= 13 ? 'grpc' : 4245,
				}),
				deployment(
					release,
					'hubble-relay',
					[
						{
							name: 'hubble-relay',
							image: image(release, 'hubble.relay.image', 'hubble-relay'),
							imagePullPolicy: 'IfNotPresent',
							command: ['hubble-relay'],
							args: ['serve'],
							ports: [{ name: 'grpc', containerPort: 4245 }],
							readinessProbe:
								release.minor >= 15 ? { grpc: { port: 4222 }, timeoutSeconds: 3 } : { tcpSocket: { port: 'grpc' } },
							livenessProbe:
								release.minor >= 15
									? {
											grpc: { port: 4222 },
											timeoutSeconds: 10,
											initialDelaySeconds: 10,
											periodSeconds: 10,
											failureThreshold: 12,
										}
									: { tcpSocket: { port: 'grpc' } },
							volumeMounts: [{ name: 'config', mountPath: '/etc/hubble-relay', readOnly: true }],
							terminationMessagePolicy: 'FallbackToLogsOnError',
						},
					],
					[
						{
							name: 'config',
							configMap: { name: 'hubble-relay-config', items: [{ key: 'config.yaml', path: 'config.yaml' }] },
						},
					],
				),
			]
		: [];
	const ui: readonly ApiInput[] = uiEnabled(release)
		? [
				service(release, 'hubble-ui', 'hubble-ui', { name: 'http', port: 80, targetPort: 8081 }),
				deployment(
					release,
					'hubble-ui',
					[
						{
							name: 'frontend',
							image: image(release, 'hubble.ui.frontend.image', 'hubble-ui', tagOf(release.version, 'hubble-ui')),
							imagePullPolicy: 'IfNotPresent',
							ports: [{ name: 'http', containerPort: 8081 }],
						},
						{
							name: 'backend',
							image: image(
								release,
								'hubble.ui.backend.image',
								'hubble-ui-backend',
								tagOf(release.version, 'hubble-ui'),
							),
							imagePullPolicy: 'IfNotPresent',
							ports: [{ name: 'grpc', containerPort: 8090 }],
						},
					],
					[],
				),
			]
		: [];
	return [peer, ...relay, ...ui];
}
