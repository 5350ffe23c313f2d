/**
 * What the CLI before helm mode remembers of its installation: values and version of the chart in a Secret of its own.
 *
 * Source: cilium-cli k8s/client.go GetHelmState(), install/install.go Install(), defaults/defaults.go @ v0.12.2.
 */
import type { Json } from '../../../sim/api/index.ts';
import type { Values } from '../../../sim/charts/index.ts';
import { type Client, printYaml, readManifests } from '../../kube/index.ts';

export const STATE_SECRET = 'cilium-cli-helm-values';
const VALUES_KEY = 'io.cilium.cilium-cli';
const VERSION_KEY = 'io.cilium.chart-version';

export interface HelmState {
	/** `1.12.1`. */
	readonly version: string;
	readonly values: Values;
}

const encode = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const decode = (text: string): string =>
	new TextDecoder().decode(Uint8Array.from(atob(text), (octet) => octet.charCodeAt(0)));

/** The state; what is wrong with it as the CLI words it. */
export function readState({ api }: Client, namespace: string): HelmState | { readonly error: string } {
	const secret = api.get(api.find('secrets')!, namespace, STATE_SECRET);
	const where = `secret ${namespace}/${STATE_SECRET}`;
	if (!secret)
		return { error: `unable to retrieve helm values ${where}: secrets ${JSON.stringify(STATE_SECRET)} not found` };
	const data = (secret.data ?? {}) as Readonly<Record<string, string>>;
	if (data[VERSION_KEY] === undefined)
		return { error: `unable to retrieve helm chart version from ${where}: %!w(<nil>)` };
	if (data[VALUES_KEY] === undefined) return { error: `unable to retrieve helm values from ${where}: %!w(<nil>)` };
	const documents = readManifests(decode(data[VALUES_KEY]));
	if ('error' in documents) return { error: `unable to parse helm values from ${where}: ${documents.error}` };
	return { version: decode(data[VERSION_KEY]), values: (documents[0]?.value ?? {}) as Values };
}

/** Makes the Secret, or changes it. */
export function writeState({ api }: Client, namespace: string, { version, values }: HelmState): void {
	const secrets = api.find('secrets')!;
	const data = { [VALUES_KEY]: encode(printYaml(values)), [VERSION_KEY]: encode(version) } as Json;
	if (api.get(secrets, namespace, STATE_SECRET))
		api.patch(secrets, namespace, STATE_SECRET, 'application/merge-patch+json', { data });
	else
		api.create({
			apiVersion: 'v1',
			kind: 'Secret',
			type: 'Opaque',
			metadata: { name: STATE_SECRET, namespace },
			data,
		} as never);
}
