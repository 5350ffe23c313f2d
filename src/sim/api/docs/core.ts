/** What types and fields are for, in few words of our own: `Type what it is`, then ` field what it says`. */
export const CORE_DOCS = `
* What every object has.
 apiVersion Group and version of the schema this object is written in.
 kind Which resource the object is, as one word in camel case.
 metadata Name, labels and what else all objects have.
 spec What is wanted.
 status What is, as those who look after it saw it last.
ObjectMeta What all objects have: who they are, and whose.
 annotations Notes for tools; nothing is selected by them.
 creationTimestamp When the server first stored the object.
 deletionGracePeriodSeconds How long the object may take to end once it was deleted.
 deletionTimestamp When the object will be gone; set by whoever deletes it, through the server.
 finalizers Who must let go before the object can go.
 generateName Beginning of a name that the server completes.
 generation Counts the changes of what is wanted.
 labels Keys and values by which selectors find the object.
 name Unique among the objects of its kind in its namespace.
 namespace The namespace the name is unique in.
 ownerReferences Objects this one depends on; it is collected when all of them are gone.
 resourceVersion Revision of the last write; an update that gives another is refused.
 uid Unique in time: another object of the same name has another.
LabelSelector Which objects are meant, by their labels; an empty one means all.
 matchExpressions Conditions, all of which must hold.
 matchLabels Labels that must be there with these values.
LabelSelectorRequirement One condition on one label.
 key The label.
 operator In, NotIn, Exists or DoesNotExist.
 values Values for In and NotIn.
Pod Containers that share one address and run on one node.
PodSpec Which containers, where, and how they end.
 activeDeadlineSeconds After how long on its node the pod is ended.
 affinity Preferences and demands on where to run.
 automountServiceAccountToken Whether a token of the service account is mounted.
 containers The containers; there must be one, and they cannot be added or removed later.
 dnsConfig What is added to or replaces the resolver's configuration.
 dnsPolicy Where names are resolved: ClusterFirst, ClusterFirstWithHostNet, Default or None.
 enableServiceLinks Whether services appear as environment variables.
 hostAliases Lines for /etc/hosts.
 hostNetwork Whether the pod lives in its node's network namespace.
 hostPID Whether it sees its node's processes.
 hostIPC Whether it shares its node's System V memory.
 hostname The name the pod calls itself.
 imagePullSecrets Secrets with credentials for image registries.
 initContainers Containers that must end, one after the other, before the others begin.
 nodeName The node that runs the pod; written by the scheduler.
 nodeSelector Labels a node must have.
 priority Number behind the priority class: higher ones displace lower ones.
 priorityClassName Name of the pod's priority class.
 readinessGates Conditions that must hold before the pod counts as ready.
 restartPolicy Always, OnFailure or Never.
 runtimeClassName Which container runtime runs the pod.
 schedulerName Which scheduler places the pod.
 securityContext What holds for all containers' rights.
 serviceAccountName As whom the pod speaks to the API server.
 subdomain Part of the pod's name in DNS under a headless service.
 terminationGracePeriodSeconds Time between SIGTERM and SIGKILL.
 tolerations Taints the pod puts up with.
 topologySpreadConstraints How pods are spread over nodes and zones.
 volumes Volumes that containers can mount.
PodTemplateSpec Pods as a controller makes them.
Container One program with its image.
 args Arguments; those of the image when missing.
 command What is run instead of the image's entry point.
 env Environment variables.
 envFrom ConfigMaps and Secrets whose keys become environment variables.
 image Name of the image.
 imagePullPolicy Always, IfNotPresent or Never.
 lifecycle What is run after the start and before the end.
 livenessProbe When it fails, the container is restarted.
 name A DNS label, unique in the pod.
 ports Ports the program listens on; a note that opens and closes nothing.
 readinessProbe While it fails, no service sends traffic here.
 resources Processor and memory asked for, and the most that is given.
 securityContext Rights of the process.
 startupProbe Until it succeeds, the other probes wait.
 terminationMessagePath File the container leaves its last words in.
 volumeMounts Where volumes appear in the container's files.
 workingDir Where the program starts.
ContainerPort A port of a container.
 containerPort The number in the pod.
 hostIP Address of the node that hostPort is bound to.
 hostPort The number on the node.
 name Name by which services can point at the port.
 protocol TCP, UDP or SCTP.
EnvVar A variable of the environment.
 value The value; earlier variables can stand in it.
 valueFrom Where the value is taken from.
ResourceRequirements What a container needs and may use.
 limits The most it may use.
 requests The least it must get; the scheduler counts these.
Probe A question the kubelet keeps asking a container.
 exec A command that ends with 0 when all is well.
 failureThreshold How many failures in a row count.
 grpc The health service of gRPC.
 httpGet A request that is answered with 200 to 399 when all is well.
 initialDelaySeconds How long after the start the first question comes.
 periodSeconds Time between two questions.
 successThreshold How many successes in a row count.
 tcpSocket A port that takes connections when all is well.
 timeoutSeconds How long an answer may take.
Toleration A taint a pod puts up with.
 effect NoSchedule, PreferNoSchedule, NoExecute; all when missing.
 key Which taint; all when missing.
 operator Exists or Equal.
 tolerationSeconds How long a NoExecute taint is put up with.
 value The taint's value, for Equal.
VolumeMount A volume in a container's files.
 mountPath Where it appears.
 name Which volume.
 readOnly Whether it can be written.
 subPath Which part of it.
Volume A place for files that outlives containers.
 configMap The keys of a ConfigMap as files.
 emptyDir An empty folder that lives as long as the pod.
 hostPath A file or folder of the node.
 name Name the mounts refer to.
 persistentVolumeClaim A claim in the pod's namespace.
 projected Several sources in one folder.
 secret The keys of a Secret as files.
Node A machine that runs pods.
NodeSpec What is wanted of a node.
 podCIDR The range pods of this node have their addresses from.
 podCIDRs The same, one for each family.
 providerID Who the machine is to its cloud.
 taints What keeps pods away that do not put up with it.
 unschedulable Whether new pods are kept away (cordon).
Taint Keeps pods away from a node.
 effect NoSchedule, PreferNoSchedule or NoExecute.
 key Name of the taint.
 value Value of the taint.
Namespace A space for names.
ConfigMap Configuration that is no secret.
 binaryData Values that are not text, in base64.
 data Keys and texts.
 immutable Whether data can change.
Secret Configuration that should be seen by few.
 data Keys and values in base64.
 stringData Keys and texts; written only, the server turns them into data.
 type What kind of secret: Opaque, kubernetes.io/tls, …
ServiceAccount As whom programs in pods speak to the API server.
Event Something that was seen to happen to an object; kept for an hour.
 count How often it was seen.
 involvedObject What it happened to.
 message What happened, in words.
 reason What happened, in one word.
 type Normal or Warning.
Lease Who holds what, until when; leaders are elected by it and nodes show that they live.
 spec Holder and times.
`;
