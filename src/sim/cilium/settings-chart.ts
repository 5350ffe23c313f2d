/** `helm install`: values to cilium-config, with the checks the templates make. */
import { defaultConfigMap } from './config-defaults.ts';
import { type CiliumError, ciliumError, fatal } from './error.ts';
import { minorOf } from './features.ts';
import { HELM_TABLE, type HelmKey, isHelmKey, nearHelmKey } from './helm-keys.ts';
import type { CiliumMessage, Values } from './settings.ts';

export interface Chart {
	readonly config: ReadonlyMap<string, string>;
	/** Values of the kind the agent gets by environment or that only decide what is modelled. */
	readonly values: Values;
	readonly messages: readonly CiliumMessage[];
}

const wrong = (key: string, value: string, stage: 'chart' | 'agent'): CiliumError =>
	ciliumError('cilium.value', { key, value, stage });

/** The option's values that the chart, or else the agent, lets through. */
export const kprAllowed = (minor: number): readonly string[] => {
	if (minor <= 12) return ['disabled', 'partial', 'probe', 'strict'];
	if (minor === 13) return ['disabled', 'partial', 'strict'];
	return minor <= 15 ? ['true', 'false', 'disabled', 'partial', 'strict'] : ['true', 'false'];
};

/** Renders the ConfigMap. Keys the chart does not know have no effect, and nobody says so. */
export const renderChart = (version: string, values: Values): Chart | CiliumError => {
	const minor = minorOf(version);
	const config = defaultConfigMap(minor);
	const messages: CiliumMessage[] = [];
	const known: Record<string, string> = {};
	for (const [name, value] of Object.entries(values)) {
		if (!isHelmKey(name)) {
			const near = nearHelmKey(name);
			messages.push({ level: 'silent', code: 'helm.unknown-key', params: { key: name, ...(near ? { near } : {}) } });
			continue;
		}
		const key = HELM_TABLE.get(name);
		if (!key) continue;
		// 1.15 looks at `tunnel` once more, to refuse it.
		if (name === 'tunnel' && minor >= 15)
			return fatal(
				'tunnel-removed',
				'tunnel was deprecated in v1.14 and has been removed in v1.15. For details please refer to the v1.15 upgrade guide',
				'chart',
			);
		if ((key.since ?? 0) > minor || (key.until ?? 99) < minor) {
			messages.push({ level: 'silent', code: 'helm.other-version', params: { key: name } });
			continue;
		}
		const error = checkKind(key, value, minor);
		if (error) return error;
		known[name] = value;
	}
	const error = kubeProxyReplacement(known, minor, config) ?? routing(known, minor, config);
	if (error) return error;
	for (const [name, value] of Object.entries(known)) {
		const key = HELM_TABLE.get(name)!;
		if (!key.config || DERIVED.has(name)) continue;
		if (key.writtenFor && !key.writtenFor.includes(value)) continue;
		const [since = 99, renamed = ''] = key.renamed ?? [];
		config.set(minor >= since ? renamed : key.config, value);
	}
	// The fine-grained switches are only written where they may matter.
	if (minor <= 13 && known.kubeProxyReplacement !== 'partial')
		for (const key of ['enable-node-port', 'enable-external-ips', 'enable-host-port']) config.delete(key);
	return { config, values: known, messages };
};

/** Written by the functions below. */
const DERIVED = new Set(['kubeProxyReplacement', 'routingMode', 'tunnel', 'tunnelProtocol']);

/** The schema of 1.16 and later checks types; before, a wrong one ends in the agent, which cannot parse it. */
const checkKind = (key: HelmKey, value: string, minor: number): CiliumError | undefined => {
	const bad =
		(key.kind === 'bool' && value !== 'true' && value !== 'false') || (key.kind === 'int' && !/^\d{1,9}$/.test(value));
	return bad ? wrong(key.name, value, minor >= 16 ? 'chart' : 'agent') : undefined;
};

const kubeProxyReplacement = (known: Values, minor: number, config: Map<string, string>): CiliumError | undefined => {
	let value = known.kubeProxyReplacement;
	// `false` is no value to the template's coalesce: the default takes its place.
	if (value === undefined || value === '' || (minor <= 13 && value === 'false'))
		value = config.get('kube-proxy-replacement')!;
	if (!kprAllowed(minor).includes(value))
		return wrong('kubeProxyReplacement', value, minor <= 12 || minor === 14 || minor === 15 ? 'agent' : 'chart');
	config.set('kube-proxy-replacement', value);
	if (minor <= 17 && value !== 'disabled' && (minor >= 14 || value !== 'false'))
		config.set('kube-proxy-replacement-healthz-bind-address', '');
	return undefined;
};

const TUNNELS = ['vxlan', 'geneve'];

const routing = (known: Values, minor: number, config: Map<string, string>): CiliumError | undefined => {
	const { tunnel, routingMode, tunnelProtocol } = known;
	if (minor <= 13) {
		if (tunnel !== undefined && tunnel !== 'disabled' && !TUNNELS.includes(tunnel))
			return wrong('tunnel', tunnel, 'agent');
		if (tunnel) config.set('tunnel', tunnel);
		return undefined;
	}
	if (routingMode && routingMode !== 'native' && routingMode !== 'tunnel')
		return wrong('routingMode', routingMode, 'agent');
	if (tunnelProtocol && !TUNNELS.includes(tunnelProtocol)) return wrong('tunnelProtocol', tunnelProtocol, 'agent');
	if (tunnel) {
		// 1.14: deprecated, and no companion of the new names.
		if (tunnel !== 'disabled' && !TUNNELS.includes(tunnel)) return wrong('tunnel', tunnel, 'chart');
		if (routingMode || tunnelProtocol) return wrong('tunnel', tunnel, 'chart');
		config.delete('routing-mode');
		config.delete('tunnel-protocol');
		config.set('tunnel', tunnel);
		return undefined;
	}
	if (routingMode) config.set('routing-mode', routingMode);
	if (tunnelProtocol) config.set('tunnel-protocol', tunnelProtocol);
	return undefined;
};
