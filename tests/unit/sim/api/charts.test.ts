import { describe, expect, test } from 'vitest';
import { ciliumDefinitions } from '../../../../src/sim/api/index.ts';
import { renderCilium } from '../../../../src/sim/charts/index.ts';
import { bench, must } from './fixtures.ts';

const VALUES = {
	bgpControlPlane: { enabled: true },
	egressGateway: { enabled: true },
	hubble: { relay: { enabled: true }, ui: { enabled: true } },
};

describe('what the chart of Cilium renders has no field the server does not know', () => {
	test.each(['1.12.1', '1.13.4', '1.14.16', '1.16.15', '1.17.5', '1.18.3'])('%s', (version) => {
		const rendered = renderCilium({
			release: 'cilium',
			namespace: 'kube-system',
			version,
			values: VALUES,
			kubernetes: 'v1.25.0',
		});
		if ('error' in rendered) throw new Error(rendered.error);
		const { api } = bench('v1.25.0');
		for (const definition of ciliumDefinitions(version)) must(api.create(definition, { fieldValidation: 'Strict' }));
		expect(rendered.manifests.length).toBeGreaterThan(10);
		for (const manifest of rendered.manifests) {
			const made = api.create(manifest, { fieldValidation: 'Strict' });
			expect(made.error?.message).toBeUndefined();
			// Applied again, nothing changes: defaults are stable.
			const revision = api.revision;
			must(api.update(manifest));
			expect(api.revision, `${manifest.kind}`).toBe(revision);
		}
	});
});
