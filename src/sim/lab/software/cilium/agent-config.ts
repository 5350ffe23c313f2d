/** What an agent makes of its image and of cilium-config when it starts. */
import {
	type CiliumError,
	type CiliumSettings,
	ciliumSettings,
	isCiliumError,
	valuesOfConfig,
} from '../../../cilium/index.ts';
import { parseImage } from '../../machine/image-names.ts';
import type { CiliumAgentState } from '../../types.ts';

/** `1.13.0-rc5` of `quay.io/cilium/cilium:v1.13.0-rc5@sha256:…`. */
export const releaseOfImage = (image: string): string => (parseImage(image)?.tag ?? '').replace(/^v/, '');

/** `1.13.0` of the same: candidates count as their release. */
export const versionOfImage = (image: string): string => releaseOfImage(image).replace(/-.*$/, '');

/** Whether others probe an endpoint of the agent's own (daemon/cmd/daemon_main.go: both options, both on by themselves). */
export const checksHealth = ({ config }: Pick<CiliumAgentState, 'config'>): boolean =>
	config['enable-health-checking'] !== 'false' && config['enable-endpoint-health-checking'] !== 'false';

/** Settings, or the line the agent dies with. `kernel` is `5.15.0-46-generic` or shorter. */
export function readConfig(
	version: string,
	config: Readonly<Record<string, string>>,
	kernel: string,
): { readonly settings: CiliumSettings } | { readonly fatal: string } {
	const made = ciliumSettings(version, valuesOfConfig(version, config), { kernel: kernel.replace(/-.*$/, '') });
	return isCiliumError(made) ? { fatal: fatalText(made, config) } : { settings: made };
}

function fatalText({ code, params }: CiliumError, config: Readonly<Record<string, string>>): string {
	switch (code) {
		case 'cilium.fatal':
			return params.log ?? params.reason ?? '';
		case 'cilium.no-native-routing-cidr':
			return `native routing cidr must be configured with option --ipv4-native-routing-cidr in combination with --enable-ipv4-masquerade --${config.tunnel === undefined ? 'routing-mode=native' : 'tunnel=disabled'} --ipam=${config.ipam} --enable-ipv4`;
		case 'cilium.value':
			return `Invalid value ${JSON.stringify(params.value)} for ${params.key}`;
		case 'cilium.version':
			return `this simulator has no Cilium ${params.version}`;
		case 'cilium.not-modelled':
			return `this simulator has no ${params.key}=${params.value}`;
	}
}
