/** The runtime's words for a node without a network plugin (containerd 1.6; kubernetes pkg/kubelet/runtime.go). */
export const NETWORK_NOT_READY =
	'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';
