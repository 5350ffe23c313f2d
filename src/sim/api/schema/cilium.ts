/**
 * Custom resources of Cilium, as far as they are taught. Source: cilium pkg/k8s/apis/cilium.io @ v1.18.3, with the
 * fields older versions had. The notation is in `read.ts`.
 */
export const CILIUM_TYPES = '';
