/**
 * Roles and bindings that kubeadm and kind bring, written as those of `bootstrap-policy.ts`.
 *
 * Source: kubernetes cmd/kubeadm/app/phases/{addons,bootstraptoken,uploadconfig} @ v1.24.0 and v1.29.0; kind
 * pkg/build/nodeimage/const_{cni,storage}.go @ v0.14.0.
 */

/** What comes with an addon: the object that tells that it is there, its roles, its bindings. */
export const ADDONS: readonly { readonly with: string; readonly roles: string; readonly bindings: string }[] = [
	{
		with: 'configmaps kube-system/kubeadm-config',
		roles: `
kubeadm:get-nodes
 :nodes g
kube-system/kubeadm:nodes-kubeadm-config
 :configmaps[kubeadm-config] g
kube-system/kubeadm:kubelet-config
 :configmaps[kubelet-config] g
kube-public/kubeadm:bootstrap-signer-clusterinfo
 :configmaps[cluster-info] g
`,
		bindings: `
kubeadm:cluster-admins ClusterRole cluster-admin Group:kubeadm:cluster-admins @29-
kubeadm:get-nodes ClusterRole kubeadm:get-nodes Group:system:bootstrappers:kubeadm:default-node-token
kubeadm:kubelet-bootstrap ClusterRole system:node-bootstrapper Group:system:bootstrappers:kubeadm:default-node-token
kubeadm:node-autoapprove-bootstrap ClusterRole system:certificates.k8s.io:certificatesigningrequests:nodeclient Group:system:bootstrappers:kubeadm:default-node-token
kubeadm:node-autoapprove-certificate-rotation ClusterRole system:certificates.k8s.io:certificatesigningrequests:selfnodeclient Group:system:nodes
kube-system/kubeadm:nodes-kubeadm-config Role kubeadm:nodes-kubeadm-config Group:system:bootstrappers:kubeadm:default-node-token Group:system:nodes
kube-system/kubeadm:kubelet-config Role kubeadm:kubelet-config Group:system:nodes Group:system:bootstrappers:kubeadm:default-node-token
kube-public/kubeadm:bootstrap-signer-clusterinfo Role kubeadm:bootstrap-signer-clusterinfo User:system:anonymous
`,
	},
	{
		with: 'serviceaccounts kube-system/coredns',
		roles: `
system:coredns
 :endpoints,services,pods,namespaces lw
 discovery.k8s.io:endpointslices lw
`,
		bindings: 'system:coredns ClusterRole system:coredns ServiceAccount:kube-system/coredns',
	},
	{
		with: 'serviceaccounts kube-system/kube-proxy',
		roles: `
kube-system/kube-proxy
 :configmaps[kube-proxy] g
`,
		bindings: `
kubeadm:node-proxier ClusterRole system:node-proxier ServiceAccount:kube-system/kube-proxy
kube-system/kube-proxy Role kube-proxy Group:system:bootstrappers:kubeadm:default-node-token
`,
	},
	{
		with: 'serviceaccounts kube-system/kindnet',
		roles: `
kindnet
 policy:podsecuritypolicies[kindnet] =use
 :nodes lw
`,
		bindings: 'kindnet ClusterRole kindnet ServiceAccount:kube-system/kindnet',
	},
	{
		with: 'serviceaccounts local-path-storage/local-path-provisioner-service-account',
		roles: `
local-path-provisioner-role
 :nodes,persistentvolumeclaims,configmaps glw
 :endpoints,persistentvolumes,pods =*
 :events cp
 storage.k8s.io:storageclasses glw
`,
		bindings:
			'local-path-provisioner-bind ClusterRole local-path-provisioner-role ServiceAccount:local-path-storage/local-path-provisioner-service-account',
	},
];
