/**
 * `cilium hubble enable` and `disable` before helm mode: cilium-config is written anew from the values the CLI keeps,
 * agents are restarted, Relay and UI are made or taken away.
 *
 * Source: cilium-cli hubble/{hubble,relay,ui}.go @ v0.12.2.
 */
import type { ApiInput } from '../../../sim/api/index.ts';
import { mergeValues, renderCilium, type Values } from '../../../sim/charts/index.ts';
import type { Run } from '../../cobra/index.ts';
import type { Client } from '../../kube/index.ts';
import { type HelmState, readState, STATE_SECRET, writeState } from './helm-state.ts';
import { nameOf, plain, resourceOf } from './manifests.ts';
import { inspectStatus, isHealthy } from './state.ts';

const OFF: Values = { hubble: { enabled: false, relay: { enabled: false }, ui: { enabled: false } } };
const ALL: Values = { hubble: { enabled: true, relay: { enabled: true }, ui: { enabled: true } } };

function manifestsOf(client: Client, namespace: string, { version, values }: HelmState): readonly ApiInput[] {
	const rendered = renderCilium({ release: 'cilium', namespace, version, kubernetes: client.api.version, values });
	return 'error' in rendered ? [] : rendered.manifests;
}

/** cilium-config as the manifests have it; then the agents begin anew. */
function updateConfigMap(
	run: Run,
	{ api }: Client,
	namespace: string,
	state: HelmState,
	manifests: readonly ApiInput[],
) {
	const maps = api.find('configmaps')!;
	const old = (api.get(maps, namespace, 'cilium-config')?.data ?? {}) as Readonly<Record<string, string>>;
	const map = manifests.find((one) => one.kind === 'ConfigMap' && nameOf(one) === 'cilium-config');
	run.call.out(`🚀 Creating ConfigMap for Cilium version ${state.version}...\n`);
	const gone = Object.fromEntries(Object.keys(old).map((key) => [key, null]));
	api.patch(maps, namespace, 'cilium-config', 'application/merge-patch+json', {
		data: { ...gone, ...(map?.data as Readonly<Record<string, string>>) },
	});
	const pods = api.find('pods')!;
	for (const pod of api.list(pods, { namespace, labelSelector: 'k8s-app=cilium' }))
		api.delete(pods, namespace, pod.metadata.name);
	run.call.out('♻️  Restarted Cilium pods\n');
}

const store = (run: Run, client: Client, namespace: string, state: HelmState): void => {
	run.call.out(`ℹ️  Storing helm values file in ${namespace}/${STATE_SECRET} Secret\n`);
	writeState(client, namespace, state);
};

/** Whose object it is: Relay's, the UI's, or the agents' own (the peer service). */
const partOf = (manifest: ApiInput): 'relay' | 'ui' | 'peer' | undefined => {
	const name = nameOf(manifest);
	if (name === 'hubble-peer') return 'peer';
	return name.startsWith('hubble-relay') ? 'relay' : name.startsWith('hubble-ui') ? 'ui' : undefined;
};

export function disableHubble(run: Run, client: Client, namespace: string, state: HelmState): void {
	const { api } = client;
	const all = manifestsOf(client, namespace, { ...state, values: mergeValues(state.values, ALL) });
	for (const [part, words] of [
		['ui', 'Hubble UI'],
		['relay', 'Relay'],
		['peer', 'Peer Service'],
	] as const) {
		run.call.out(`🔥 Deleting ${words}...\n`);
		for (const manifest of all.filter((one) => partOf(one) === part)) {
			const resource = resourceOf(client, manifest);
			api.delete(resource, resource.namespaced ? namespace : undefined, nameOf(manifest), {
				propagation: 'Background',
			});
		}
		if (part === 'relay') run.call.out('🔥 Deleting Relay certificates...\n');
	}
	const off = { ...state, values: mergeValues(state.values, OFF) };
	run.call.out('✨ Patching ConfigMap cilium-config to disable Hubble...\n');
	updateConfigMap(run, client, namespace, off, manifestsOf(client, namespace, off));
	store(run, client, namespace, off);
	run.call.out('✅ Hubble was successfully disabled.\n');
}

/** Text of an error, or nothing. */
export async function enableHubble(run: Run, client: Client, namespace: string): Promise<string | undefined> {
	const { call, flags } = run;
	const { api } = client;
	const found = api.get(api.find('secrets')!, namespace, 'cilium-ca');
	const before = readState(client, namespace);
	// NewK8sHubble() reads the state before anything is said.
	if ('error' in before) return before.error;
	const [relay, ui] = [flags.on('relay'), flags.on('ui')];
	const on: Values = {
		hubble: { enabled: true, ...(relay ? { relay: { enabled: true } } : {}), ...(ui ? { ui: { enabled: true } } : {}) },
	};
	const state = { ...before, values: mergeValues(before.values, on) };
	const manifests = manifestsOf(client, namespace, state);
	/** Creates what there is not yet of one part; the first refusal. */
	const make = (part: 'relay' | 'ui' | 'peer'): string | undefined => {
		for (const manifest of manifests.filter((one) => partOf(one) === part)) {
			const created = api.create(plain(manifest), { fieldManager: 'cilium' });
			if (created.error) return created.error.message;
		}
		return undefined;
	};
	const deployed = (name: string): boolean => api.get(api.find('deployments')!, namespace, name) !== undefined;
	const healthy = async (): Promise<boolean> => {
		// Asking everybody takes a second, in which pods that were restarted have gone.
		await call.sleep(1e6);
		return call.until(() => isHealthy(inspectStatus(client, namespace)), flags.duration('wait-duration'));
	};
	const late = 'timeout while waiting for status to become successful: context deadline exceeded';
	if (!found)
		for (const manifest of manifests.filter((one) => nameOf(one) === 'cilium-ca')) api.create(plain(manifest));
	call.out(`🔑 ${found ? 'Found' : 'Created'} CA in secret cilium-ca\n`);
	call.out('✨ Patching ConfigMap cilium-config to enable Hubble...\n');
	updateConfigMap(run, client, namespace, state, manifests);
	if (relay || ui) {
		call.out('⌛ Waiting for Cilium to become ready before deploying other Hubble component(s)...\n');
		if (!(await healthy())) return late;
	}
	call.out('🚀 Creating Peer Service...\n');
	let refused = make('peer');
	if (refused) return refused;
	if (relay && deployed('hubble-relay')) call.out('✅ Relay is already deployed\n');
	else if (relay) {
		call.out('✨ Generating certificates...\n🔑 Generating certificates for Relay...\n✨ Deploying Relay...\n');
		refused = make('relay');
		if (refused) return refused;
	}
	if (ui && deployed('hubble-ui')) call.out('✅ Hubble UI is already deployed\n');
	else if (ui) {
		call.out('✨ Deploying Hubble UI and Hubble UI Backend...\n');
		refused = make('ui');
		if (refused) return refused;
	}
	if (flags.on('wait')) {
		call.out('⌛ Waiting for Hubble to be installed...\n');
		if (!(await healthy())) return late;
	}
	store(run, client, namespace, state);
	call.out('✅ Hubble was successfully enabled!\n');
	return undefined;
}
