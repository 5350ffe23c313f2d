/** `webdemo.yaml` of the course's files, as objects: an echo server, and a NodePort in front of it. */
import type { ApiInput } from '../../api/index.ts';

/** JSON as Go writes it: keys in order, no blanks, angle brackets escaped. */
function goJson(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
	if (typeof value !== 'object' || value === null)
		return JSON.stringify(value).replace(/[<>&]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${entries.map(([key, item]) => `${goJson(key)}:${goJson(item)}`).join(',')}}`;
}

/** The object as `kubectl apply` sends it: what was applied is kept in it (kubectl pkg/util/apply.go @ v0.24.0). */
export function applied(object: ApiInput): ApiInput {
	const metadata = {
		annotations: {},
		namespace: 'default',
		...(object.metadata as { readonly [key: string]: unknown }),
	};
	const text = `${goJson({ ...object, metadata })}\n`;
	return {
		...object,
		metadata: { ...metadata, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': text } },
	};
}

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
