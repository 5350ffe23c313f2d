/** Settings of a cluster in native routing whose agents replace kube-proxy. */
import {
	type CiliumSettings,
	ciliumSettings,
	isCiliumError,
	kprValues,
	nativeRoutingValues,
} from '../../../../src/sim/cilium/index.ts';
import { prefix } from '../kube/fixtures.ts';

export const kprSettings = (version: string, values: Readonly<Record<string, string>> = {}): CiliumSettings => {
	const native = nativeRoutingValues(version, prefix('10.244.0.0/16'));
	const settings = ciliumSettings(version, { ...native, ...kprValues(version), ...values });
	if (isCiliumError(settings)) throw new Error(JSON.stringify(settings));
	return settings;
};
