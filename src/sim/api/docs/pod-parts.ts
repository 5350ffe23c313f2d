/**
 * Fields of pods that the API server takes as they are and that whoever explains should see: status, and what the lab does not
 * look into. The notation is that of `schema/read.ts`; a field here stands in the place of the schema's.
 *
 * Source: k8s.io/api core/v1 types.go @ v0.34.0. Those of other objects are in `object-parts.ts`.
 */
export const POD_PARTS = `
PodSpec
 ephemeralContainers []EphemeralContainer
 resourceClaims []PodResourceClaim
EphemeralContainer
 resizePolicy []ContainerResizePolicy
PodResourceClaim
EphemeralContainer
 args []s
 command []s
 env []EnvVar
 envFrom []EnvFromSource
 image s
 imagePullPolicy s
 lifecycle Lifecycle
 livenessProbe Probe
 name s!
 ports []ContainerPort
 readinessProbe Probe
 resizePolicy []ContainerResizePolicy
 resources ResourceRequirements
 restartPolicy s
 securityContext SecurityContext
 startupProbe Probe
 stdin b
 stdinOnce b
 targetContainerName s
 terminationMessagePath s
 terminationMessagePolicy s
 tty b
 volumeDevices []VolumeDevice
 volumeMounts []VolumeMount
 workingDir s
PodResourceClaim
 name s!
 resourceClaimName s
 resourceClaimTemplateName s
Container
 resizePolicy []ContainerResizePolicy
ContainerResizePolicy
 resourceName s!
 restartPolicy s!
ResourceRequirements
 claims []ResourceClaim
ResourceClaim
 name s!
 request s
PodStatus
 conditions []PodCondition
 containerStatuses []ContainerStatus
 ephemeralContainerStatuses []ContainerStatus
 hostIPs []HostIP
 initContainerStatuses []ContainerStatus
 podIPs []PodIP
PodCondition
 lastProbeTime t
 lastTransitionTime t
 message s
 observedGeneration i
 reason s
 status s!
 type s!
PodIP
 ip s
HostIP
 ip s!
ContainerStatus
 allocatedResources {}q
 containerID s
 image s!
 imageID s!
 lastState ContainerState
 name s!
 ready b!
 resources ResourceRequirements
 restartCount i!
 started b
 state ContainerState
ContainerState
 running ContainerStateRunning
 terminated ContainerStateTerminated
 waiting ContainerStateWaiting
ContainerStateRunning
 startedAt t
ContainerStateTerminated
 containerID s
 exitCode i!
 finishedAt t
 message s
 reason s
 signal i
 startedAt t
ContainerStateWaiting
 message s
 reason s
Condition
 lastTransitionTime t
 message s
 observedGeneration i
 reason s
 status s!
 type s!
`;
