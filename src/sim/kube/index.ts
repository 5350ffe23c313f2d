/** Kubernetes as far as a packet can tell: objects, their store, the controllers, and what kube-proxy and the kubelet write. */
export * from './allocate.ts';
export type { Random } from './chance.ts';
export { POD_TEMPLATE_HASH, podTemplateHash, type Reconciled, reconcileDeployment } from './deployment.ts';
export { endpointSlices } from './endpoints.ts';
export type { KubeError, KubeErrorCode, Result } from './error.ts';
export { kubeletRules } from './kubelet.ts';
export * from './objects.ts';
export * from './policy.ts';
export * from './proxy/index.ts';
export { fits, schedule } from './scheduler.ts';
export * from './store.ts';
