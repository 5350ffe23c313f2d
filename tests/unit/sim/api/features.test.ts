/**
 * Fields of pods by the stage of their feature: kubernetes pkg/features/kube_features.go and pkg/api/pod/util.go
 * @ v1.24.0 … v1.34.0. A server refuses those that came later, and drops those whose feature is off.
 */
import { describe, expect, it } from 'vitest';
import { bench, must, pod } from './fixtures.ts';

const made = (minor: number, spec: Record<string, unknown>) =>
	bench(`v1.${minor}.0`).api.create(pod('p', spec), { fieldValidation: 'Strict' });

const WHOLE = { resources: { requests: { cpu: '100m' }, limits: { cpu: '200m' } } };
const STRICT = { securityContext: { supplementalGroupsPolicy: 'Strict' } };
const SIGNAL = { containers: [{ name: 'c', image: 'a:1', lifecycle: { stopSignal: 'SIGUSR1' } }] };
const TRUST = {
	volumes: [{ name: 't', projected: { sources: [{ clusterTrustBundle: { name: 'a', path: 'ca.pem' } }] } }],
};

describe('a field of a pod', () => {
	it.each([
		[29, { securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } }, 'spec.securityContext.appArmorProfile'],
		[31, WHOLE, 'spec.resources'],
		[30, STRICT, 'spec.securityContext.supplementalGroupsPolicy'],
		[24, { hostUsers: false }, 'spec.hostUsers'],
	])('is not known to servers before it: 1.%i, %o', (minor, spec, field) => {
		expect(made(minor, spec).error?.message).toContain(`strict decoding error: unknown field "${field}"`);
	});

	it.each([
		[33, WHOLE, ['resources'], undefined],
		[34, WHOLE, ['resources'], WHOLE.resources],
		[32, STRICT, ['securityContext'], {}],
		[33, STRICT, ['securityContext'], STRICT.securityContext],
		[32, { hostUsers: false }, ['hostUsers'], undefined],
		[33, { hostUsers: false }, ['hostUsers'], false],
		[34, TRUST, ['volumes', '0', 'projected', 'sources', '0'], {}],
		[34, SIGNAL, ['containers', '0', 'lifecycle'], undefined],
	])('is dropped while its feature is off: 1.%i, %o', (minor, spec, path, kept) => {
		let found: unknown = must(made(minor, spec)).spec;
		for (const step of path) found = (found as Record<string, unknown>)[step];
		expect(found).toEqual(kept);
	});

	it('for the pod as a whole is its class of service', () => {
		expect(must(made(33, WHOLE)).status).toMatchObject({ qosClass: 'BestEffort' });
		expect(must(made(34, WHOLE)).status).toMatchObject({ qosClass: 'Burstable' });
		const equal = { resources: { limits: { cpu: '1', memory: '1Gi' } } };
		expect(must(made(34, equal)).status).toMatchObject({ qosClass: 'Guaranteed' });
	});
});
