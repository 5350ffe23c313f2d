/** What a pod asks a node for (component-helpers resource/helpers_test.go TestPodRequestsAndLimits @ v1.34.0). */
import { describe, expect, it } from 'vitest';
import { podRequests } from '../../../../src/sim/lab/controllers/scheduler/resources.ts';

const part = (cpu: string, more: object = {}) => ({ name: cpu, image: 'a', resources: { requests: { cpu } }, ...more });
const cpu = (spec: object): number | undefined => podRequests({ spec } as never).get('cpu');
const SIDECAR = { restartPolicy: 'Always' };

describe('the requests of a pod', () => {
	it('are those of its containers, or of its largest init container', () => {
		expect(cpu({ containers: [part('1'), part('2')] })).toBe(3);
		expect(cpu({ containers: [part('1'), part('2')], initContainers: [part('5'), part('4')] })).toBe(5);
	});

	it('count sidecars with the containers, and with init containers behind them', () => {
		expect(cpu({ containers: [part('1')], initContainers: [part('2', SIDECAR)] })).toBe(3);
		expect(cpu({ containers: [part('1')], initContainers: [part('2', SIDECAR), part('5')] })).toBe(7);
		expect(cpu({ containers: [part('1')], initContainers: [part('5'), part('2', SIDECAR)] })).toBe(5);
	});

	it('are what the pod as a whole asks for, where it does', () => {
		expect(cpu({ containers: [part('1')], resources: { requests: { cpu: '4' } } })).toBe(4);
		expect(cpu({ containers: [part('1')], resources: { requests: { cpu: '4' } }, overhead: { cpu: '1' } })).toBe(5);
	});
});
