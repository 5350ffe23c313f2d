/**
 * The CLI before helm mode (to v0.14): it makes the chart's objects itself, one after the other, so helm knows of no
 * release; it upgrades by patching images.
 *
 * Source: cilium-cli install/{install,uninstall,upgrade,certs}.go, internal/cli/cmd/install.go @ v0.12.2, v0.14.4.
 */
import type { ApiInput, ApiObject, Json, Resource } from '../../../sim/api/index.ts';
import { renderCilium, type Values } from '../../../sim/charts/index.ts';
import type { Run } from '../../cobra/index.ts';
import { tellLacking } from '../../helm/index.ts';
import type { Client } from '../../kube/index.ts';
import { formatStatus } from './format.ts';
import { readState, STATE_SECRET, writeState } from './helm-state.ts';
import { disableHubble } from './hubble-classic.ts';
import { nameOf, plain, resourceOf } from './manifests.ts';
import { cliRelease } from './release.ts';
import { inspectStatus, isHealthy } from './state.ts';

const TIMEOUT = 'timeout while waiting for status to become successful: context deadline exceeded';

/** What is made in which step, and said before it. Secrets come first, by their own words. */
const STEPS: readonly (readonly [kinds: RegExp, words: string])[] = [
	[/^ServiceAccount$/, '🚀 Creating Service accounts...\n'],
	[/^ClusterRole/, '🚀 Creating Cluster roles...\n'],
	[/^(?:ConfigMap|Role.*)$/, ''],
	[/^DaemonSet$/, '🚀 Creating Agent DaemonSet...\n'],
	[/^Deployment$/, '🚀 Creating Operator Deployment...\n'],
];

/** Pods that no Cilium knows are deleted, so that whoever owns them makes others. */
function restartUnmanaged({ call }: Run, { api }: Client): void {
	const endpoints = api.find('ciliumendpoints');
	const pods = api.find('pods')!;
	const alone = api
		.list(pods)
		.filter(
			({ metadata, spec, status }) =>
				status?.phase !== 'Succeeded' &&
				spec?.hostNetwork !== true &&
				!(endpoints && api.get(endpoints, metadata.namespace, metadata.name)),
		);
	if (alone.length > 0) call.out('♻️  Restarting unmanaged pods...\n');
	for (const { metadata } of alone) {
		api.delete(pods, metadata.namespace, metadata.name);
		call.out(`♻️  Restarted unmanaged pod ${metadata.namespace}/${metadata.name}\n`);
	}
}

/** The error of an installation that failed, after what was made of it was taken away again (RollbackInstallation()). */
export function rolledBack({ call, flags }: Run, message: string, undo?: () => void): string {
	if (flags.on('rollback')) {
		call.out('↩️ Rolling back installation...\n');
		undo?.();
	} else call.out("ℹ️  Rollback disabled with '--rollback=false', leaving installed resources behind\n");
	return `Unable to install Cilium: ${message}`;
}

export async function installClassic(
	run: Run,
	client: Client,
	version: string,
	values: Values,
): Promise<number | string> {
	const { call, flags } = run;
	const { api } = client;
	const namespace = flags.text('namespace') || 'kube-system';
	const request = { release: 'cilium', namespace, version, kubernetes: api.version, values };
	const rendered = renderCilium(request);
	if ('error' in rendered) return `Unable to install Cilium: ${rendered.error}`;
	tellLacking(call, request);
	call.out(`ℹ️  Storing helm values file in ${namespace}/${STATE_SECRET} Secret\n`);
	writeState(client, namespace, { version, values });
	const made: (readonly [Resource, string | undefined, string])[] = [];
	const failed = (message: string): string =>
		rolledBack(run, message, () => {
			for (const [resource, space, name] of made.reverse()) api.delete(resource, space, name);
		});
	const create = (manifest: ApiInput): string | undefined => {
		const resource = resourceOf(client, manifest);
		const created = api.create(plain(manifest), { fieldManager: 'cilium' });
		if (created.error) return created.error.message;
		made.push([resource, resource.namespaced ? namespace : undefined, nameOf(manifest)]);
		return undefined;
	};
	// Relay, the peer service and the UI are `cilium hubble enable`.
	const own = rendered.manifests.filter(
		(manifest) => manifest.kind !== 'Service' && !/^hubble-(?:relay|ui)/.test(nameOf(manifest)),
	);
	const [ca, certs] = ['cilium-ca', 'hubble-server-certs'].map((name) => own.find((one) => nameOf(one) === name));
	if (ca && api.get(api.find('secrets')!, namespace, nameOf(ca))) call.out('🔑 Found CA in secret cilium-ca\n');
	else if (ca) {
		api.create(plain(ca), { fieldManager: 'cilium' });
		call.out('🔑 Created CA in secret cilium-ca\n');
	}
	if (certs) {
		call.out('🔑 Generating certificates for Hubble...\n');
		const refused = create(certs);
		if (refused) return failed(`unable to create secret ${namespace}/${nameOf(certs)}: ${refused}`);
	}
	for (const [kinds, words] of STEPS) {
		call.out(words || `🚀 Creating ConfigMap for Cilium version ${version}...\n`);
		for (const manifest of own.filter(({ kind }) => kinds.test(String(kind)))) {
			const refused = create(manifest);
			if (refused) return failed(refused);
		}
	}
	// Pods are restarted when there is who manages them.
	const waits = flags.on('wait') || flags.on('restart-unmanaged-pods');
	if (waits) call.out('⌛ Waiting for Cilium to be installed and ready...\n');
	const look = () => inspectStatus(client, namespace);
	if (waits && !(await call.until(() => isHealthy(look()), flags.duration('wait-duration')))) {
		call.out(formatStatus(look(), cliRelease(call.lab), call.tty, undefined));
		return failed(TIMEOUT);
	}
	if (flags.on('restart-unmanaged-pods')) restartUnmanaged(run, client);
	call.out("✅ Cilium was successfully installed! Run 'cilium status' to view installation health\n");
	return 0;
}

export async function uninstallClassic(run: Run, client: Client): Promise<number | string> {
	const { call, flags } = run;
	const { api } = client;
	const { since14 } = cliRelease(call.lab);
	const namespace = flags.text('namespace') || 'kube-system';
	const remove = (plural: string, name: string, space?: string): void => {
		const resource = api.find(plural);
		if (resource) api.delete(resource, space, name, { propagation: 'Background' });
	};
	const tests = flags.text('test-namespace');
	if (since14) {
		call.out(`🔥 Deleting pods in ${tests} namespace...\n🔥 Deleting ${tests} namespace...\n`);
		remove('namespaces', tests);
	}
	const state = readState(client, namespace);
	// v0.12.2 forgets the line's end.
	if ('error' in state) call.out(`⚠ ️ Failed to initialize Hubble uninstaller: ${state.error}${since14 ? '\n' : ''}`);
	else disableHubble(run, client, namespace, state);
	for (const name of [tests, 'cilium-secrets']) {
		call.out(`🔥 Deleting ${name} namespace...\n`);
		remove('namespaces', name);
	}
	if (flags.on('wait')) {
		call.out(`⌛ Waiting for ${tests} namespace to be terminated...\n`);
		await call.until(() => api.get(api.find('namespaces')!, undefined, tests) === undefined, 3600e6);
	}
	const step = (words: string, plurals: readonly string[], names: readonly string[], space?: string): void => {
		call.out(`🔥 Deleting ${words}...\n`);
		for (const name of names) for (const plural of plurals) remove(plural, name, space);
	};
	step('Service accounts', ['serviceaccounts'], ['cilium', 'cilium-operator'], namespace);
	step('ConfigMap', ['configmaps'], ['cilium-config'], namespace);
	step('Cluster roles', ['clusterroles', 'clusterrolebindings'], ['cilium', 'cilium-operator']);
	step('agent DaemonSet', ['daemonsets'], ['cilium'], namespace);
	step('operator Deployment', ['deployments'], ['cilium-operator'], namespace);
	step('IngressClass', ['ingressclasses'], ['cilium']);
	step('clustermesh-apiserver', ['services', 'deployments', 'serviceaccounts'], ['clustermesh-apiserver'], namespace);
	call.out('✅ ClusterMesh disabled.\n');
	step('certificates', ['secrets'], ['hubble-server-certs', 'cilium-ca'], namespace);
	if (flags.on('wait')) {
		call.out('⌛ Waiting for Cilium to be uninstalled...\n');
		const pods = (): readonly ApiObject[] =>
			api.list(api.find('pods')!, { namespace, labelSelector: 'k8s-app=cilium' });
		await call.until(() => pods().length === 0, 3600e6);
	}
	step('secret with the helm values configuration', ['secrets'], [STATE_SECRET], namespace);
	call.out('✅ Cilium was successfully uninstalled.\n');
	return 0;
}

interface Container {
	readonly name: string;
	readonly image: string;
}

const containersOf = (object: ApiObject | undefined, field: 'containers' | 'initContainers'): readonly Container[] =>
	(
		object?.spec as
			| { readonly template?: { readonly spec?: Readonly<Record<string, readonly Container[]>> } }
			| undefined
	)?.template?.spec?.[field] ?? [];

/** Other images, and nothing else: values and cilium-config stay as they are. */
export async function upgradeClassic(run: Run, client: Client, version: string): Promise<number | string> {
	const { call, flags } = run;
	const { api } = client;
	const namespace = flags.text('namespace') || 'kube-system';
	call.out('🔮 Auto-detected Kubernetes kind: kind\n🔮 Auto-detected datapath mode: tunnel\n');
	const get = (plural: string, name: string) => api.get(api.find(plural)!, namespace, name);
	const [agent, operator, map] = [
		get('daemonsets', 'cilium'),
		get('deployments', 'cilium-operator'),
		get('configmaps', 'cilium-config'),
	];
	const missing = (what: string, why: string): string =>
		`Unable to upgrade Cilium:  unable to retrieve ${what}: ${why} not found`;
	if (!agent) return missing('DaemonSet of cilium-agent', 'daemonsets.apps "cilium"');
	if (!operator) return missing('Deployment of cilium-operator', 'deployments.apps "cilium-operator"');
	if (!map) return missing('ConfigMap "cilium-config"', 'configmaps "cilium-config"');
	let patched = 0;
	/** Patches what has another image; `image` for all containers. */
	const bring = (plural: string, object: ApiObject, image: string, called: string): void => {
		const spec: Record<string, Json> = {};
		for (const field of ['containers', 'initContainers'] as const) {
			const others = containersOf(object, field).filter((one) => one.image !== image);
			if (others.length > 0) spec[field] = others.map(({ name }) => ({ name, image }));
		}
		if (Object.keys(spec).length === 0) {
			call.out(`✅ ${called[0]!.toUpperCase()}${called.slice(1)} is already up to date\n`);
			return;
		}
		call.out(`🚀 Upgrading ${called} to version ${image}...\n`);
		api.patch(api.find(plural)!, namespace, object.metadata.name, 'application/strategic-merge-patch+json', {
			spec: { template: { spec } },
		});
		patched++;
	};
	/** One without a tag is of that version (utils.BuildImagePath()). */
	const imageOf = (flag: string, name: string): string => {
		const given = flags.text(flag);
		return given.includes(':') ? given : `${given || `quay.io/cilium/${name}`}:v${version}`;
	};
	bring('deployments', operator, imageOf('operator-image', 'operator-generic'), 'cilium-operator');
	bring('daemonsets', agent, imageOf('agent-image', 'cilium'), 'cilium');
	const relay = get('deployments', 'hubble-relay');
	const hubble = (map.data as Readonly<Record<string, string>> | undefined)?.['enable-hubble'];
	if (!relay) call.out('❌  Unable to retrieve Deployment of hubble-relay, unable to upgrade\n');
	else if (hubble?.toLowerCase() !== 'true')
		call.out('❌  Hubble is not enabled in ConfigMap, "enable-hubble" is not set to true,unable to upgrade\n');
	else bring('deployments', relay, imageOf('hubble-relay-image', 'hubble-relay'), 'hubble-relay');
	if (patched === 0 || !flags.on('wait')) return 0;
	call.out(`⌛ Waiting for ${['', 'Hubble-relay', 'Cilium', 'Cilium & Hubble-relay'][patched]} to be upgraded...\n`);
	// Asking everybody takes a second, in which the first pods have gone.
	await call.sleep(1e6);
	const look = () => inspectStatus(client, namespace);
	if (await call.until(() => isHealthy(look()), flags.duration('wait-duration'))) return 0;
	call.out(formatStatus(look(), cliRelease(call.lab), call.tty, undefined));
	return `Unable to upgrade Cilium:  ${TIMEOUT}`;
}
