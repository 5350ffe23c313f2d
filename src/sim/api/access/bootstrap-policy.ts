/**
 * The roles and bindings an API server makes for itself; its controllers' are in `controller-roles.ts`.
 *
 * Source: kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata/*.yaml @ v1.28, with what came or went
 * before and after it by minor.
 */

/**
 * Roles: a line `name`, with `>edit` where its rules go into another by aggregation and `<edit` where it gathers
 * those that do. Below it its rules, `groups:resources[names] verbs`: the letters of get, list, watch, create, update,
 * patch, delete and deletecollection (D), or after `=` the verbs themselves. Rules of paths have no colon. `EVENTS` is
 * that of everybody who tells of events. `@27-` at a line's end: from that minor on.
 */
export const CLUSTER_ROLES = `
admin <admin
cluster-admin
 *:* =*
 * =*
edit >admin <edit
system:aggregate-to-admin >admin
 authorization.k8s.io:localsubjectaccessreviews c
 rbac.authorization.k8s.io:rolebindings,roles cdDglpuw
system:aggregate-to-edit >edit
 :pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy glw
 :serviceaccounts =impersonate
 :pods,pods/attach,pods/exec,pods/portforward,pods/proxy cdDpu
 :pods/eviction c
 :configmaps,events,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,secrets,serviceaccounts,services,services/proxy cdDpu
 :serviceaccounts/token c
 apps:daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,replicasets/scale,statefulsets,statefulsets/scale cdDpu
 autoscaling:horizontalpodautoscalers cdDpu
 batch:cronjobs,jobs cdDpu
 extensions:daemonsets,deployments,deployments/rollback,deployments/scale,ingresses,networkpolicies,replicasets,replicasets/scale,replicationcontrollers/scale cdDpu
 policy:poddisruptionbudgets cdDpu
 networking.k8s.io:ingresses,networkpolicies cdDpu
 coordination.k8s.io:leases cdDglpuw
system:aggregate-to-view >view
 :configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,services/status glw
 :bindings,events,limitranges,namespaces/status,pods/log,pods/status,replicationcontrollers/status,resourcequotas,resourcequotas/status glw
 :namespaces glw
 discovery.k8s.io:endpointslices glw
 apps:controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets,statefulsets/scale,statefulsets/status glw
 autoscaling:horizontalpodautoscalers,horizontalpodautoscalers/status glw
 batch:cronjobs,cronjobs/status,jobs,jobs/status glw
 extensions:daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,ingresses,ingresses/status,networkpolicies,replicasets,replicasets/scale,replicasets/status,replicationcontrollers/scale glw
 policy:poddisruptionbudgets,poddisruptionbudgets/status glw
 networking.k8s.io:ingresses,ingresses/status,networkpolicies glw
system:auth-delegator
 authentication.k8s.io:tokenreviews c
 authorization.k8s.io:subjectaccessreviews c
system:basic-user
 authorization.k8s.io:selfsubjectaccessreviews,selfsubjectrulesreviews c
 authentication.k8s.io:selfsubjectreviews c @27-
system:certificates.k8s.io:certificatesigningrequests:nodeclient
 certificates.k8s.io:certificatesigningrequests/nodeclient c
system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
 certificates.k8s.io:certificatesigningrequests/selfnodeclient c
system:certificates.k8s.io:kube-apiserver-client-approver
 certificates.k8s.io:signers[kubernetes.io/kube-apiserver-client] =approve
system:certificates.k8s.io:kube-apiserver-client-kubelet-approver
 certificates.k8s.io:signers[kubernetes.io/kube-apiserver-client-kubelet] =approve
system:certificates.k8s.io:kubelet-serving-approver
 certificates.k8s.io:signers[kubernetes.io/kubelet-serving] =approve
system:certificates.k8s.io:legacy-unknown-approver
 certificates.k8s.io:signers[kubernetes.io/legacy-unknown] =approve
system:discovery
 /api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/ g
system:heapster
 :events,namespaces,nodes,pods glw
 extensions:deployments glw
system:kube-aggregator
 :endpoints,services glw
system:kube-controller-manager
 EVENTS
 coordination.k8s.io:leases c
 coordination.k8s.io:leases[kube-controller-manager] gu
 :secrets,serviceaccounts c
 :secrets d
 :configmaps,namespaces,secrets,serviceaccounts g
 :secrets,serviceaccounts u
 authentication.k8s.io:tokenreviews c
 authorization.k8s.io:subjectaccessreviews c
 *:* lw
 :serviceaccounts/token c
system:kube-dns
 :endpoints,services lw
system:kube-scheduler
 EVENTS
 coordination.k8s.io:leases c
 coordination.k8s.io:leases[kube-scheduler] gu
 :nodes glw
 :pods dglw
 :bindings,pods/binding c
 :pods/status pu
 :replicationcontrollers,services glw
 apps,extensions:replicasets glw
 apps:statefulsets glw
 policy:poddisruptionbudgets glw
 :persistentvolumeclaims,persistentvolumes glw
 authentication.k8s.io:tokenreviews c
 authorization.k8s.io:subjectaccessreviews c
 storage.k8s.io:csinodes glw
 :namespaces glw
 storage.k8s.io:csidrivers glw
 storage.k8s.io:csistoragecapacities glw
system:kubelet-api-admin
 :nodes glw
 :nodes =proxy
 :nodes/log,nodes/metrics,nodes/proxy,nodes/stats =*
system:monitoring
 /healthz,/healthz/*,/livez,/livez/*,/metrics,/metrics/slis,/readyz,/readyz/* g
system:node
 authentication.k8s.io:tokenreviews c
 authorization.k8s.io:localsubjectaccessreviews,subjectaccessreviews c
 :services glw
 :nodes cglw
 :nodes/status pu
 :nodes pu
 :events cpu
 :pods glw
 :pods cd
 :pods/status pu
 :pods/eviction c
 :configmaps,secrets glw
 :persistentvolumeclaims,persistentvolumes g
 :endpoints g
 certificates.k8s.io:certificatesigningrequests cglw
 coordination.k8s.io:leases cdgpu
 storage.k8s.io:volumeattachments g
 :serviceaccounts/token c
 :persistentvolumeclaims/status gpu
 storage.k8s.io:csidrivers glw
 storage.k8s.io:csinodes cdgpu
 node.k8s.io:runtimeclasses glw
system:node-bootstrapper
 certificates.k8s.io:certificatesigningrequests cglw
system:node-problem-detector
 :nodes g
 :nodes/status p
 EVENTS
system:node-proxier
 :endpoints,services lw
 :nodes glw
 EVENTS
 discovery.k8s.io:endpointslices lw
system:persistent-volume-provisioner
 :persistentvolumes cdglw
 :persistentvolumeclaims gluw
 storage.k8s.io:storageclasses glw
 :events w
 EVENTS
system:public-info-viewer
 /healthz,/livez,/readyz,/version,/version/ g
system:service-account-issuer-discovery
 /.well-known/openid-configuration,/.well-known/openid-configuration/,/openid/v1/jwks,/openid/v1/jwks/ g
system:volume-scheduler
 :persistentvolumes glpuw
 storage.k8s.io:storageclasses glw
 :persistentvolumeclaims glpuw
view >edit <view
`;

/** With their namespaces. */
export const NAMESPACE_ROLES = `
kube-public/system:controller:bootstrap-signer
 :configmaps glw
 :configmaps[cluster-info] u
 EVENTS
kube-system/extension-apiserver-authentication-reader
 :configmaps[extension-apiserver-authentication] glw
kube-system/system::leader-locking-kube-controller-manager
 :configmaps w
 :configmaps[kube-controller-manager] gu
kube-system/system::leader-locking-kube-scheduler
 :configmaps w
 :configmaps[kube-scheduler] gu
kube-system/system:controller:bootstrap-signer
 :secrets glw
kube-system/system:controller:cloud-provider
 :configmaps cglw
kube-system/system:controller:token-cleaner
 :secrets dglw
 EVENTS
`;

/** `binding kind-of-role role subjects`: `Group:x`, `User:x`, `ServiceAccount:namespace/x`. */
export const CLUSTER_BINDINGS = `
cluster-admin ClusterRole cluster-admin Group:system:masters
system:basic-user ClusterRole system:basic-user Group:system:authenticated
system:discovery ClusterRole system:discovery Group:system:authenticated
system:kube-controller-manager ClusterRole system:kube-controller-manager User:system:kube-controller-manager
system:kube-dns ClusterRole system:kube-dns ServiceAccount:kube-system/kube-dns
system:kube-scheduler ClusterRole system:kube-scheduler User:system:kube-scheduler
system:monitoring ClusterRole system:monitoring Group:system:monitoring
system:node ClusterRole system:node
system:node-proxier ClusterRole system:node-proxier User:system:kube-proxy
system:public-info-viewer ClusterRole system:public-info-viewer Group:system:authenticated Group:system:unauthenticated
system:service-account-issuer-discovery ClusterRole system:service-account-issuer-discovery Group:system:serviceaccounts
system:volume-scheduler ClusterRole system:volume-scheduler User:system:kube-scheduler
`;

export const NAMESPACE_BINDINGS = `
kube-public/system:controller:bootstrap-signer Role system:controller:bootstrap-signer ServiceAccount:kube-system/bootstrap-signer
kube-system/system::extension-apiserver-authentication-reader Role extension-apiserver-authentication-reader User:system:kube-controller-manager User:system:kube-scheduler
kube-system/system::leader-locking-kube-controller-manager Role system::leader-locking-kube-controller-manager User:system:kube-controller-manager ServiceAccount:kube-system/kube-controller-manager
kube-system/system::leader-locking-kube-scheduler Role system::leader-locking-kube-scheduler User:system:kube-scheduler ServiceAccount:kube-system/kube-scheduler
kube-system/system:controller:bootstrap-signer Role system:controller:bootstrap-signer ServiceAccount:kube-system/bootstrap-signer
kube-system/system:controller:cloud-provider Role system:controller:cloud-provider ServiceAccount:kube-system/cloud-provider
kube-system/system:controller:token-cleaner Role system:controller:token-cleaner ServiceAccount:kube-system/token-cleaner
`;
