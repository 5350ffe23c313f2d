/**
 * ConfigMaps, Secrets, claims and volumes that a server does not take.
 *
 * Source: Go's encoding/base64 (base64_test.go TestDecodeCorrupt) @ go1.18; kubernetes
 * pkg/apis/core/validation/validation.go @ v1.24.0 for the texts.
 */
import { describe, expect, test } from 'vitest';
import { clientProblems } from '../../../../../src/sim/api/client-check.ts';
import type { ApiInput } from '../../../../../src/sim/api/index.ts';
import { corruptAt } from '../../../../../src/sim/api/validation/bytes.ts';
import { bench, must } from '../fixtures.ts';

const of = (kind: string, rest: object): ApiInput => ({ apiVersion: 'v1', kind, metadata: { name: 'x' }, ...rest });
const claim = (spec: object): ApiInput =>
	of('PersistentVolumeClaim', {
		spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
	});
const volume = (spec: object): ApiInput =>
	of('PersistentVolume', {
		spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/d' }, ...spec },
	});
const refused = (input: ApiInput, version = 'v1.24.0'): string | undefined =>
	bench(version).api.create(input).error?.message;

describe('where Go finds that text is no base64', () => {
	test.each([
		['', undefined],
		['\n', undefined],
		['AAA=\n', undefined],
		['AAAA\n', undefined],
		['!!!!', 0],
		['====', 0],
		['x===', 1],
		['=AAA', 0],
		['A=AA', 1],
		['AA=A', 2],
		['AA==A', 4],
		['AAA=AAAA', 4],
		['AAAAA', 4],
		['AAAAAA', 4],
		['A=', 1],
		['A==', 1],
		['AA=', 3],
		['AA==', undefined],
		['AAA=', undefined],
		['AAAA', undefined],
		['AAAAAA=', 7],
		['YWJjZA=====', 8],
		['A!\n', 1],
		['admin', 4],
	])('%j', (text, offset) => expect(corruptAt(text)).toBe(offset));
});

describe('bytes that are no base64', () => {
	const handled = (kind: string, why: string): string =>
		`${kind} in version "v1" cannot be handled as a ${kind}: ${why}`;

	test.each([
		[of('Secret', { data: { username: 'admin' } }), handled('Secret', 'illegal base64 data at input byte 4')],
		[of('ConfigMap', { binaryData: { a: '%%%' } }), handled('ConfigMap', 'illegal base64 data at input byte 0')],
		[
			of('Secret', { data: { port: 8080 } }),
			handled('Secret', 'json: cannot unmarshal number into Go struct field Secret.data of type []uint8'),
		],
		[
			of('Secret', { data: 'a' }),
			handled('Secret', 'json: cannot unmarshal string into Go struct field Secret.data of type map[string][]uint8'),
		],
		[of('Secret', { stringData: { username: 'admin' } }), undefined],
		[of('ConfigMap', { data: { a: '%%%' } }), undefined],
	])('%j', (input, message) => expect(refused(input)).toBe(message));

	test('are refused in an update and in patches too', () => {
		const { api, resource } = bench();
		const made = must(api.create(of('Secret', { data: { a: 'YQ==' } })));
		expect(api.update({ ...made, data: { a: 'admin' } } as ApiInput).error?.message).toBe(
			handled('Secret', 'illegal base64 data at input byte 4'),
		);
		const patch = (type: 'merge-patch' | 'strategic-merge-patch'): string | undefined =>
			api.patch(resource('secrets'), 'default', 'x', `application/${type}+json`, { data: { a: '%%%' } }).error?.message;
		expect(patch('strategic-merge-patch')).toBe(
			' "" is invalid: patch: Invalid value: "map[data:map[a:%%%]]": error decoding string from base64: illegal base64 data at input byte 0',
		);
		expect(patch('merge-patch')).toMatch(/^ "" is invalid: patch: .*: illegal base64 data at input byte 0$/s);
	});
});

describe('a value that is no text, kubectl of 1.24 names by its key', () => {
	test.each([
		['ConfigMap', { PORT: 8080 }, 'data.PORT', 'integer', 'string'],
		['Secret', { port: 8080 }, 'data.port', 'integer', 'string'],
		['ConfigMap', 'a', 'data', 'string', 'map'],
		['Secret', 'a', 'data', 'string', 'map'],
	])('%s %j', (kind, data, path, got, expected) =>
		expect(clientProblems(bench().resource(kind === 'Secret' ? 'secrets' : 'configmaps'), of(kind, { data }))).toEqual([
			`ValidationError(${kind}.${path}): invalid type for io.k8s.api.core.v1.${kind}.data: got "${got}", expected "${expected}"`,
		]),
	);
});

describe('what a server does not keep', () => {
	const big = 'x'.repeat(1024 * 1024);
	const half = Buffer.from('x'.repeat(512 * 1024)).toString('base64');

	test.each([
		[of('ConfigMap', { data: { a: big } }), undefined],
		[of('ConfigMap', { data: { a: big, b: 'x' } }), '[]: Too long: must have at most 1048576 bytes'],
		[
			of('ConfigMap', { data: { a: 'x' }, binaryData: { b: half, c: half } }),
			'[]: Too long: must have at most 1048576 bytes',
		],
		[of('Secret', { stringData: { a: big } }), undefined],
		[of('Secret', { stringData: { a: `${big}x` } }), 'data: Too long: must have at most 1048576 bytes'],
	])('by its size %#', (input, fault) =>
		expect(refused(input)).toBe(fault && `${input.kind} "x" is invalid: ${fault}`),
	);

	test('by its size, in the words of 1.32', () =>
		expect(refused(of('ConfigMap', { data: { a: `${big}x` } }), 'v1.33.0')).toBe(
			'ConfigMap "x" is invalid: []: Too long: may not be more than 1048576 bytes',
		));

	test('more than 256 KiB of annotations', () =>
		expect(refused(of('ServiceAccount', { metadata: { name: 'x', annotations: { a: 'x'.repeat(256 * 1024) } } }))).toBe(
			'ServiceAccount "x" is invalid: metadata.annotations: Too long: must have at most 262144 bytes',
		));

	const modes = 'supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce"';
	test.each([
		[
			of('ConfigMap', { data: { a: '' }, binaryData: { a: '' } }),
			'data[a]: Invalid value: "a": duplicate of key present in binaryData',
		],
		[claim({}), undefined],
		[claim({ accessModes: ['RWO'] }), `spec.accessModes: Unsupported value: "RWO": ${modes}`],
		[claim({ accessModes: [] }), 'spec.accessModes: Required value: at least 1 access mode is required'],
		[claim({ resources: {} }), 'spec.resources[storage]: Required value'],
		[
			claim({ resources: { requests: { storage: '0' } } }),
			'spec.resources[storage]: Invalid value: "0": must be greater than zero',
		],
		[
			claim({ volumeMode: 'File' }),
			'spec.volumeMode: Unsupported value: "File": supported values: "Block", "Filesystem"',
		],
		[volume({}), undefined],
		[volume({ accessModes: ['RWX'] }), `spec.accessModes: Unsupported value: "RWX": ${modes}`],
		[volume({ hostPath: undefined }), 'spec: Required value: must specify a volume type'],
		[volume({ nfs: { server: 's', path: '/' } }), 'spec.nfs: Forbidden: may not specify more than 1 volume type'],
		[
			volume({ hostPath: undefined, nfs: { path: 'exports' } }),
			'[spec.nfs.server: Required value, spec.nfs.path: Invalid value: "exports": must be an absolute path]',
		],
		[
			volume({ hostPath: undefined, local: { path: '/d' } }),
			'spec.nodeAffinity: Required value: Local volume requires node affinity',
		],
		[
			volume({ persistentVolumeReclaimPolicy: 'Keep' }),
			'spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"',
		],
		[
			volume({ capacity: undefined }),
			'[spec.capacity: Required value, spec.capacity: Unsupported value: core.ResourceList(nil): supported values: "storage"]',
		],
	])('%j', (input, fault) => expect(refused(input)).toBe(fault && `${input.kind} "x" is invalid: ${fault}`));
});
