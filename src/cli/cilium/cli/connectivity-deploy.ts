/** What the connectivity test runs: clients and servers in a namespace of their own. connectivity/check/deployment.go @ v0.12.2. */
import type { ApiInput } from '../../../sim/api/index.ts';
import type { Run } from '../../cobra/index.ts';
import type { Client } from '../../kube/index.ts';

export const SPACE = 'cilium-test';
const CURL = 'quay.io/cilium/alpine-curl:v1.5.0';
const MOCK = 'quay.io/cilium/json-mock:v1.3.2';

export interface Deployed {
	readonly name: string;
	readonly kind: 'client' | 'echo';
	readonly image: string;
}

export const DEPLOYMENTS: readonly Deployed[] = [
	{ name: 'client', kind: 'client', image: CURL },
	{ name: 'client2', kind: 'client', image: CURL },
	{ name: 'echo-same-node', kind: 'echo', image: MOCK },
	{ name: 'echo-other-node', kind: 'echo', image: MOCK },
];

/** Pods that are to be on the client's node, or not on it. */
function affinityOf(name: string): object {
	const term = {
		labelSelector: { matchExpressions: [{ key: 'name', operator: 'In', values: ['client'] }] },
		topologyKey: 'kubernetes.io/hostname',
	};
	const required = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
	if (name === 'client') return {};
	return { affinity: name === 'echo-other-node' ? { podAntiAffinity: required } : { podAffinity: required } };
}

function deploymentOf({ name, kind, image }: Deployed): ApiInput {
	const labels = { kind, name, ...(name === 'client2' ? { other: 'client' } : {}) };
	const container =
		kind === 'client'
			? { name, image, command: ['/bin/ash', '-c', 'sleep 10000000'] }
			: { name, image, env: [{ name: 'PORT', value: '8080' }], ports: [{ containerPort: 8080, name: 'http-8080' }] };
	return {
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		metadata: { name, namespace: SPACE, labels },
		spec: {
			replicas: 1,
			selector: { matchLabels: labels },
			template: { metadata: { name, labels }, spec: { ...affinityOf(name), containers: [container] } },
		},
	} as ApiInput;
}

const serviceOf = (name: string): ApiInput =>
	({
		apiVersion: 'v1',
		kind: 'Service',
		metadata: { name, namespace: SPACE, labels: { kind: 'echo' } },
		spec: { type: 'NodePort', selector: { name }, ports: [{ name: 'http-8080', port: 8080, targetPort: 8080 }] },
	}) as ApiInput;

/** Creates what is not there yet; the others ask for the client's node, so they wait for it to have one. */
export async function deploy(
	{ call }: Run,
	{ api }: Client,
	context: string,
	wanted: readonly Deployed[],
): Promise<string | undefined> {
	const there = (resource: string, name: string, space?: string): boolean =>
		api.get(api.find(resource)!, space, name) !== undefined;
	const make = (object: ApiInput, say: string): string | undefined => {
		call.out(say);
		return api.create(object).error?.message;
	};
	if (!there('namespaces', SPACE)) {
		const failed = make(
			{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: SPACE } } as ApiInput,
			`✨ [${context}] Creating namespace ${SPACE} for connectivity check...\n`,
		);
		if (failed) return failed;
	}
	for (const item of wanted) {
		if (item.kind === 'echo' && !there('services', item.name, SPACE)) {
			const failed = make(serviceOf(item.name), `✨ [${context}] Deploying ${item.name} service...\n`);
			if (failed) return failed;
		}
		if (there('deployments', item.name, SPACE)) continue;
		const what =
			item.kind === 'client'
				? `${item.name} deployment`
				: `${item.name.replace('echo-', '').replace('-node', ' node')} deployment`;
		const failed = make(deploymentOf(item), `✨ [${context}] Deploying ${what}...\n`);
		if (failed) return failed;
		if (item.name === 'client')
			await call.until(
				() =>
					api
						.list(api.find('pods')!, { namespace: SPACE, labelSelector: 'name=client' })
						.some(({ spec }) => spec?.nodeName !== undefined),
				60e6,
			);
	}
	return undefined;
}
