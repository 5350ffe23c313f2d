/** Roles of the controllers, written as those of `bootstrap-policy.ts`, and from its source. */

/** Each has a ServiceAccount of its name in kube-system and a binding; `system:controller:` stands before the names. */
export const CONTROLLER_ROLES = `
attachdetach-controller
 :persistentvolumeclaims,persistentvolumes lw
 :nodes glw
 :nodes/status pu
 :pods lw
 EVENTS
 storage.k8s.io:volumeattachments cdglw
 storage.k8s.io:csidrivers glw
 storage.k8s.io:csinodes glw
certificate-controller
 certificates.k8s.io:certificatesigningrequests dglw
 certificates.k8s.io:certificatesigningrequests/approval,certificatesigningrequests/status u
 certificates.k8s.io:signers[kubernetes.io/kube-apiserver-client-kubelet] =approve
 certificates.k8s.io:signers[kubernetes.io/kube-apiserver-client,kubernetes.io/kube-apiserver-client-kubelet,kubernetes.io/kubelet-serving,kubernetes.io/legacy-unknown] =sign
 authorization.k8s.io:subjectaccessreviews c
 EVENTS
clusterrole-aggregation-controller
 rbac.authorization.k8s.io:clusterroles =escalate,get,list,patch,update,watch
cronjob-controller
 batch:cronjobs gluw
 batch:jobs cdglpuw
 batch:cronjobs/status u
 batch:cronjobs/finalizers u
 :pods dl
 EVENTS
daemon-set-controller
 apps,extensions:daemonsets glw
 apps,extensions:daemonsets/status u
 apps,extensions:daemonsets/finalizers u
 :nodes lw
 :pods cdlpw
 :pods/binding c
 apps:controllerrevisions cdglpuw
 EVENTS
deployment-controller
 apps,extensions:deployments gluw
 apps,extensions:deployments/status u
 apps,extensions:deployments/finalizers u
 apps,extensions:replicasets cdglpuw
 :pods gluw
 EVENTS
disruption-controller
 apps,extensions:deployments glw
 apps,extensions:replicasets glw
 :replicationcontrollers glw
 policy:poddisruptionbudgets glw
 apps:statefulsets glw
 policy:poddisruptionbudgets/status u
 *:*/scale g
 EVENTS
 :pods/status p
endpoint-controller
 :pods,services glw
 :endpoints cdglu
 :endpoints/restricted c
 EVENTS
endpointslice-controller
 :nodes,pods,services glw
 :services/finalizers u
 discovery.k8s.io:endpointslices cdglu
 EVENTS
endpointslicemirroring-controller
 :endpoints,services glw
 :services/finalizers u
 :endpoints/finalizers u
 discovery.k8s.io:endpointslices cdglu
 EVENTS
ephemeral-volume-controller
 :pods glw
 :pods/finalizers u
 :persistentvolumeclaims cglw
 EVENTS
expand-controller
 :persistentvolumes glpuw
 :persistentvolumeclaims/status pu
 :persistentvolumeclaims glw
 storage.k8s.io:storageclasses glw
 :endpoints,services g
 :secrets g
 EVENTS
generic-garbage-collector
 *:* dglpuw
 EVENTS
horizontal-pod-autoscaler
 autoscaling:horizontalpodautoscalers glw
 autoscaling:horizontalpodautoscalers/status u
 *:*/scale gu
 :pods l
 metrics.k8s.io:pods l
 custom.metrics.k8s.io:* gl
 external.metrics.k8s.io:* gl
 EVENTS
job-controller
 batch:jobs glpuw
 batch:jobs/status u
 batch:jobs/finalizers u
 :pods cdlpw
 EVENTS
namespace-controller
 :namespaces dglw
 :namespaces/finalize,namespaces/status u
 *:* dDgl
node-controller
 :nodes dglpu
 :nodes/status pu
 :pods/status pu
 :pods dl
 networking.k8s.io:clustercidrs cglu @27-30
 EVENTS
 :pods g
persistent-volume-binder
 :persistentvolumes cdgluw
 :persistentvolumes/status u
 :persistentvolumeclaims gluw
 :persistentvolumeclaims/status u
 :pods cdglw
 storage.k8s.io:storageclasses glw
 :endpoints cdgu
 :services cdg
 :secrets g
 :nodes gl
 :events w
 EVENTS
pod-garbage-collector
 :pods dlw
 :nodes gl
 :pods/status p
pv-protection-controller
 :persistentvolumes gluw
 EVENTS
pvc-protection-controller
 :persistentvolumeclaims gluw
 :pods glw
 EVENTS
replicaset-controller
 apps,extensions:replicasets gluw
 apps,extensions:replicasets/status u
 apps,extensions:replicasets/finalizers u
 :pods cdlpw
 EVENTS
replication-controller
 :replicationcontrollers gluw
 :replicationcontrollers/status u
 :replicationcontrollers/finalizers u
 :pods cdlpw
 EVENTS
resourcequota-controller
 *:* lw
 :resourcequotas/status u
 EVENTS
root-ca-cert-publisher
 :configmaps cu
 EVENTS
route-controller
 :nodes lw
 :nodes/status p
 EVENTS
service-account-controller
 :serviceaccounts c
 EVENTS
service-controller
 :services glw
 :services/status pu
 :nodes lw
 EVENTS
statefulset-controller
 :pods lw
 apps:statefulsets glw
 apps:statefulsets/status u
 apps:statefulsets/finalizers u
 :pods cdgpu
 apps:controllerrevisions cdglpuw
 :persistentvolumeclaims cg
 EVENTS
 :persistentvolumeclaims du
ttl-after-finished-controller
 batch:jobs dglw
 EVENTS
ttl-controller
 :nodes lpuw
 EVENTS
`;
