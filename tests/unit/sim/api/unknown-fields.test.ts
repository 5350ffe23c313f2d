/** Kinds that few people write are read as strictly as others (k8s.io/api flowcontrol, kube-aggregator @ v0.24.0). */
import { expect, it } from 'vitest';
import { bench, pod } from './fixtures.ts';

const SPECS: Readonly<Record<string, readonly [group: string, spec: Readonly<Record<string, unknown>>]>> = {
	APIService: [
		'apiregistration.k8s.io/v1',
		{ group: 'a.b', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1, service: { name: 'x', namspace: 'y' } },
	],
	FlowSchema: [
		'flowcontrol.apiserver.k8s.io/v1',
		{ priorityLevelConfiguration: { name: 'exempt', namspace: 'y' }, matchingPrecedence: 5 },
	],
	PriorityLevelConfiguration: [
		'flowcontrol.apiserver.k8s.io/v1',
		{ type: 'Limited', limited: { limitResponse: { type: 'Reject', namspace: 'y' } } },
	],
};

it.each(Object.keys(SPECS))('a server of 1.30 knows what it does not know of a %s', (kind) => {
	const [apiVersion, spec] = SPECS[kind]!;
	const name = kind === 'APIService' ? 'v1.a.b' : 'a';
	const answer = bench('v1.30.0').api.create({ apiVersion, kind, metadata: { name }, spec } as never, {
		fieldValidation: 'Strict',
	});
	expect(answer.error?.message).toMatch(
		new RegExp(
			`${kind} in version "v1" cannot be handled as a ${kind}: strict decoding error: unknown field "spec\\..*namspace"$`,
		),
	);
});

const SOURCES =
	'awsElasticBlockStore azureDisk azureFile cephfs cinder fc flexVolume flocker gcePersistentDisk glusterfs iscsi photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume csi'.split(
		' ',
	);

it.each([...SOURCES, 'gitRepo', 'image', 'ephemeral'])('a server knows what a pod’s volume of %s has not', (source) => {
	const volumes = [{ name: 'v', [source]: { odd: 1 } }];
	const answer = bench('v1.34.0').api.create(pod('x', { volumes }), { fieldValidation: 'Strict' });
	expect(answer.error?.message).toContain(`unknown field "spec.volumes[0].${source}.odd"`);
});

it.each(SOURCES)('a server knows what a PersistentVolume of %s has not', (source) => {
	const spec = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], [source]: { secretRef: { odd: 1 } } };
	const answer = bench('v1.34.0').api.create(
		{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'x' }, spec },
		{ fieldValidation: 'Strict' },
	);
	expect(answer.error?.message).toMatch(new RegExp(`unknown field "spec\\.${source}\\.secretRef(\\.odd)?"`));
});

it('a server knows what settings for Windows and AppArmor have not', () => {
	const securityContext = { windowsOptions: { odd: 1 }, appArmorProfile: { type: 'Unconfined', odd: 1 } };
	const answer = bench('v1.34.0').api.create(pod('x', { securityContext }), { fieldValidation: 'Strict' });
	expect(answer.error?.message).toMatch(
		/unknown field "spec.securityContext.appArmorProfile.odd", unknown field "spec.securityContext.windowsOptions.odd"$/,
	);
});
