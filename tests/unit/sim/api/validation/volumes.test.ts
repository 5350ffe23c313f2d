/** Volumes that a server does not take: kubernetes pkg/apis/core/validation/validation.go ValidateVolumes(), ValidateVolumeMounts() @ v1.24.0. */
import { describe, expect, test } from 'vitest';
import { bench, pod } from '../fixtures.ts';

const refused = (spec: Record<string, unknown>, version?: string): string | undefined =>
	bench(version).api.create(pod('p', spec)).error?.message.replace('Pod "p" is invalid: ', '');
const one = (source: object, name = 'v'): Record<string, unknown> => ({
	containers: [{ name: 'c', image: 'x' }],
	volumes: [{ name, ...source }],
});
const projected = (...sources: object[]): Record<string, unknown> => one({ projected: { sources } });
const mounted = (mount: object, more: object = {}, source: object = { emptyDir: {} }): Record<string, unknown> => ({
	containers: [{ name: 'c', image: 'x', volumeMounts: [{ name: 'v', mountPath: '/a', ...mount }], ...more }],
	volumes: [{ name: 'v', ...source }],
});
const AT = 'spec.volumes[0]';
const MOUNTS = 'spec.containers[0].volumeMounts';
const item = (path: string, more: object = {}): object => ({
	configMap: { name: 'm', items: [{ key: 'k', path, ...more }] },
});
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };

describe('a volume is refused', () => {
	test.each([
		[one({ hostPath: { path: '' } }), `${AT}.hostPath.path: Required value`],
		[
			one({ hostPath: { path: '/a', type: 'Dir' } }),
			`${AT}.hostPath.type: Unsupported value: "Dir": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"`,
		],
		[one({ hostPath: { path: '/a', type: 'DirectoryOrCreate' } }), undefined],
		[
			one({ nfs: { server: '', path: 'exports' } }),
			`[${AT}.nfs.server: Required value, ${AT}.nfs.path: Invalid value: "exports": must be an absolute path]`,
		],
		[
			one({ csi: {} }),
			/^\[spec\.volumes\[0\]\.csi\.driver: Required value, spec\.volumes\[0\]\.csi\.driver: Invalid value: ""/,
		],
		[one({ csi: { driver: 'Hostpath.csi.k8s.io' } }), undefined],
		[one({ gitRepo: { repository: '' } }), `${AT}.gitRepo.repository: Required value`],
		[
			one({ iscsi: { targetPortal: 'a', iqn: 'b', lun: 0 } }),
			`${AT}.iscsi.iqn: Invalid value: "b": must be valid format starting with iqn, eui, or naa`,
		],
		[one({ persistentVolumeClaim: {} }), `${AT}.persistentVolumeClaim.claimName: Required value`],
		[one({ ephemeral: {} }), `${AT}.ephemeral.volumeClaimTemplate: Required value`],
		[one({ ephemeral: { volumeClaimTemplate: { spec: claim } } }), undefined],
		[
			one({ ephemeral: { volumeClaimTemplate: { metadata: { name: 'x' }, spec: { ...claim, accessModes: [] } } } }),
			`[${AT}.ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set, ${AT}.ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required]`,
		],
		[one(item('/abs')), `${AT}.configMap.items[0].path: Invalid value: "/abs": must be a relative path`],
		[one(item('..data')), `${AT}.configMap.items[0].path: Invalid value: "..data": must not start with '..'`],
		[
			one(item('a', { mode: 1000 })),
			`${AT}.configMap.items[0].mode: Invalid value: 1000: must be a number between 0 and 0777 (octal), both inclusive`,
		],
		[one(item('')), `${AT}.configMap.items[0].path: Required value`],
		[
			one({ downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'spec.nodeName' } }] } }),
			`${AT}.downwardAPI.fieldRef.fieldPath: Unsupported value: "spec.nodeName": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"`,
		],
		[
			one({ downwardAPI: { items: [{ path: 'a' }] } }),
			`${AT}.downwardAPI: Required value: one of fieldRef and resourceFieldRef is required`,
		],
		[
			one({ downwardAPI: { items: [{ path: 'a', resourceFieldRef: { resource: 'limits.cpu' } }] } }),
			`${AT}.downwardAPI.resourceFieldRef.containerName: Required value`,
		],
		[
			one({ emptyDir: { sizeLimit: '-1' } }),
			`${AT}.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity`,
		],
		[one({}, 'v'), undefined],
		[one({ emptyDir: {} }, 'My_Vol'), /^spec\.volumes\[0\]\.name: Invalid value: "My_Vol": a lowercase RFC 1123 label/],
		[projected({ configMap: {} }), `${AT}.projected.sources[0].configMap.name: Required value`],
		[
			projected(
				{ configMap: { name: 'a', items: [{ key: 'k', path: 'p' }] } },
				{ secret: { name: 's', items: [{ key: 'k', path: 'p' }] } },
			),
			`${AT}.projected: Invalid value: "s": conflicting duplicate paths`,
		],
		[
			projected({ serviceAccountToken: { path: 't', expirationSeconds: 60 } }),
			`${AT}.projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes`,
		],
		[projected({ serviceAccountToken: {} }), `${AT}.projected.path: Required value`],
		[
			projected({ configMap: { name: 'a' }, secret: { name: 's' } }),
			`${AT}.projected.sources[0]: Forbidden: may not specify more than 1 volume type`,
		],
	] as const)('%j', (spec, fault) => {
		const said = refused(spec);
		if (fault instanceof RegExp) expect(said).toMatch(fault);
		else expect(said).toBe(fault);
	});

	test('and with it what mounts it', () =>
		expect(refused(mounted({}, {}, { configMap: {} }))).toBe(
			`[${AT}.configMap.name: Required value, ${MOUNTS}[0].name: Not found: "v"]`,
		));

	test('where two have one name', () =>
		expect(
			refused({
				...one({ emptyDir: {} }),
				volumes: [
					{ name: 'v', emptyDir: {} },
					{ name: 'v', emptyDir: {} },
				],
			}),
		).toBe('spec.volumes[1].name: Duplicate value: "v"'));
});

describe('a mount is refused', () => {
	test.each([
		[mounted({ name: 'w' }), `${MOUNTS}[0].name: Not found: "w"`],
		[mounted({ mountPath: '' }), `${MOUNTS}[0].mountPath: Required value`],
		[mounted({ subPathExpr: '../$(A)' }), `${MOUNTS}.subPathExpr: Invalid value: "../$(A)": must not contain '..'`],
		[
			mounted({ subPath: 'a', subPathExpr: 'b' }),
			`${MOUNTS}[0].subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive`,
		],
		[
			mounted({ mountPropagation: 'Both' }),
			`${MOUNTS}.mountPropagation: Unsupported value: "Both": supported values: "Bidirectional", "HostToContainer", "None"`,
		],
		[
			mounted({ mountPropagation: 'Bidirectional' }),
			`${MOUNTS}.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers`,
		],
		[mounted({ mountPropagation: 'Bidirectional' }, { securityContext: { privileged: true } }), undefined],
		[
			mounted({}, { volumeDevices: [{ name: 'v', devicePath: '/dev/x' }] }),
			`[${MOUNTS}[0].name: Invalid value: "v": must not already exist in volumeDevices, spec.containers[0].volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode, spec.containers[0].volumeDevices[0].name: Invalid value: "v": must not already exist in volumeMounts]`,
		],
	])('%j', (spec, fault) => expect(refused(spec)).toBe(fault));
});
