/** cilium_metrics: what was forwarded and dropped. struct metrics_key: bpf/lib/common.h. */
import { type BpfMapHandle, declareMap, type Namespace } from '../../linux/index.ts';

/** METRIC_INGRESS, METRIC_EGRESS, METRIC_SERVICE. */
export type MetricDirection = 1 | 2 | 3;

export interface MetricsKey {
	/** 0 forwarded; a drop reason's number otherwise. */
	readonly reason: number;
	readonly direction: MetricDirection;
}

/** Summed over all CPUs. */
export interface MetricsValue {
	readonly packets: number;
	readonly bytes: number;
}

export type CiliumMetrics = BpfMapHandle<MetricsKey, MetricsValue>;

export const ciliumMetrics = (): CiliumMetrics =>
	declareMap({
		name: 'cilium_metrics',
		type: 'percpu_hash',
		keySize: 8,
		valueSize: 16,
		maxEntries: 1024,
		key: ({ reason, direction }) => `${reason} ${direction}`,
	});

/** update_metrics(). */
export const countMetric = (map: CiliumMetrics, ns: Namespace, key: MetricsKey, bytes: number): void => {
	const old = map.lookup(ns, key);
	map.update(ns, key, { packets: (old?.packets ?? 0) + 1, bytes: (old?.bytes ?? 0) + bytes });
};
