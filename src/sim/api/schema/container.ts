/** Containers and the volumes they mount. The notation is in `read.ts`. */

/** Fields of a container, whenever it came into its pod. */
const FIELDS = ` args []s
 command []s
 env []EnvVar @name
 envFrom []EnvFromSource
 image s
 imagePullPolicy s
 lifecycle Lifecycle
 livenessProbe Probe
 name s!
 ports []ContainerPort @containerPort
 readinessProbe Probe
 resizePolicy []any ^27
 resources ResourceRequirements
 restartPolicy s ^28
 restartPolicyRules []any ^34
 securityContext SecurityContext
 startupProbe Probe
 stdin b
 stdinOnce b
 terminationMessagePath s
 terminationMessagePolicy s
 tty b
 volumeDevices []VolumeDevice @devicePath
 volumeMounts []VolumeMount @mountPath
 workingDir s`;

export const CONTAINER_TYPES = `
Container
${FIELDS}
EphemeralContainer
${FIELDS}
 targetContainerName s
ContainerPort
 containerPort i!
 hostIP s
 hostPort i
 name s
 protocol s
EnvVar
 name s!
 value s
 valueFrom EnvVarSource
EnvVarSource
 configMapKeyRef KeySelector
 fieldRef ObjectFieldSelector
 fileKeyRef any ^34
 resourceFieldRef ResourceFieldSelector
 secretKeyRef KeySelector
KeySelector
 key s!
 name s
 optional b
ObjectFieldSelector
 apiVersion s
 fieldPath s!
ResourceFieldSelector
 containerName s
 divisor q
 resource s!
EnvFromSource
 configMapRef OptionalReference
 prefix s
 secretRef OptionalReference
OptionalReference
 name s
 optional b
ResourceRequirements
 claims []any ^26
 limits {}q
 requests {}q
VolumeDevice
 devicePath s!
 name s!
VolumeMount
 mountPath s!
 mountPropagation s
 name s!
 readOnly b
 recursiveReadOnly s ^30
 subPath s
 subPathExpr s
Lifecycle
 postStart LifecycleHandler
 preStop LifecycleHandler
 stopSignal s ^33
LifecycleHandler
 exec ExecAction
 httpGet HTTPGetAction
 sleep SleepAction ^29
 tcpSocket TCPSocketAction
SleepAction
 seconds i!
Probe
 exec ExecAction
 failureThreshold i
 grpc GRPCAction
 httpGet HTTPGetAction
 initialDelaySeconds i
 periodSeconds i
 successThreshold i
 tcpSocket TCPSocketAction
 terminationGracePeriodSeconds i
 timeoutSeconds i
ExecAction
 command []s
GRPCAction
 port i!
 service s
HTTPGetAction
 host s
 httpHeaders []HTTPHeader
 path s
 port x!
 scheme s
HTTPHeader
 name s!
 value s!
TCPSocketAction
 host s
 port x!
SecurityContext
 allowPrivilegeEscalation b
 appArmorProfile any ^30
 capabilities Capabilities
 privileged b
 procMount s
 readOnlyRootFilesystem b
 runAsGroup i
 runAsNonRoot b
 runAsUser i
 seLinuxOptions any
 seccompProfile SeccompProfile
 windowsOptions any
Capabilities
 add []s
 drop []s
Volume
 awsElasticBlockStore any
 azureDisk any
 azureFile any
 cephfs any
 cinder any
 configMap ConfigMapVolumeSource
 csi any
 downwardAPI DownwardAPIVolumeSource
 emptyDir EmptyDirVolumeSource
 ephemeral any
 fc any
 flexVolume any
 flocker any
 gcePersistentDisk any
 gitRepo any
 glusterfs any
 hostPath HostPathVolumeSource
 image any ^31
 iscsi any
 name s!
 nfs NFSVolumeSource
 persistentVolumeClaim PersistentVolumeClaimVolumeSource
 photonPersistentDisk any
 portworxVolume any
 projected ProjectedVolumeSource
 quobyte any
 rbd any
 scaleIO any
 secret SecretVolumeSource
 storageos any
 vsphereVolume any
ConfigMapVolumeSource
 defaultMode i
 items []KeyToPath
 name s
 optional b
SecretVolumeSource
 defaultMode i
 items []KeyToPath
 optional b
 secretName s
KeyToPath
 key s!
 mode i
 path s!
DownwardAPIVolumeSource
 defaultMode i
 items []any
EmptyDirVolumeSource
 medium s
 sizeLimit q
HostPathVolumeSource
 path s!
 type s
NFSVolumeSource
 path s!
 readOnly b
 server s!
PersistentVolumeClaimVolumeSource
 claimName s!
 readOnly b
ProjectedVolumeSource
 defaultMode i
 sources []any
`;
