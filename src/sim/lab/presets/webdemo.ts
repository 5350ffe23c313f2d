/** `webdemo.yaml` of the course's files, as objects: an echo server, and a NodePort in front of it. */
import type { ApiInput } from '../../api/index.ts';

const LABELS = { app: 'echoserver' };

/** `nodePort`: that of the manifest; without one the API server draws. */
export const webdemo = (nodePort?: number): readonly ApiInput[] => [
	{
		apiVersion: 'v1',
		kind: 'ConfigMap',
		metadata: { name: 'echoserver' },
		data: {
			'index.cgi':
				'#!/bin/sh\nprintf \'Content-Type: text/plain\\r\\n\\r\\n\'\necho "-> Requesting IP: $REMOTE_ADDR:$REMOTE_PORT"\n',
		},
	},
	{
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		metadata: { name: 'deploy-echoserver', labels: LABELS },
		spec: {
			replicas: 1,
			selector: { matchLabels: LABELS },
			template: {
				metadata: { labels: LABELS },
				spec: {
					containers: [
						{
							name: 'echoserver',
							image: 'busybox:1.36.1',
							command: ['httpd', '-f', '-p', '0.0.0.0:8080', '-h', '/www'],
							ports: [{ containerPort: 8080 }],
							volumeMounts: [{ name: 'cgi', mountPath: '/www/cgi-bin' }],
						},
					],
					volumes: [{ name: 'cgi', configMap: { name: 'echoserver', defaultMode: 0o755 } }],
				},
			},
		},
	},
	{
		apiVersion: 'v1',
		kind: 'Service',
		metadata: { name: 'svc-echoserver' },
		spec: {
			type: 'NodePort',
			selector: LABELS,
			ports: [{ port: 8080, targetPort: 8080, ...(nodePort === undefined ? {} : { nodePort }) }],
		},
	},
];
