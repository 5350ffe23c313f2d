/** Documentation of what pods are made of, without volumes; written as in `core.ts`. */
export const POD_DOCS = `
ObjectMeta
 managedFields Who set which field; kept for server-side apply.
 selfLink Empty since 1.20.
OwnerReference An object this one belongs to.
 apiVersion Group and version of the owner.
 blockOwnerDeletion Whether the owner's deletion in the foreground waits for this object.
 controller Whether the owner is the controller that looks after this object.
 kind Kind of the owner.
 name Name of the owner; it is in the same namespace, or in none.
 uid The owner itself: another object of its name is another owner.
PodSpec
 ephemeralContainers Containers put into the running pod to look around in it; set through a subresource, by kubectl debug.
 hostUsers Whether the pod shares its node's user namespace.
 hostnameOverride The name the pod itself has, whatever DNS calls it.
 os The operating system the containers are made for.
 overhead What the container runtime itself needs for the pod; set from the runtime class.
 preemptionPolicy Whether the pod may displace others of lower priority: PreemptLowerPriority or Never.
 resourceClaims Devices that must be allotted before the pod may start.
 resources What all containers together ask for, and the most they are given.
 schedulingGates While there are any, the scheduler leaves the pod alone; they can only be taken away.
 serviceAccount The old name of serviceAccountName.
 setHostnameAsFQDN Whether the pod calls itself by its full name.
 shareProcessNamespace Whether the containers see each other's processes.
PodOS An operating system.
 name linux or windows.
PodReadinessGate A condition that must hold before the pod counts as ready.
 conditionType Type of a condition in the pod's status.
PodSchedulingGate Something that must happen before the pod is scheduled.
 name Name of the gate.
PodResourceClaim A claim to devices, by the name that containers use.
 name Name within the pod.
 resourceClaimName A ResourceClaim in the pod's namespace.
 resourceClaimTemplateName Template of a ResourceClaim that is made for this pod.
HostAlias A line of /etc/hosts.
 hostnames Names of the address.
 ip The address.
LocalObjectReference An object of the same namespace.
 name Name of the object.
PodDNSConfig What is added to the pod's resolv.conf.
 nameservers Addresses of servers to ask.
 options Options of the resolver.
 searches Domains in which short names are looked for.
PodDNSConfigOption An option of the resolver.
 name ndots, timeout, …
 value Its value, where it has one.
Affinity Preferences and demands on where the pod runs.
 nodeAffinity By labels of the nodes.
 podAffinity Near other pods.
 podAntiAffinity Away from other pods.
NodeAffinity Nodes by their labels.
 preferredDuringSchedulingIgnoredDuringExecution Terms that add their weight to a node they match; the most counts.
 requiredDuringSchedulingIgnoredDuringExecution What a node must have; a pod that runs already stays.
PreferredSchedulingTerm A wish with its weight.
 preference Which nodes.
 weight From 1 to 100.
NodeSelector Nodes that match any of the terms.
 nodeSelectorTerms One of these must match.
NodeSelectorTerm Conditions of which all must hold; without any, no node matches.
 matchExpressions Conditions on labels.
 matchFields Conditions on fields; there is only metadata.name.
NodeSelectorRequirement One condition on one label or field.
 key The label or field.
 operator In, NotIn, Exists, DoesNotExist, Gt or Lt.
 values Values to compare with; exactly one, a number, for Gt and Lt.
PodAffinity Near to pods, or away from them.
 preferredDuringSchedulingIgnoredDuringExecution Terms that count, by weight, for the places they match.
 requiredDuringSchedulingIgnoredDuringExecution Terms that must hold when the pod is placed.
WeightedPodAffinityTerm A wish with its weight.
 podAffinityTerm Which pods, and how near.
 weight From 1 to 100.
PodAffinityTerm Pods, and what counts as one place with them.
 labelSelector Which pods.
 matchLabelKeys Labels whose values must be those of the pod that is placed.
 mismatchLabelKeys Labels whose values must not be those of the pod that is placed.
 namespaceSelector Namespaces of these pods, by label.
 namespaces Namespaces of these pods; the pod's own when nothing is said.
 topologyKey Label of nodes: equal values are one place.
TopologySpreadConstraint How evenly pods are spread over places.
 labelSelector Which pods are counted.
 matchLabelKeys Labels that narrow them to pods equal to the one that is placed.
 maxSkew By how many pods places may differ.
 minDomains How many places there must be.
 nodeAffinityPolicy Whether only nodes count that the pod's affinity lets through: Honor or Ignore.
 nodeTaintsPolicy Whether only nodes count whose taints the pod puts up with: Honor or Ignore.
 topologyKey Label of nodes: equal values are one place.
 whenUnsatisfiable DoNotSchedule or ScheduleAnyway.
PodSecurityContext Rights of all processes of the pod, and of its volumes' files.
 appArmorProfile Profile of AppArmor.
 fsGroup Group that owns the volumes' files.
 fsGroupChangePolicy When owners are changed: Always or OnRootMismatch.
 runAsGroup First group of the processes.
 runAsNonRoot Whether the kubelet refuses to start a process as root.
 runAsUser User of the processes; the image's when missing.
 seLinuxChangePolicy How SELinux labels come to volumes: Recursive or MountOption.
 seLinuxOptions Label of SELinux.
 seccompProfile Which system calls are let through.
 supplementalGroups More groups of the first process.
 supplementalGroupsPolicy Whether groups of the image count too: Merge or Strict.
 sysctls Kernel parameters of the pod's namespaces.
 windowsOptions Settings on Windows.
SecurityContext Rights of a container's process; wins over the pod's.
 allowPrivilegeEscalation Whether a child may have more rights than its parent (no_new_privs).
 appArmorProfile Profile of AppArmor.
 capabilities Capabilities to add and to drop.
 privileged Whether the process may do what root on the node may do.
 procMount How /proc is mounted: Default or Unmasked.
 readOnlyRootFilesystem Whether the container's own files can be written.
 runAsGroup First group of the process.
 runAsNonRoot Whether the kubelet refuses to start the process as root.
 runAsUser User of the process; the image's when missing.
 seLinuxOptions Label of SELinux.
 seccompProfile Which system calls are let through.
 windowsOptions Settings on Windows.
Capabilities Parts of root's rights.
 add NET_ADMIN, SYS_ADMIN, BPF, …
 drop The same names; ALL for all.
SELinuxOptions A label of SELinux.
 level Level.
 role Role.
 type Type.
 user User.
SeccompProfile Which system calls are let through.
 localhostProfile File of the profile on the node, for type Localhost.
 type RuntimeDefault, Unconfined or Localhost.
AppArmorProfile A profile of AppArmor.
 localhostProfile Name of a profile that is loaded on the node, for type Localhost.
 type RuntimeDefault, Unconfined or Localhost.
WindowsSecurityContextOptions Settings on Windows.
 gmsaCredentialSpec Specification of a group-managed service account.
 gmsaCredentialSpecName Its name.
 hostProcess Whether the container runs on the node itself.
 runAsUserName User of the process.
Sysctl A kernel parameter.
 name As in net.ipv4.ip_forward.
 value Its value.
Container
 resizePolicy Whether the container restarts when its resources are changed.
 restartPolicy Always makes of an init container one that runs beside the others (sidecar).
 restartPolicyRules Exit codes after which it starts again all the same.
 stdin Whether there is a standard input to attach to.
 stdinOnce Whether it is closed after the first who attached has left.
 terminationMessagePolicy File, or FallbackToLogsOnError: the log's end where the file is empty.
 tty Whether there is a terminal; needs stdin.
 volumeDevices Volumes that appear as block devices.
EphemeralContainer A container put into a running pod to look around; it is never restarted and has no guaranteed resources.
 targetContainerName Container whose processes this one sees.
ContainerResizePolicy What a change of one resource means for the container.
 resourceName cpu or memory.
 restartPolicy NotRequired or RestartContainer.
EnvVar
 name Name of the variable.
EnvVarSource Where a variable's value is taken from.
 configMapKeyRef A key of a ConfigMap.
 fieldRef A field of the pod: metadata.name, spec.nodeName, status.podIP, status.hostIP, …
 fileKeyRef A variable of a file in a volume.
 resourceFieldRef What a container asked for.
 secretKeyRef A key of a Secret.
KeySelector A key of a ConfigMap or Secret.
 key The key.
 name Name of the object.
 optional Whether the container starts without it.
ObjectFieldSelector A field of the pod.
 apiVersion Version the path is written for.
 fieldPath Path of the field.
ResourceFieldSelector A resource of a container.
 containerName Which container; needed in volumes.
 divisor In which unit.
 resource limits.cpu, requests.memory, …
EnvFromSource A ConfigMap or Secret whose keys become variables.
 configMapRef The ConfigMap.
 prefix Put before each name.
 secretRef The Secret.
OptionalReference An object that may be missing.
 name Name of the object.
 optional Whether the container starts without it.
Lifecycle What is done after a container's start and before its end.
 postStart Right after the start; if it fails, the container is killed.
 preStop Before SIGTERM; the grace period runs meanwhile.
 stopSignal The signal that ends the container.
LifecycleHandler One thing to do.
 exec A command in the container.
 httpGet A request to the container.
 sleep A pause.
 tcpSocket Not supported; kept so that old objects can be read.
ExecAction A command.
 command The command and its arguments; no shell is around it.
HTTPGetAction A request by HTTP.
 host Whom to ask; the pod's own address when missing.
 httpHeaders Headers of the request.
 path Path of the request.
 port Number or name of the port.
 scheme HTTP or HTTPS; certificates are not checked.
HTTPHeader A header.
 name Its name.
 value Its value.
SleepAction A pause.
 seconds How long.
TCPSocketAction A port to open.
 host Whom to connect to; the pod's own address when missing.
 port Number or name of the port.
GRPCAction A request to gRPC's health service.
 port Number of the port.
 service Name of the service in the request.
Probe
 failureThreshold How many failures in a row count.
 terminationGracePeriodSeconds How long the container may take to end when this probe has failed.
ResourceRequirements
 claims Claims of the pod that this container uses.
 limits The most that is given.
 requests What is asked for; the scheduler finds a node that has it left.
ResourceClaim A claim of the pod.
 name Name of the claim in the pod.
 request Which of the claim's requests; all when missing.
PodStatus How the pod is, as its kubelet saw it last.
 conditions PodScheduled, Initialized, ContainersReady, Ready, with their reasons.
 containerStatuses How each container is.
 ephemeralContainerStatuses How each ephemeral container is.
 hostIP Address of the node.
 hostIPs The same, one for each family.
 initContainerStatuses How each init container is; the ones that have ended stay.
 message Why the pod is so, in words.
 nominatedNodeName Node on which room is being made for the pod.
 observedGeneration Which generation of the pod this is about.
 phase Pending, Running, Succeeded, Failed or Unknown.
 podIP Address of the pod; empty until its network is made.
 podIPs The same, one for each family.
 qosClass Guaranteed, Burstable or BestEffort; who is killed first when memory is short.
 reason Why the pod is so, in one word: Evicted, …
 resize How far a change of resources has come.
 resourceClaimStatuses Claims made for the pod.
 startTime When the kubelet took notice of the pod.
PodCondition One condition of a pod.
 lastProbeTime When it was looked at last.
 lastTransitionTime When it last became what it is.
 message Why, in words.
 observedGeneration Which generation of the pod this is about.
 reason Why, in one word.
 status True, False or Unknown.
 type PodScheduled, Initialized, ContainersReady, Ready, …
PodIP An address of the pod.
 ip The address.
HostIP An address of the node.
 ip The address.
ContainerStatus How a container is.
 allocatedResources What the node has set aside for it.
 containerID Identity at the runtime: containerd://…
 image Image it runs; may differ from the one asked for.
 imageID The same by its digest.
 lastState How its previous run ended.
 name Name of the container.
 ready Whether its readiness probe succeeds; without one, whether it runs.
 resources What it has now.
 restartCount How often it was restarted.
 started Whether its startup probe has succeeded.
 state What it does now: one of waiting, running, terminated.
ContainerState What a container does.
 running It runs.
 terminated It has ended.
 waiting It does not run yet, or not now.
ContainerStateRunning A container that runs.
 startedAt Since when.
ContainerStateTerminated A container that has ended.
 containerID Identity at the runtime.
 exitCode Exit code of the process.
 finishedAt When it ended.
 message What it left as its last words.
 reason Why, in one word: Completed, Error, OOMKilled, …
 signal Signal that ended it.
 startedAt When it began.
ContainerStateWaiting A container that does not run.
 message Why, in words.
 reason Why, in one word: ContainerCreating, ImagePullBackOff, CrashLoopBackOff, …
`;
