/**
 * What kind does to clusters, told as it goes on: `create cluster`, `delete cluster`, and the kubeconfig for both.
 *
 * Source: kind pkg/cluster/internal/create/create.go, pkg/internal/cli/{spinner,status}.go @ v0.14.0.
 */
import type { Run } from '../cobra/index.ts';
import {
	EMPTY_CONFIG,
	type KubeConfig,
	kubeconfigPath,
	mergeKubeconfig,
	printKubeconfig,
	readKubeconfig,
	removeFromKubeconfig,
	writeKubeconfig,
} from '../kube/index.ts';
import { type KindFile, readKindFile } from './config-file.ts';
import { impossible, unheeded } from './unheeded.ts';

/** Long enough for any start; kind itself waits as long as kubeadm does. */
const FOREVER = 3600e6;

/** `networking.kubeProxyMode` of a configuration. */
const proxyMode = (config: unknown): unknown =>
	(config as { readonly networking?: { readonly kubeProxyMode?: unknown } } | undefined)?.networking?.kubeProxyMode;

/** Puts the cluster's entry into the kubeconfig; answers kind's words where there is no such cluster. */
export async function merge(run: Run, name: string): Promise<string | undefined> {
	const config = run.call.lab.kind.kubeconfig(name) as unknown as KubeConfig | undefined;
	if (!config)
		return `could not locate any control plane nodes for cluster named '${name}'. Use the --name option to select a different cluster`;
	const path = run.flags.text('kubeconfig');
	const old = await readKubeconfig(run.call, path);
	await writeKubeconfig(run.call, mergeKubeconfig('error' in old ? EMPTY_CONFIG : old, config), path);
	return undefined;
}

/** The configuration file, as YAML has it; without one its value is undefined. */
async function readConfig(run: Run): Promise<KindFile | { readonly error: string }> {
	const path = run.flags.text('config');
	if (path === '') return { value: undefined, lineOf: () => undefined };
	const text = path === '-' ? run.call.stdin : await run.call.files.read(path);
	if (text === undefined) return { error: `error reading file: open ${path}: no such file or directory` };
	return readKindFile(text);
}

/** `kind create cluster`, from its first line to its last; Ctrl-C leaves what was made. */
export async function create(run: Run): Promise<string | number> {
	const { call, flags } = run;
	const config = await readConfig(run);
	if ('error' in config) return `failed to create cluster: ${config.error}`;
	const never = impossible(config.value);
	if (never !== undefined) return `failed to create cluster: ${never}`;
	const started = call.lab.kind.create({
		...(flags.given('name') ? { name: flags.text('name') } : {}),
		...(flags.text('image') ? { image: flags.text('image') } : {}),
		...(config.value === undefined ? {} : { config: config.value, lineOf: config.lineOf }),
		wait: flags.duration('wait'),
		retain: flags.on('retain'),
	});
	for (const warning of started.warnings) call.err(`WARNING: ${warning}\n`);
	const mode = proxyMode(config.value);
	if (started.state !== 'failed' && (mode === 'ipvs' || mode === 'nftables'))
		call.err(
			`kind: the simulator has kube-proxy's rules for iptables only: kubeProxyMode ${mode} is not simulated, and this cluster's kube-proxy uses iptables\n`,
		);
	if (started.state !== 'failed')
		for (const line of unheeded(config.value)) call.err(`kind: the simulator does not follow ${line}\n`);
	if (started.state !== 'failed' || started.steps.length > 0) call.err(`Creating cluster "${started.name}" ...\n`);
	let shown = 0;
	const show = (): void => {
		for (; shown < started.steps.length; shown++) {
			const step = started.steps[shown]!;
			if (step.ended === undefined) break;
			call.err(` ${step.ok ? '✓' : '✗'} ${step.text}\n${step.note === undefined ? '' : `${step.note}\n`}`);
		}
	};
	while (started.state === 'running') {
		const before = shown;
		try {
			await call.until(() => {
				const step = started.steps[before];
				return started.state !== 'running' || step?.ended !== undefined;
			}, FOREVER);
		} catch (interrupted) {
			call.lab.kind.abort(started);
			throw interrupted;
		}
		show();
		if (shown === before && started.state === 'running') return 'failed to create cluster: it takes too long';
	}
	show();
	if (started.state === 'failed') {
		const output = started.commandOutput === undefined ? '' : `\n\nCommand Output: ${started.commandOutput}`;
		return `${started.error ?? 'failed to create cluster'}${output}`;
	}
	await merge(run, started.name);
	call.err(
		`Set kubectl context to "kind-${started.name}"\nYou can now use your cluster with:\n\nkubectl cluster-info --context kind-${started.name}${flags.text('kubeconfig') ? ` --kubeconfig ${flags.text('kubeconfig')}` : ''}\n\n${started.salutation}\n`,
	);
	return 0;
}

/** `kind delete cluster` of one, and of its entry in the kubeconfig. */
export async function remove(run: Run, name: string): Promise<void> {
	const { call, flags } = run;
	call.err(`Deleting cluster "${name}" ...\n`);
	const gone = call.lab.kind.delete(name);
	// pkg/cluster/internal/delete/delete.go @ v0.18.0
	if (gone.length > 0 && Number(call.lab.kind.release.split('.')[1]) >= 18)
		call.err(`Deleted nodes: [${gone.map((node) => JSON.stringify(node)).join(' ')}]\n`);
	const path = flags.text('kubeconfig');
	const config = await readKubeconfig(call, path);
	if ('error' in config || config.clusters.length === 0) return;
	const left = removeFromKubeconfig(config, `kind-${name}`);
	if (left.clusters.length !== config.clusters.length)
		await call.files.write(kubeconfigPath(call, path), printKubeconfig(left));
}
