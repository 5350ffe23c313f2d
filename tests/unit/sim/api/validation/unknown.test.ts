/**
 * Fields that parts of objects do not have: what kubectl of 1.24 finds (kube-openapi pkg/util/proto/validation) and
 * what a server's strict decoding says (apiserver pkg/endpoints/handlers @ v0.25.0); and what is filled in there
 * (kubernetes pkg/apis/core/v1/defaults.go @ v1.24.0).
 */
import { describe, expect, test } from 'vitest';
import { clientProblems } from '../../../../../src/sim/api/client-check.ts';
import type { ApiInput } from '../../../../../src/sim/api/index.ts';
import { bench, must, pod } from '../fixtures.ts';

const of = (apiVersion: string, kind: string, rest: object): ApiInput => ({
	apiVersion,
	kind,
	metadata: { name: 'x' },
	...rest,
});
const volume = (source: object): ApiInput =>
	pod('x', { containers: [{ name: 'c', image: 'i' }], volumes: [{ name: 'v', ...source }] });

describe('a field that is not there', () => {
	test.each([
		[
			'persistentvolumes',
			of('v1', 'PersistentVolume', { spec: { hostpath: {} } }),
			'spec',
			'hostpath',
			'core.v1.PersistentVolumeSpec',
		],
		[
			'limitranges',
			of('v1', 'LimitRange', { spec: { limits: [{ type: 'Pod', maximum: {} }] } }),
			'spec.limits[0]',
			'maximum',
			'core.v1.LimitRangeItem',
		],
		[
			'pods',
			volume({ projected: { sources: [{ config: {} }] } }),
			'spec.volumes[0].projected.sources[0]',
			'config',
			'core.v1.VolumeProjection',
		],
		[
			'pods',
			volume({ downwardAPI: { items: [{ path: 'a', fieldref: {} }] } }),
			'spec.volumes[0].downwardAPI.items[0]',
			'fieldref',
			'core.v1.DownwardAPIVolumeFile',
		],
		['pods', volume({ csi: { driver: 'd', fstype: 'x' } }), 'spec.volumes[0].csi', 'fstype', 'core.v1.CSIVolumeSource'],
		[
			'runtimeclasses.node.k8s.io',
			of('node.k8s.io/v1', 'RuntimeClass', { handler: 'a', handlr: 'b' }),
			'',
			'handlr',
			'node.v1.RuntimeClass',
		],
		[
			'ingressclasses.networking.k8s.io',
			of('networking.k8s.io/v1', 'IngressClass', { spec: { parameters: { kind: 'a', name: 'b', group: 'c' } } }),
			'spec.parameters',
			'group',
			'networking.v1.IngressClassParametersReference',
		],
	])('%s', (name, input, path, field, type) => {
		const { api, resource } = bench();
		const at = path === '' ? String(input.kind) : `${input.kind}.${path}`;
		expect(clientProblems(resource(name), input)).toEqual([
			`ValidationError(${at}): unknown field "${field}" in io.k8s.api.${type}`,
		]);
		expect(api.create(input, { fieldValidation: 'Strict' }).error?.message).toBe(
			`${input.kind} in version "v1" cannot be handled as a ${input.kind}: strict decoding error: unknown field "${path === '' ? '' : `${path}.`}${field}"`,
		);
	});
});

test('references to amounts have a divisor, and claims of ephemeral volumes a mode', () => {
	const made = must(
		bench().api.create(
			pod('x', {
				containers: [
					{
						name: 'c',
						image: 'i',
						env: [{ name: 'A', valueFrom: { resourceFieldRef: { containerName: 'c', resource: 'limits.cpu' } } }],
					},
				],
				volumes: [
					{
						name: 'v',
						ephemeral: {
							volumeClaimTemplate: {
								spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
							},
						},
					},
				],
			}),
		),
	);
	expect(made.spec).toMatchObject({
		containers: [{ env: [{ valueFrom: { resourceFieldRef: { divisor: '0' } } }] }],
	});
	expect((made.spec as { volumes: unknown[] }).volumes[0]).toEqual({
		name: 'v',
		ephemeral: {
			volumeClaimTemplate: {
				metadata: { creationTimestamp: null },
				spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, volumeMode: 'Filesystem' },
			},
		},
	});
});
