/** What an agent that starts reads of cilium-config: every option its settings and programs look at comes through. */
import { describe, expect, it } from 'vitest';
import { ciliumSettings, isCiliumError, valuesOfConfig } from '../../../../src/sim/cilium/index.ts';

describe('cilium-config, as an agent reads it', () => {
	it.each([
		['1.12.1', 'enable-policy', 'always'],
		['1.18.3', 'enable-policy', 'never'],
		['1.13.4', 'enable-sctp', 'true'],
		['1.12.1', 'enable-svc-source-range-check', 'false'],
		['1.14.5', 'enable-l2-neigh-discovery', 'false'],
		['1.16.3', 'enable-envoy-config', 'true'],
	])('%s keeps %s=%s', (version, key, value) => {
		const settings = ciliumSettings(version, valuesOfConfig(version, { [key]: value }), { kernel: '5.15.0' });
		if (isCiliumError(settings)) throw new Error(settings.code);
		expect(settings.configMap.get(key)).toBe(value);
	});
});
