/** What the chart's manifests have in common. */
import type { ApiInput } from '../../api/index.ts';
import { type Values, valueAt, valueText } from '../values.ts';

/** A release of the chart being rendered. */
export interface Release {
	readonly name: string;
	readonly namespace: string;
	/** `1.12.1`. */
	readonly version: string;
	readonly minor: number;
	readonly values: Values;
	readonly config: ReadonlyMap<string, string>;
}

/** A value, or what the chart has by default. */
export const setting = (release: Release, path: string, fallback: string): string => {
	const value = valueAt(release.values, path);
	return value === undefined || value === null ? fallback : valueText(value);
};

export const flag = (release: Release, path: string, fallback: boolean): boolean =>
	setting(release, path, String(fallback)) === 'true';

/** Labels helm's own keeps on what it owns, and the chart's `part-of`. */
export const meta = (
	release: Release,
	name: string,
	labels: Readonly<Record<string, string>> = {},
	namespaced = true,
): ApiInput => ({
	name,
	...(namespaced ? { namespace: release.namespace } : {}),
	labels: {
		...labels,
		'app.kubernetes.io/part-of': 'cilium',
		'app.kubernetes.io/managed-by': 'Helm',
	},
	annotations: {
		'meta.helm.sh/release-name': release.name,
		'meta.helm.sh/release-namespace': release.namespace,
	},
});

/**
 * `quay.io/cilium/<name>:v1.12.1`, or the image's own tag. The chart also pins a digest for each release; those are not known here, so
 * images stand by their tag, as with `image.useDigest=false`.
 */
export const image = (release: Release, values: string, name: string, tag = `v${release.version}`): string =>
	`${setting(release, `${values}.repository`, `quay.io/cilium/${name}`)}:${setting(release, `${values}.tag`, tag)}`;

/** Where a component finds the API server when somebody said where. */
export const apiServerEnv = (release: Release): readonly ApiInput[] => {
	const host = setting(release, 'k8sServiceHost', '');
	const port = setting(release, 'k8sServicePort', '');
	return [
		...(host ? [{ name: 'KUBERNETES_SERVICE_HOST', value: host }] : []),
		...(port ? [{ name: 'KUBERNETES_SERVICE_PORT', value: port }] : []),
	];
};

export const fieldEnv = (name: string, fieldPath: string): ApiInput => ({
	name,
	valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
});

export const hostPath = (name: string, path: string, type?: string): ApiInput => ({
	name,
	hostPath: { path, ...(type === undefined ? {} : { type }) },
});

export const httpProbe = (port: number, more: ApiInput): ApiInput => ({
	httpGet: {
		host: '127.0.0.1',
		path: '/healthz',
		port,
		scheme: 'HTTP',
		httpHeaders: [{ name: 'brief', value: 'true' }],
	},
	successThreshold: 1,
	...more,
});

export const antiAffinity = (label: string): ApiInput => ({
	podAntiAffinity: {
		requiredDuringSchedulingIgnoredDuringExecution: [
			{
				labelSelector: { matchLabels: { [label.split('=')[0]!]: label.split('=')[1] } },
				topologyKey: 'kubernetes.io/hostname',
			},
		],
	},
});
